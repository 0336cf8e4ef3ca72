"""What the program says where letters go to officials: references, copies, and passages of the general text."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrespondenceWords:
    """The wordings of one language. What stands in braces is put in.

    ``labels`` are what the general text says in the place of a word that differs from official to official.
    """

    yes: str
    no: str
    your_letter: str
    your_letter_with_number: str
    our_letter: str
    our_reference: str
    copy: str
    only_where: str
    otherwise: str
    otherwise_where: str
    in_every_letter: str
    is_not: str
    both: str
    either: str
    equals: str
    differs: str
    among: str
    date_of: str
    year_of: str
    labels: Mapping[str, str]


def _labels(
    *, name: str, title: str, form_of_address: str, salutation: str, office: str, institution: str, state: str
) -> Mapping[str, str]:
    said = {
        "name": name,
        "title": title,
        "form_of_address": form_of_address,
        "salutation": salutation,
        "office": office,
        "institution": institution,
        "state": state,
    }
    return MappingProxyType({f"official.{word}": text for word, text in said.items()})


_ENGLISH: Final = CorrespondenceWords(
    yes="yes",
    no="no",
    your_letter="Your letter of {date}",
    your_letter_with_number="Your letter of {date}, reference {number}",
    our_letter="Our letter of {date}",
    our_reference="Our reference: {number}",
    copy="Copy: {to}",
    only_where="Only where: {what}",
    otherwise="Otherwise:",
    otherwise_where="Otherwise, where: {what}",
    in_every_letter="In every letter:",
    is_not="not {what}",
    both="{one} and {other}",
    either="{one} or {other}",
    equals="{one} is {other}",
    differs="{one} is not {other}",
    among="{one} is one of {other}",
    date_of="date: {what}",
    year_of="year: {what}",
    labels=_labels(
        name="name of the official",
        title="title of the official",
        form_of_address="form of address",
        salutation="salutation",
        office="office",
        institution="institution",
        state="State",
    ),
)

_FRENCH: Final = CorrespondenceWords(
    yes="oui",
    no="non",
    your_letter="Votre lettre du {date}",
    your_letter_with_number="Votre lettre du {date}, référence {number}",
    our_letter="Notre lettre du {date}",
    our_reference="Notre référence\N{NO-BREAK SPACE}: {number}",
    copy="Copie\N{NO-BREAK SPACE}: {to}",
    only_where="Seulement si\N{NO-BREAK SPACE}: {what}",
    otherwise="Sinon\N{NO-BREAK SPACE}:",
    otherwise_where="Sinon, si\N{NO-BREAK SPACE}: {what}",
    in_every_letter="Dans toutes les lettres\N{NO-BREAK SPACE}:",
    is_not="non {what}",
    both="{one} et {other}",
    either="{one} ou {other}",
    equals="{one} est {other}",
    differs="{one} n’est pas {other}",
    among="{one} est parmi {other}",
    date_of="date\N{NO-BREAK SPACE}: {what}",
    year_of="année\N{NO-BREAK SPACE}: {what}",
    labels=_labels(
        name="nom de la personne destinataire",
        title="titre de la personne destinataire",
        form_of_address="titre de civilité et nom",
        salutation="formule d’appel",
        office="fonction ou bureau",
        institution="institution",
        state="État",
    ),
)

_SPANISH: Final = CorrespondenceWords(
    yes="sí",
    no="no",
    your_letter="Su carta del {date}",
    your_letter_with_number="Su carta del {date}, referencia {number}",
    our_letter="Nuestra carta del {date}",
    our_reference="Nuestra referencia: {number}",
    copy="Copia: {to}",
    only_where="Solo si: {what}",
    otherwise="En los demás casos:",
    otherwise_where="En los demás casos, si: {what}",
    in_every_letter="En todas las cartas:",
    is_not="no {what}",
    both="{one} y {other}",
    either="{one} o {other}",
    equals="{one} es {other}",
    differs="{one} no es {other}",
    among="{one} está entre {other}",
    date_of="fecha: {what}",
    year_of="año: {what}",
    labels=_labels(
        name="nombre de la persona destinataria",
        title="cargo de la persona destinataria",
        form_of_address="tratamiento y nombre",
        salutation="saludo",
        office="oficina",
        institution="institución",
        state="Estado",
    ),
)

_PORTUGUESE: Final = CorrespondenceWords(
    yes="sim",
    no="não",
    your_letter="A sua carta de {date}",
    your_letter_with_number="A sua carta de {date}, referência {number}",
    our_letter="A nossa carta de {date}",
    our_reference="A nossa referência: {number}",
    copy="Cópia: {to}",
    only_where="Apenas se: {what}",
    otherwise="Nos outros casos:",
    otherwise_where="Nos outros casos, se: {what}",
    in_every_letter="Em todas as cartas:",
    is_not="não {what}",
    both="{one} e {other}",
    either="{one} ou {other}",
    equals="{one} é {other}",
    differs="{one} não é {other}",
    among="{one} está entre {other}",
    date_of="data: {what}",
    year_of="ano: {what}",
    labels=_labels(
        name="nome da pessoa destinatária",
        title="cargo da pessoa destinatária",
        form_of_address="forma de tratamento e nome",
        salutation="saudação",
        office="serviço",
        institution="instituição",
        state="Estado",
    ),
)

_GERMAN: Final = CorrespondenceWords(
    yes="ja",
    no="nein",
    your_letter="Ihr Schreiben vom {date}",
    your_letter_with_number="Ihr Schreiben vom {date}, Zeichen {number}",
    our_letter="Unser Schreiben vom {date}",
    our_reference="Unser Zeichen: {number}",
    copy="Kopie: {to}",
    only_where="Nur wenn: {what}",
    otherwise="Sonst:",
    otherwise_where="Sonst, wenn: {what}",
    in_every_letter="In jedem Brief:",
    is_not="nicht {what}",
    both="{one} und {other}",
    either="{one} oder {other}",
    equals="{one} ist {other}",
    differs="{one} ist nicht {other}",
    among="{one} ist eines von {other}",
    date_of="Datum: {what}",
    year_of="Jahr: {what}",
    labels=_labels(
        name="Name der Amtsperson",
        title="Titel der Amtsperson",
        form_of_address="Anschrift mit Titel und Name",
        salutation="Anrede",
        office="Amt",
        institution="Institution",
        state="Staat",
    ),
)

_RUSSIAN: Final = CorrespondenceWords(
    yes="да",
    no="нет",
    your_letter="Ваше письмо от {date}",
    your_letter_with_number="Ваше письмо от {date}, номер {number}",
    our_letter="Наше письмо от {date}",
    our_reference="Наш номер: {number}",
    copy="Копия: {to}",
    only_where="Только если: {what}",
    otherwise="Иначе:",
    otherwise_where="Иначе, если: {what}",
    in_every_letter="Во всех письмах:",
    is_not="не {what}",
    both="{one} и {other}",
    either="{one} или {other}",
    equals="{one} — это {other}",
    differs="{one} — это не {other}",
    among="{one} — одно из {other}",
    date_of="дата: {what}",
    year_of="год: {what}",
    labels=_labels(
        name="имя адресата",
        title="должность адресата",
        form_of_address="титул и имя адресата",
        salutation="обращение",
        office="ведомство",
        institution="учреждение",
        state="государство",
    ),
)

_ARABIC: Final = CorrespondenceWords(
    yes="نعم",
    no="لا",
    your_letter="رسالتكم المؤرخة {date}",
    your_letter_with_number="رسالتكم المؤرخة {date}، المرجع {number}",
    our_letter="رسالتنا المؤرخة {date}",
    our_reference="مرجعنا: {number}",
    copy="نسخة إلى: {to}",
    only_where="فقط حيث: {what}",
    otherwise="وفي غير ذلك:",
    otherwise_where="وفي غير ذلك، حيث: {what}",
    in_every_letter="في جميع الرسائل:",
    is_not="ليس: {what}",
    both="{one} و{other}",
    either="{one} أو {other}",
    equals="{one} هو {other}",
    differs="{one} ليس {other}",
    among="{one} من بين {other}",
    date_of="التاريخ: {what}",
    year_of="السنة: {what}",
    labels=_labels(
        name="اسم المسؤول",
        title="منصب المسؤول",
        form_of_address="اللقب والاسم",
        salutation="التحية",
        office="المكتب",
        institution="المؤسسة",
        state="الدولة",
    ),
)

_SPOKEN: Final = MappingProxyType(
    {
        "ar": _ARABIC,
        "de": _GERMAN,
        "en": _ENGLISH,
        "es": _SPANISH,
        "fr": _FRENCH,
        "pt": _PORTUGUESE,
        "ru": _RUSSIAN,
    }
)


def correspondence_words(language: str) -> CorrespondenceWords:
    """The wordings for a letter in that language; English where the program does not speak it."""
    return _SPOKEN.get(language.replace("_", "-").partition("-")[0].lower(), _ENGLISH)
