"""Reads the register for the console: posts that are looked for, page by page, and what one is chosen by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.names import name_key
from outreach.queries.officials import PostLine, holders_on, post_line
from outreach.store.tables import Fact, Holder, Post

PAGE = 50
MOST_WORDS = 5
LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts: words of the office, its institution, or whoever holds it; a State's code; a language's."""

    words: str = ""
    state: str = ""
    institution: str = ""
    language: str = ""
    closed: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.state or self.institution or self.language or self.closed)


@dataclass(frozen=True, slots=True)
class PostPage:
    """Some posts by their names, each with its number; ``after`` is the name to go on behind, "" at the end."""

    posts: tuple[tuple[int, PostLine], ...]
    after: str = ""


def search_posts(session: Session, wanted: Wanted, *, day: date, after: str = "", limit: int = PAGE) -> PostPage:
    """The posts behind the name ``after``, with who holds them on ``day``."""
    statement = select(Post).where(col(Post.slug) > after, *conditions(wanted)).order_by(col(Post.slug))
    posts = session.exec(statement.limit(limit + 1)).all()
    holders = holders_on(session, day, [post.id or 0 for post in posts])
    lines = tuple((post.id or 0, post_line(post, holders.get(post.id or 0))) for post in posts[:limit])
    return PostPage(lines, posts[limit - 1].slug if len(posts) > limit else "")


def conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """What a post meets that is wanted."""
    where: list[sa.ColumnElement[bool]] = [] if wanted.closed else [col(Post.closed_at).is_(None)]
    where += [col(Post.state) == wanted.state.upper()] if wanted.state else []
    where += [_holds(Post.institution_key, name_key(wanted.institution))] if wanted.institution else []
    where += [_holds(sa.cast(Post.languages, sa.String), f'"{wanted.language}"')] if wanted.language else []
    for word in wanted.words.split()[:MOST_WORDS]:
        sought = word[:LONGEST_WORD]
        held = sa.select(col(Holder.post_id)).where(_holds(Holder.name, sought))
        places = (Post.office, Post.institution, Post.slug)
        where.append(sa.or_(col(Post.id).in_(held), *(_holds(place, sought) for place in places)))
    return where


def _holds(column: Any, word: str) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = column.icontains(word, autoescape=True)
    return found


def states_known(session: Session) -> list[str]:
    """The codes of the States for which a post speaks."""
    return list(
        session.execute(
            sa.select(col(Post.state)).where(col(Post.state) != "").distinct().order_by(col(Post.state))
        ).scalars()
    )


def fact_names(session: Session) -> Sequence[str]:
    """The names of the facts that are known of anybody."""
    return list(session.execute(sa.select(col(Fact.name)).distinct().order_by(col(Fact.name))).scalars())
