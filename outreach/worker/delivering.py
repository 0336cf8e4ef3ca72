"""Brings a letter to its officials: each is printed, then released in a transaction of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.officials import ON_PAPER, Way
from outreach.domain.states import AddresseeState
from outreach.ports.press import PressTrouble, PrintFormat, SerialPress
from outreach.queries.official_letters import Deliverable, for_official, round_of
from outreach.rendering.letters.manuscript import manuscript
from outreach.store.addressees import day_of
from outreach.store.database import Database
from outreach.store.editions import newest_edition
from outreach.store.letters_to_officials import ToOfficial, letters_to_officials
from outreach.store.tables import Addressee, Letter
from outreach.usecases.deliver_letter import Delivered, HeldBack, Printed, deliver_letter, is_on_its_way

NOT_BY_MAIL: Final = frozenset({*ON_PAPER, Way.FORM})


@dataclass(frozen=True, slots=True)
class DeliveryRun:
    """How a delivery goes about it, by whom and when."""

    way: Way | None
    form: PrintFormat
    authorised_by: str
    now: datetime
    by: str
    house: House
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ToGo:
    """The letters that have not left: all ``lines``, and of them those that are ``ready``."""

    lines: Sequence[ToOfficial]
    ready: Sequence[ToOfficial]

    @property
    def held(self) -> list[tuple[str, str]]:
        """Each post whose letter something holds back, and what."""
        return [(one.post, reason) for one in self.lines for reason in one.problems]

    def not_by_mail(self, way: Way | None) -> list[ToOfficial]:
        """Those that are ready and leave by another way than by mail."""
        return [one for one in self.ready if _way_of(one, way) in NOT_BY_MAIL]


def _way_of(one: ToOfficial, way: Way | None) -> Way | None:
    return way or next(iter(one.official.ways), None)


def letters_of(
    session: Session,
    letter: Letter,
    posts: tuple[str, ...] = (),
    *,
    anew: bool = False,
    now: datetime,
    house: House,
) -> list[ToOfficial]:
    """The letter to each of its officials, or to some, as it would read today."""
    call = round_of(session, letter)
    edition = newest_edition(session, letter.id or 0)
    return letters_to_officials(
        session, letter, call, edition, day=day_of(now, house), posts=posts, house=house, anew=anew
    )


def letters_to_go(session: Session, letter: Letter, posts: Sequence[str], *, now: datetime, house: House) -> ToGo:
    """The letters that wait to leave. Raises Refusal for a post to which none waits to go."""
    every = letters_of(session, letter, tuple(posts), anew=True, now=now, house=house)
    lines = [one for one in every if one.state is AddresseeState.TO_SEND]
    if missing := set(posts) - {one.post for one in lines}:
        raise Refusal(f"{letter.slug} is not waiting to go to: {', '.join(sorted(missing))}.")
    return ToGo(lines, [one for one in lines if not one.problems and not _is_out(session, one)])


def _is_out(session: Session, one: ToOfficial) -> bool:
    return is_on_its_way(session, session.get_one(Addressee, one.addressee_id))


def deliver_all(
    database: Database,
    session: Session,
    press: SerialPress,
    what: Deliverable,
    ready: Sequence[ToOfficial],
    run: DeliveryRun,
    *,
    tell: Callable[[int], None],
    keep: Callable[[Printed], None] | None = None,
) -> list[tuple[ToOfficial, Delivered | HeldBack]]:
    """What came of each; what is done stays done. ``session`` reads.

    ``tell`` hears after each how many have been seen to. ``keep`` gets what does not leave by mail before its
    release is committed: nothing is released that cannot be kept.
    """
    day = day_of(run.now, run.house)
    shown = {
        one.post: for_official(session, what.call, what.edition, one, day=day, house=run.house) for one in ready
    }
    pages = press.typeset_many((manuscript(shown[one.post]) for one in ready), run.form)
    done: list[tuple[ToOfficial, Delivered | HeldBack]] = []
    for one, pdf in zip(ready, pages, strict=True):
        outcome = (
            HeldBack(str(pdf))
            if isinstance(pdf, PressTrouble)
            else _release(database, what, Printed(one, shown[one.post], pdf), run, keep)
        )
        done.append((one, outcome))
        tell(len(done))
    return done


def _release(
    database: Database,
    what: Deliverable,
    printed: Printed,
    run: DeliveryRun,
    keep: Callable[[Printed], None] | None,
) -> Delivered | HeldBack:
    with database.changing(dry_run=run.dry_run) as session:
        outcome = deliver_letter(
            session,
            session.get_one(Letter, what.letter.id),
            what.call,
            what.edition,
            printed,
            way=run.way,
            authorised_by=run.authorised_by,
            now=run.now,
            by=run.by,
            house=run.house,
        )
        if isinstance(outcome, Delivered) and outcome.way is not Way.MAIL and keep and not run.dry_run:
            keep(printed)
    return outcome
