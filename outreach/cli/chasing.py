"""``outreach correspondence enquire``: a polite question to an office that does not answer."""

from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.closing import addressee_of
from outreach.cli.door import Answer, Desk, changes
from outreach.cli.files import read_document, write_file
from outreach.cli.lists import Replace
from outreach.cli.options import Yes
from outreach.cli.showing_correspondence import LetterName, PostName, app
from outreach.domain.errors import InvalidInput
from outreach.domain.officials import ON_PAPER, Way
from outreach.usecases.draft_enquiry import Enquiry, draft_enquiry
from outreach.usecases.enquire import enquire

WAYS = ", ".join(Way)


@changes(app, "enquire")
def enquire_politely(
    desk: Desk,
    letter: LetterName,
    post: PostName,
    way: Annotated[
        Way | None, typer.Option(metavar="WAY", help=f"How: {WAYS}; by mail, where there is one, if none.")
    ] = None,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Where the text is written.")] = None,
    replace: Replace = False,
    text: Annotated[
        Path | None, typer.Option("--text", metavar="FILE", help="Your own words for the mail, in Markdown.")
    ] = None,
    note: Annotated[str, typer.Option(metavar="WORDS", help="Whom you spoke to, and what was said.")] = "",
    yes: Yes = False,
) -> Answer:
    """Draft a polite enquiry after a letter that nobody answered.

    Nothing goes without --yes: then it is queued, or noted as made by another way, and the office has time anew.
    """
    addressee = addressee_of(desk, letter, post)
    own = _own_words(text) if text else ""
    draft = draft_enquiry(desk.session, addressee, text=own, now=desk.now, house=desk.house)
    by_way = way or (Way.MAIL if draft.address else Way.POST)
    if output is not None and not desk.dry_run:
        write_file(output, draft.text.encode(), replace=replace)
    again = f"outreach correspondence enquire {letter} {post} --way {by_way.value}"
    data = {
        "letter": letter,
        "post": post,
        "way": by_way.value,
        "to": draft.address if by_way is Way.MAIL else "",
        "subject": draft.subject,
        "text": draft.text,
        "file": str(output) if output else "",
        "made": yes,
    }
    if not yes:
        return Answer(
            {**data, "due_on": addressee.due_on},
            f"{_shown(draft, by_way, output)}\n\nTo do it:  {again}{f' --text {text}' if text else ''} --yes",
        )
    if by_way in ON_PAPER and output is None:
        raise InvalidInput(f"It goes by {by_way.value}: say with --output FILE where the text is written.")
    enquire(desk.session, addressee, by_way, text=own, note=note, now=desk.now, by=desk.by, house=desk.house)
    done = f"It is queued to {draft.address}." if by_way is Way.MAIL else f"Noted as made by {by_way.value}."
    told = f"{_shown(draft, by_way, output)}\n\n{done} The office has time until {addressee.due_on}."
    return Answer({**data, "due_on": addressee.due_on}, told)


def _own_words(file: Path) -> str:
    try:
        return read_document(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(f"{file} is not UTF-8 text; save it as UTF-8.") from None


def _shown(draft: Enquiry, way: Way, output: Path | None) -> str:
    """The enquiry as a coordinator reads it before it goes."""
    if output is not None:
        return f"{output} is written."
    to = f"To {draft.address or 'nobody: the office has no mail'}\n" if way is Way.MAIL else ""
    return f"{to}Subject: {draft.subject}\n\n{draft.text.rstrip()}"
