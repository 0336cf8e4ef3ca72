"""The printing press: a manuscript becomes a PDF, a signature book, or a document for Word and LibreOffice."""

from collections.abc import Iterable, Iterator
from typing import Final

from outreach.adapters.press.opendocument import typeset_odt
from outreach.adapters.press.typesetting import typeset_pdf, typeset_pdfs
from outreach.adapters.press.word import typeset_docx
from outreach.ports.press import Manuscript, PressTrouble, PrintFormat

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

    def typeset_many(self, manuscripts: Iterable[Manuscript], form: PrintFormat) -> Iterator[bytes | PressTrouble]:
        """The same for each of them, in order, as the port promises."""
        if form in (PrintFormat.PDF, PrintFormat.BOOK):
            yield from typeset_pdfs(manuscripts, book=form is PrintFormat.BOOK, seconds=self._seconds)
            return
        for manuscript in manuscripts:
            try:
                yield self.typeset(manuscript, form)
            except PressTrouble as trouble:
                yield trouble
