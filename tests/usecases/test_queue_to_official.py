"""A mail to an official: one for each address, what was approved attached, and nobody's contact."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from outreach.domain.correspondence import DeliveryKind
from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.domain.tokens import Purpose
from outreach.rendering.composing import compose, message_id
from outreach.store.database import Database
from outreach.store.outbox import load_message
from outreach.store.tables import Message, SuppressionReason
from outreach.usecases.queue_to_official import mail_size
from tests import inbound, make
from tests.mailed import DESK, MISSION, PDF, VALUES, Mailed


def written(mailed: Mailed, message: Message) -> EmailMessage:
    claimed = load_message(mailed.session, message.id or 0)
    assert claimed is not None
    return message_from_bytes(compose(claimed.record, mailed.house).envelope.content, policy=policy.default)


def test_each_address_gets_a_mail_of_its_own_that_names_both_and_carries_the_letter(mailed: Mailed) -> None:
    for to in (MISSION, DESK):
        message = mailed.mail(to)
        mail = written(mailed, message)
        assert (message.call_id, message.contact_id, message.bulk) == (None, None, False)
        assert (mail["To"], mail["Cc"], mail["Subject"]) == (MISSION, DESK, "Safe passage")
        assert (mail["List-Unsubscribe"], mail["Precedence"], mail["Auto-Submitted"]) == (None, None, None)
        assert inbound.tagged(message, Purpose.REPLY, mailed.house) == mail["Reply-To"]
        (attached,) = mail.iter_attachments()
        assert attached.get_payload(decode=True) == PDF
        text = mail.get_body(("plain",))
        assert text is not None
        said = text.get_content()
        assert "Excellency," in said
        assert "Signatories: 18" in said
        assert "safe-passage/chile-geneva" in said
        assert "We call on Chile." in said.replace("*", "").replace("_", "")


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_an_enquiry_names_the_day_in_its_language_below_the_letter_that_it_is_about(
    mailed: Mailed, language: str
) -> None:
    values = {**VALUES, "earlier": {"date": "2027-01-11"}}
    message = mailed.queue(DeliveryKind.ENQUIRY, values=values, language=language)
    assert message is not None
    mail = written(mailed, message)
    year = "٢٠٢٧" if language == "ar" else "2027"
    body = mail.get_body(("plain",))
    assert body is not None
    assert any(one in body.get_content() for one in (year, "2027"))
    assert mail["In-Reply-To"] == message_id(mailed.mail(MISSION).id or 0, mailed.house) or mail["In-Reply-To"]
    letter = mailed.deliveries()[0].message_id
    assert mail["In-Reply-To"] == message_id(letter or 0, mailed.house)


def test_the_same_occurrence_is_queued_once(mailed: Mailed) -> None:
    first = mailed.queue(DeliveryKind.LETTER, occurrence="once")
    assert first is not None
    assert mailed.queue(DeliveryKind.LETTER, occurrence="once") is None


def test_what_is_sent_is_what_was_approved_however_often_it_is_written(mailed: Mailed) -> None:
    message = mailed.mail()
    first, again = (load_message(mailed.session, message.id or 0) for _ in range(2))
    assert first is not None
    assert again is not None
    assert compose(first.record, mailed.house).envelope == compose(again.record, mailed.house).envelope
    assert PDF not in repr(first).encode()


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_the_size_of_a_mail_is_known_before_and_never_less_than_it_is(mailed: Mailed, language: str) -> None:
    documents = [mailed.document(), mailed.document("résumé de la lettre.pdf", b"x" * 100_000)]
    given: dict[str, Any] = {
        "to": MISSION,
        "cc": [DESK],
        "language": language,
        "now": make.NOON,
        "house": mailed.house,
    }
    known = mail_size(MessageKind.DELIVERY, VALUES, documents, **given)
    message = mailed.queue(DeliveryKind.LETTER, documents=documents, language=language)
    assert message is not None
    claimed = load_message(mailed.session, message.id or 0)
    assert claimed is not None
    size = len(compose(claimed.record, mailed.house).envelope.content)
    assert size <= known <= size + 400


def test_a_contact_with_the_same_address_has_nothing_to_do_with_it(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        person = make.contact(session, house, MISSION)
        make.suppression(session, person, SuppressionReason.OPT_OUT)
        mailed = Mailed.queued(session, house)
        assert mailed.mail().contact_id is None
        assert MISSION in make.submitted(session)


def test_a_dead_address_gets_no_more(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        person = make.contact(session, house, MISSION)
        make.suppression(session, person, SuppressionReason.HARD_BOUNCE)
        mailed = Mailed.queued(session, house, copies=())
        assert make.submitted(session) == []
        assert mailed.mail().state is MessageState.CANCELLED


def test_an_address_that_is_none_is_refused(mailed: Mailed) -> None:
    with pytest.raises(InvalidInput):
        mailed.queue(DeliveryKind.LETTER, to="a@b.example\r\nBcc: x@evil.example")
    with pytest.raises(InvalidInput):
        mailed.queue(DeliveryKind.LETTER, cc=["b@y.example, c@z.example"])


def test_an_address_in_other_letters_among_the_copies_needs_a_server_that_knows_them(mailed: Mailed) -> None:
    message = mailed.queue(DeliveryKind.LETTER, cc=["józef@mfa.example"])
    assert message is not None
    claimed = load_message(mailed.session, message.id or 0)
    assert claimed is not None
    assert compose(claimed.record, mailed.house).envelope.needs_smtputf8


def test_a_real_letter_never_goes_through_files_and_a_rehearsal_only_there(mailed: Mailed) -> None:
    mailed.queue(DeliveryKind.LETTER, rehearsal=True)
    assert len(make.claimed(mailed.session, rehearsal=True)) == 1
    assert len(make.claimed(mailed.session)) == 2
