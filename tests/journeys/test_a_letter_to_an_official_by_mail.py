"""A letter goes to a mission through a real Postfix, with its PDF and a copy; its answer comes back with a scan."""

import asyncio
import smtplib
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from sqlmodel import Session, col, select

from outreach.adapters.imap import ImapAccount, ImapMailbox
from outreach.adapters.smtp import SmtpAccount, SmtpTransport
from outreach.bootstrap import Outreach
from outreach.domain.correspondence import AnswerKind, DeliveryKind
from outreach.domain.replies import MatchedBy
from outreach.domain.states import AddresseeState, ReplyState
from outreach.store.answers import documents_of
from outreach.store.database import Database
from outreach.store.documents import content_of
from outreach.store.tables import Addressee, Answer, Delivery, Reply
from outreach.worker.intake import Intake
from outreach.worker.work import work
from tests import make
from tests.mailed import DESK, MISSION, Mailed
from tests.make import NOON, TurnedClock
from tests.parts.mailstack import MailStack

BOX = "correspondence@lanterncoast.example"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 2000
SCAN = b"\xff\xd8\xff the ambassador's letter" * 3000


def transport(mailstack: MailStack) -> SmtpTransport:
    account = SmtpAccount(
        "localhost", mailstack.smtp_port, ca_file=mailstack.ca_file, username=BOX, password="secret"
    )
    return SmtpTransport(account)


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


def got(mailstack: MailStack, address: str) -> EmailMessage:
    return message_from_bytes(mailstack.arrived(address)[0], policy=policy.default)


def vera_answers(letter: EmailMessage, mailstack: MailStack) -> None:
    """Vera's secretary answers the mail that the mission got, with a scan of the ambassador's letter."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Vera Fuentes <{MISSION}>", letter["Reply-To"], "Re: Safe passage"
    mail["Date"], mail["Message-ID"] = "Mon, 11 Jan 2027 12:00:00 +0000", "<answer@geneva.example>"
    mail["In-Reply-To"] = letter["Message-ID"]
    mail.set_content(
        "Excellencies,\n\nour Government shares your concern; see the letter. Our reference: CHL/17/2027.\n"
    )
    mail.add_attachment(SCAN, maintype="image", subtype="jpeg", filename="Réponse de l'ambassadrice.jpg")
    with smtplib.SMTP("127.0.0.1", mailstack.smtp_port) as client:
        client.send_message(mail, MISSION)


def test_a_letter_with_its_pdf_and_copy_goes_out_and_an_answer_with_a_scan_comes_back(
    database: Database, mailstack: MailStack, tmp_path: Path
) -> None:
    house = make.house(database, sender={"address": BOX}, staff={"addresses": "rosa@lanterncoast.example"})
    for address in (MISSION, DESK, BOX):
        for path in (mailstack.maildirs / address).glob("*/*"):
            path.unlink()
    with database.changing() as session:
        mailed = Mailed.addressed(session, house, copies=(DESK,))
        letter = mailed.document("Lettre à la mission du Chili.pdf", PDF)
        for kind, to in ((DeliveryKind.LETTER, MISSION), (DeliveryKind.COPY, DESK)):
            mailed.queue(kind, to, documents=[letter])
    box = mailbox(mailstack)
    app = Outreach(tmp_path, house, database, transport(mailstack), TurnedClock(), box)
    asyncio.run(work(app, until_idle=True))

    mission, desk = got(mailstack, MISSION), got(mailstack, DESK)
    for mail in (mission, desk):
        assert (mail["To"], mail["Cc"]) == (MISSION, DESK)
        (attached,) = mail.iter_attachments()
        assert attached.get_filename() == "Lettre à la mission du Chili.pdf"
        assert attached.get_payload(decode=True) == PDF
    assert mission["Reply-To"] != desk["Reply-To"]

    vera_answers(mission, mailstack)
    mailstack.arrived(BOX)
    assert Intake(app, box).once().processed == 1
    asyncio.run(work(app, until_idle=True))
    with database.reading() as session:
        addressee = session.exec(select(Addressee)).one()
        assert (addressee.state, addressee.reference) == (AddresseeState.ANSWERED, "CHL/17/2027")
        assert addressee.sent_at is not None
        assert deliveries(session) == [NOON.date(), NOON.date()]
        (answer,) = session.exec(select(Answer)).all()
        assert answer.kind is AnswerKind.ANSWER
        source, scan = documents_of(session, answer)
        assert (source.media_type, scan.name) == ("message/rfc822", "Réponse de l'ambassadrice.jpg")
        assert content_of(session, scan.id or 0) == SCAN
        reply = session.exec(select(Reply)).one()
        assert (reply.matched_by, reply.state) == (MatchedBy.TOKEN, ReplyState.WAITING)


def deliveries(session: Session) -> Sequence[object]:
    return [one.on for one in session.exec(select(Delivery).order_by(col(Delivery.id)))]
