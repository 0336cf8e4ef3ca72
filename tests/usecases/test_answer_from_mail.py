"""What an official's office mails back: put on record where something proves it, and never a contact's reply."""

from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
from sqlmodel import select

from outreach.domain.correspondence import AnswerKind, DeliveryKind
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import MatchedBy, ReplyKind
from outreach.domain.states import AddresseeState, ReplyState
from outreach.rendering.composing import message_id
from outreach.store.answers import documents_of
from outreach.store.database import Database
from outreach.store.documents import content_of
from outreach.store.tables import Letter, Reply, Suppression
from outreach.usecases.answer_reply import answer_reply
from outreach.usecases.correct_reply import correct_reply
from outreach.usecases.file_answer import file_answer
from outreach.usecases.place_reply import place_reply
from tests import exchange, inbound, make, officials
from tests.mailed import DESK, MISSION, Mailed
from tests.make import NOON
from tests.usecases.listed import STAFF

LATER = NOON + timedelta(days=2)
ANSWERS = "My Government shares your concern. Our delegation has raised the matter. It will ratify the Convention."
RECEIVED = "We acknowledge receipt of your letter, which is registered under reference MFA/2027/118."
SECOND = "consulate-chl@geneva.example"


@pytest.fixture
def sent(sqlite: Database) -> Iterator[Mailed]:
    with sqlite.changing() as session:
        yield Mailed.sent(session, make.house(sqlite, staff=STAFF))


def another_letter(sent: Mailed) -> None:
    """A second letter is out to the same mission."""
    call = make.call(sent.session, sent.house, slug="another-letter", title="Another letter")
    exchange.gone(sent.session, sent.house, sent.session.get_one(Letter, call.letter_id), sent.post)


def with_files(sent: Mailed, *files: tuple[str, str, bytes]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Vera Fuentes <{MISSION}>", inbound.answer_to(sent.mail(), sent.house)
    mail["Subject"], mail["Date"] = "Safe passage", "Tue, 12 Jan 2027 09:30:00 +0100"
    mail["Message-ID"] = "<1@geneva.example>"
    mail.set_content(ANSWERS)
    for name, kind, content in files:
        maintype, _, subtype = kind.partition("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return mail.as_bytes()


def test_an_answer_by_its_token_is_on_record_and_stops_the_clock(database: Database) -> None:
    with database.changing() as session:
        sent = Mailed.sent(session, make.house(database, staff=STAFF))
        reply = sent.comes(ANSWERS, sender=SECOND, at=LATER)  # a colleague, for the ambassador
        assert (reply.kind, reply.matched_by, reply.state) == (
            ReplyKind.ANSWER,
            MatchedBy.TOKEN,
            ReplyState.WAITING,
        )
        assert (reply.post_id, reply.call_id, reply.contact_id) == (sent.post.id, None, None)
        (answer,) = sent.answers()
        assert (answer.kind, answer.addressee_id, answer.reply_id) == (
            AnswerKind.ANSWER, sent.addressee.id, reply.id,
        )  # fmt: skip
        assert (answer.dated, answer.received_on) == (date(2027, 1, 12), date(2027, 1, 13))
        assert (sent.addressee.state, sent.addressee.due_on) == (AddresseeState.ANSWERED, None)
        assert sent.is_nobodys()
        assert [one.kind for one in make.messages(session)][-1] is MessageKind.ALERT


def test_an_acknowledgement_gives_its_number_and_the_clock_begins_anew(sent: Mailed) -> None:
    due = sent.addressee.due_on
    reply = sent.comes(RECEIVED, at=LATER)
    assert reply.kind is ReplyKind.ACKNOWLEDGEMENT
    assert (sent.addressee.state, sent.addressee.reference) == (AddresseeState.ACKNOWLEDGED, "MFA/2027/118")
    assert sent.addressee.due_on is not None
    assert due is not None
    assert sent.addressee.due_on > due
    sent.comes(ANSWERS, at=LATER)
    assert sent.stands() is AddresseeState.ANSWERED
    assert [one.kind for one in sent.answers()] == [AnswerKind.ACKNOWLEDGEMENT, AnswerKind.ANSWER]


@pytest.mark.parametrize("text", ["Yes, please add us.", "We cannot sign this.", "Who are you?", "Thanks!"])
def test_whatever_an_official_writes_signs_nothing_and_stops_nothing(sent: Mailed, text: str) -> None:
    reply = sent.comes(text, at=LATER)
    assert reply.kind in (ReplyKind.ANSWER, ReplyKind.ACKNOWLEDGEMENT)
    assert reply.state is ReplyState.WAITING
    assert sent.is_nobodys()


@pytest.mark.parametrize("text", ["Please remove us from your mailing list.", "Unsubscribe"])
def test_an_official_who_wants_no_more_mail_waits_for_a_person(sent: Mailed, text: str) -> None:
    reply = sent.comes(text, at=LATER)
    assert (reply.kind, reply.state) == (ReplyKind.OPT_OUT, ReplyState.WAITING)
    assert "decide" in reply.note
    assert sent.is_nobodys()
    assert sent.answers() == []
    assert not [one for one in make.messages(sent.session) if one.kind is MessageKind.OPTED_OUT]


def test_an_official_who_is_a_contact_too_and_answers_the_letter_answers_as_the_official(sent: Mailed) -> None:
    person = make.contact(sent.session, sent.house, MISSION, organisation="Friends of the Mission")
    reply = sent.comes("Yes, we sign!", at=LATER)
    assert (reply.kind, reply.contact_id) == (ReplyKind.ANSWER, None)
    assert sent.session.exec(select(Reply.id).where(Reply.contact_id == person.id)).first() is None


def test_a_headers_reference_proves_it_as_well_as_a_token(sent: Mailed) -> None:
    ours = message_id(sent.mail().id or 0, sent.house)
    reply = sent.comes(ANSWERS, to=inbound.OURS, answers=ours, at=LATER)
    assert (reply.matched_by, reply.post_id) == (MatchedBy.REFERENCE, sent.post.id)
    assert sent.stands() is AddresseeState.ANSWERED


def test_machines_stay_machines(sent: Mailed) -> None:
    away = sent.comes("I am out of the office until 20 January 2027.", subject="Automatic reply: away",
                      Auto_Submitted="auto-replied", at=LATER)  # fmt: skip
    plain = sent.comes("Thank you for your message. We have received it.", Auto_Submitted="auto-replied", at=LATER)
    numbered = sent.comes(
        "Thank you for your message. It is registered under case number 2027-5512.",
        Auto_Submitted="auto-replied", at=LATER,
    )  # fmt: skip
    assert (away.kind, away.state) == (ReplyKind.OUT_OF_OFFICE, ReplyState.DONE)
    assert (plain.kind, plain.state) == (ReplyKind.AUTOMATIC_ANSWER, ReplyState.DONE)
    assert (numbered.kind, numbered.state) == (ReplyKind.ACKNOWLEDGEMENT, ReplyState.WAITING)
    assert [one.reference for one in sent.answers()] == ["2027-5512"]


def test_the_mail_and_its_files_are_kept_under_names_of_our_own(sent: Mailed) -> None:
    raw = with_files(
        sent,
        ("../../etc/passwd", "application/pdf", b"%PDF scan"),
        ("résumé\u202efdp.exe", "application/x-msdownload", b"MZ"),
        ("CON", "text/html", b"<script>alert(1)</script>"),
        ("empty.pdf", "application/pdf", b""),
    )
    reply = inbound.arrived(sent.session, sent.house, raw, at=LATER)
    (answer,) = sent.answers()
    kept = documents_of(sent.session, answer)
    assert [one.name for one in kept] == [f"mail-{reply.id}.eml", "passwd", "résuméfdp.exe", "document"]
    assert content_of(sent.session, kept[0].id or 0) == raw
    assert content_of(sent.session, kept[1].id or 0) == b"%PDF scan"
    assert answer.sender == "Vera Fuentes"


@pytest.mark.parametrize(
    "declared", [b"application/x\x00y", b"application/\x1b[31m", b"application/\xff\xfe", b"a/" + b"b" * 5000]
)
def test_what_a_file_claims_to_be_is_kept_only_if_it_is_a_media_type(database: Database, declared: bytes) -> None:
    with database.changing() as session:
        sent = Mailed.sent(session, make.house(database, staff=STAFF))
        raw = with_files(sent, ("note.pdf", "application/pdf", b"%PDF scan"))
        inbound.arrived(session, sent.house, raw.replace(b"application/pdf", declared), at=LATER)
        (answer,) = sent.answers()
        kept = documents_of(session, answer)
        assert [one.media_type for one in kept] == ["message/rfc822", "application/octet-stream"]
        assert content_of(session, kept[1].id or 0) == b"%PDF scan"


def test_a_file_that_is_too_large_keeps_no_mail_off_the_record(sent: Mailed) -> None:
    inbound.arrived(sent.session, sent.house, with_files(sent, ("scan.pdf", "application/pdf", b"x" * 25_000_001)))
    (answer,) = sent.answers()
    assert documents_of(sent.session, answer) == []
    assert answer.summary


@pytest.mark.parametrize(
    "said",
    [
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "Fri, 01 Jan 2099 00:00:00 +0000",
        "Fri, 31 Dec 9999 23:59:59 +0000",  # on no clock east of Greenwich
        "soon",
        "Mon, 4 Jan 2027 9:0:0",
    ],
)
def test_a_date_that_cannot_be_is_the_day_on_which_it_came(sent: Mailed, said: str) -> None:
    raw = inbound.written(MISSION, ANSWERS, to=inbound.answer_to(sent.mail(), sent.house))
    inbound.arrived(
        sent.session, sent.house, raw.replace(b"Tue, 12 Jan 2027 09:30:00 +0100", said.encode()), at=LATER
    )
    (answer,) = sent.answers()
    assert (answer.dated, answer.received_on) == (date(2027, 1, 13), date(2027, 1, 13))


def test_the_same_mail_met_twice_is_one_answer(sent: Mailed) -> None:
    raw = inbound.written(MISSION, ANSWERS, to=inbound.answer_to(sent.mail(), sent.house))
    inbound.stored(sent.session, raw, number="1")
    inbound.stored(sent.session, raw, number="2")
    assert len(inbound.processed(sent.session, sent.house)) == 1
    assert len(sent.answers()) == 1


def test_an_answer_to_an_enquiry_answers_the_letter(sent: Mailed) -> None:
    sent.queue(DeliveryKind.ENQUIRY)
    sent.comes(ANSWERS, at=LATER)
    assert sent.stands() is AddresseeState.ANSWERED


def test_an_answer_to_what_staff_wrote_back_belongs_to_the_same_letter(sent: Mailed) -> None:
    first = sent.comes(RECEIVED, at=LATER)
    to = answer_reply(sent.session, first, "Thank you.", now=LATER, house=sent.house, by="Rosa")
    ours = sent.mail(to)
    assert ours.kind is MessageKind.ANSWER
    reply = sent.comes(ANSWERS, to=inbound.answer_to(ours, sent.house), at=LATER)
    assert (reply.post_id, reply.contact_id) == (sent.post.id, None)
    assert sent.stands() is AddresseeState.ANSWERED


# Our letter in hand, and yet not the office.


def waits_for_a_person(sent: Mailed, reply: Reply, why: str) -> None:
    assert (reply.post_id, reply.contact_id, reply.call_id) == (sent.post.id, None, None)
    assert reply.state is ReplyState.WAITING
    assert why in reply.note
    assert f"outreach replies place {reply.id} --official chile-geneva" in reply.note
    assert sent.stands() is AddresseeState.SENT
    assert sent.answers() == []


@pytest.mark.parametrize("text", [ANSWERS, RECEIVED, "Yes, please add us."])
def test_whoever_has_the_letters_token_but_writes_from_elsewhere_answers_for_nobody(
    database: Database, text: str
) -> None:
    with database.changing() as session:
        sent = Mailed.sent(session, make.house(database, staff=STAFF))
        due, ours = sent.addressee.due_on, message_id(sent.mail().id or 0, sent.house)
        for more in ({}, {"to": inbound.OURS, "answers": ours}):
            reply = sent.comes(text, sender="troll@elsewhere.example", at=LATER, **more)
            waits_for_a_person(sent, reply, "comes from elsewhere: see who wrote it")
        assert sent.addressee.due_on == due
        assert sent.is_nobodys()


@pytest.mark.parametrize("reader", ["a contact", "the desk", "the mission"])
def test_whoever_answers_a_copy_answers_for_nobody(sent: Mailed, reader: str) -> None:
    if reader == "a contact":
        make.contact(sent.session, sent.house, DESK, organisation="Desk of the Sea")
    to = inbound.answer_to(sent.mail(DESK), sent.house)
    reply = sent.comes(ANSWERS, sender=MISSION if reader == "the mission" else DESK, to=to, at=LATER)
    waits_for_a_person(sent, reply, "It answers a copy of our letter to chile-geneva")


@pytest.mark.parametrize("sender", [DESK, SECOND])
def test_a_contact_who_gets_copies_or_is_at_the_same_domain_is_not_the_office(sent: Mailed, sender: str) -> None:
    make.contact(sent.session, sent.house, sender)
    waits_for_a_person(sent, sent.comes(ANSWERS, sender=sender, at=LATER), "comes from elsewhere")


def test_at_a_providers_domain_nobody_is_a_colleague(sent: Mailed) -> None:
    sent.post.address = "chile.geneva@gmail.com"
    reply = sent.comes(ANSWERS, sender="otto@gmail.com", at=LATER)
    waits_for_a_person(sent, reply, "comes from elsewhere")


def test_the_desk_that_gets_copies_answers_the_letter_itself_for_the_office(sent: Mailed) -> None:
    sent.comes(ANSWERS, sender=DESK, at=LATER)
    assert sent.stands() is AddresseeState.ANSWERED


def test_an_office_that_has_moved_since_the_letter_left_is_still_the_office(sent: Mailed) -> None:
    sent.post.address, sent.post.address_digest = "new@mission.example", "another"
    sent.comes(ANSWERS, at=LATER)
    assert sent.stands() is AddresseeState.ANSWERED


def test_what_came_from_elsewhere_is_filed_by_a_person(sent: Mailed) -> None:
    reply = sent.comes(RECEIVED, sender="private@elsewhere.example", at=LATER)
    answer = file_answer(sent.session, reply, sent.post, None, now=LATER, house=sent.house, by="Rosa")
    assert (answer.addressee_id, reply.state, reply.note) == (sent.addressee.id, ReplyState.DONE, "")
    correct_reply(sent.session, reply, ReplyKind.ANSWER, now=LATER, house=sent.house, by="Rosa")
    assert sent.stands() is AddresseeState.ANSWERED


# Without proof.


def test_a_mail_from_an_offices_address_alone_is_placed_and_changes_no_state(database: Database) -> None:
    with database.changing() as session:
        sent = Mailed.sent(session, make.house(database, staff=STAFF))
        for sender in (MISSION, DESK):
            reply = sent.comes(ANSWERS, sender=sender, to=inbound.OURS, at=LATER)
            assert (reply.matched_by, reply.post_id) == (MatchedBy.SENDER, sent.post.id)
            assert (reply.kind, reply.state) == (ReplyKind.ANSWER, ReplyState.WAITING)
            assert f"outreach replies place {reply.id} --official chile-geneva" in reply.note
        assert sent.stands() is AddresseeState.SENT
        assert sent.answers() == []
        assert sent.is_nobodys()


def test_a_forged_wish_for_no_more_mail_stops_nothing(sent: Mailed) -> None:
    another_letter(sent)
    for sender in (MISSION, DESK):
        reply = sent.comes("Unsubscribe", sender=sender, to=inbound.OURS, at=LATER)
        assert (reply.kind, reply.state) == (ReplyKind.OPT_OUT, ReplyState.WAITING)
    assert sent.is_nobodys()


def test_with_two_letters_out_it_waits_with_both_named(sent: Mailed) -> None:
    another_letter(sent)
    reply = sent.comes(ANSWERS, to=inbound.OURS, at=LATER)
    assert (reply.matched_by, reply.post_id, reply.state) == (MatchedBy.NOTHING, None, ReplyState.WAITING)
    assert (
        "It may be from chile-geneva, whose address it is (letters out: another-letter, safe-passage" in reply.note
    )


def test_an_address_that_is_a_contacts_too_waits(sent: Mailed) -> None:
    make.contact(sent.session, sent.house, MISSION)
    make.launched(sent.session, sent.house, slug="a-public-call", title="A public call")
    make.submitted(sent.session)
    reply = sent.comes("Yes, we sign.", to=inbound.OURS, at=LATER)
    assert (reply.matched_by, reply.state, reply.post_id) == (MatchedBy.NOTHING, ReplyState.WAITING, None)
    assert "It may be from chile-geneva" in reply.note
    assert sent.session.exec(select(Reply)).one().call_id is None


def test_a_colleague_at_the_same_domain_waits_with_the_post_as_a_guess(sent: Mailed) -> None:
    reply = sent.comes(ANSWERS, sender=SECOND, to=inbound.OURS, at=LATER)
    assert reply.matched_by is MatchedBy.NOTHING
    assert "It may be from chile-geneva: its address is at the same domain" in reply.note


@pytest.mark.parametrize("when", ["before", "answered", "rehearsal"])
def test_what_no_letter_waits_for_is_matched_to_none(sent: Mailed, when: str) -> None:
    if when == "before":
        sent.addressee.released_at = NOON + timedelta(days=30)
    elif when == "answered":
        sent.comes(ANSWERS, at=LATER)
    else:
        sent.call.rehearsal = True
    sent.session.flush()
    reply = sent.comes("And another thing.", to=inbound.OURS, at=LATER)
    assert (reply.matched_by, reply.post_id) == (MatchedBy.NOTHING, None)


# What a person says.


def test_a_person_files_it_and_nothing_waits(sent: Mailed) -> None:
    reply = sent.comes(RECEIVED, to=inbound.OURS, at=LATER)
    answer = file_answer(sent.session, reply, sent.post, None, now=LATER, house=sent.house, by="Rosa")
    assert (answer.addressee_id, answer.reference, answer.by) == (sent.addressee.id, "MFA/2027/118", "Rosa")
    assert (reply.matched_by, reply.state) == (MatchedBy.PERSON, ReplyState.DONE)
    assert sent.stands() is AddresseeState.ACKNOWLEDGED


def test_filed_under_another_post_it_leaves_the_first_as_it_was(sent: Mailed) -> None:
    reply = sent.comes(ANSWERS, at=LATER)
    kenya = officials.post(sent.session, "kenya-geneva", salt=sent.house.salt, state="KE", address="ken@un.example")
    answer = file_answer(sent.session, reply, kenya, None, now=LATER, house=sent.house, by="Rosa")
    assert (answer.post_id, answer.addressee_id, reply.message_id) == (kenya.id, None, None)
    assert sent.stands() is AddresseeState.SENT
    assert len(sent.answers()) == 1


def test_filed_twice_it_is_one_answer(sent: Mailed) -> None:
    reply = sent.comes(ANSWERS, at=LATER)
    for _ in range(2):
        file_answer(sent.session, reply, sent.post, sent.addressee, now=LATER, house=sent.house, by="Rosa")
    assert len(sent.answers()) == 1
    assert reply.message_id is not None


def test_an_answer_that_was_a_contacts_goes_back_and_the_letter_waits_again(sent: Mailed) -> None:
    person = make.contact(sent.session, sent.house, "idris@harbourlight.coop", organisation="Harbour Light")
    call, _ = make.launched(sent.session, sent.house, slug="a-public-call", title="A public call")
    reply = sent.comes("Yes, please add us.", at=LATER)
    correct_reply(sent.session, reply, ReplyKind.SIGNS, now=LATER, house=sent.house, by="Rosa")
    assert sent.answers() == []
    place_reply(sent.session, reply, call, person, now=LATER, house=sent.house, by="Rosa")
    assert (reply.post_id, reply.call_id, reply.contact_id) == (None, call.id, person.id)
    assert sent.stands() is AddresseeState.SENT


def test_a_kind_that_a_person_corrects_changes_the_answer_too(sent: Mailed) -> None:
    reply = sent.comes(ANSWERS, at=LATER)
    correct_reply(sent.session, reply, ReplyKind.ACKNOWLEDGEMENT, now=LATER, house=sent.house, by="Rosa")
    assert [one.kind for one in sent.answers()] == [AnswerKind.ACKNOWLEDGEMENT]
    assert sent.stands() is AddresseeState.ACKNOWLEDGED
    correct_reply(sent.session, reply, ReplyKind.OUT_OF_OFFICE, now=LATER, house=sent.house, by="Rosa")
    assert sent.answers() == []
    assert sent.stands() is AddresseeState.SENT
    correct_reply(sent.session, reply, ReplyKind.ANSWER, now=LATER, house=sent.house, by="Rosa")
    assert [one.kind for one in sent.answers()] == [AnswerKind.ANSWER]


def test_a_contacts_opt_out_that_was_an_officials_is_undone(sent: Mailed) -> None:
    raw = inbound.written("clerk@elsewhere.coop", "Please remove us from your list.")
    reply = inbound.arrived(sent.session, sent.house, raw, at=LATER)
    assert sent.session.exec(select(Suppression)).first() is not None
    file_answer(sent.session, reply, sent.post, sent.addressee, now=LATER, house=sent.house, by="Rosa")
    assert sent.is_nobodys()
    assert [one.addressee_id for one in sent.answers()] == [sent.addressee.id]


def test_a_bounce_answers_no_letter(sent: Mailed) -> None:
    reply = inbound.arrived(sent.session, sent.house, inbound.failure_report(sent.mail(), sent.house), at=LATER)
    assert (reply.kind, reply.post_id) == (ReplyKind.BOUNCE, sent.post.id)
    with pytest.raises(Refusal, match="a machine wrote it"):
        file_answer(sent.session, reply, sent.post, None, now=LATER, house=sent.house, by="Rosa")
