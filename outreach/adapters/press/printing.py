"""The printing press: a manuscript becomes a PDF, a signature book, or a document for Word and LibreOffice."""

from typing import Final

from outreach.adapters.press.opendocument import typeset_odt
from outreach.adapters.press.typesetting import typeset_pdf
from outreach.adapters.press.word import typeset_docx
from outreach.ports.press import Manuscript, PrintFormat

SECONDS: Final = 120.0


class PrintingPress:
    """Implements the Press port with typst and pandoc, each in a process that may run for ``seconds``."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds

    def typeset(self, manuscript: Manuscript, form: PrintFormat) -> bytes:
        """The file's content, as the port promises."""
        match form:
            case PrintFormat.DOCX:
                return typeset_docx(manuscript, self._seconds)
            case PrintFormat.ODT:
                return typeset_odt(manuscript, self._seconds)
        return typeset_pdf(manuscript, book=form is PrintFormat.BOOK, seconds=self._seconds)
