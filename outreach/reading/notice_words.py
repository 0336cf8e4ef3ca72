"""What the notices of offices and filters hold in seven languages; each is a sign, and only several are a proof.

The phrases stand in ``phrases/notices.txt``, one group for each sign and language.
"""

import re
from enum import StrEnum
from typing import Final

from outreach.reading.automatic_words import Phrases, by_language
from outreach.reading.phrases.vocabulary import groups
from outreach.reading.sentences import folded_pattern


class Sign(StrEnum):
    """What a notice says; a group of phrases in each language."""

    PROVE = "prove"
    HELD = "held"
    ONCE = "once"
    ARRIVED = "arrived"
    CONTACTED = "contacted"
    WITHIN = "within"
    REFERENCE = "reference"
    BECAUSE = "because"
    DISUSED = "disused"
    UNDELIVERED = "undelivered"
    LEFT_SELF = "left_self"


LANGUAGES: Final = ("en", "fr", "es", "de", "pt", "ar", "ru")
_GROUPS: Final = groups("notices", [f"{sign}_{language}" for sign in Sign for language in LANGUAGES])
SIGNS: Final[dict[Sign, Phrases]] = {
    sign: by_language(**{language: _GROUPS[f"{sign}_{language}"] for language in LANGUAGES}) for sign in Sign
}

SUBJECT_NOTICE: Final = re.compile(
    folded_pattern(
        r"^\W{0,4}(?:we(?:'ve| have) received your|thank(?:s| you) for (?:contacting|getting in touch|"
        r"writing|your (?:message|"
        r"e-?mail|enquiry|inquiry))|(?:message|request|enquiry|ticket) (?:received|created)|"
        r"confirmation of receipt|"
        r"your (?:request|ticket|enquiry|message)\b|(?:ticket|case|ref)\W{0,2}#?\d|#\d{3,9}\b|"
        r"confirmation de réception|votre (?:demande|message)\b|merci de nous avoir|nous avons bien reçu|"
        r"gracias por (?:contactar|escribir|su mensaje|tu mensaje)|hemos recibido (?:su|tu)|"
        r"confirmación de recepción|"
        r"eingangsbestätigung|ihre (?:anfrage|nachricht)\b|vielen dank für ihre (?:anfrage|nachricht)|"
        r"recebemos (?:a )?(?:sua|vossa)|confirmação de rece|obrigad[oa] pel[oa]|"
        r"(?:ваше )?обращение (?:принято|зарегистрировано)|мы получили|"
        r"تم استلام|شكرا لتواصل|إشعار استلام|تأكيد استلام)"
    )
)
"""How the subject of a notice begins; a person's keeps ours."""
CHALLENGE: Final = re.compile(
    r"(?:to (?:release|deliver) your (?:message|mail)|(?:verify|confirm) (?:that )?you(?:r|"
    r" are)[\w ]{0,30}(?:address|human|"
    r"message|sender|person)|(?:click|follow) (?:\w{1,20} ){0,6}to (?:deliver|release|verify)|"
    r"(?:message|mail|e-?mail) (?:is|was|has been) (?:\w{1,20} )?(?:held|quarantined|being held|waiting)|"
    r"not (?:yet )?(?:on|in) my "
    r"(?:\w{1,20} )?(?:list|whitelist)|challenge[ -]response|spam ?arrest|boxbe|mailinblack|tmda)"
)
"""A filter asks who wrote, in words that take a machine's sign besides."""
