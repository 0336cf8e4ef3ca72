"""The files of a released letter: the same names as on its page, in the format that a reader needs."""

from fastapi import APIRouter, HTTPException, Request, Response

from outreach.queries.public_letters import released_edition
from outreach.queries.publications import publication
from outreach.usecases.render_letter import LetterFormat
from outreach.web.desk import AtDesk
from outreach.web.shelf import Shelf
from outreach.web.showing import public_headers
from outreach.web.subjects import NO_SUCH_LINK, seen

BUSY = 503
RETRY_SECONDS = "10"
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


def downloads_of(slug: str, language: str) -> list[tuple[str, str]]:
    """What each file is called, and where it is."""
    return [(name, f"/letters/{slug}/letter.{ending}?lang={language}") for ending, (name, *_) in FORMATS.items()]


@router.api_route("/letters/{slug}/letter.{ending}", methods=["GET", "HEAD"])
def download(slug: str, ending: str, request: Request, desk: AtDesk, lang: str = "") -> Response:
    """The released letter with its public list as a file; 404 before, whatever has been signed off.

    503 when too many wait for files that nobody has asked for before (RFC 9110, 15.6.4 and 10.2.3).
    """
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
    content = shelf.file(letter, form)
    if content is None:
        raise HTTPException(BUSY, headers={"Retry-After": RETRY_SECONDS})
    name = f"{slug}.{read.letter.language}.{ending}"
    headers = {
        **public_headers(rehearsal=read.call.rehearsal),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(content, media_type=media_type, headers=headers)
