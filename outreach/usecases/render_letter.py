"""Writes the letter with its list in one format, and notes that a copy of the edition went out."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from outreach.domain.editions import CopyKind
from outreach.ports.press import Press, PrintFormat
from outreach.rendering.letters.manuscript import manuscript
from outreach.rendering.letters.plain import to_markdown, to_text
from outreach.rendering.letters.sheets import to_csv, to_json
from outreach.rendering.letters.web import to_html
from outreach.rendering.publication import Publication
from outreach.store.editions import copy_went_out
from outreach.store.tables import Edition


class LetterFormat(StrEnum):
    """What a letter can be written as."""

    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    MD = "md"
    TXT = "txt"
    CSV = "csv"
    JSON = "json"
    BOOK = "book"
    """The signature book for print, a PDF."""


def render_letter(
    session: Session,
    publication: Publication,
    form: LetterFormat,
    *,
    edition: Edition | None,
    press: Press,
    detail: str,
    now: datetime,
    by: str,
) -> bytes:
    """The file's content; that a copy of the edition went out is kept, with ``detail``.

    Raises PressTrouble (a Refusal) when it cannot be printed, with the reason.
    """
    content = written_as(publication, form, press)
    if edition is not None:
        copy_went_out(session, edition, CopyKind.FILE, detail=detail, by=by, now=now)
    return content


def written_as(publication: Publication, form: LetterFormat, press: Press) -> bytes:
    """The publication in one format: names and counts are those that it holds."""
    match form:
        case LetterFormat.HTML:
            return to_html(publication).encode()
        case LetterFormat.MD:
            return to_markdown(publication).encode()
        case LetterFormat.TXT:
            return to_text(publication).encode()
        case LetterFormat.CSV:
            return to_csv(publication)
        case LetterFormat.JSON:
            return to_json(publication)
        case LetterFormat.PDF | LetterFormat.DOCX | LetterFormat.ODT | LetterFormat.BOOK:
            return press.typeset(manuscript(publication), PrintFormat(form.value))
