"""Correcting, hiding, withdrawing: fewer see a name at once, more only when its mailbox says so."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from outreach.domain.editions import CopyKind
from outreach.domain.errors import Refusal
from outreach.domain.floods import Asking
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import SignatureState
from outreach.rendering.composing import compose
from outreach.store.editions import is_unchanged, rows_of
from outreach.store.entries import entry_of
from outreach.store.tables import Event, Letter, Signature
from outreach.usecases.accept_signature import accept_signature, reject_signature, restore_signature
from outreach.usecases.change_signature import (
    LIVE,
    Changed,
    correct_signature,
    reinstate_signature,
    withdraw_signature,
)
from outreach.usecases.confirm_signature import Unconfirmed, confirm_signature
from outreach.usecases.sign import Signed, sign
from tests import make
from tests.make import NOON
from tests.usecases.listed import Listed

ORGANISATION = SignatureKind.ORGANISATION
PUBLIC, ADDRESSEE, COUNTED = Visibility.PUBLIC, Visibility.ADDRESSEE, Visibility.COUNTED
TOLD = MessageKind.SIGNATURE_CHANGED
GONE = [one for one in SignatureState if one not in LIVE]


def correct(listed: Listed, signature: Signature, name: str, **more: Any) -> Changed:
    entry = make.entry(signature.kind, name, more.pop("visibility", signature.visibility))
    return correct_signature(listed.session, signature, entry, now=NOON, house=listed.house, **more)


def hide(listed: Listed, signature: Signature, visibility: Visibility) -> Changed:
    return make.hidden(listed.session, listed.house, signature, visibility)


def withdraw(listed: Listed, signature: Signature) -> Changed:
    return withdraw_signature(listed.session, signature, now=NOON, house=listed.house)


def texts(listed: Listed, kind: MessageKind) -> list[str]:
    """What such mails say, as they would leave now."""
    for mail in listed.mails(kind):
        listed.session.refresh(mail)
    claimed = make.claimed(listed.session)
    return [compose(one.record, listed.house).content.text for one in claimed if one.record.kind is kind]


def test_a_correction_is_printed_and_its_signatory_is_told_before_and_after(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp", checked_by="Rosa", checked_at=NOON)
    assert correct(listed, zoe, "Zoë Lamp") == Changed()
    assert (zoe.name, zoe.revision, zoe.state) == ("Zoë Lamp", 2, SignatureState.CONFIRMED)
    assert (zoe.checked_at, zoe.checked_by) == (None, ""), "nobody has looked at that name yet"
    (mail,) = texts(listed, TOLD)
    assert "Zoe Lamp" in mail
    assert "Zoë Lamp" in mail


def test_what_is_corrected_to_what_it_says_already_is_no_change(sqlite_listed: Listed) -> None:
    zoe = sqlite_listed.signed("Zoe Lamp")
    assert correct(sqlite_listed, zoe, "Zoe Lamp") == Changed()
    assert (zoe.revision, sqlite_listed.mails(TOLD)) == (1, [])


@pytest.mark.parametrize("state", GONE)
def test_what_was_taken_back_is_neither_corrected_nor_withdrawn(
    sqlite_listed: Listed, state: SignatureState
) -> None:
    gone = sqlite_listed.signed("Zoe Lamp", state=state)
    with pytest.raises(Refusal, match="there is nothing to correct"):
        correct(sqlite_listed, gone, "Another")
    with pytest.raises(Refusal, match="there is nothing to withdraw"):
        withdraw(sqlite_listed, gone)


def test_a_person_becomes_no_organisation(sqlite_listed: Listed) -> None:
    zoe = sqlite_listed.signed("Zoe Lamp")
    entry = make.entry(ORGANISATION, "Zoe Lamp")
    with pytest.raises(Refusal, match="cannot become the other kind"):
        correct_signature(sqlite_listed.session, zoe, entry, now=NOON, house=sqlite_listed.house)


@pytest.mark.parametrize("narrower", [ADDRESSEE, COUNTED])
def test_fewer_see_a_name_at_once(listed: Listed, narrower: Visibility) -> None:
    zoe = listed.signed("Zoe Lamp")
    assert not hide(listed, zoe, narrower).asks
    assert zoe.visibility is narrower
    listed.sign_off()
    assert listed.names() == []


@pytest.mark.parametrize(("before", "after"), [(COUNTED, ADDRESSEE), (COUNTED, PUBLIC), (ADDRESSEE, PUBLIC)])
def test_more_see_a_name_only_when_its_mailbox_has_said_so(
    listed: Listed, before: Visibility, after: Visibility
) -> None:
    """Whoever has the link could be somebody else."""
    zoe = listed.signed("Zoe Lamp", visibility=before)
    assert hide(listed, zoe, after).asks
    assert (zoe.visibility, zoe.wider) == (before, after)
    assert [mail.address for mail in listed.mails(MessageKind.CONFIRMATION)] == ["office@body1.example"]
    confirm_signature(listed.session, zoe, now=NOON, house=listed.house, revision=zoe.revision)
    assert (zoe.visibility, zoe.wider) == (after, None)


def test_a_wider_wish_that_is_taken_back_is_not_confirmed_by_its_mail(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp", visibility=COUNTED)
    hide(listed, zoe, PUBLIC)
    asked = zoe.revision
    hide(listed, zoe, COUNTED)
    confirm_signature(listed.session, zoe, now=NOON, house=listed.house, revision=asked)
    assert (zoe.visibility, zoe.wider) == (COUNTED, None)


def test_a_link_to_widen_confirms_only_what_its_reader_saw(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp", visibility=COUNTED)
    hide(listed, zoe, PUBLIC)
    asked = zoe.revision
    correct(listed, zoe, "Another Name", visibility=PUBLIC)
    answer = confirm_signature(listed.session, zoe, now=NOON, house=listed.house, revision=asked)
    assert (answer.unconfirmed, zoe.visibility) == (Unconfirmed.STALE, COUNTED)


def given(listed: Listed, visibility: Visibility = PUBLIC) -> Signature:
    """Idris has signed by his personal link, and has not confirmed yet."""
    idris, entry = listed.person("Idris"), make.entry(visibility=visibility)
    done = sign(listed.session, listed.call, idris, entry, now=NOON, house=listed.house)
    assert isinstance(done, Signed)
    return done.signature


def test_what_waits_for_its_mailbox_is_asked_about_anew_as_it_reads_now(listed: Listed) -> None:
    """The link of the first mail is stale, and nobody but the mailbox gets the next."""
    waiting = given(listed)
    later = NOON + timedelta(hours=1)
    entry = make.entry(ORGANISATION, "Harbour Lamps")
    done = correct_signature(listed.session, waiting, entry, now=later, house=listed.house)
    assert done == Changed(asked=Asking.NOW)
    assert [mail.values["signature"]["revision"] for mail in listed.mails(MessageKind.CONFIRMATION)] == [1, 2]
    assert listed.mails(TOLD) == []
    answer = confirm_signature(listed.session, waiting, now=later, house=listed.house, revision=1)
    assert answer.unconfirmed is Unconfirmed.STALE
    assert withdraw(listed, waiting) == Changed()
    assert listed.mails(TOLD) == []


def test_who_came_by_the_link_that_confirms_corrects_without_another_mail(listed: Listed) -> None:
    waiting = given(listed, COUNTED)
    assert correct(listed, waiting, "Harbour Lamps", visibility=PUBLIC, confirming=1) == Changed(asks=True)
    assert len(listed.mails(MessageKind.CONFIRMATION)) == 1
    assert (waiting.visibility, waiting.wider) == (COUNTED, PUBLIC), "until the button is pressed"
    with pytest.raises(Refusal, match="the newest mail has one that does"):
        correct(listed, waiting, "Otto", confirming=1)
    confirm_signature(listed.session, waiting, now=NOON, house=listed.house, revision=2)
    assert (waiting.state, waiting.visibility, waiting.wider) == (SignatureState.CONFIRMED, PUBLIC, None)


def test_a_link_that_has_confirmed_corrects_nothing_any_more(sqlite_listed: Listed) -> None:
    waiting = given(sqlite_listed)
    confirm_signature(sqlite_listed.session, waiting, now=NOON, house=sqlite_listed.house, revision=1)
    with pytest.raises(Refusal, match="the newest mail has one that does"):
        correct(sqlite_listed, waiting, "Otto", confirming=1)


def test_what_was_confirmed_for_fewer_is_not_shown_to_more_because_it_waits_again(listed: Listed) -> None:
    """The letter has changed, and whoever has the link to the signatory's page wants the name out."""
    zoe = listed.signed("Zoe Lamp", visibility=COUNTED, state=SignatureState.PENDING, confirmed_at=NOON)
    assert hide(listed, zoe, PUBLIC) == Changed(asks=True, asked=Asking.NOW)
    assert (zoe.visibility, zoe.wider) == (COUNTED, PUBLIC)
    accept_signature(listed.session, zoe, now=NOON, house=listed.house, by="Rosa", evidence="She telephoned.")
    assert zoe.visibility is COUNTED


def test_what_waited_when_it_was_withdrawn_is_asked_about_when_it_is_brought_back(listed: Listed) -> None:
    """Whatever had been confirmed before: what stands now was not."""
    zoe = listed.signed("Zoe Lamp", state=SignatureState.PENDING, confirmed_at=NOON, late_at=NOON)
    withdraw(listed, zoe)
    assert reinstate_signature(listed.session, zoe, now=NOON, house=listed.house) == Changed(asked=Asking.NOW)
    assert zoe.state is SignatureState.PENDING


def test_a_change_says_when_its_mailbox_is_asked_later_or_not_at_all(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp", visibility=COUNTED, invited=False)

    def asked(hour: int, visibility: Visibility) -> Asking | None:
        later = NOON + timedelta(hours=hour)
        return make.hidden(listed.session, listed.house, zoe, visibility, now=later).asked

    assert asked(1, PUBLIC) is Asking.NOW
    assert asked(2, ADDRESSEE) is Asking.LATER
    assert asked(3, COUNTED) is None
    zoe.contact_id = None
    assert asked(4, PUBLIC) is Asking.NEVER


def test_who_withdraws_before_the_sign_off_is_on_no_list_and_gets_it_in_writing(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp")
    listed.signed("Amal Said")
    assert withdraw(listed, zoe) == Changed()
    listed.sign_off()
    assert listed.names() == ["Amal Said"]
    assert len(texts(listed, TOLD)) == 1


def test_who_withdraws_after_the_release_makes_the_next_edition_at_once(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp")
    listed.signed("Amal Said")
    first = listed.sign_off()
    listed.goes_out(first)
    listed.goes_out(first, CopyKind.MAILING)
    before = (first.model_dump(), [row.model_dump() for row in rows_of(listed.session, first)])
    assert withdraw(listed, zoe) == Changed(copies=2, edition=2)
    assert (listed.names(), listed.names(first)) == (["Amal Said"], ["Amal Said", "Zoe Lamp"])
    assert (first.model_dump(), [row.model_dump() for row in rows_of(listed.session, first)]) == before
    assert all(is_unchanged(listed.session, one, listed.house.salt) for one in listed.editions())
    assert listed.alerts() == [
        "A signature was withdrawn after the sign-off, so there is a new edition of the letter."
    ]


@pytest.mark.parametrize("narrower", [ADDRESSEE, COUNTED])
def test_who_hides_after_the_sign_off_is_named_by_the_next_edition_no_more(
    listed: Listed, narrower: Visibility
) -> None:
    zoe = listed.signed("Zoe Lamp", country="CH")
    listed.signed("Amal Said")
    first = listed.sign_off()
    listed.goes_out(first)
    assert hide(listed, zoe, narrower) == Changed(copies=1, edition=2)
    assert listed.names() == ["Amal Said"]
    named = ["Amal Said", "Zoe Lamp"] if narrower is ADDRESSEE else ["Amal Said"]
    assert listed.names(for_addressee=True) == named
    assert len(rows_of(listed.session, listed.newest())) == 2, "still counted"


def test_a_corrected_name_waits_for_the_next_sign_off_and_staff_hear_of_it(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp")
    listed.sign_off()
    assert correct(listed, zoe, "Zoë Lamp").edition == 0
    assert (listed.newest().number, listed.names()) == (1, ["Zoe Lamp"])
    assert ["waits for the next edition" in one for one in listed.alerts()] == [True]


def test_who_corrects_and_hides_at_once_is_hidden_at_once_and_corrected_by_staff(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp")
    listed.sign_off()
    assert correct(listed, zoe, "Zoë Lamp", visibility=ADDRESSEE).edition == 2
    assert (listed.names(), listed.names(for_addressee=True)) == ([], ["Zoe Lamp"])
    assert ["waits for the next edition" in one for one in listed.alerts()] == [True]


def test_a_name_that_may_be_shown_after_the_sign_off_waits_for_the_next_edition(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp", visibility=COUNTED)
    listed.sign_off()
    hide(listed, zoe, PUBLIC)
    confirm_signature(listed.session, zoe, now=NOON, house=listed.house, revision=zoe.revision)
    assert listed.names() == []
    assert ["waits for the next edition" in one for one in listed.alerts()] == [True]
    listed.sign_off()
    assert listed.names() == ["Zoe Lamp"]


def test_a_withdrawal_can_be_undone_and_counts_in_the_next_edition(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp")
    listed.signed("Amal Said")
    listed.sign_off()
    withdraw(listed, zoe)
    later = NOON + timedelta(hours=1)
    assert reinstate_signature(listed.session, zoe, now=later, house=listed.house, by="Rosa") == Changed()
    assert zoe.state is SignatureState.CONFIRMED
    assert listed.names() == ["Amal Said"]
    listed.sign_off()
    assert (listed.newest().number, listed.names()) == (3, ["Amal Said", "Zoe Lamp"])


def test_a_link_that_was_passed_on_does_not_bring_a_name_back(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp")
    listed.signed("Amal Said")
    withdraw(listed, zoe)
    assert reinstate_signature(listed.session, zoe, now=NOON, house=listed.house).asked is Asking.NOW
    assert zoe.state is SignatureState.PENDING
    listed.sign_off()
    assert listed.names() == ["Amal Said"]


@pytest.mark.parametrize("state", [SignatureState.LATE, SignatureState.PENDING])
def test_what_had_not_counted_does_not_count_when_it_is_brought_back(listed: Listed, state: SignatureState) -> None:
    late: dict[str, Any] = {"late_at": NOON} if state is SignatureState.LATE else {}
    zoe = listed.signed("Zoe Lamp", state=state, **late)
    withdraw(listed, zoe)
    reinstate_signature(listed.session, zoe, now=NOON, house=listed.house, by="Rosa")
    assert zoe.state is state
    with pytest.raises(Refusal, match="not withdrawn"):
        reinstate_signature(listed.session, zoe, now=NOON, house=listed.house, by="Rosa")
    with pytest.raises(Refusal, match="Nobody has signed"):
        listed.sign_off()


def test_a_rejection_after_the_release_makes_the_next_edition_and_can_be_undone(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp")
    listed.signed("Amal Said")
    listed.sign_off()
    reject_signature(listed.session, zoe, now=NOON, house=listed.house, by="Rosa", reason="no person")
    assert (listed.newest().number, listed.names()) == (2, ["Amal Said"])
    assert restore_signature(listed.session, zoe, now=NOON, house=listed.house, by="Rosa") is zoe.state
    listed.sign_off()
    assert listed.names() == ["Amal Said", "Zoe Lamp"]


def test_of_two_colleagues_the_wish_to_be_hidden_holds_for_the_organisation(listed: Listed) -> None:
    """Even when the letter is out, and whichever of the two entries it is that is printed."""
    idris, amal = listed.person("Idris"), listed.person("Amal")
    first = make.signature(listed.session, listed.call, idris, name="Harbour Lamp")
    second = make.signature(listed.session, listed.call, amal, state=SignatureState.LATE, name="Harbour Lamp e.V.")
    listed.sign_off()
    accept_signature(listed.session, second, now=NOON, house=listed.house, by="Rosa")
    assert (first.state, second.state) == (SignatureState.CONFIRMED, SignatureState.MERGED)
    assert listed.names() == ["Harbour Lamp"]
    hide(listed, second, COUNTED)
    assert (listed.names(), listed.newest().number) == ([], 2)


def test_a_late_entry_that_prevails_leaves_the_printed_one_until_the_next_sign_off(listed: Listed) -> None:
    otto = listed.person("Otto", "", domain="elsewhere.example")
    idris = listed.person("Idris")
    stranger = make.signature(listed.session, listed.call, otto, name="Harbour Lamp")
    stranger.organisation_id = idris.organisation_id
    own = make.signature(listed.session, listed.call, idris, state=SignatureState.LATE, name="The Harbour Lamp")
    listed.sign_off()
    accept_signature(listed.session, own, now=NOON, house=listed.house, by="Rosa")
    assert (stranger.state, own.state) == (SignatureState.MERGED, SignatureState.CONFIRMED)
    assert (listed.newest().number, listed.names()) == (1, ["Harbour Lamp"])
    listed.sign_off()
    assert listed.names() == ["The Harbour Lamp"]
    withdraw(listed, own)
    assert listed.names() == []


def test_no_event_and_no_alert_names_whoever_is_private(listed: Listed) -> None:
    zoe = listed.signed("ZZCANARY", visibility=COUNTED)
    hide(listed, zoe, ADDRESSEE)
    confirm_signature(listed.session, zoe, now=NOON, house=listed.house, revision=zoe.revision)
    listed.signed("Amal Said")
    listed.sign_off()
    correct(listed, zoe, "ZZCANARY Two")
    withdraw(listed, zoe)
    reinstate_signature(listed.session, zoe, now=NOON + timedelta(hours=1), house=listed.house)
    events = [(event.by, event.facts) for event in listed.session.exec(select(Event))]
    mails = [mail.values.get("signature") for mail in make.messages(listed.session)]
    mails += [mail.values.get("change") for mail in make.messages(listed.session)]
    assert len(mails) > 10
    assert "ZZCANARY" not in str([events, mails, listed.alerts()])
    assert entry_of(zoe).name == "ZZCANARY Two"


def test_who_comes_back_after_the_letter_has_changed_is_asked_about_what_it_says_now(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp")
    withdraw(listed, zoe)
    changes_in_substance(listed)
    assert reinstate_signature(listed.session, zoe, now=NOON, house=listed.house) == Changed(asked=Asking.NOW)
    assert zoe.state is SignatureState.PENDING
    assert len(listed.mails(MessageKind.CONFIRMATION)) == 1
    confirm_signature(listed.session, zoe, now=NOON, house=listed.house)
    assert (zoe.state, zoe.letter_version) == (SignatureState.CONFIRMED, 2)


def test_nobody_moves_a_late_signature_to_a_text_that_its_signatory_has_not_seen(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp", state=SignatureState.LATE, late_at=NOON)
    changes_in_substance(listed)
    with pytest.raises(Refusal, match="given to what the letter said before"):
        accept_signature(listed.session, zoe, now=NOON, house=listed.house, by="Rosa")
    accept_signature(listed.session, zoe, now=NOON, house=listed.house, by="Rosa", evidence="She telephoned.")
    assert (zoe.state, zoe.evidence) == (SignatureState.CONFIRMED, "She telephoned.")


def changes_in_substance(listed: Listed) -> None:
    """The letter asks for something else now."""
    letter = listed.session.get_one(Letter, listed.call.letter_id)
    letter.version = letter.substance = listed.call.letter_version = 2
    listed.session.add_all([letter, listed.call])
    listed.session.flush()
