"""Files that are taken in: each is written in one transaction, whole or not at all."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.worker.jobs.job import Ending, Finish, Job

UNSAID = ("refusals", "warnings", "changes", "known_rows", "late_rows")
"""What a report holds row by row; the sentences say it."""


def import_contacts(job: Job) -> Finish:
    """A table of contacts; ``basis`` and ``source`` for those of whom no row says it."""
    from outreach.adapters.contact_files import read_contacts
    from outreach.usecases import import_contacts as verb

    found = read_contacts(job.source, job.columns)

    def finish(session: Session) -> Ending:
        done = verb.import_contacts(
            session,
            found.rows,
            found.header,
            now=job.now,
            by=job.by,
            house=job.app.house,
            source_file=job.source.name,
            default_basis=job.text("basis"),
            default_source=job.text("source"),
            progress=job.counting(found.expected_rows),
        )
        return _ending((*found.notices, *done.summary(), *done.sentences()), done)

    return finish


def import_officials(job: Job) -> Finish:
    """A table of posts and their holders."""
    from outreach.adapters.official_files import read_officials
    from outreach.usecases import import_officials as verb

    return _registered(job, read_officials(job.source, job.columns), verb.import_officials)


def import_facts(job: Job) -> Finish:
    """A table of facts about States and institutions."""
    from outreach.adapters.official_files import read_facts
    from outreach.usecases import import_facts as verb

    found = read_facts(job.source, job.columns)
    return _registered(job, found, verb.import_facts, lambda done: map(str, done.changes))


def _registered(
    job: Job, found: Any, take_in: Callable[..., Any], further: Callable[[Any], Iterable[str]] = lambda _: ()
) -> Finish:
    """What the register of officials takes in; ``further`` sentences follow those of the report."""

    def finish(session: Session) -> Ending:
        done = take_in(
            session,
            found.rows,
            found.columns,
            now=job.now,
            by=job.by,
            house=job.app.house,
            source_file=job.source.name,
            progress=job.counting(found.expected_rows),
        )
        return _ending((*found.notices, *done.sentences(), *further(done)), done)

    return finish


def import_signatures(job: Job) -> Finish:
    """A list of those who signed elsewhere; ``visibility`` where the file does not say it."""
    from outreach.adapters.signature_files import read_signatures
    from outreach.usecases import import_signatures as verb

    house = job.app.house
    found = read_signatures(job.source, job.columns)
    kind, signed = job.text("kind"), job.text("signed")
    at = parse_wall_clock(signed, house.time_zone).instant() if signed else None

    def finish(session: Session) -> Ending:
        done = verb.import_signatures(
            session,
            job.call(session),
            found.rows,
            found.header,
            file_name=job.source.name,
            visibility=Visibility(job.text("visibility") or Visibility.PUBLIC),
            kind=SignatureKind(kind) if kind else None,
            at=at,
            receipts=job.says("receipts"),
            now=job.now,
            house=house,
            by=job.by,
            progress=job.counting(found.expected_rows),
        )
        told = (one.sentence for one in (*done.known_rows, *done.late_rows))
        return _ending((*found.notices, *done.sentences(), *told), done)

    return finish


def _ending(sentences: tuple[str, ...], done: Any) -> Ending:
    figures = {name: value for name, value in asdict(done).items() if name not in UNSAID}
    return Ending(sentences, tuple(done.refused_lines()), figures, steps=done.rows)
