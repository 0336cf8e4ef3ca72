"""Two coalitions have each other's mailboxes among their contacts: their programs fall silent by themselves."""

import email
import email.policy
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile

import pytest
from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.kinds import KINDS, MessageKind
from outreach.domain.replies import ReplyKind
from outreach.domain.states import ReplyState
from outreach.rendering.composing import compose
from outreach.store.database import open_database
from outreach.store.settling import Settlement, settle
from outreach.store.tables import Message, Reply, Signature
from outreach.usecases.answer_reply import answer_reply
from tests import inbound, make
from tests.make import NOON

ON_THE_WAY = Callable[[bytes], bytes]
AUTOMATIC = [kind for kind, rules in KINDS.items() if rules.automatic]
ROUNDS = 12
"""Each takes six hours: three days, in which a loop would be plain to see."""


@dataclass
class Instance:
    """One coalition's workspace, and what lies in its mailbox."""

    session: Session
    house: House
    mailbox: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where its answers arrive."""
        return self.house.settings.sender.address

    def submit(self, now: datetime) -> list[tuple[str, bytes]]:
        """Everything that is due leaves; to whom, and as what bytes."""
        claimed = make.claimed(self.session, now=now)
        settle(self.session, [Settlement(one.id, make.ACCEPTED, now) for one in claimed], make.WORKER)
        envelopes = [compose(one.record, self.house).envelope for one in claimed]
        return [(one.recipient, one.content) for one in envelopes]

    def take_in(self, now: datetime) -> None:
        """Everything that lies in the mailbox is read and acted upon."""
        for raw in self.mailbox:
            inbound.stored(self.session, raw, at=now)
        self.mailbox.clear()
        inbound.processed(self.session, self.house, now=now)

    def answered_by_itself(self) -> list[MessageKind]:
        """What it has written without anybody asking for it."""
        return [one.kind for one in make.messages(self.session) if one.kind in AUTOMATIC]

    def replies(self) -> list[Reply]:
        """What came back."""
        return list(self.session.exec(select(Reply)))


def as_it_is(raw: bytes) -> bytes:
    return raw


def stripped(raw: bytes) -> bytes:
    """A gateway that writes every mail anew and keeps nothing that says what wrote it."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    plain = inbound.written(str(mail["From"]), str(body.get_content()), to=str(mail["To"]))
    return plain.replace(b"Re: Please sign", str(mail["Subject"]).encode("ascii", "replace"))


@pytest.fixture
def pair(tmp_path: Path, migrated_file: Path) -> Iterator[tuple[Instance, Instance]]:
    """Two coalitions, each of which has invited the other's mailbox to sign."""
    with ExitStack() as stack:
        made = []
        for own, other in (("coast", "harbour"), ("harbour", "coast")):
            copyfile(migrated_file, tmp_path / f"{own}.db")
            database = open_database(f"sqlite:///{tmp_path / own}.db")
            stack.callback(database.close)
            house = make.house(database, sender={"name": own, "address": f"calls@{own}.coop"})
            session = stack.enter_context(database.changing())
            make.contact(session, house, f"calls@{other}.coop", organisation=f"{other} network")
            make.launched(session, house)
            made.append(Instance(session, house))
        yield made[0], made[1]


def exchange(pair: tuple[Instance, Instance], on_the_way: ON_THE_WAY = as_it_is) -> None:
    """What one submits lies in the other's mailbox, until nobody has anything to say."""
    for turn in range(ROUNDS):
        now = NOON + timedelta(hours=6 * turn)
        for one, other in (pair, pair[::-1]):
            for recipient, raw in one.submit(now):
                assert recipient == other.address
                other.mailbox.append(on_the_way(raw))
        for one in pair:
            one.take_in(now)


@pytest.mark.shows("F50")
def test_two_programs_that_invite_each_other_do_not_answer_each_other(pair: tuple[Instance, Instance]) -> None:
    exchange(pair)
    for one in pair:
        assert one.answered_by_itself() == []
        assert {reply.kind for reply in one.replies()} == {ReplyKind.AUTOMATIC_ANSWER}
        assert one.session.exec(select(Signature)).all() == []


@pytest.mark.parametrize("on_the_way", [as_it_is, stripped])
def test_an_opt_out_between_them_is_confirmed_once_and_then_nobody_says_anything(
    pair: tuple[Instance, Instance], on_the_way: ON_THE_WAY
) -> None:
    coast, harbour = pair
    exchange(pair)
    (invitation,) = coast.session.exec(select(Message)).all()
    to = inbound.answer_to(invitation, coast.house)
    coast.mailbox.append(inbound.written(harbour.address, "Unsubscribe", to=to))
    exchange(pair, on_the_way)
    assert coast.answered_by_itself() == [MessageKind.OPTED_OUT]
    assert len(harbour.answered_by_itself()) <= 1


@pytest.mark.shows("F50")
@pytest.mark.parametrize("word", ["Unsubscribe", "Yes, please add us.", "Who are you?", "I am on holiday."])
def test_a_mailbox_that_answers_everything_like_a_person_gets_one_answer_at_most(
    pair: tuple[Instance, Instance], word: str
) -> None:
    """A responder without manners: it says nothing of itself in its headers, and answers each mail anew."""
    coast, harbour = pair
    for turn in range(ROUNDS):
        now = NOON + timedelta(hours=6 * turn)
        for _, raw in coast.submit(now):
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            answer = inbound.written(
                harbour.address, word, to=str(mail["Reply-To"]), answers=str(mail["Message-ID"]), Number=str(turn)
            )
            coast.mailbox.append(answer)
        coast.take_in(now)
    assert len(coast.answered_by_itself()) <= 1


def test_what_a_person_writes_through_one_reaches_a_person_at_the_other(pair: tuple[Instance, Instance]) -> None:
    coast, harbour = pair
    exchange(pair)
    (invitation,) = coast.session.exec(select(Message)).all()
    to = inbound.answer_to(invitation, coast.house)
    asked = inbound.arrived(coast.session, coast.house, inbound.written(harbour.address, "Who signs?", to=to))
    answer_reply(coast.session, asked, "Eighty so far. And you?", now=NOON, house=coast.house, by="Rosa")
    exchange(pair)
    (heard,) = [one for one in harbour.replies() if "Eighty" in one.new_text]
    assert (heard.kind, heard.state) == (ReplyKind.QUESTION, ReplyState.WAITING)
    assert coast.answered_by_itself() == harbour.answered_by_itself() == []


def test_our_own_mail_that_comes_back_is_no_reply_and_gets_none(pair: tuple[Instance, Instance]) -> None:
    coast, _ = pair
    for _, raw in coast.submit(NOON):
        coast.mailbox.extend([raw, raw.replace(b"Precedence: bulk", b"X-Loop: yes")])
    coast.take_in(NOON)
    assert {(one.kind, one.rule) for one in coast.replies()} == {(ReplyKind.AUTOMATIC_ANSWER, "our own mail")}
    assert coast.answered_by_itself() == []
