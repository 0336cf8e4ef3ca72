"""The forms, the lists and the signatory's own pages in French."""

from outreach.web.words.sentences import FormWords, ListWords, OwnWords

FORM = FormWords(
    optional="facultatif",
    acronym="Sigle",
    acronym_hint="Il est imprimé entre parenthèses après le nom.",
    country="Pays",
    no_country="À choisir",
    website="Site web",
    website_hint="Il montre aux organisateurs qui signe.",
    signer_name="Votre propre nom",
    signer_name_hint="La personne qui signe pour l’organisation. Seuls les organisateurs le voient.",
    role="Votre fonction",
    title="Titre ou profession",
    title_hint="Il est imprimé après votre nom.",
    affiliation="Votre institution ou organisation",
    affiliation_hint="Elle est imprimée après votre nom, à titre d’identification seulement.",
    address="Votre adresse électronique professionnelle",
    address_hint="Nous y écrivons pour que vous puissiez confirmer. Seuls les organisateurs la voient.",
    news="Vous pouvez aussi m’écrire au sujet d’autres lettres.",
    not_published_organisation=(
        "Au plus, le nom, le sigle et le pays de l’organisation sont publiés. Votre propre nom, votre fonction et "
        "votre adresse ne le sont jamais."
    ),
    not_published_person=(
        "Au plus, votre nom, votre titre, votre institution et votre pays sont publiés. Votre adresse ne l’est "
        "jamais."
    ),
    visibility="Qui peut voir ce nom ?",
    public="Tout le monde",
    public_means=(
        "Le nom est publié sous la lettre : sur ce site, dans les fichiers à imprimer et partout où d’autres "
        "relaient la lettre. Les moteurs de recherche peuvent le trouver."
    ),
    addressee="Le destinataire seulement",
    addressee_means=(
        "Le nom figure dans l’exemplaire destiné à : {addressee}, et n’est pas publié. L’usage que le "
        "destinataire en fait ne dépend pas de nous."
    ),
    counted="Personne",
    counted_means=(
        "La signature compte pour une de plus. Le nom ne figure dans aucune liste ni aucun exemplaire ; seuls les "
        "organisateurs le connaissent."
    ),
    check_these="Merci de vérifier ce qui est signalé ci-dessous. Rien n’est encore signé.",
    too_long="C’est trop long pour être imprimé. Merci d’abréger.",
    choose_country="Merci de choisir un pays dans la liste.",
    website_wrong="Merci d’écrire une adresse web comme https://harbour.example, ou de ne rien écrire.",
    choose_visibility="Merci de choisir qui peut voir le nom.",
    address_wrong="Merci d’écrire une seule adresse électronique, la vôtre, comme nom@harbour.example.",
    doubt_title="Est-ce bien cela ?",
    doubt_note="Si oui, appuyez simplement encore une fois sur le bouton. Sinon, corrigez ci-dessous.",
    doubt_button="Oui, c’est bien cela",
    doubt_no_organisation=(
        "« {shown} » ne ressemble pas au nom d’une organisation. Il y a un autre formulaire pour signer en "
        "votre propre nom."
    ),
    doubt_person=(
        "« {shown} » ressemble au nom d’une personne. Il y a un autre formulaire pour signer en votre propre nom."
    ),
    doubt_organisation=(
        "« {shown} » ressemble au nom d’une organisation. Il y a un autre formulaire pour signer en son nom."
    ),
    doubt_capitals="« {shown} » est tout en capitales, et sera imprimé exactement ainsi.",
    doubt_small_letters="« {shown} » est tout en minuscules, et sera imprimé exactement ainsi.",
    doubt_mixed_scripts="« {shown} » mêle les lettres de deux alphabets qui se ressemblent.",
    doubt_free_mail=(
        "L’adresse est chez {shown}, où tout le monde peut en avoir une. Une adresse propre à l’organisation "
        "est plus convaincante."
    ),
    doubt_other_domain="L’adresse est chez {shown}, et le site web est ailleurs.",
    another_person="Je ne suis pas cette personne",
    instead_organisation="Signer plutôt pour une organisation",
    instead_individual="Signer plutôt en votre propre nom",
    not_taken_title="Cette lettre se signe autrement",
    not_taken="Ses organisateurs ne recueillent pas de signatures de cette sorte. Merci d’avoir voulu signer.",
    no_mail_came="Vous avez signé et aucun message n’est arrivé ?",
    again_title="Redemander le message",
    again_note=(
        "Écrivez l’adresse avec laquelle vous avez signé. Si une signature de cette lettre attend qu’elle la "
        "confirme, le message est renvoyé."
    ),
    again_button="Redemander",
    again_done_title="Consultez votre boîte aux lettres",
    again_done=(
        "Si une signature attend cette adresse, un message lui est envoyé. Nous ne disons à personne si c’est le "
        "cas, et n’envoyons que peu de ces messages par jour, pour que personne n’en soit importuné."
    ),
)

LISTS = ListWords(
    so_far="À ce jour",
    names_later="Les noms sont publiés en même temps que la lettre.",
    all_names="Tous les noms, page par page",
    page_of="Page {page} sur {pages}",
    pages="Pages de la liste",
    previous="Page précédente",
    following="Page suivante",
    downloads="La lettre et sa liste, à conserver",
    kit_title="Annoncez que vous avez signé",
    kit_note=(
        "Un texte en votre propre nom, prêt pour votre site ou votre lettre d’information. Modifiez-le à votre gré."
    ),
    kit_archive="Tout dans un seul fichier (ZIP)",
    open_letters="À signer",
    published_letters="Lettres publiées",
)

OWN = OwnWords(
    signed_as="Voici ce qui est signé :",
    shown_public="Tout le monde peut le voir : il est publié sous la lettre.",
    shown_addressee="Seul le destinataire le voit : il n’est pas publié.",
    shown_counted="Personne ne le voit : la signature est seulement comptée, et le nom n’est imprimé nulle part.",
    correct_first="Quelque chose à corriger d’abord",
    not_me="Ce n’était pas moi",
    disowned_title="Merci de nous l’avoir dit",
    disowned="Rien n’est signé avec votre adresse, et nous ne l’interrogerons plus au sujet de cette lettre.",
    stale_title="Ce lien vient d’un message plus ancien",
    stale=(
        "La signature a été modifiée après ce message ; elle se lit maintenant comme ici. C’est le lien du message "
        "le plus récent qui la confirme."
    ),
    expired_title="Ce lien n’est plus valable",
    expired="La signature attend depuis plus de 30 jours. Si vous y tenez toujours, demandez un nouveau message.",
    ask_again="M’envoyer un nouveau message",
    asked_again_title="Regardez dans votre boîte aux lettres",
    asked_again=(
        "Si la signature attend toujours, un nouveau message est en route. Nous en envoyons peu par jour : si "
        "rien n’arrive, réessayez demain."
    ),
    wider="Si vous êtes d’accord, plus de personnes qu’aujourd’hui verront le nom.",
    wider_button="Oui, montrer le nom",
    letter_changed="La lettre a changé depuis votre signature. Merci de la relire avant de confirmer.",
    look="Voir votre signature, la corriger ou la retirer",
    title="Votre signature",
    personal="Cette page n’est qu’à vous : quiconque en a l’adresse peut modifier la signature.",
    pending="Elle n’est pas encore confirmée : pour l’instant, elle ne compte pas.",
    confirmed="Elle est confirmée et compte.",
    late="Elle est arrivée tard. Les organisateurs décident si elle peut être ajoutée.",
    withdrawn="Elle est retirée et ne compte pas.",
    widening=(
        "Vous avez demandé que plus de personnes voient le nom. Ce sera le cas quand vous l’aurez confirmé par le "
        "lien du message le plus récent ; d’ici là, rien ne change."
    ),
    correct="La corriger, ou changer qui voit le nom",
    withdraw="La retirer",
    reinstate="Signer malgré tout",
    correct_title="Corriger votre signature",
    save="Enregistrer",
    corrected_title="C’est modifié",
    corrected="Voici ce qui vaut désormais.",
    next_edition="Une édition arrêtée reste telle quelle : la correction figurera dans la suivante.",
    widens=(
        "Plus de personnes verraient le nom ; nous vous le demandons donc encore une fois : un message est en "
        "route vers {address}. Tant que vous n’avez pas appuyé sur le bouton auquel il mène, personne de plus ne "
        "voit le nom."
    ),
    asked_later=(
        "Ceci vaudra dès que vous l’aurez confirmé par courriel. Peu de ces messages peuvent partir vers {address} "
        "en un jour : le prochain viendra donc plus tard, sans doute demain."
    ),
    asked_never=(
        "Ceci vaudra dès que ce sera confirmé, mais nous n’envoyons plus de message à ce sujet à {address}. Merci "
        "d’écrire à {email}."
    ),
    withdraw_title="Retirer votre signature ?",
    withdraw_waiting="Elle n’est pas confirmée et ne figure nulle part. Si vous la retirez, rien ne sera signé.",
    withdraw_before=(
        "Elle quitte aussitôt la liste et le compte. Rien n’a encore été publié. Si vous changez d’avis, vous "
        "pouvez signer à nouveau par ce même lien."
    ),
    withdraw_signed_off=(
        "La lettre reçoit aussitôt une nouvelle édition sans elle. Si vous changez d’avis, vous pouvez signer à "
        "nouveau par ce même lien."
    ),
    withdraw_after="Des exemplaires portant le nom sont déjà partis et ne peuvent être rappelés :",
    copy_page="la page publique, dont d’autres ont pu garder une copie",
    copy_mailing="des messages aux signataires",
    copy_file="des fichiers de la lettre, imprimés ou transmis",
    copy_kit="des annonces de signataires",
    withdraw_button="Retirer ma signature",
    keep="La garder",
    withdrawn_title="Votre signature est retirée",
    reinstated="Un message est en route vers {address} : la signature compte dès que vous l’avez confirmée.",
)
