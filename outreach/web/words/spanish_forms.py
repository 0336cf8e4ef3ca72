"""The forms, the lists and the signatory's own pages in Spanish."""

from outreach.web.words.sentences import FormWords, ListWords, OwnWords

FORM = FormWords(
    optional="opcional",
    acronym="Sigla",
    acronym_hint="Se imprime entre paréntesis después del nombre.",
    country="País",
    no_country="Elija uno",
    website="Sitio web",
    website_hint="Muestra a quienes organizan la carta quién firma.",
    signer_name="Su propio nombre",
    signer_name_hint="Quién firma por la organización. Solo lo ven quienes organizan la carta.",
    role="Su cargo en ella",
    title="Título o profesión",
    title_hint="Se imprime después de su nombre.",
    affiliation="Institución u organización a la que pertenece",
    affiliation_hint="Se imprime después de su nombre, solo a efectos de identificación.",
    address="Su correo electrónico de trabajo",
    address_hint="Le escribimos allí para que pueda confirmar. Solo lo ven quienes organizan la carta.",
    news="También pueden escribirme sobre otras cartas.",
    not_published_organisation=(
        "A lo sumo se publican el nombre, la sigla y el país de la organización. Su propio nombre, su cargo y su "
        "correo no se publican nunca."
    ),
    not_published_person=(
        "A lo sumo se publican su nombre, su título, su institución y su país. Su correo no se publica nunca."
    ),
    visibility="¿Quién puede ver el nombre?",
    public="Todo el mundo",
    public_means=(
        "El nombre se publica al pie de la carta: en este sitio, en los archivos para imprimir y dondequiera que "
        "otros difundan la carta. Los buscadores pueden encontrarlo."
    ),
    addressee="Solo la parte destinataria",
    addressee_means=(
        "El nombre figura en el ejemplar para {addressee} y no se publica. Lo que allí se haga con él no está en "
        "nuestras manos."
    ),
    counted="Nadie",
    counted_means=(
        "La firma cuenta como una más. El nombre no figura en ninguna lista ni en ningún ejemplar; solo lo conocen "
        "quienes organizan la carta."
    ),
    check_these="Revise lo que está marcado más abajo. Todavía no se ha firmado nada.",
    too_long="Es demasiado largo para imprimirse. Por favor, abrévielo.",
    choose_country="Elija un país de la lista.",
    website_wrong="Escriba una dirección web como https://harbour.example o deje el campo vacío.",
    choose_visibility="Elija quién puede ver el nombre.",
    address_wrong="Escriba una sola dirección de correo, la suya, como nombre@harbour.example.",
    doubt_title="¿Es correcto?",
    doubt_note="Si lo es, solo pulse otra vez el botón. Si no, corríjalo más abajo.",
    doubt_button="Sí, es correcto",
    doubt_no_organisation=(
        "«{shown}» no parece el nombre de una organización. Para firmar a título personal hay otro formulario."
    ),
    doubt_person="«{shown}» parece el nombre de una persona. Para firmar a título personal hay otro formulario.",
    doubt_organisation="«{shown}» parece el nombre de una organización. Para firmar por ella hay otro formulario.",
    doubt_capitals="«{shown}» está todo en mayúsculas y se imprimirá exactamente así.",
    doubt_small_letters="«{shown}» está todo en minúsculas y se imprimirá exactamente así.",
    doubt_mixed_scripts="«{shown}» mezcla letras de dos alfabetos que se parecen.",
    doubt_free_mail=(
        "El correo es de {shown}, donde cualquiera puede tener uno. Uno propio de la organización convence más."
    ),
    doubt_other_domain="El correo es de {shown} y el sitio web es de otro dominio.",
    another_person="No soy esa persona",
    instead_organisation="Firmar más bien por una organización",
    instead_individual="Firmar más bien a título personal",
    not_taken_title="Esta carta se firma de otra manera",
    not_taken="Quienes la organizan no reúnen firmas de este tipo. Gracias por querer firmar.",
    no_mail_came="¿Firmó y no le llegó ningún mensaje?",
    again_title="Pedir de nuevo el mensaje",
    again_note=(
        "Escriba el correo con el que firmó. Si hay una firma de esta carta que espera su confirmación, el mensaje "
        "llega otra vez."
    ),
    again_button="Pedirlo de nuevo",
    again_done_title="Mire en su buzón",
    again_done=(
        "Si hay una firma que espera a este correo, ya va un mensaje en camino. No le decimos a nadie si es así, y "
        "enviamos pocos mensajes de estos al día, para que nadie sea molestado con ellos."
    ),
)

LISTS = ListWords(
    so_far="Hasta ahora",
    names_later="Los nombres se publican junto con la carta.",
    all_names="Todos los nombres, página por página",
    page_of="Página {page} de {pages}",
    pages="Páginas de la lista",
    previous="Página anterior",
    following="Página siguiente",
    downloads="La carta con su lista, para guardar",
    kit_title="Cuente que ha firmado",
    kit_note="Un texto en su propio nombre, listo para su sitio web o su boletín. Cámbielo a su gusto.",
    kit_archive="Todo en un solo archivo (ZIP)",
    open_letters="Abiertas a la firma",
    published_letters="Cartas publicadas",
)

OWN = OwnWords(
    signed_as="Esto es lo que se firma:",
    shown_public="Lo puede ver todo el mundo: se publica al pie de la carta.",
    shown_addressee="Solo lo ve la parte destinataria: no se publica.",
    shown_counted="No lo ve nadie: la firma solo se cuenta y el nombre no se imprime en ninguna parte.",
    correct_first="Hay algo que corregir antes",
    not_me="No fui yo",
    disowned_title="Gracias por avisarnos",
    disowned="No se firma nada con su correo, y no volveremos a preguntarle por esta carta.",
    stale_title="Este enlace es de un mensaje anterior",
    stale=(
        "La firma se modificó después de aquel mensaje y ahora dice lo que figura aquí. El mensaje más reciente "
        "tiene el enlace que la confirma."
    ),
    expired_title="Este enlace ha caducado",
    expired="La firma lleva más de 30 días a la espera. Si todavía la quiere, pida un mensaje nuevo.",
    ask_again="Envíenme un mensaje nuevo",
    asked_again_title="Mire en su buzón, por favor",
    asked_again=(
        "Si la firma sigue a la espera, ya va un mensaje nuevo en camino. Enviamos pocos al día: si no llega "
        "ninguno, inténtelo mañana."
    ),
    wider="Si está de acuerdo, más personas que hasta ahora verán el nombre.",
    wider_button="Sí, mostrar el nombre",
    letter_changed="La carta ha cambiado desde que la firmó. Léala de nuevo antes de confirmar.",
    look="Ver su firma, corregirla o retirarla",
    title="Su firma",
    personal="Esta página es solo suya: quien tenga su dirección puede cambiar la firma.",
    pending="Todavía no está confirmada, así que por ahora no cuenta.",
    confirmed="Está confirmada y cuenta.",
    late="Llegó tarde. Quienes organizan la carta deciden si se puede añadir.",
    withdrawn="Está retirada y no cuenta.",
    widening=(
        "Pidió que más personas vean el nombre. Será así cuando lo haya confirmado con el enlace del mensaje más "
        "reciente; hasta entonces todo sigue igual."
    ),
    correct="Corregirla o cambiar quién la ve",
    withdraw="Retirarla",
    reinstate="Firmar a pesar de todo",
    correct_title="Corrija su firma",
    save="Guardar",
    corrected_title="Está cambiada",
    corrected="Así queda a partir de ahora.",
    next_edition="Una edición aprobada queda como está: la corrección figurará en la siguiente.",
    widens=(
        "Más personas verían el nombre, así que se lo preguntamos una vez más: ya va un mensaje en camino a "
        "{address}. Hasta que pulse el botón al que lleva, nadie más lo ve."
    ),
    asked_later=(
        "Esto valdrá cuando lo haya confirmado por correo. Pocos de estos mensajes pueden ir a {address} en un "
        "día, así que el próximo llegará más tarde, seguramente mañana."
    ),
    asked_never=(
        "Esto valdrá cuando esté confirmado, pero ya no enviamos más mensajes sobre ello a {address}. Escriba, por "
        "favor, a {email}."
    ),
    withdraw_title="¿Retirar su firma?",
    withdraw_waiting="No está confirmada ni figura en ninguna parte. Si la retira, no se firmará nada.",
    withdraw_before=(
        "Sale de la lista y de la cuenta de inmediato. Todavía no se ha publicado nada. Si cambia de opinión, "
        "puede firmar de nuevo con este mismo enlace."
    ),
    withdraw_signed_off=(
        "La carta tiene de inmediato una nueva edición sin ella. Si cambia de opinión, puede firmar de nuevo con "
        "este mismo enlace."
    ),
    withdraw_after="Ya salieron ejemplares con el nombre, que no se pueden recuperar:",
    copy_page="la página pública, de la que otros pueden haber guardado una copia",
    copy_mailing="mensajes a quienes firmaron",
    copy_file="archivos de la carta, impresos o difundidos",
    copy_kit="anuncios de quienes firman",
    withdraw_button="Retirar mi firma",
    keep="Conservarla",
    withdrawn_title="Su firma está retirada",
    reinstated="Ya va un mensaje en camino a {address}: la firma cuenta en cuanto la confirme.",
)
