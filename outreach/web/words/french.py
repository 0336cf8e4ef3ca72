"""The pages in French."""

from outreach.web.words.french_forms import FORM, LISTS, OWN
from outreach.web.words.rounds import FRENCH as ROUND
from outreach.web.words.sentences import Words

FRENCH = Words(
    language="fr",
    form=FORM,
    lists=LISTS,
    own=OWN,
    round=ROUND,
    rehearsal="Répétition : rien de ce qui se fait ici ne compte.",
    questions="Une question ? Écrivez à {email}. Chaque message est lu par quelqu’un.",
    addressed_to="À",
    organised_by="À l’initiative de",
    sign_by="Date limite pour signer",
    signing_ended="Fin des signatures",
    that_is="soit {moment}",
    published="Publication",
    read_letter="Lire la lettre",
    in_confidence="Cette lettre est confidentielle jusqu’à sa publication. Merci de ne pas la transmettre.",
    asks="Ce que demande la lettre",
    background="Pour en savoir plus",
    other_languages="Autres langues",
    sign_as_organisation="Signer pour votre organisation",
    sign_as_individual="Signer à titre personnel",
    made_for="Ce lien a été établi pour {name}.",
    name_of_organisation="Nom de l’organisation, tel qu’il doit être imprimé",
    name_of_person="Votre nom, tel qu’il doit être imprimé",
    another_organisation="Je signe pour une autre organisation que {organisation}",
    sign_for_organisation="Signer pour l’organisation",
    sign="Signer",
    what_follows=(
        "Nous enverrons alors un message à {address}. Rien n’est signé tant que vous n’avez pas appuyé sur le "
        "bouton de la page à laquelle il mène."
    ),
    not_you=(
        "Ce n’est pas vous ? Si quelqu’un vous a transmis ce lien, merci de ne pas vous en servir : il est "
        "personnel. Tout le monde peut signer par les formulaires de la page publique de la lettre."
    ),
    signs_late=(
        "La liste est close. Vous pouvez encore signer : votre signature sera conservée comme tardive, et les "
        "organisateurs décideront si elle peut être ajoutée."
    ),
    name_is_blank="Merci d’écrire le nom tel qu’il doit figurer sous la lettre.",
    name_has_contact="Merci d’écrire seulement un nom, sans adresse, lien ni numéro de téléphone.",
    problem="À vérifier :",
    one_more_step="Encore une étape",
    mail_is_on_its_way=(
        "Nous avons envoyé un message à {address}. Ouvrez le lien qu’il contient et appuyez sur le bouton : "
        "c’est alors seulement que la lettre est signée."
    ),
    no_mail=(
        "Aucun message au bout de dix minutes ? Regardez parmi les messages indésirables. Il se peut aussi que "
        "vous ou une ou un collègue ayez déjà signé. En cas de doute, écrivez à {email}."
    ),
    will_be_late=(
        "La liste est close : la signature sera conservée comme tardive, et les organisateurs décideront si "
        "elle peut être ajoutée."
    ),
    not_begun_title="Les signatures ne sont pas encore ouvertes",
    not_begun="Cette lettre ne peut pas encore être signée. Merci de rouvrir ce lien plus tard.",
    over_title="La lettre est parue",
    over=(
        "La lettre a été publiée avec la liste de ses signataires ; il n’est plus possible de la signer. Merci "
        "de l’avoir voulu."
    ),
    given_up_title="Cette lettre a été abandonnée",
    given_up="Les organisateurs ont mis fin à cet appel. Rien ne peut plus être signé ni confirmé.",
    confirm_title="Confirmer votre signature",
    will_read_organisation="Le nom de l’organisation sera imprimé ainsi :",
    will_read_person="Votre nom sera imprimé ainsi :",
    confirm="Oui, signer la lettre",
    not_asked=(
        "Vous n’avez rien demandé ? Il n’y a rien à faire : rien ne sera signé. Si vous nous le dites, nous ne "
        "vous poserons plus la question pour cette lettre."
    ),
    confirms_late=(
        "La liste est déjà close. Si vous confirmez cette signature, elle sera conservée comme tardive, et les "
        "organisateurs décideront si elle peut être ajoutée."
    ),
    confirmed_title="C’est signé, merci",
    confirmed=(
        "La signature de {name} est confirmée. Vous n’avez plus rien à faire ; un accusé de réception vous "
        "parvient par mail."
    ),
    kept_late_title="Merci, votre signature est arrivée tard",
    kept_late=(
        "Elle nous est parvenue après la clôture de la liste. Nous avons conservé la signature de {name} comme "
        "tardive, et les organisateurs décideront si elle peut être ajoutée."
    ),
    not_counted_title="Cette signature ne compte pas",
    not_counted="Elle a été retirée ou écartée. Si vous pensez que c’est une erreur, écrivez à {email}.",
    looked_at_title="Les organisateurs examinent cette signature",
    looked_at="Vous n’avez rien à faire pour le moment. S’ils ont une question, ils vous écriront.",
    opt_out_title="Quels messages doivent cesser ?",
    opt_out_for="Il s’agit des messages envoyés à {address}.",
    opt_out_this="Seulement ceux qui concernent cette lettre : {title}",
    opt_out_everything="Toutes les invitations et nouvelles de {workspace}",
    opt_out_button="Ne plus recevoir ces messages",
    opt_out_note=(
        "Si vous avez signé une lettre ou en signez une, les messages nécessaires à votre signature vous "
        "parviennent toujours."
    ),
    opted_out_title="C’est fait",
    opted_out_this="Nous ne vous écrirons plus au sujet de cette lettre : {title}",
    opted_out_everything="Vous ne recevrez plus ni invitations ni nouvelles de {workspace}.",
    opt_out_rest="Préférez-vous ne plus recevoir du tout d’invitations ni de nouvelles de {workspace} ?",
    opt_out_rest_button="Ne plus rien recevoir",
    opt_out_unclear="Rien n’a encore changé. Merci de choisir, puis d’appuyer sur le bouton.",
    front="{workspace} publie ici des lettres et recueille les signatures de celles et ceux qui les soutiennent.",
    front_invited="Si vous avez été invité·e à en signer une, utilisez le lien qui figure dans le message reçu.",
    test_title="Un lien d’un message d’essai",
    test="Ce lien vient d’un message d’essai : il ne se passe rien ici.",
    not_found_title="Il n’y a rien ici",
    not_found=(
        "Si vous avez suivi un lien reçu par mail, il a pu être coupé ou modifié en route. Copiez le lien "
        "entier, ou écrivez à {email}."
    ),
    refused_title="Cela ne venait pas de notre page",
    refused="Rien n’a changé. Ouvrez le lien de votre message et appuyez sur le bouton de la page qui s’affiche.",
    not_allowed_title="Cela n’est pas possible ici",
    not_allowed="Rien n’a changé. Merci de rouvrir le lien de votre message.",
    unreadable_title="Nous n’avons pas pu lire cela",
    unreadable="Rien n’a changé. Merci de revenir en arrière et de réessayer.",
    too_many_title="Trop de formulaires à la fois",
    too_many="Rien n’a été enregistré. Merci d’attendre une minute et de réessayer.",
    failed_title="Une erreur s’est produite de notre côté",
    failed=(
        "Nous en sommes désolés. Merci de réessayer dans quelques minutes ; si cela ne suffit pas, écrivez à "
        "{email}."
    ),
)
