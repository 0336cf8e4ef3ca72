"""A letter to an ambassador and her answer: factories for tests, where only what matters to a test is named."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session, col, select

from outreach.adapters.approval_texts import read_approval_texts
from outreach.config.house import House
from outreach.domain.call_files import LetterFile
from outreach.domain.correspondence import DraftAnswer
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.kinds import MessageKind
from outreach.domain.reminders import parse_offset
from outreach.domain.replies import Channel, ReplyKind
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import AddresseeState, MessageState, SignatureState
from outreach.store.calls import export_call
from outreach.store.organisations import find_or_add
from outreach.store.tables import (
    Addressee,
    Answer,
    Call,
    Contact,
    Edition,
    Message,
    Organisation,
    Post,
    RoundMember,
    Signature,
)
from outreach.usecases.amend_letter import amend_letter
from outreach.usecases.answer_draft import answer_draft
from outreach.usecases.close_call import close_call
from outreach.usecases.launch_call import launch_call
from outreach.usecases.log_reply import log_reply
from outreach.usecases.respond_to import respond_to
from outreach.usecases.ring import ring
from tests import make, officials
from tests.make import NOON

LEFT = datetime(2027, 5, 17, 9, tzinfo=UTC)
WROTE, CAME = date(2027, 6, 20), date(2027, 6, 22)


def addressee(
    session: Session, letter_id: int, post: Post, edition: Edition | None = None, **more: Any
) -> Addressee:
    """The letter, as it left for that post on 17 May."""
    values: dict[str, Any] = {"state": AddresseeState.SENT, "language": "en", "released_at": LEFT, **more}
    made = Addressee(
        letter_id=letter_id,
        post_id=post.id or 0,
        edition_id=edition.id if edition else None,
        added_by="Rosa",
        added_at=NOON,
        **values,
    )
    session.add(made)
    session.flush()
    return made


def answer(session: Session, post: Post, addressee: Addressee | None = None, **more: Any) -> Answer:
    """What the ambassador wrote back on 20 June."""
    values: dict[str, Any] = {
        "dated": WROTE,
        "received_on": CAME,
        "sender": "Vera Fuentes",
        "subject": "Your letter",
        "reference": "GVA/2027/117",
        **more,
    }
    made = Answer(
        post_id=post.id or 0, addressee_id=addressee.id if addressee else None, by="Rosa", at=NOON, **values
    )
    session.add(made)
    session.flush()
    return made


HOME = {"one": "Harbour Light", "two": "Lantern Coast", "three": "Night Ferry", "four": "Quiet House"}
"""Who signed the earlier letter: for everybody to see, for the addressee only, only counted, and by no mailbox."""
DEADLINE = "2027-07-20 17:00 Europe/Brussels"
THEN = datetime(2027, 7, 1, 9, tzinfo=UTC)
"""A Thursday, on which the response is drafted."""
BODY = "We thank you for your letter of 20 June. We would welcome a meeting."


@dataclass
class Round:
    """A response that is sent round for approval to the four that signed what it answers."""

    session: Session
    house: House
    earlier: Call
    answer: Answer
    call: Call
    contacts: dict[str, Contact]

    def member(self, who: str) -> RoundMember:
        """The member called one, two, three or four."""
        statement = (
            select(RoundMember)
            .join(Organisation, col(Organisation.id) == col(RoundMember.organisation_id))
            .where(RoundMember.call_id == self.call.id, Organisation.name == HOME[who])
        )
        return self.session.exec(statement).one()

    def says(self, who: str, what: DraftAnswer, comment: str = "", *, now: datetime = THEN, **more: Any) -> Any:
        """The member answers on its page, or by ``by`` of staff."""
        contact = self.contacts.get(who)
        values: dict[str, Any] = {"contact": contact, "by": f"contact {contact.id}" if contact else "Rosa", **more}
        return answer_draft(
            self.session, self.call, self.member(who), what, comment, now=now, house=self.house, **values
        )

    def signed(self) -> dict[str, SignatureState]:
        """Each signature of the round by its name."""
        statement = select(Signature).where(Signature.call_id == self.call.id).order_by(col(Signature.id))
        found = self.session.exec(statement.execution_options(populate_existing=True))
        return {one.name: one.state for one in found}

    def mails(self, kind: MessageKind) -> list[str]:
        """To whom mails of that kind were queued for the round, whatever became of them."""
        found = make.messages(self.session, Message.call_id == self.call.id, Message.kind == kind)
        return [one.address.partition("@")[0] for one in found]

    def amends(
        self, body: str = "We thank you. We ask for a meeting in September.", *, now: datetime = THEN
    ) -> None:
        """Rosa changes what the draft says."""
        file = export_call(self.session, self.call)
        letters = {language: replace(one, body=body) for language, one in file.letters.items()}
        amend_letter(
            self.session,
            self.call,
            replace(file, letters=letters),
            substance="It asks for a meeting.",
            now=now,
            house=self.house,
            by="Rosa",
        )


def texts() -> dict[tuple[MessageKind, str], str]:
    """The sample's mails of rounds."""
    return read_approval_texts(make.ROOT)


def drafted(session: Session, house: House, *, without: tuple[str, ...] = (), **more: Any) -> Round:
    """The letter was signed and answered, and the response is a draft."""
    contacts = {
        who: make.contact(session, house, f"{who}@{who}.example", organisation=HOME[who], basis="")
        for who in ("one", "two", "three")
    }
    make.contact(session, house, "reader@elsewhere.example")  # invited to the earlier letter, and signed nothing
    earlier, _ = make.launched(session, house, slug="earlier")
    seen = {"one": Visibility.PUBLIC, "two": Visibility.ADDRESSEE, "three": Visibility.COUNTED}
    for who, contact in contacts.items():
        make.signature(session, earlier, contact, name=HOME[who], visibility=seen[who])
    fourth = make.signature(session, earlier, name=HOME["four"], key="four")
    fourth.organisation_id = find_or_add(session, HOME["four"], now=NOON).id
    make.signature(session, earlier, kind=SignatureKind.INDIVIDUAL, name="Otto Ott", key="otto")
    close_call(session, earlier, now=NOON, by="Rosa")
    edition = make.edition(session, earlier, house)
    chile = officials.post(session)
    officials.holder(session, chile)
    went = addressee(session, earlier.letter_id, chile, edition)
    came = answer(session, chile, went)
    made = Round(session, house, earlier, came, earlier, contacts)
    made.call = respond(made, without=without, **more)
    return made


def respond(made: Round, **more: Any) -> Call:
    """The draft of the response, and of its round."""
    values: dict[str, Any] = {
        "slug": "response",
        "letters": {"en": LetterFile("Our response", "Her Excellency Ms. Vera Fuentes", (), BODY)},
        "texts": texts(),
        "deadline": parse_wall_clock(DEADLINE),
        "reminders": (parse_offset("7d"),),
        "last_call": parse_offset("1d"),
        **more,
    }
    return respond_to(made.session, made.answer, now=THEN, by="Rosa", house=made.house, **values).call


def opened(session: Session, house: House, **more: Any) -> Round:
    """The round has begun, and its invitations have gone."""
    made = drafted(session, house, **more)
    launch_call(session, made.call, now=THEN, by="Rosa", house=house)
    make.submitted(session, now=THEN)
    return made


def reminded(made: Round, now: datetime) -> list[str]:
    """To whom the reminder of seven days goes, when its time has come."""
    ring(made.session, now=now, house=made.house)
    make.submitted(made.session, now=now)
    found = make.messages(made.session, Message.kind == MessageKind.REMINDER, Message.state == MessageState.SENT)
    return sorted(one.address.partition("@")[0] for one in found)


def logged(made: Round, who: str, kind: ReplyKind) -> None:
    """Rosa notes what a member's contact said on the telephone."""
    log_reply(
        made.session,
        made.call,
        made.contacts[who],
        Channel.TELEPHONE,
        kind,
        "On the telephone, this morning.",
        at=THEN,
        now=THEN,
        house=made.house,
        by="Rosa",
    )
