"""Finds posts, who holds them on a day, what is known then, and how a letter of that day addresses them."""

from collections.abc import Sequence
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


def facts_on(session: Session, post: Post, day: date) -> dict[str, FactNow]:
    """What is known by that day of the post's State, and before that of its institution, by name."""
    of_state = sa.and_(col(Fact.state) == post.state, col(Fact.state) != "")
    of_institution = sa.and_(
        col(Fact.institution_key) == post.institution_key, col(Fact.institution_key) != "", col(Fact.state) == ""
    )
    statement = (
        select(Fact)
        .where(sa.or_(of_state, of_institution), col(Fact.since) <= day)
        .order_by(sa.case((of_state, 0), else_=1), col(Fact.since))
    )
    # Later ones take the place of earlier ones, and the institution's that of the State's.
    return {fact.name: FactNow(fact.value, fact.since) for fact in session.exec(statement)}


def addressed_on(session: Session, post: Post, language: str, day: date) -> Addressed:
    """The official as a letter in that language says it on that day; what nobody said in it is "".

    A vacant post has no name, form of address and salutation, and 0 as its holder.
    """
    holder = holder_on(session, post, day)
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
        facts=facts_on(session, post, day),
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
