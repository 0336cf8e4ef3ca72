"""Finds posts, who holds them on a day, what is known then, and how a letter of that day addresses them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.addressing import Addressed, FactNow
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.names import name_key
from outreach.domain.officials import Way
from outreach.domain.officials.address_blocks import address_block, has_words, in_language, title_says_office
from outreach.domain.places import country_code, country_name
from outreach.store.tables import Fact, Holder, Post


def find_post(session: Session, slug: str) -> Post:
    """The post of that name, closed or not. Raises Refusal naming those that may be meant."""
    post = session.exec(select(Post).where(Post.slug == slug)).first()
    if post is not None:
        return post
    slugs = session.exec(select(Post.slug).order_by(Post.slug)).all()
    if not slugs:
        raise Refusal(f"There is no post {slug!r}; there is none at all. 'outreach officials import' adds some.")
    close = [one for one in slugs if slug and slug.lower() in one][:3] or get_close_matches(slug, slugs, n=3)
    hint = f"Did you mean {' or '.join(close)}?" if close else "'outreach officials list' shows them."
    raise Refusal(f"There is no post {slug!r}. {hint}")


def hold_register(session: Session) -> None:
    """Let nobody else change the register until the transaction ends: what two look up before they write is so.

    SQLite has one writer anyway. Whoever only refers to a post does not wait.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("LOCK TABLE post IN SHARE ROW EXCLUSIVE MODE"))


def refuse_closed(post: Post) -> None:
    """Raise Refusal for a post that exists no more."""
    if post.closed_at:
        raise Refusal(f"The post {post.slug} is closed. 'outreach officials reopen {post.slug}' opens it again.")


def holder_on(session: Session, post: Post, day: date) -> Holder | None:
    """Who holds the post on that day, the newest of several; None if it is vacant."""
    since, until = col(Holder.since), col(Holder.until)
    statement = (
        select(Holder)
        .where(Holder.post_id == post.id)
        .where(sa.or_(since.is_(None), since <= day), sa.or_(until.is_(None), until >= day))
        .order_by(since.desc().nulls_last(), col(Holder.id).desc())
    )
    return session.exec(statement).first()


@dataclass(frozen=True, slots=True)
class AboutPost:
    """Who holds a post on a day, all who ever held it, and what is known then."""

    holds: Holder | None
    holders: Sequence[Holder]
    facts: dict[str, FactNow]


def about_posts(session: Session, posts: Collection[Post], day: date) -> dict[int, AboutPost]:
    """What is known of each post on that day, by its number: read at once for all of them."""
    held: dict[int, list[Holder]] = {post.id or 0: [] for post in posts}
    newest = (col(Holder.since).desc().nulls_last(), col(Holder.id).desc())
    for holder in session.exec(select(Holder).where(col(Holder.post_id).in_(held)).order_by(*newest)):
        held[holder.post_id].append(holder)
    states, institutions = _facts_by(session, posts, day)
    return {
        number: AboutPost(
            holds=next((one for one in held[number] if _holds_on(one, day)), None),
            holders=held[number],
            # The institution's take the place of the State's.
            facts={**states.get(post.state, {}), **institutions.get(post.institution_key, {})},
        )
        for number, post in ((post.id or 0, post) for post in posts)
    }


def _holds_on(holder: Holder, day: date) -> bool:
    return (holder.since is None or holder.since <= day) and (holder.until is None or holder.until >= day)


Facts = dict[str, dict[str, FactNow]]


def _facts_by(session: Session, posts: Collection[Post], day: date) -> tuple[Facts, Facts]:
    """What is known by that day of their States, and of their institutions; a later one replaces an earlier one."""
    states: Facts = {post.state: {} for post in posts if post.state}
    institutions: Facts = {post.institution_key: {} for post in posts if post.institution_key}
    of_institution = sa.and_(col(Fact.institution_key).in_(institutions), col(Fact.state) == "")
    either = sa.or_(col(Fact.state).in_(states), of_institution)
    for fact in session.exec(select(Fact).where(either, col(Fact.since) <= day).order_by(col(Fact.since))):
        known = states[fact.state] if fact.state else institutions[fact.institution_key]
        known[fact.name] = FactNow(fact.value, fact.since)
    return states, institutions


def addressed_on(session: Session, post: Post, language: str, day: date) -> Addressed:
    """The official as a letter in that language says it on that day; what nobody said in it is "".

    A vacant post has no name, form of address and salutation, and 0 as its holder.
    """
    return addressed_as(post, about_posts(session, [post], day)[post.id or 0], language)


def addressed_as(post: Post, about: AboutPost, language: str) -> Addressed:
    """The same, of what was read of the post before."""
    holder = about.holds
    titles = holder.title if holder else {}
    name, title = holder.name if holder else "", in_language(titles, language)
    form = in_language(holder.form_of_address, language) if holder else ""
    lines = address_block(
        name=name,
        form_of_address=form,
        title=title,
        office="" if title and title_says_office(titles, post.office) else post.office,
        institution=post.institution,
        postal_address=post.postal_address,
    )
    return Addressed(
        post=post.slug,
        language=language,
        holder_id=(holder.id or 0) if holder else 0,
        name=name,
        title=title,
        form_of_address=form,
        salutation=in_language(holder.salutation, language) if holder else "",
        office=post.office,
        institution=post.institution,
        state=post.state,
        state_name=country_name(post.state, language) if post.state else "",
        lines=lines,
        address=post.address,
        ways=tuple(Way(way) for way in post.ways),
        copies_to=tuple(post.copies_to),
        facts=about.facts,
    )


def choose_posts(
    session: Session,
    *,
    states: Sequence[str] = (),
    institutions: Sequence[str] = (),
    slugs: Sequence[str] = (),
    all: bool = False,  # noqa: A002  the word that a coordinator types
) -> list[Post]:
    """The open posts that are meant, by name: those of the States and the institutions, and those named besides.

    A State is a code or a name, an institution its name or some words of it one after another. Where both are
    given, posts have to fit both. Raises Refusal for what is unknown, for a closed post that is named, and when
    none is left.
    """
    if not (states or institutions or slugs or all):
        raise InvalidInput(
            "Say which officials: by their State, their institution, the post's name, or all of them."
        )
    found = _fitting(session, states, institutions) if states or institutions or all else []
    named = [find_post(session, slug) for slug in slugs]
    if closed := [post.slug for post in named if post.closed_at]:
        raise Refusal(*(f"The post {slug} is closed: nobody is written to there." for slug in closed))
    if not (found or named):
        raise Refusal("There is no open post among these; 'outreach officials list' shows all there are.")
    return sorted({post.slug: post for post in (*found, *named)}.values(), key=lambda post: post.slug)


def _fitting(session: Session, states: Sequence[str], institutions: Sequence[str]) -> list[Post]:
    statement = select(Post).where(col(Post.closed_at).is_(None))
    if states:
        statement = statement.where(col(Post.state).in_([known_state(state) for state in states]))
    posts = session.exec(statement)
    if not institutions:
        return list(posts)
    return [post for post in posts if any(has_words(post.institution_key, words) for words in institutions)]


def known_state(text: str) -> str:
    """The code of a State given by code or name. Raises InvalidInput for one that nobody knows."""
    if code := country_code(text):
        return code
    raise InvalidInput(f"{text!r} is no State that is known: write its two-letter code (ISO 3166), for example CL.")


def find_institution(session: Session, name: str) -> str:
    """An institution of posts, as they write it. Raises Refusal for one that none has, naming what may be meant."""
    names = {name_key(one): one for one in session.exec(select(Post.institution).where(Post.institution != ""))}
    if found := names.get(name_key(name)):
        return found
    close = get_close_matches(name_key(name), names, n=1)
    hint = (
        f"Did you mean {names[close[0]]!r}?" if close else "Write a State by its code, or an institution in full."
    )
    raise Refusal(f"{name!r} is neither a State that is known nor the institution of a post. {hint}")


def institutions_of_posts(session: Session) -> frozenset[str]:
    """The institutions of all posts, as names are compared."""
    return frozenset(session.exec(select(Post.institution_key).where(Post.institution_key != "").distinct()))
