"""Somebody takes up a post, leaves it, or is known better: two people never hold it on one day."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from outreach.domain.errors import Refusal
from outreach.domain.officials.rows import SaidOfHolder
from outreach.domain.officials.terms import Term, known_term, placed
from outreach.store.events import record
from outreach.store.officials import hold_register, refuse_closed
from outreach.store.tables import Holder, Post
from outreach.usecases.authorise_letter import lapse_consents


@dataclass(frozen=True, slots=True)
class HolderChange:
    """What was done: the holder, whether it is new or was known otherwise, and whose terms ended because of it."""

    holder: Holder
    added: bool
    changed: bool
    ended: tuple[Holder, ...] = ()


def change_holder(
    session: Session,
    post: Post,
    said: SaidOfHolder,
    *,
    now: datetime,
    by: str,
    movable: set[int] | None = None,
) -> HolderChange:
    """The holder as is known now; what is not said stays as it was. Whoever came before ends the day before.

    ``movable`` are the ids of holders whose end nobody said, so that it gives way to who comes between; it grows.
    Raises Refusal when two would hold the post on one day, or when it is closed.
    """
    refuse_closed(post)
    hold_register(session)
    movable = set() if movable is None else movable
    holders = {one.id or 0: one for one in session.exec(select(Holder).where(Holder.post_id == post.id))}
    terms = [Term(one.id or 0, one.name, one.since, one.until, one.id in movable) for one in holders.values()]
    known = known_term(terms, Term(0, said.name, said.since, said.until))
    after = {one.id: one for one in placed(terms, _merged(known, said))}
    if known is None:
        holders[0] = Holder(post_id=post.id or 0, name=said.name, created_at=now, updated_at=now)
    holder = holders[known.id if known else 0]
    changed = _write(holder, {**_words(holder, said), "name": said.name}, after[known.id if known else 0], now)
    ended = tuple(one for at, one in holders.items() if one is not holder and _write(one, {}, after[at], now))
    session.add_all([holder, *ended])
    session.flush()
    movable.update(holders[at].id or 0 for at, term in after.items() if term.movable)
    done = HolderChange(holder, known is None, known is not None and changed, ended)
    if done.added or done.changed or done.ended:
        lapse_consents(session, post)
    _log(session, post, done, now, by)
    return done


def _merged(known: Term | None, said: SaidOfHolder) -> Term:
    """The person's term as it is said now. Raises Refusal for one that ends before it begins."""
    term = known or Term(0, said.name)
    until, movable = (said.until, False) if said.until or said.stays else (term.until, term.movable)
    new = replace(term, name=said.name, since=said.since or term.since, until=until, movable=movable)
    if new.since and new.until and new.until < new.since:
        raise Refusal(f"{said.name} cannot hold the post until {new.until}, having begun on {new.since}.")
    return new


def _words(holder: Holder, said: SaidOfHolder) -> dict[str, Any]:
    """What is said in each language, beside what was said before."""
    return {column: {**getattr(holder, column), **words} for column, words in said.words().items()}


def _write(holder: Holder, values: dict[str, Any], term: Term, now: datetime) -> bool:
    """Give the row what it should hold; whether anything is other than before."""
    new = {**values, "since": term.since, "until": term.until}
    changed = {column: value for column, value in new.items() if getattr(holder, column) != value}
    for column, value in changed.items():
        setattr(holder, column, value)
    if changed:
        holder.updated_at = now
    return bool(changed)


def _log(session: Session, post: Post, done: HolderChange, now: datetime, by: str) -> None:
    if done.added or done.changed or done.ended:
        record(
            session,
            at=now,
            by=by,
            verb="change_holder",
            subject="post",
            subject_id=post.id,
            holder=done.holder.id,
            added=done.added,
            ended=[one.id for one in done.ended],
        )
