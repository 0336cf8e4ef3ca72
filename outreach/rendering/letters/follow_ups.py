"""The letter with which a follow-up begins: it cites the earlier one, and the coordinator writes on."""

from typing import Final

_ENGLISH: Final = """Excellency,

On {{ earlier.date }} we wrote to you. {{ earlier.count }} organisations and people had signed that letter,
“{{ earlier.title }}”.

What has happened since, and what has not: write it here.

What we ask now: write it here.

Respectfully,
"""
_FRENCH: Final = """Excellence,

Le {{ earlier.date }}, nous vous avons écrit. Cette lettre, « {{ earlier.title }} »,
portait {{ earlier.count }} signatures.

Ce qui s’est passé depuis, et ce qui ne s’est pas passé : écrivez-le ici.

Ce que nous demandons aujourd’hui : écrivez-le ici.

Veuillez agréer l’expression de notre haute considération,
"""
_SPANISH: Final = """Excelencia:

El {{ earlier.date }} le escribimos. Aquella carta, «{{ earlier.title }}», llevaba {{ earlier.count }} firmas.

Qué ha ocurrido desde entonces y qué no: escríbalo aquí.

Qué pedimos ahora: escríbalo aquí.

Atentamente,
"""
_ARABIC: Final = """سعادتكم،

كتبنا إليكم في {{ earlier.date }}، وكانت تلك الرسالة، «{{ earlier.title }}»، تحمل {{ earlier.count }} توقيعًا.

ما الذي حدث منذ ذلك الحين، وما الذي لم يحدث: اكتبوه هنا.

ما نطلبه الآن: اكتبوه هنا.

وتفضلوا بقبول فائق الاحترام،
"""
_BODIES: Final = {"en": _ENGLISH, "fr": _FRENCH, "es": _SPANISH, "ar": _ARABIC}
_UNWRITTEN: Final = ("write it here", "écrivez-le ici", "escríbalo aquí", "اكتبوه هنا")


def follow_up_body(language: str) -> str:
    """The beginning of a follow-up letter, in Markdown; English where the program does not speak the language."""
    return _BODIES.get(language.partition("-")[0], _ENGLISH)


_FIRST: Final = {
    "en": (
        "Those who can decide",
        "Excellency,\n\nWhat has happened: write it here.\n\nWhat we ask: write it here.\n\nRespectfully,\n",
    ),
    "fr": (
        "Qui peut décider",
        "Excellence,\n\nCe qui s’est passé : écrivez-le ici.\n\nNotre demande : écrivez-le ici.\n\nMerci,\n",
    ),
    "es": (
        "Quienes pueden decidir",
        "Excelencia:\n\nQué ha ocurrido: escríbalo aquí.\n\nQué pedimos: escríbalo aquí.\n\nAtentamente,\n",
    ),
    "ar": (
        "إلى من بيدهم القرار",
        "سعادتكم،\n\nما الذي حدث: اكتبوه هنا.\n\nما نطلبه: اكتبوه هنا.\n\nوتفضلوا بقبول فائق الاحترام،\n",
    ),
}


def beginning_of_letter(language: str) -> tuple[str, tuple[str, ...], str]:
    """The addressee, the asks and the text with which a new letter begins; the coordinator writes on."""
    addressee, body = _FIRST.get(language.partition("-")[0], _FIRST["en"])
    return addressee, (), body


def is_unwritten(body: str) -> bool:
    """Whether the letter still says somewhere that something is to be written there."""
    return any(words in body for words in _UNWRITTEN)
