"""How a letter of long ago addressed an official, as far as the register or the letter itself says it."""

from dataclasses import replace
from datetime import date

from sqlmodel import Session

from outreach.domain.addressing import Addressed
from outreach.domain.errors import Refusal
from outreach.domain.names import name_key
from outreach.domain.officials.address_blocks import address_block
from outreach.store.officials import addressed_on, holder_on
from outreach.store.tables import Post


def addressed_then(
    session: Session, post: Post, language: str, day: date, *, name: str = "", title: str = ""
) -> Addressed:
    """Who held the post on a day long past by the register, else whom the letter named, else the office alone.

    A holder of whom nobody knows since when is not taken to have been there then. Raises Refusal when the register
    knows another holder of that day than the letter named.
    """
    official, holder = addressed_on(session, post, language, day), holder_on(session, post, day)
    known = holder is not None and holder.since is not None
    same = holder is not None and name_key(holder.name) == name_key(name)
    if known and name and not same:
        raise Refusal(
            f"On {day} {official.name} held {post.slug} by the register, not {name}: correct the register "
            "('outreach officials'), or leave the name out."
        )
    if same or (known and not name):
        return official if not title else _with(official, post, official.name, title)
    nobody = replace(official, holder_id=0, form_of_address="", salutation="")
    return _with(nobody, post, name, title)


def _with(official: Addressed, post: Post, name: str, title: str) -> Addressed:
    """The official, named so, and the address block with it."""
    lines = address_block(
        name=name,
        form_of_address=official.form_of_address,
        title=title,
        office=post.office,
        institution=post.institution,
        postal_address=post.postal_address,
    )
    return replace(official, name=name, title=title, lines=lines)
