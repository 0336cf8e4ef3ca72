"""Gives back the register as tables: posts with who held and holds them, and facts, in the columns of an import."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.officials.columns import FactField, Field, Spoken
from outreach.store.tables import Fact, Holder, Post

_OF_POST: Final = (
    Field.POST,
    Field.OFFICE,
    Field.INSTITUTION,
    Field.STATE,
    Field.LANGUAGES,
    Field.CHANNELS,
    Field.EMAIL,
    Field.POSTAL_ADDRESS,
    Field.FAX,
    Field.FORM,
    Field.COPIES_TO,
    Field.SOURCE,
    Field.NOTE,
)
_OF_HOLDER: Final = (Field.NAME, Field.FROM, Field.UNTIL)

Rows = tuple[tuple[str, ...], Iterator[tuple[str, ...]]]


def official_rows(session: Session) -> Rows:
    """The header of a table of all posts that are not closed, and its rows: one for each who held or holds it.

    Posts stand by their names, their holders in the order of their days, and one that nobody ever held has a row
    without a name. The table can be imported as it is: into this workspace it changes nothing, into an empty one it
    makes the same register.
    """
    held: defaultdict[int, list[Holder]] = defaultdict(list)
    for one in session.exec(select(Holder).order_by(col(Holder.since).asc().nulls_first(), col(Holder.id))):
        held[one.post_id].append(one)
    posts = session.exec(select(Post).where(col(Post.closed_at).is_(None)).order_by(Post.slug)).all()
    spoken = _spoken([holder for post in posts for holder in held[post.id or 0]])
    header = (*_OF_POST, *_OF_HOLDER, *(f"{said}.{language}" for said, language in spoken))
    rows = (
        (*_post(post), *words)
        for post in posts
        for words in [_holder(one, spoken) for one in held[post.id or 0]] or [_nobody(spoken)]
    )
    return tuple(map(str, header)), rows


def fact_rows(session: Session) -> Rows:
    """The header of a table of all facts, and its rows; it can be imported as ``official_rows`` can."""
    facts = session.exec(
        select(Fact).order_by(Fact.state, Fact.institution_key, Fact.name, sa.asc(col(Fact.since)))
    )
    rows = ((one.state, one.institution, one.name, one.value, one.since.isoformat(), one.source) for one in facts)
    return tuple(map(str, FactField)), rows


def _spoken(holders: Sequence[Holder]) -> list[tuple[Spoken, str]]:
    """What is said of anybody, and in which language: a column for each."""
    languages = sorted({language for one in holders for said in Spoken for language in getattr(one, said)})
    return [(said, language) for said in Spoken for language in languages]


def _post(post: Post) -> tuple[str, ...]:
    return (
        post.slug,
        post.office,
        post.institution,
        post.state,
        "; ".join(post.languages),
        "; ".join(post.ways),
        post.address,
        " | ".join(post.postal_address),
        post.fax,
        post.form,
        "; ".join(post.copies_to),
        post.source,
        post.note,
    )


def _holder(holder: Holder, spoken: Sequence[tuple[Spoken, str]]) -> tuple[str, ...]:
    days = (day.isoformat() if day else "" for day in (holder.since, holder.until))
    return (holder.name, *days, *(getattr(holder, said).get(language, "") for said, language in spoken))


def _nobody(spoken: Sequence[tuple[Spoken, str]]) -> tuple[str, ...]:
    return ("",) * (len(_OF_HOLDER) + len(spoken))
