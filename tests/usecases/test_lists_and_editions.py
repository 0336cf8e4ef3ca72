"""Whatever people do in whatever order: no name is shown that may not be, counts are right, no edition changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.deadlines import WallClock, parse_wall_clock
from outreach.domain.errors import Refusal
from outreach.domain.signatures import SignatureKind, Visibility, stricter
from outreach.domain.states import SignatureState
from outreach.store.database import Database
from outreach.store.editions import (
    counts_now,
    counts_of,
    entries_of,
    is_unchanged,
    list_now,
    newest_edition,
    rows_of,
)
from outreach.store.entries import entry_of, line_of
from outreach.store.families import shown_to
from outreach.store.signing import counted_as
from outreach.store.tables import Contact, Edition, Letter, Signature
from outreach.usecases.accept_signature import accept_signature, reject_signature, restore_signature
from outreach.usecases.amend_letter import amend_letter
from outreach.usecases.change_signature import (
    correct_signature,
    reinstate_signature,
    withdraw_signature,
)
from outreach.usecases.confirm_signature import confirm_signature, disown_signature
from outreach.usecases.extend_call import extend_call
from outreach.usecases.merge_signatures import merge_signatures, unmerge_signature
from outreach.usecases.release_call import release_call
from outreach.usecases.sign import sign, sign_publicly
from tests import make
from tests.make import NOON
from tests.usecases.listed import STAFF, Listed

VISIBILITIES = list(Visibility)
BODY = "Lamp"
PEOPLE = ("idris@lamp.example", "amal@lamp.example", "otto@elsewhere.example")
"""Two colleagues of one organisation, and a stranger who signs for it as well, and everybody for themselves."""


class Story:
    """A call in which people do one thing after the other."""

    def __init__(self, listed: Listed, now: datetime) -> None:
        self.listed, self.now = listed, now
        self.frozen: dict[int, Any] = {}

    @classmethod
    def begun(cls, session: Session, house: House) -> "Story":
        """The call is launched, and the colleagues are known."""
        listed = Listed.opened(session, house)
        for address in PEOPLE[:2]:
            make.contact(session, house, address, organisation=BODY)
        return cls(listed, NOON)

    def signature(self, which: int) -> Signature | None:
        statement = select(Signature).where(Signature.letter_id == self.listed.call.letter_id)
        given = self.listed.session.exec(statement.order_by(col(Signature.id))).all()
        return given[which % len(given)] if given else None

    def do(self, verb: str, which: int, how: int) -> None:
        """One verb; what is refused changes nothing, as at a door."""
        self.now += timedelta(hours=13)
        session = self.listed.session
        try:
            with session.begin_nested():
                if verb in ABOUT_ONE:
                    if (signature := self.signature(which)) is not None:
                        ABOUT_ONE[verb](self, signature, VISIBILITIES[how % 3])
                else:
                    ABOUT_ALL[verb](self, which, VISIBILITIES[how % 3])
        except Refusal:
            session.expire_all()
        session.flush()

    def holds(self) -> None:
        """All that must be true whenever one looks."""
        session, call = self.listed.session, self.listed.call
        session.expire_all()
        now = list_now(session, call)
        letter = session.get_one(Letter, call.letter_id)
        for entry in now:
            one = session.get_one(Signature, entry.signature_id)
            assert (one.state, entry.visibility) == (SignatureState.CONFIRMED, shown_to(session, one))
            assert entry.visibility is stricter(entry.visibility, one.visibility), (
                "nobody shows more than its signer"
            )
            assert one.letter_version >= letter.substance
            assert entry.line == ("" if entry.visibility is Visibility.COUNTED else line_of(one))
        counts = counts_now(session, call)
        assert counts.all == len(now)
        assert counts.named == len([one for one in now if one.visibility is Visibility.PUBLIC])
        bodies = [session.get_one(Signature, one.signature_id).organisation_id for one in now]
        assert self.unmerged or len([one for one in bodies if one]) == len({one for one in bodies if one})
        self._editions(letter)

    unmerged = False

    def _editions(self, letter: Letter) -> None:
        session, call = self.listed.session, self.listed.call
        for edition in session.exec(select(Edition).where(Edition.letter_id == letter.id)):
            rows = [row.model_dump() for row in rows_of(session, edition)]
            assert self.frozen.setdefault(edition.number, (edition.model_dump(), rows)) == (
                edition.model_dump(),
                rows,
            )
            assert is_unchanged(session, edition, self.listed.house.salt)
            assert counts_of(session, edition).all == len(rows)
        newest = newest_edition(session, call.letter_id)
        if newest is None or newest.letter_version < letter.substance:
            return
        for entry in entries_of(session, newest):
            counted = counted_as(session, session.get_one(Signature, entry.signature_id))
            assert counted.state is SignatureState.CONFIRMED
            assert entry.visibility is not Visibility.PUBLIC or counted.visibility is Visibility.PUBLIC
            assert entry.visibility is stricter(entry.visibility, shown_to(session, counted))


def signs(story: Story, which: int, visibility: Visibility) -> None:
    kind = list(SignatureKind)[which // 3 % 2]
    entry = make.entry(kind, BODY if kind is SignatureKind.ORGANISATION else f"Person {which}", visibility)
    house, address = story.listed.house, PEOPLE[which % 3]
    sign_publicly(
        story.listed.session, story.listed.call, address, entry, now=story.now, house=house, language="en"
    )


def signs_by_link(story: Story, which: int, visibility: Visibility) -> None:
    address = PEOPLE[which % 2]
    contact = story.listed.session.exec(select(Contact).where(Contact.address == address)).one()
    entry = make.entry(SignatureKind.ORGANISATION, f"The {BODY}", visibility)
    sign(story.listed.session, story.listed.call, contact, entry, now=story.now, house=story.listed.house)


def amends(story: Story, which: int, _: Visibility) -> None:
    file = make.call_file()
    letters = {one: replace(text, body=f"{text.body}\n\n{story.now}") for one, text in file.letters.items()}
    amend_letter(
        story.listed.session,
        story.listed.call,
        replace(file, letters=letters),
        substance="Another ask." if which % 2 else "",
        now=story.now,
        house=story.listed.house,
        by="Rosa",
    )


def extends(story: Story, _which: int, _: Visibility) -> None:
    deadline = parse_wall_clock(story.listed.call.deadline)
    later = WallClock(deadline.local + timedelta(minutes=1), deadline.zone)
    extend_call(story.listed.session, story.listed.call, later, now=story.now, by="Rosa", house=story.listed.house)


def corrects(story: Story, signature: Signature, visibility: Visibility) -> None:
    entry = replace(entry_of(signature), visibility=visibility, name=f"{signature.name}s")
    correct_signature(story.listed.session, signature, entry, now=story.now, house=story.listed.house)


def merges(story: Story, signature: Signature, visibility: Visibility) -> None:
    other = story.signature(VISIBILITIES.index(visibility))
    assert other is not None
    merge_signatures(story.listed.session, signature, other, now=story.now, house=story.listed.house, by="Rosa")


def unmerges(story: Story, signature: Signature, _: Visibility) -> None:
    unmerge_signature(story.listed.session, signature, now=story.now, house=story.listed.house, by="Rosa")
    story.unmerged = True


def releases(story: Story, _which: int, _: Visibility) -> None:
    release_call(story.listed.session, story.listed.call, now=story.now, by="Rosa", house=story.listed.house)


def plainly(verb: Callable[..., Any], **more: Any) -> Callable[[Story, Signature, Visibility], Any]:
    return lambda story, one, _: verb(story.listed.session, one, now=story.now, house=story.listed.house, **more)


ABOUT_ALL: dict[str, Callable[[Story, int, Visibility], Any]] = {
    "sign": signs,
    "sign by link": signs_by_link,
    "sign off": lambda story, *_: story.listed.sign_off(story.now),
    "amend": amends,
    "extend": extends,
    "release": releases,
}
ABOUT_ONE: dict[str, Callable[[Story, Signature, Visibility], Any]] = {
    "confirm": plainly(confirm_signature),
    "withdraw": plainly(withdraw_signature),
    "reinstate": plainly(reinstate_signature),
    "disown": lambda story, one, _: disown_signature(story.listed.session, one, now=story.now),
    "accept": plainly(accept_signature, by="Rosa", evidence="She said so."),
    "reject": plainly(reject_signature, by="Rosa"),
    "restore": plainly(restore_signature, by="Rosa"),
    "hide": lambda story, one, to: make.hidden(story.listed.session, story.listed.house, one, to, now=story.now),
    "correct": corrects,
    "merge": merges,
    "unmerge": unmerges,
}
OFTEN = ["sign", "sign by link", "confirm", "confirm", "sign off", "hide", "withdraw"]
STEPS = st.tuples(st.sampled_from([*ABOUT_ALL, *ABOUT_ONE, *OFTEN]), st.integers(0, 5), st.integers(0, 2))


def test_whatever_happens_the_list_is_right_and_no_edition_changes(sqlite: Database) -> None:
    with sqlite.changing() as session:
        story = Story.begun(session, make.house(sqlite, staff=STAFF))
        for which in (0, 1, 3, 5):
            story.do("sign", which, which)
        for which in range(4):
            story.do("confirm", which, 0)
        then = story.now

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEPS, min_size=5, max_size=25))
    def holds(steps: list[tuple[str, int, int]]) -> None:
        with sqlite.changing(dry_run=True) as session:
            story = Story(Listed.of(session, make.house(sqlite, staff=STAFF)), then)
            for verb, which, how in steps:
                story.do(verb, which, how)
                story.holds()

    holds()
