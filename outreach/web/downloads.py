"""The files of a released letter: the same names as on its page, in the format that a reader needs."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from fastapi import APIRouter, HTTPException, Request, Response

from outreach.ports.press import Press
from outreach.queries.public_letters import released_edition
from outreach.queries.publications import publication
from outreach.rendering.publication import Publication
from outreach.usecases.render_letter import LetterFormat, written_as
from outreach.web.desk import AtDesk
from outreach.web.showing import public_headers
from outreach.web.subjects import NO_SUCH_LINK, seen

KEPT = 16
FORMATS = {
    "pdf": ("PDF", LetterFormat.PDF, "application/pdf"),
    "docx": (
        "DOCX",
        LetterFormat.DOCX,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "odt": ("ODT", LetterFormat.ODT, "application/vnd.oasis.opendocument.text"),
    "md": ("Markdown", LetterFormat.MD, "text/markdown; charset=utf-8"),
    "txt": ("TXT", LetterFormat.TXT, "text/plain; charset=utf-8"),
    "csv": ("CSV", LetterFormat.CSV, "text/csv; charset=utf-8"),
    "json": ("JSON", LetterFormat.JSON, "application/json"),
}
"""What can be had, by the ending of the file's name: what it is called, and its media type (RFC 6838)."""

router = APIRouter()


@dataclass(slots=True)
class Shelf:
    """Keeps the files that were asked for last, so that a crowd does not have each set anew.

    One is made at a time: the press takes a whole processor.
    """

    press: Press
    kept: OrderedDict[tuple[Publication, LetterFormat], bytes] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def file(self, letter: Publication, form: LetterFormat) -> bytes:
        """The letter as that file. What has changed is another letter, so nothing old is ever given out."""
        key = letter, form
        with self.lock:
            content = self.kept.pop(key, None) or written_as(letter, form, self.press)
            self.kept[key] = content
            while len(self.kept) > KEPT:
                self.kept.popitem(last=False)
        return content


def downloads_of(slug: str, language: str) -> list[tuple[str, str]]:
    """What each file is called, and where it is."""
    return [(name, f"/letters/{slug}/letter.{ending}?lang={language}") for ending, (name, *_) in FORMATS.items()]


@router.api_route("/letters/{slug}/letter.{ending}", methods=["GET", "HEAD"])
def download(slug: str, ending: str, request: Request, desk: AtDesk, lang: str = "") -> Response:
    """The released letter with its public list as a file; 404 before, whatever has been signed off."""
    if ending not in FORMATS:
        raise HTTPException(NO_SUCH_LINK)
    _, form, media_type = FORMATS[ending]
    with desk.outreach.database.reading() as session:
        read = seen(session, slug, request, lang)
        edition = released_edition(session, read.call)
        if edition is None:
            raise HTTPException(NO_SUCH_LINK)
        letter = publication(session, read.call, house=desk.house, language=read.letter.language, edition=edition)
    shelf: Shelf = request.app.state.shelf
    name = f"{slug}.{read.letter.language}.{ending}"
    headers = {
        **public_headers(rehearsal=read.call.rehearsal),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(shelf.file(letter, form), media_type=media_type, headers=headers)
