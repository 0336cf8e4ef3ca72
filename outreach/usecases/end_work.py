"""A worker ends as it should: it has not crashed."""

from sqlmodel import Session

from outreach.store.runs import read_runs, write_runs


def end_work(session: Session, owner: str) -> None:
    """Note that the worker of that name has ended."""
    write_runs(session, read_runs(session).ended(owner))
