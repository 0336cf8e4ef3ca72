"""A restored backup or a copy of the workspace must not send: all its mail is stopped until a person says so."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.generations import ALONE, COPIED, OLDER, Generation, Mark, is_elsewhere
from outreach.store.events import record
from outreach.store.generation import (
    has_come_to,
    new_name,
    present_mark,
    read_generation,
    workspace_of,
    write_generation,
)
from outreach.store.places_of_use import place_of_use
from outreach.store.stopping import Stopped, stop_besides, stopped
from outreach.usecases.begin_work import BY
from outreach.usecases.tell_staff import tell_staff


def guard_generation(session: Session, kept: Mark | None, *, now: datetime, house: House) -> Stopped | Mark:
    """Stop all mail if the database is a copy or older than ``kept``, which the folder has noted: the stop.

    Otherwise what the folder is to note, once this is committed. A database that no worker has used yet is no copy,
    but may be older. All is stopped once: a database that is held stays so until a person lets mail leave.
    """
    known = read_generation(session)
    place = place_of_use(session)
    generation = known or Generation(new_name(), place)
    if kept is not None and kept.workspace != workspace_of(session):
        kept = None  # another workspace was here before
    if generation.is_held:
        return stopped(session) or Stopped(BY, now, COPIED)
    why = _sign(session, generation, kept, place)
    if why:
        write_generation(session, generation.held(kept.generation if kept else ""))
        return _halt(session, why, now=now, house=house)
    generation = generation.noted(place, beside=kept is not None)
    write_generation(session, generation)
    return present_mark(session, generation)


def _sign(session: Session, generation: Generation, kept: Mark | None, place: dict[str, str]) -> str:
    """What shows that this is not the workspace that was used last; "" if nothing does."""
    if is_elsewhere(generation.place, place):
        return COPIED
    if kept is None:  # PostgreSQL is used from several machines, and one of them may be new
        return ALONE if generation.is_noted and session.get_bind().dialect.name == "sqlite" else ""
    if kept.generation in generation.before or has_come_to(session, kept, generation.turn):
        return ""
    return OLDER


def _halt(session: Session, why: str, *, now: datetime, house: House) -> Stopped:
    standing = stop_besides(session, Stopped(BY, now, why))
    record(session, at=now, by=BY, verb="stop_mail", subject="mail", subject_id=0, restored=1)
    what = "The worker has stopped all mail, because the database is a copy or a restored backup."
    tell_staff(session, what, "outreach outbox show", about=f"restored:{now.isoformat()}", now=now, house=house)
    return standing
