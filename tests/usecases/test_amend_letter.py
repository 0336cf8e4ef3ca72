"""A typing error changes no signature; a change of what the letter says asks every signatory again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.call_files import CallFile
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import SignatureState
from outreach.store.database import Database
from outreach.store.editions import counts_of, list_now
from outreach.store.tables import Call, Message, Signature
from outreach.usecases.amend_letter import Amended, amend_letter
from outreach.usecases.close_call import close_call
from outreach.usecases.confirm_signature import Unconfirmed, confirm_signature
from outreach.usecases.release_call import release_call
from outreach.usecases.ring import ring
from outreach.usecases.sign_off import sign_off
from tests import make
from tests.make import NOON

NOW = NOON + timedelta(days=3)


def said_otherwise(old: str, new: str) -> CallFile:
    """The sample call with another word in its English letter."""
    file = make.call_file()
    english = file.letters["en"]
    assert old in english.body
    return replace(file, letters={**file.letters, "en": replace(english, body=english.body.replace(old, new))})


class Under:
    """A launched call that Idris and Amal have signed."""

    def __init__(self, session: Session, house: House) -> None:
        self.session, self.house = session, house
        people = [make.contact(session, house, f"{name}@{name}.example", name=name) for name in ("idris", "amal")]
        self.call: Call = make.launched(session, house)[0]
        self.idris, self.amal = (make.signature(session, self.call, person) for person in people)

    def amends(self, file: CallFile, substance: str = "") -> Amended:
        return amend_letter(
            self.session, self.call, file, substance=substance, now=NOW, house=self.house, by="Rosa"
        )

    def mails(self) -> list[Message]:
        return make.messages(self.session, Message.kind == MessageKind.LETTER_CHANGED)

    def confirms(self, signature: Signature) -> SignatureState:
        at = NOW + timedelta(days=1)
        return confirm_signature(self.session, signature, now=at, house=self.house).state


@pytest.fixture
def under(database: Database) -> Iterator[Under]:
    house = make.house(database)
    with database.changing() as session:
        yield Under(session, house)


def test_a_typing_error_makes_a_version_and_every_signature_holds(under: Under) -> None:
    done = under.amends(said_otherwise("Excellencies,", "Your Excellencies,"))
    assert done == Amended(version=2, asked=0)
    assert [under.idris.state, under.amal.state] == [SignatureState.CONFIRMED] * 2
    assert len(list_now(under.session, under.call)) == 2
    assert under.mails() == []


def test_a_change_of_substance_asks_everybody_again(under: Under) -> None:
    done = under.amends(said_otherwise("five things", "six things"), "The sixth demand is **new**.")
    assert done == Amended(version=2, asked=2)
    assert [under.idris.state, under.amal.state] == [SignatureState.PENDING] * 2
    assert list_now(under.session, under.call) == []
    assert {mail.address for mail in under.mails()} == {"idris@idris.example", "amal@amal.example"}
    assert all(mail.values["amendment"]["text"] == "The sixth demand is **new**." for mail in under.mails())


def test_only_who_agrees_to_the_new_text_is_under_it(under: Under) -> None:
    under.amends(said_otherwise("five things", "six things"), "The sixth demand is new.")
    assert under.confirms(under.idris) is SignatureState.CONFIRMED
    close_call(under.session, under.call, now=NOW + timedelta(days=2), by="Rosa")
    edition = sign_off(under.session, under.call, now=NOW + timedelta(days=2), by="Rosa", house=under.house).edition
    assert (edition.letter_version, counts_of(under.session, edition).all) == (2, 1)
    assert [entry.signature_id for entry in list_now(under.session, under.call)] == [under.idris.id]


def test_who_signed_before_a_change_and_a_typing_error_agreed_to_both(under: Under) -> None:
    under.amends(said_otherwise("five things", "six things"), "The sixth demand is new.")
    under.confirms(under.idris)
    under.amends(said_otherwise("five things", "six  things"))
    assert [entry.signature_id for entry in list_now(under.session, under.call)] == [under.idris.id]


def test_a_letter_that_changed_after_the_sign_off_is_not_released_with_the_old_list(under: Under) -> None:
    close_call(under.session, under.call, now=NOW, by="Rosa")
    sign_off(under.session, under.call, now=NOW, by="Rosa", house=under.house)
    under.amends(said_otherwise("five things", "six things"), "The sixth demand is new.")
    with pytest.raises(Refusal, match="waits for the sign-off"):
        release_call(under.session, under.call, now=NOW, by="Rosa", house=under.house)
    assert under.confirms(under.idris) is SignatureState.CONFIRMED, "in time, for the list is open again"


def test_a_link_to_the_earlier_text_confirms_nothing_and_its_mailbox_is_asked_about_the_new_one(
    under: Under,
) -> None:
    person = make.contact(under.session, under.house, "zoe@quay.example", name="zoe")
    zoe = make.signature(under.session, under.call, person, state=SignatureState.PENDING, at=NOON, asked_at=NOON)
    under.amends(said_otherwise("five things", "six things"), "The sixth demand is new.")
    stale = confirm_signature(under.session, zoe, now=NOW, house=under.house, revision=1)
    assert (stale.state, stale.unconfirmed) == (SignatureState.PENDING, Unconfirmed.STALE)
    ring(under.session, now=NOW, house=under.house)
    (mail,) = make.messages(under.session, Message.signature_id == zoe.id)
    assert (mail.kind, mail.values["signature"]["revision"]) == (MessageKind.CONFIRMATION, 2)


def test_who_is_asked_again_and_does_not_answer_is_reminded_once(under: Under) -> None:
    under.amends(said_otherwise("five things", "six things"), "The sixth demand is new.")
    for day in (1, 2, 3, 4, 5):
        ring(under.session, now=NOW + timedelta(days=day), house=under.house)
    reminded = make.messages(under.session, Message.kind == MessageKind.CONFIRMATION_REMINDER)
    assert [mail.signature_id for mail in reminded] == [under.idris.id, under.amal.id]


def test_nothing_is_amended_without_a_change(under: Under) -> None:
    with pytest.raises(Refusal, match="what the file says already"):
        under.amends(make.call_file(), "Nothing.")
    assert under.idris.state is SignatureState.CONFIRMED


def test_a_released_letter_is_not_amended(under: Under) -> None:
    close_call(under.session, under.call, now=NOW, by="Rosa")
    sign_off(under.session, under.call, now=NOW, by="Rosa", house=under.house)
    release_call(under.session, under.call, now=NOW, by="Rosa", house=under.house)
    with pytest.raises(Refusal, match="released"):
        under.amends(said_otherwise("five things", "six things"), "The sixth demand is new.")
