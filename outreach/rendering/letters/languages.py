"""The wordings around a letter in each language that the program speaks; English for every other."""

from types import MappingProxyType
from typing import Final

from outreach.rendering.letters.words import Words
from outreach.rendering.publication import GroupHeading

_NONE, _INITIATORS, _ORGANISATIONS, _INDIVIDUALS, _COUNTRY, _NO_COUNTRY, _OTHERS = GroupHeading


def _headings(
    *, initiators: str, organisations: str, individuals: str, no_country: str, others: str
) -> dict[GroupHeading, str]:
    return {
        _INITIATORS: initiators,
        _ORGANISATIONS: organisations,
        _INDIVIDUALS: individuals,
        _NO_COUNTRY: no_country,
        _OTHERS: others,
    }


_ENGLISH: Final = Words(
    language="en",
    to="To: {addressee}",
    organised="Organised by {organisers}",
    signatories="Signatories",
    organisations={"one": "{n} organisation", "other": "{n} organisations"},
    individuals={"one": "{n} individual", "other": "{n} individuals"},
    both="{organisations} and {individuals}",
    signed="Signed by {who}.",
    unnamed={
        "one": "{n} more has signed without being named.",
        "other": "{n} more have signed without being named.",
    },
    nobody="Nobody has signed yet.",
    headings=_headings(
        initiators="Initiators",
        organisations="Organisations",
        individuals="Individuals",
        no_country="No country given",
        others="Further signatories",
    ),
    identification="Individuals’ affiliations are given for identification only.",
    press="Press contacts",
    edition="Edition {n}",
    draft="Draft, not signed off",
    embargo="Not for publication before {moment}",
    not_yet="Not for publication yet",
    link="This letter and its list:",
    digest="Checksum of this edition (SHA-256): {digest}",
    book="Signatures to the letter",
    asks="What the letter asks",
)

_FRENCH: Final = Words(
    language="fr",
    to="À l’attention de\N{NO-BREAK SPACE}: {addressee}",
    organised="À l’initiative de {organisers}",
    signatories="Signataires",
    organisations={"one": "{n} organisation", "other": "{n} organisations"},
    individuals={"one": "{n} personne à titre individuel", "other": "{n} personnes à titre individuel"},
    both="{organisations} et {individuals}",
    signed="Lettre signée par {who}.",
    unnamed={
        "one": "{n} autre signataire n’a pas souhaité que son nom figure ici.",
        "other": "{n} autres signataires n’ont pas souhaité que leur nom figure ici.",
    },
    nobody="Personne n’a encore signé.",
    headings=_headings(
        initiators="À l’initiative de la lettre",
        organisations="Organisations",
        individuals="Personnes à titre individuel",
        no_country="Sans indication de pays",
        others="Autres signataires",
    ),
    identification="L’affiliation des personnes n’est donnée qu’à titre d’identification.",
    press="Contacts presse",
    edition="Édition {n}",
    draft="Projet, non arrêté",
    embargo="Ne pas publier avant\N{NO-BREAK SPACE}: {moment}",
    not_yet="Ne pas publier pour le moment",
    link="La lettre et la liste des signataires\N{NO-BREAK SPACE}:",
    digest="Empreinte de cette édition (SHA-256)\N{NO-BREAK SPACE}: {digest}",
    book="Signatures de la lettre",
    asks="Ce que demande la lettre",
)

_SPANISH: Final = Words(
    language="es",
    to="A la atención de: {addressee}",
    organised="Por iniciativa de {organisers}",
    signatories="Firmas",
    organisations={"one": "{n} organización", "other": "{n} organizaciones"},
    individuals={"one": "{n} persona a título individual", "other": "{n} personas a título individual"},
    both="{organisations} y {individuals}",
    signed="Carta firmada por {who}.",
    unnamed={
        "one": "{n} firma más figura sin nombre.",
        "other": "{n} firmas más figuran sin nombre.",
    },
    nobody="Todavía no ha firmado nadie.",
    headings=_headings(
        initiators="Iniciativa",
        organisations="Organizaciones",
        individuals="Personas a título individual",
        no_country="Sin país indicado",
        others="Otras firmas",
    ),
    identification="La afiliación de las personas se indica solo a efectos de identificación.",
    press="Contacto de prensa",
    edition="Edición {n}",
    draft="Borrador, sin aprobar",
    embargo="No publicar antes de: {moment}",
    not_yet="No publicar todavía",
    link="La carta y la lista de firmas:",
    digest="Suma de comprobación de esta edición (SHA-256): {digest}",
    book="Firmas de la carta",
    asks="Lo que pide la carta",
)

_PORTUGUESE: Final = Words(
    language="pt",
    to="À atenção de: {addressee}",
    organised="Por iniciativa de {organisers}",
    signatories="Assinaturas",
    organisations={"one": "{n} organização", "other": "{n} organizações"},
    individuals={"one": "{n} pessoa a título individual", "other": "{n} pessoas a título individual"},
    both="{organisations} e {individuals}",
    signed="Carta assinada por {who}.",
    unnamed={
        "one": "Mais {n} assinatura sem indicação de nome.",
        "other": "Mais {n} assinaturas sem indicação de nome.",
    },
    nobody="Ainda ninguém assinou.",
    headings=_headings(
        initiators="Iniciativa",
        organisations="Organizações",
        individuals="Pessoas a título individual",
        no_country="Sem indicação de país",
        others="Outras assinaturas",
    ),
    identification="A afiliação das pessoas é indicada apenas para efeitos de identificação.",
    press="Contacto de imprensa",
    edition="Edição {n}",
    draft="Rascunho, não aprovado",
    embargo="Não publicar antes de: {moment}",
    not_yet="Ainda não publicar",
    link="A carta e a lista de assinaturas:",
    digest="Soma de verificação desta edição (SHA-256): {digest}",
    book="Assinaturas da carta",
    asks="O que a carta pede",
)

_GERMAN: Final = Words(
    language="de",
    to="An: {addressee}",
    organised="Initiiert von {organisers}",
    signatories="Unterzeichnende",
    organisations={"one": "{n} Organisation", "other": "{n} Organisationen"},
    individuals={"one": "{n} Einzelperson", "other": "{n} Einzelpersonen"},
    both="{organisations} und {individuals}",
    signed="Unterzeichnet von {who}.",
    unnamed={
        "one": "{n} weitere Unterschrift ohne Nennung des Namens.",
        "other": "{n} weitere Unterschriften ohne Nennung des Namens.",
    },
    nobody="Noch hat niemand unterzeichnet.",
    headings=_headings(
        initiators="Initiative",
        organisations="Organisationen",
        individuals="Einzelpersonen",
        no_country="Ohne Angabe eines Landes",
        others="Weitere Unterzeichnende",
    ),
    identification="Zugehörigkeiten von Einzelpersonen dienen nur der Identifizierung.",
    press="Pressekontakt",
    edition="Ausgabe {n}",
    draft="Entwurf, nicht freigegeben",
    embargo="Nicht zur Veröffentlichung vor: {moment}",
    not_yet="Noch nicht zur Veröffentlichung",
    link="Der Brief und die Liste der Unterzeichnenden:",
    digest="Prüfsumme dieser Ausgabe (SHA-256): {digest}",
    book="Unterschriften zum Brief",
    asks="Was der Brief fordert",
)

_RUSSIAN: Final = Words(
    language="ru",
    to="Кому: {addressee}",
    organised="По инициативе: {organisers}",
    signatories="Подписи",
    organisations={
        "one": "{n} организация",
        "few": "{n} организации",
        "many": "{n} организаций",
        "other": "{n} организации",
    },
    individuals={
        "one": "{n} частное лицо",
        "few": "{n} частных лица",
        "many": "{n} частных лиц",
        "other": "{n} частного лица",
    },
    both="{organisations} и {individuals}",
    signed="Письмо подписали: {who}.",
    unnamed={
        "one": "Ещё {n} подпись без указания имени.",
        "few": "Ещё {n} подписи без указания имени.",
        "many": "Ещё {n} подписей без указания имени.",
        "other": "Ещё {n} подписи без указания имени.",
    },
    nobody="Пока никто не подписал.",
    headings=_headings(
        initiators="Инициаторы",
        organisations="Организации",
        individuals="Частные лица",
        no_country="Страна не указана",
        others="Другие подписавшие",
    ),
    identification="Место работы частных лиц указано только для их идентификации.",
    press="Контакты для прессы",
    edition="Издание {n}",
    draft="Проект, не утверждён",
    embargo="Не публиковать раньше: {moment}",
    not_yet="Пока не для публикации",
    link="Письмо и список подписавших:",
    digest="Контрольная сумма этого издания (SHA-256): {digest}",
    book="Подписи под письмом",
    asks="О чём просит письмо",
)

_ARABIC: Final = Words(
    language="ar",
    to="موجهة إلى: {addressee}",
    organised="بمبادرة من: {organisers}",
    signatories="الموقّعون",
    organisations={
        "one": "منظمة واحدة",
        "two": "منظمتان",
        "few": "{n} منظمات",
        "many": "{n} منظمة",
        "other": "{n} منظمة",
    },
    individuals={
        "one": "فرد واحد",
        "two": "فردان",
        "few": "{n} أفراد",
        "many": "{n} فردًا",
        "other": "{n} فرد",
    },
    both="{organisations} و{individuals}",
    signed="وقّع على الرسالة: {who}.",
    unnamed={
        "one": "ومعهم موقّع آخر لم يُذكر اسمه هنا.",
        "two": "ومعهم موقّعان آخران لم يُذكر اسماهما هنا.",
        "few": "ومعهم {n} موقّعين آخرين لم تُذكر أسماؤهم هنا.",
        "many": "ومعهم {n} موقّعًا آخر لم تُذكر أسماؤهم هنا.",
        "other": "ومعهم {n} موقّع آخر لم تُذكر أسماؤهم هنا.",
    },
    nobody="لم يوقّع أحد بعد.",
    headings=_headings(
        initiators="أصحاب المبادرة",
        organisations="المنظمات",
        individuals="الأفراد",
        no_country="دون ذكر البلد",
        others="موقّعون آخرون",
    ),
    identification="تُذكر جهات عمل الأفراد للتعريف بهم فقط.",
    press="للتواصل الصحفي",
    edition="الإصدار {n}",
    draft="مسودة لم تُعتمد بعد",
    embargo="ليست للنشر قبل: {moment}",
    not_yet="ليست للنشر بعد",
    link="الرسالة وقائمة الموقّعين:",
    digest="بصمة هذا الإصدار (SHA-256): {digest}",
    book="التوقيعات على الرسالة",
    asks="ما تطلبه الرسالة",
)

SPOKEN = MappingProxyType(
    {one.language: one for one in (_ENGLISH, _FRENCH, _SPANISH, _ARABIC, _PORTUGUESE, _GERMAN, _RUSSIAN)}
)
"""The languages that the program speaks around a letter."""


def words_for(language: str) -> Words:
    """The wordings for a letter in that language; English where the program does not speak it."""
    return SPOKEN.get(language.replace("_", "-").partition("-")[0].lower(), _ENGLISH)
