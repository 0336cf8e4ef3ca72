"""A call to sixty through a real Postfix, and what comes back read from a real Dovecot: everything at its place."""

import asyncio
import csv
import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from outreach.adapters.imap import ImapAccount, ImapMailbox
from outreach.adapters.smtp import SmtpAccount, SmtpTransport
from outreach.bootstrap import Outreach
from outreach.config.house import House
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import REPLIES, MatchedBy, ReplyKind
from outreach.domain.states import MessageState
from outreach.domain.tokens import Purpose
from outreach.reading.mail import read_mail
from outreach.rendering.composing import message_id
from outreach.store.database import Database
from outreach.store.inbound import content_of
from outreach.store.tables import Contact, Message, Reply, Signature, Suppression, SuppressionReason
from outreach.worker.intake import Intake
from outreach.worker.work import work
from tests import inbound, make
from tests.make import NOON, TurnedClock
from tests.parts.mailstack import MailStack
from tests.stage import RecordingTransport, play_until, stage

PEOPLE = 60
BOX = "calls@lanterncoast.example"
STARTS_OPTING_OUT = (SuppressionReason.OPT_OUT, SuppressionReason.HARD_BOUNCE, SuppressionReason.COMPLAINT)


@dataclass(frozen=True)
class Sample:
    """One mail of the collection, and what it is expected to be."""

    name: str
    raw: bytes
    kind: ReplyKind
    recipient: str
    suppresses: bool

    @property
    def contact(self) -> str:
        """To whom we must have written for it to come back: who bounces, or who answers."""
        return self.recipient or parseaddr(read_mail(self.raw).sender.address)[1]


def samples() -> list[Sample]:
    """Mails of every kind, one for each address, as many as the call has people."""
    found: dict[str, Sample] = {}
    for folder in ("people", "machines"):
        with (inbound.MAILS / folder / "table.csv").open(encoding="utf-8", newline="") as table:
            for row in csv.DictReader(table):
                raw = (inbound.MAILS / folder / f"{row['sample']}.eml").read_bytes()
                kind = ReplyKind(row["kind"])
                sample = Sample(row["sample"], raw, kind, row["recipient"], row["suppresses"] == "yes")
                if re.fullmatch(r"[a-z0-9._-]+@[a-z0-9.-]+\.example", sample.contact):
                    found.setdefault(sample.contact, sample)
    # A few of each kind first, so that none is left out.
    ranked = sorted(found.values(), key=lambda one: [each.kind for each in found.values()].index(one.kind))
    by_kind = {kind: [one for one in ranked if one.kind is kind] for kind in ReplyKind}
    turns = [one for turn in range(PEOPLE) for kind in ReplyKind for one in by_kind[kind][turn : turn + 1]]
    return turns[: PEOPLE - 2]


def come_back(sample: Sample, message: Message, house: House) -> tuple[str, bytes]:
    """The sample as it would answer this message: where it goes, and what it says."""
    reply_to = inbound.tagged(message, Purpose.REPLY, house)
    bounce_to = inbound.tagged(message, Purpose.RETURN, house)
    ours = message_id(message.id or 0, house)[1:-1]
    raw = sample.raw.replace(inbound.SAMPLE_MESSAGE_ID.encode(), ours.encode())
    raw = raw.replace(inbound.SAMPLE_REPLY.encode(), reply_to.encode())
    raw = raw.replace(inbound.SAMPLE_RETURN.encode(), bounce_to.encode())
    raw = re.sub(rb"(?im)\A(?:(?:return-path|delivered-to|x-original-to):[^\n]*\n)*", b"", raw)
    to = bounce_to if sample.kind in (ReplyKind.BOUNCE, ReplyKind.DELIVERY_NOTICE) else reply_to
    return to, f"X-Sample: {sample.name}\n".encode() + raw


@contextmanager
def post_office(mailstack: MailStack) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", mailstack.smtp_port) as client:
        yield client


def mailbox(mailstack: MailStack) -> ImapMailbox:
    account = ImapAccount(
        host="localhost",
        port=mailstack.imap_port,
        security="starttls",
        username=BOX,
        password=lambda: "secret",
        ca_file=mailstack.ca_file,
    )
    return ImapMailbox(account)


def test_what_sixty_people_and_their_servers_answer_finds_its_place(
    database: Database, mailstack: MailStack, tmp_path: Path
) -> None:
    house = make.house(database, sender={"address": BOX}, staff={"addresses": "rosa@lanterncoast.example"})
    chosen = samples()
    clock = TurnedClock()
    with database.changing() as session:
        for sample in chosen:
            make.contact(session, house, sample.contact)
        for dead in ("nobody@harbourlight.example", "full@harbourlight.example"):
            make.contact(session, house, dead)
        _, launched = make.launched(session, house)
        assert launched.invitations == PEOPLE
    transport = SmtpTransport(
        SmtpAccount("localhost", mailstack.smtp_port, ca_file=mailstack.ca_file, username=BOX, password="secret")
    )
    box = mailbox(mailstack)
    app = Outreach(tmp_path, house, database, transport, clock, box)

    assert asyncio.run(work(app, until_idle=True)).states == {"sent": PEOPLE}
    with database.reading() as session, post_office(mailstack) as client:
        invitations = {one.address: one for one in make.messages(session)}
        for sample in chosen:
            to, raw = come_back(sample, invitations[sample.contact], house)
            machine = REPLIES[sample.kind].automatic
            client.sendmail("" if machine else sample.contact, [to], raw)
    mailstack.arrived(BOX, len(chosen) + 2, seconds=60)
    taken = Intake(app, box).once()
    assert (taken.stored, taken.processed) == (PEOPLE, PEOPLE)

    with database.reading() as session:
        replies = {_sample_of(session, reply): reply for reply in session.exec(select(Reply))}
        assert all(one.matched_by is MatchedBy.TOKEN for one in replies.values())
        wrong = {
            sample.name: (sample.kind.value, replies[sample.name].kind.value, replies[sample.name].rule)
            for sample in chosen
            if replies[sample.name].kind is not sample.kind
        }
        assert wrong == {}
        assert _suppressed(session) == {
            "nobody@harbourlight.example": SuppressionReason.HARD_BOUNCE,
            **{one.contact: SuppressionReason.HARD_BOUNCE for one in chosen if one.suppresses},
            **{one.contact: SuppressionReason.OPT_OUT for one in chosen if one.kind is ReplyKind.OPT_OUT},
            **{one.contact: SuppressionReason.COMPLAINT for one in chosen if one.kind is ReplyKind.COMPLAINT},
        }
        proposed = session.exec(select(Signature)).all()
        would_sign = [one for one in chosen if one.kind is ReplyKind.SIGNS]
        assert len(proposed) == len(would_sign) > 0

    silent = {one.contact for one in chosen if REPLIES[one.kind].ends}
    silent |= set(_suppressed_now(database))
    recorded = RecordingTransport(clock)
    play_until(stage(database, house, clock, recorded), clock, NOON + timedelta(days=60))
    with database.reading() as session:
        reminded = {
            one.address
            for one in make.messages(session, col(Message.state) == MessageState.SENT)
            if one.kind in (MessageKind.REMINDER, MessageKind.LAST_CALL)
        }
    assert reminded == {one.contact for one in chosen} | {"full@harbourlight.example"} - silent - {""} or (
        reminded.isdisjoint(silent) and len(reminded) == PEOPLE - len(silent)
    )
    assert Intake(app, box).once().processed == 0  # nothing is taken in twice


def _sample_of(session: Session, reply: Reply) -> str:
    found = re.search(rb"X-Sample: ([^\r\n]+)", content_of(session, reply.inbound_id or 0))
    return found[1].decode() if found else f"from Postfix, {reply.failure.get('reason')}"


def _suppressed(session: Session) -> dict[str, SuppressionReason]:
    people = {one.address_digest: one.address for one in session.exec(select(Contact))}
    rows = session.exec(select(Suppression)).all()
    return {people[row.address_digest]: row.reason for row in rows if row.address_digest in people}


def _suppressed_now(database: Database) -> list[str]:
    with database.reading() as session:
        return list(_suppressed(session))


@pytest.fixture(autouse=True)
def _own_mailbox(mailstack: MailStack) -> None:
    """Each run finds the mailbox empty: the stack outlives a test."""
    for folder in ("new", "cur"):
        for path in (mailstack.maildirs / BOX / folder).glob("*"):
            path.unlink()
