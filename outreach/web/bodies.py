"""A letter's text as a page shows it."""

from markupsafe import Markup

from outreach.domain.addressing import Known
from outreach.domain.counts import Counts
from outreach.rendering.letters.filling import fill_letter
from outreach.rendering.letters.tree import letter_tokens
from outreach.rendering.markdown import html_of
from outreach.rendering.templates import TemplateError
from outreach.store.tables import LetterText


def body_of(text: LetterText, counts: Counts | None, known: Known) -> Markup:
    """The letter's text as HTML, with what it cites; without counts its figures are left open."""
    try:
        filled = fill_letter(text.body, counts, text.language, known)
    except TemplateError:  # a letter that was kept before this was looked at is shown as it is
        filled = text.body
    return Markup(html_of(letter_tokens(filled)))  # noqa: S704  raw HTML is off in our Markdown
