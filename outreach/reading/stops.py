"""A few words, or a subject, that alone ask for no more mail, as people and the buttons of their programs write."""

import re
from typing import Final

from outreach.reading.phrases import VOCABULARIES
from outreach.reading.sentences import bare, one_line, pattern

ANSWERS_SUBJECT: Final = re.compile(
    r"^(?:re|aw|sv|antw|res|rif|odp|fw|fwd|wg|tr|rv|enc|ref|رد|отв|ответ)\s?(?:\[\d+\])?\s?:", re.IGNORECASE
)
"""A subject that a program put before the one of the mail that is answered."""


def is_stop(text: str) -> bool:
    """Whether these few words alone ask for no more mail."""
    return stop_language(text) != ""


def stop_language(text: str) -> str:
    """The language in which these few words alone ask for no more mail; "" if they do not."""
    plain = one_line(text[:200])
    forms = {plain.strip(" .,;:!?*\"'-_()<>"), bare(plain)} - {""}
    phrases = ((known, pattern(known.stop, whole_words=known.whole_words)) for known in VOCABULARIES)
    stops = (known for known, stop in phrases if any(stop.fullmatch(form) for form in forms))
    return next((known.code for known in stops), "")
