"""What a column of a table of officials, or of facts, may hold, in the reader's language."""

from collections.abc import Sequence

from outreach.domain.officials.columns import FactField, Field, Spoken
from outreach.web.console.seat import Seat

LANGUAGES = ("en", "fr", "es", "ar")
"""In which what is said of a holder is offered; whatever a heading names besides is offered, too."""


def official_words(seat: Seat, guessed: Sequence[str]) -> dict[str, str]:
    """The fields of a post and its holder, those in languages last."""
    _ = seat._
    words = {
        Field.POST.value: _("Short name of the post"),
        Field.OFFICE.value: _("Office"),
        Field.INSTITUTION.value: _("Institution"),
        Field.STATE.value: _("State"),
        Field.LANGUAGES.value: _("Languages, the first choice first"),
        Field.CHANNELS.value: _("Ways there, the first choice first"),
        Field.EMAIL.value: _("Mail address"),
        Field.POSTAL_ADDRESS.value: _("Postal address"),
        Field.FAX.value: _("Fax"),
        Field.FORM.value: _("Web form"),
        Field.COPIES_TO.value: _("Copies to"),
        Field.SOURCE.value: _("Known from"),
        Field.NOTE.value: _("Note"),
        Field.NAME.value: _("Name of whoever holds it"),
        Field.FROM.value: _("Holds it from"),
        Field.UNTIL.value: _("Holds it until"),
    }
    spoken = {
        Spoken.TITLE: _("Title"),
        Spoken.FORM_OF_ADDRESS: _("Form of address"),
        Spoken.SALUTATION: _("Salutation"),
    }
    named = [field.partition(".")[2] for field in guessed if "." in field]
    for language in dict.fromkeys([*LANGUAGES, *named]):
        words |= {f"{one.value}.{language}": f"{said} ({language})" for one, said in spoken.items()}
    return words


def fact_words(seat: Seat, _guessed: Sequence[str]) -> dict[str, str]:
    """What a row of facts says."""
    _ = seat._
    return {
        FactField.STATE.value: _("State"),
        FactField.INSTITUTION.value: _("Institution"),
        FactField.FACT.value: _("The fact’s name in letters"),
        FactField.VALUE.value: _("Yes, no, or words"),
        FactField.DATE.value: _("Since"),
        FactField.SOURCE.value: _("Known from"),
    }
