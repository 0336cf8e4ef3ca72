"""Reads the register: a listing of posts with who holds them and what is missing, and one post's card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.officials.address_blocks import has_words, in_language
from outreach.domain.places import country_name
from outreach.store.officials import addressed_on, holder_on, known_state
from outreach.store.tables import Fact, Holder, Post

VACANT = "vacant"


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post in a list. ``holder`` is who holds it today, or ""; ``wrong`` what keeps a letter from going to it."""

    slug: str
    office: str
    institution: str
    state: str
    holder: str
    languages: tuple[str, ...]
    ways: tuple[str, ...]
    wrong: tuple[str, ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class PostList:
    """The first posts that were found, and how many there are."""

    found: int
    posts: tuple[PostLine, ...]


@dataclass(frozen=True, slots=True)
class HolderLine:
    """One person's term in a post; ``now``: it is today's."""

    id: int
    name: str
    since: date | None
    until: date | None
    now: bool
    title: Mapping[str, str]
    form_of_address: Mapping[str, str]
    salutation: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FactLine:
    """What is known from a day on; ``now``: it holds today. ``about`` is a State's code or an institution."""

    about: str
    name: str
    value: str
    since: date
    source: str
    now: bool


@dataclass(frozen=True, slots=True)
class PostCard:
    """All that is known about one post; ``lines`` is its address block today, in its first language."""

    line: PostLine
    state_name: str
    address: str
    postal_address: tuple[str, ...]
    fax: str
    form: str
    copies_to: tuple[str, ...]
    note: str
    source: str
    closed_at: datetime | None
    lines: tuple[str, ...]
    holders: tuple[HolderLine, ...]
    facts: tuple[FactLine, ...]


def list_officials(
    session: Session,
    *,
    states: Sequence[str] = (),
    institutions: Sequence[str] = (),
    closed: bool = False,
    wrong: bool = False,
    day: date,
    limit: int = 1000,
) -> PostList:
    """The posts by their names, with who holds them on ``day``.

    ``states`` and ``institutions`` are understood as in ``choose_posts``; ``closed`` shows the closed ones as
    well, ``wrong`` those only to which no letter can go as they are.
    """
    statement = select(Post).order_by(col(Post.slug))
    if not closed:
        statement = statement.where(col(Post.closed_at).is_(None))
    if states:
        statement = statement.where(col(Post.state).in_([known_state(state) for state in states]))
    posts = [
        post
        for post in session.exec(statement)
        if not institutions or any(has_words(post.institution_key, words) for words in institutions)
    ]
    holders = holders_on(session, day)
    lines = [post_line(post, holders.get(post.id or 0)) for post in posts]
    shown = [line for line in lines if line.wrong] if wrong else lines
    return PostList(len(shown), tuple(shown[:limit]))


def post_card(session: Session, post: Post, *, day: date) -> PostCard:
    """All that is known about the post on ``day``, and who held it before and will hold it."""
    holder = holder_on(session, post, day)
    return PostCard(
        line=post_line(post, holder),
        state_name=country_name(post.state, "en") if post.state else "",
        address=post.address,
        postal_address=tuple(post.postal_address),
        fax=post.fax,
        form=post.form,
        copies_to=tuple(post.copies_to),
        note=post.note,
        source=post.source,
        closed_at=post.closed_at,
        lines=addressed_on(session, post, post.languages[0] if post.languages else "en", day).lines,
        holders=_holders(session, post, holder),
        facts=_facts(session, post, day),
    )


def holders_on(session: Session, day: date, posts: Sequence[int] | None = None) -> dict[int, Holder]:
    """Who holds each post on that day, by the post's id; of these posts, or of all."""
    since, until = col(Holder.since), col(Holder.until)
    statement = (
        select(Holder)
        .where(sa.or_(since.is_(None), since <= day), sa.or_(until.is_(None), until >= day))
        .order_by(since.asc().nulls_first(), col(Holder.id))
    )
    if posts is not None:
        statement = statement.where(col(Holder.post_id).in_(posts))
    return {holder.post_id: holder for holder in session.exec(statement)}


def post_line(post: Post, holder: Holder | None) -> PostLine:
    """The post in a list, as ``holder`` has it."""
    return PostLine(
        slug=post.slug,
        office=post.office,
        institution=post.institution,
        state=post.state,
        holder=holder.name if holder else "",
        languages=tuple(post.languages),
        ways=tuple(post.ways),
        wrong=tuple(_wrong(post, holder)),
        closed=post.closed_at is not None,
    )


def _wrong(post: Post, holder: Holder | None) -> list[str]:
    if post.closed_at:
        return []
    if holder is None:
        return [VACANT]
    first = post.languages[0] if post.languages else "en"
    said = (("salutation", holder.salutation), ("form of address", holder.form_of_address))
    return [f"no {what} in {first}" for what, words in said if not in_language(words, first)]


def _holders(session: Session, post: Post, today: Holder | None) -> tuple[HolderLine, ...]:
    statement = select(Holder).where(Holder.post_id == post.id)
    ordered = statement.order_by(col(Holder.since).desc().nulls_last(), col(Holder.id).desc())
    return tuple(
        HolderLine(
            id=one.id or 0,
            name=one.name,
            since=one.since,
            until=one.until,
            now=today is not None and one.id == today.id,
            title=one.title,
            form_of_address=one.form_of_address,
            salutation=one.salutation,
        )
        for one in session.exec(ordered)
    )


def _facts(session: Session, post: Post, day: date) -> tuple[FactLine, ...]:
    """All facts of its State and its institution, by name, the newest first; which of them hold."""
    of_state = sa.and_(col(Fact.state) == post.state, col(Fact.state) != "")
    of_institution = sa.and_(col(Fact.institution_key) == post.institution_key, col(Fact.institution_key) != "")
    about_institution = sa.case((col(Fact.state) == "", 0), else_=1)
    statement = (
        select(Fact)
        .where(sa.or_(of_state, of_institution))
        .order_by(col(Fact.name), about_institution, col(Fact.since).desc())
    )
    lines: list[FactLine] = []
    holding: set[str] = set()
    for fact in session.exec(statement):
        holds = fact.since <= day and fact.name not in holding
        holding |= {fact.name} if holds else set()
        lines.append(
            FactLine(fact.state or fact.institution, fact.name, fact.value, fact.since, fact.source, holds)
        )
    return tuple(lines)
