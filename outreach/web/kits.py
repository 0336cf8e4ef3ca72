"""The announcement kit of a signatory: a post in its own name, to read, to copy and to take along."""

from fastapi import APIRouter, HTTPException, Request, Response
from markupsafe import Markup

from outreach.domain.errors import Refusal
from outreach.domain.tokens import Purpose
from outreach.queries.kits import Kit, kit_of
from outreach.rendering.announcements import Announcement
from outreach.rendering.letters.tree import letter_tokens
from outreach.rendering.markdown import html_of
from outreach.web.desk import AtDesk, Desk
from outreach.web.facts import facts_of
from outreach.web.showing import show, test_link
from outreach.web.subjects import NO_SUCH_LINK, NOBODY, Subject, ids_of, signature_of

FILES = {
    "html": ("HTML", "text/html; charset=utf-8"),
    "md": ("Markdown", "text/markdown; charset=utf-8"),
    "txt": ("TXT", "text/plain; charset=utf-8"),
}
ARCHIVE = "kit.zip"

router = APIRouter()


@router.api_route("/kit/{token}", methods=["GET", "HEAD"])
def look(token: str, request: Request, desk: AtDesk) -> Response:
    """The posts, and until when they must wait; 404 before there is a list to take the figures from."""
    signature_id = _read(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    kit, subject = _kit(signature_id, desk)
    words, here = subject.words, f"/kit/{token}"
    posts = sorted(kit.posts, key=lambda post: post.language != subject.letter.language)
    return show(
        "kit",
        words,
        desk.house,
        rehearsal=subject.call.rehearsal,
        facts=facts_of(subject.call, subject.letter, words, desk.outreach.clock.now()),
        embargo=next((post.embargo for post in posts if post.embargo), ""),
        posts=[_shown(post, here) for post in posts],
        archive=f"{here}/{ARCHIVE}",
    )


@router.api_route("/kit/{token}/{name}", methods=["GET", "HEAD"])
def take(token: str, name: str, request: Request, desk: AtDesk) -> Response:
    """One file of the kit, or all of them in one (``kit.zip``)."""
    signature_id = _read(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    kit, _ = _kit(signature_id, desk)
    if name == ARCHIVE:
        return _file(kit.archive, kit.name, "application/zip")
    for post in kit.posts:
        for ending, (_, media_type) in FILES.items():
            if name == f"announcement.{post.language}.{ending}":
                content = {"html": post.html, "md": post.markdown, "txt": post.text}[ending]
                return _file(content.encode(), name, media_type)
    raise HTTPException(NO_SUCH_LINK)


def _read(token: str, desk: Desk) -> int:
    _, (signature_id,) = ids_of(token, [Purpose.KIT], desk.house, count=1)
    return signature_id


def _kit(signature_id: int, desk: Desk) -> tuple[Kit, Subject]:
    with desk.outreach.database.reading() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
        try:
            return kit_of(session, signature, desk.house), subject
        except Refusal:
            raise HTTPException(NO_SUCH_LINK) from None


def _shown(post: Announcement, here: str) -> dict[str, object]:
    files = [(name, f"{here}/announcement.{post.language}.{ending}") for ending, (name, _) in FILES.items()]
    body = Markup(html_of(letter_tokens(post.markdown)))  # noqa: S704  raw HTML is off in our Markdown
    return {"language": post.language, "body": body, "files": files}


def _file(content: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
