"""The reference lines of a letter: which letters it answers and follows, as an office looks them up."""

from outreach.domain.addressing import Known
from outreach.rendering.content import isolate, single_line
from outreach.rendering.letters.correspondence_words import correspondence_words
from outreach.rendering.moments import say_day


def references_of(known: Known, language: str) -> tuple[str, ...]:
    """Such as “Your letter of 20 June 2018, reference GVA/18/7” and “Our letter of 17 May 2018”; () for none."""
    words = correspondence_words(language)
    rtl = words is correspondence_words("ar")
    lines = []
    if known.answer is not None:
        number = isolate(single_line(known.answer.reference), rtl=rtl)
        wording = words.your_letter_with_number if number else words.your_letter
        lines.append(wording.format(date=say_day(known.answer.dated, language), number=number))
    if known.earlier is not None and known.earlier.dated is not None:
        lines.append(words.our_letter.format(date=say_day(known.earlier.dated, language)))
    return tuple(lines)
