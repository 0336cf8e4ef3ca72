"""The pages in Spanish."""

from outreach.web.words.rounds import SPANISH as ROUND
from outreach.web.words.sentences import Words
from outreach.web.words.spanish_forms import FORM, LISTS, OWN

SPANISH = Words(
    language="es",
    form=FORM,
    lists=LISTS,
    own=OWN,
    round=ROUND,
    rehearsal="Ensayo: nada de lo que se haga aquí cuenta.",
    questions="¿Tiene alguna pregunta? Escriba a {email}. Alguien lee todos los mensajes.",
    addressed_to="Para",
    organised_by="Organizan",
    sign_by="Fecha límite para firmar",
    signing_ended="Fin de las firmas",
    that_is="es decir, {moment}",
    published="Publicación",
    read_letter="Leer la carta",
    in_confidence="Esta carta es confidencial hasta que se publique. Le rogamos que no la difunda.",
    asks="Lo que pide la carta",
    background="Para saber más",
    other_languages="Otros idiomas",
    sign_as_organisation="Firmar en nombre de su organización",
    sign_as_individual="Firmar a título personal",
    made_for="Este enlace se hizo para {name}.",
    name_of_organisation="Nombre de la organización, tal como debe imprimirse",
    name_of_person="Su nombre, tal como debe imprimirse",
    another_organisation="Firmo en nombre de una organización distinta de {organisation}",
    sign_for_organisation="Firmar en nombre de la organización",
    sign="Firmar",
    what_follows=(
        "Después enviaremos un mensaje a {address}. Nada queda firmado hasta que pulse el botón de la página a "
        "la que lleva."
    ),
    not_you=(
        "¿No es usted? Si alguien le reenvió este enlace, le pedimos que no lo use: es personal. Cualquiera "
        "puede firmar con los formularios de la página pública de la carta."
    ),
    signs_late=(
        "El plazo de firma ya se cerró. Todavía puede firmar: su firma se guardará como tardía y la "
        "organización decidirá si se puede añadir."
    ),
    name_is_blank="Escriba el nombre tal como debe figurar al pie de la carta.",
    name_has_contact="Escriba solo un nombre, sin direcciones, enlaces ni números de teléfono.",
    problem="Por favor, revise:",
    one_more_step="Un paso más",
    mail_is_on_its_way=(
        "Hemos enviado un mensaje a {address}. Abra el enlace que contiene y pulse el botón: solo entonces "
        "queda firmada la carta."
    ),
    no_mail=(
        "¿No llega nada en diez minutos? Mire entre los mensajes no deseados. También puede ser que usted o "
        "alguien de su organización ya haya firmado. En caso de duda, escriba a {email}."
    ),
    will_be_late=(
        "El plazo de firma ya se cerró: la firma se guardará como tardía y la organización decidirá si se puede "
        "añadir."
    ),
    not_begun_title="Las firmas aún no están abiertas",
    not_begun="Esta carta todavía no se puede firmar. Vuelva a abrir este enlace más adelante.",
    over_title="La carta ya se publicó",
    over=(
        "La carta se publicó con la lista de quienes la firman y ya no se puede firmar. Gracias por querer hacerlo."
    ),
    given_up_title="Se renunció a esta carta",
    given_up="La organización puso fin a esta convocatoria. Ya no se puede firmar ni confirmar nada.",
    confirm_title="Confirme su firma",
    will_read_organisation="El nombre de la organización se imprimirá así:",
    will_read_person="Su nombre se imprimirá así:",
    confirm="Sí, firmar la carta",
    not_asked=(
        "¿No lo pidió usted? No tiene que hacer nada: no se firmará nada. Si nos lo dice, no volveremos a "
        "preguntarle por esta carta."
    ),
    confirms_late=(
        "La lista ya está cerrada. Si confirma esta firma, se guardará como tardía y la organización decidirá "
        "si se puede añadir."
    ),
    confirmed_title="Firmada, muchas gracias",
    confirmed=(
        "La firma de {name} está confirmada. No tiene que hacer nada más; le llega un justificante por correo."
    ),
    kept_late_title="Gracias, su firma llegó tarde",
    kept_late=(
        "Nos llegó después del cierre de la lista. Hemos guardado la firma de {name} como tardía y la "
        "organización decidirá si se puede añadir."
    ),
    not_counted_title="Esta firma no cuenta",
    not_counted="Fue retirada o descartada. Si cree que es un error, escriba a {email}.",
    looked_at_title="La organización está revisando esta firma",
    looked_at="Por ahora no tiene que hacer nada. Si hay alguna pregunta, le escribirán.",
    opt_out_title="¿Qué mensajes deben cesar?",
    opt_out_for="Se trata de los mensajes a {address}.",
    opt_out_this="Solo los que tratan de esta carta: {title}",
    opt_out_everything="Todas las invitaciones y noticias de {workspace}",
    opt_out_button="No recibir más estos mensajes",
    opt_out_note=(
        "Si ha firmado una carta o firma alguna, seguirá recibiendo los mensajes que su propia firma necesita."
    ),
    opted_out_title="Hecho",
    opted_out_this="No volveremos a escribirle sobre esta carta: {title}",
    opted_out_everything="No recibirá más invitaciones ni noticias de {workspace}.",
    opt_out_rest="¿Prefiere no recibir ninguna invitación ni noticia de {workspace}?",
    opt_out_rest_button="No recibir ninguna",
    opt_out_unclear="Todavía no ha cambiado nada. Elija una opción y pulse el botón.",
    front="Aquí {workspace} publica cartas y reúne las firmas de quienes las apoyan.",
    front_invited="Si le invitaron a firmar una, utilice el enlace del mensaje que recibió.",
    test_title="Un enlace de un mensaje de prueba",
    test="Este enlace viene de un mensaje de prueba: aquí no ocurre nada.",
    not_found_title="Aquí no hay nada",
    not_found=(
        "Si llegó por un enlace de un mensaje, puede que se haya cortado o alterado por el camino. Copie el "
        "enlace entero o escriba a {email}."
    ),
    refused_title="Esto no vino de nuestra página",
    refused="No ha cambiado nada. Abra el enlace de su mensaje y pulse el botón de la página que se muestra.",
    not_allowed_title="Esto no se puede hacer aquí",
    not_allowed="No ha cambiado nada. Vuelva a abrir el enlace de su mensaje.",
    unreadable_title="No hemos podido leerlo",
    unreadable="No ha cambiado nada. Vuelva atrás e inténtelo de nuevo.",
    too_many_title="Demasiados formularios a la vez",
    too_many="No se ha guardado nada. Espere un minuto e inténtelo de nuevo.",
    failed_title="Algo falló por nuestra parte",
    failed="Lo sentimos. Inténtelo de nuevo dentro de unos minutos; si no funciona, escriba a {email}.",
)
