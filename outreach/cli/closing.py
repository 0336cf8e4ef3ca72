"""``outreach correspondence``, what a person ends and takes up again."""

from typing import Annotated

import typer

from outreach.cli.door import Answer, Desk, changes
from outreach.cli.showing_correspondence import LetterName, PostName, app
from outreach.store import tables
from outreach.store.addressees import find_addressee, find_letter
from outreach.store.officials import find_post
from outreach.usecases.close_correspondence import close_correspondence
from outreach.usecases.reopen_correspondence import reopen_correspondence


@changes(app, "close")
def close(
    desk: Desk,
    letter: LetterName,
    post: PostName,
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why nothing more is expected.")],
) -> Answer:
    """End a letter with an official: nothing more is expected.

    No clock runs then. What still comes goes on record all the same.
    """
    addressee = addressee_of(desk, letter, post)
    close_correspondence(desk.session, addressee, reason, now=desk.now, by=desk.by, house=desk.house)
    data = {"letter": letter, "post": post, "state": addressee.state.value, "reason": addressee.reason}
    return Answer(data, f"{letter} is closed with {post}.")


@changes(app, "reopen")
def reopen(desk: Desk, letter: LetterName, post: PostName) -> Answer:
    """Open again what was closed; it stands where the record says."""
    addressee = addressee_of(desk, letter, post)
    reopen_correspondence(desk.session, addressee, now=desk.now, by=desk.by, house=desk.house)
    due = f"; the next step is due by {addressee.due_on}" if addressee.due_on else ""
    data = {"letter": letter, "post": post, "state": addressee.state.value, "due_on": addressee.due_on}
    return Answer(data, f"{letter} is {addressee.state.value} with {post} again{due}.")


def addressee_of(desk: Desk, letter: str, post: str) -> tables.Addressee:
    """The letter to that official."""
    return find_addressee(desk.session, find_letter(desk.session, letter), find_post(desk.session, post))
