"""Confirming: what its reader saw, once, by the mailbox; an organisation counts once, by those who speak for it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import col, select

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import CONFIRMATION_LIVES, SignatureKind, Visibility
from outreach.domain.states import SignatureState
from outreach.store.database import Database
from outreach.store.editions import counts_now
from outreach.store.tables import Contact, Organisation, Signature
from outreach.usecases.accept_signature import accept_signature
from outreach.usecases.ask_to_confirm import ask_to_confirm
from outreach.usecases.change_signature import withdraw_signature
from outreach.usecases.confirm_signature import Confirmation, Unconfirmed, confirm_signature, disown_signature
from outreach.usecases.extend_call import extend_call
from outreach.usecases.merge_signatures import merge_signatures
from outreach.usecases.sign import Signed, sign, sign_publicly
from tests import make
from tests.make import NOON
from tests.usecases.listed import STAFF, Listed

PENDING, CONFIRMED = SignatureState.PENDING, SignatureState.CONFIRMED
LATE, MERGED = SignatureState.LATE, SignatureState.MERGED
PUBLIC, COUNTED = Visibility.PUBLIC, Visibility.COUNTED
LATER = parse_wall_clock("2027-02-28 17:00 America/Los_Angeles")


def waits(
    listed: Listed, person: Contact, visibility: Visibility = PUBLIC, name: str = "Harbour Lamp"
) -> Signature:
    """Somebody has signed for an organisation, and has not confirmed it."""
    entry = make.entry(SignatureKind.ORGANISATION, name, visibility)
    given = sign(listed.session, listed.call, person, entry, now=NOON, house=listed.house, for_another=True)
    assert isinstance(given, Signed)
    return given.signature


def confirms(listed: Listed, *signatures: Signature) -> list[SignatureState]:
    """Each mailbox confirms, in that order; what they all are in the end."""
    for one in signatures:
        confirm_signature(listed.session, one, now=NOON, house=listed.house, revision=one.revision)
    return [one.state for one in signatures]


def test_a_link_confirms_what_its_reader_saw_and_nothing_that_came_after(listed: Listed) -> None:
    given = waits(listed, listed.person("Idris"))
    given.revision += 1
    answer = confirm_signature(listed.session, given, now=NOON, house=listed.house, revision=1)
    assert answer == Confirmation(PENDING, Unconfirmed.STALE)
    assert listed.mails(MessageKind.RECEIPT) == []
    assert confirms(listed, given) == [CONFIRMED]


def test_a_link_confirms_for_thirty_days_and_a_new_mail_for_as_many_again(listed: Listed) -> None:
    given = waits(listed, listed.person("Idris"))
    listed.close(NOON + timedelta(days=1))
    too_late = NOON + CONFIRMATION_LIVES + timedelta(seconds=1)
    answer = confirm_signature(listed.session, given, now=too_late, house=listed.house, revision=1)
    assert answer == Confirmation(PENDING, Unconfirmed.EXPIRED)
    ask_to_confirm(listed.session, listed.call, given, now=too_late, house=listed.house)
    assert confirm_signature(listed.session, given, now=too_late, house=listed.house) == Confirmation(CONFIRMED)


def test_two_colleagues_sign_and_their_organisation_counts_once(listed: Listed) -> None:
    first, second = waits(listed, listed.person("Idris")), waits(listed, listed.person("Amal"))
    assert confirms(listed, first, second) == [CONFIRMED, MERGED]
    assert second.merged_into_id == first.id
    assert counts_now(listed.session, listed.call).all == 1
    assert len(listed.mails(MessageKind.RECEIPT)) == 2


@pytest.mark.parametrize("own_is_first", [True, False])
def test_the_entry_that_its_own_people_gave_is_the_one_that_counts(listed: Listed, *, own_is_first: bool) -> None:
    idris, otto = listed.person("Idris"), listed.person("Otto", "", domain="elsewhere.example")
    own, strange = waits(listed, idris), waits(listed, otto, COUNTED)
    confirms(listed, *((own, strange) if own_is_first else (strange, own)))
    assert (own.state, strange.state) == (CONFIRMED, MERGED)
    assert own.visibility is PUBLIC, "a stranger hides nobody"


def test_a_stranger_makes_no_hidden_organisation_public(listed: Listed) -> None:
    idris, otto = listed.person("Idris"), listed.person("Otto", "", domain="elsewhere.example")
    own, strange = waits(listed, idris, COUNTED), waits(listed, otto, PUBLIC)
    confirms(listed, strange, own)
    listed.sign_off()
    assert listed.names() == []


@pytest.mark.parametrize("wishes", [(PUBLIC, COUNTED), (COUNTED, PUBLIC)])
def test_between_colleagues_the_wish_by_which_fewer_see_the_name_holds(
    listed: Listed, wishes: tuple[Visibility, Visibility]
) -> None:
    first, second = (
        waits(listed, listed.person("Idris"), wishes[0]),
        waits(listed, listed.person("Amal"), wishes[1]),
    )
    confirms(listed, first, second)
    listed.sign_off()
    assert listed.names() == []
    assert counts_now(listed.session, listed.call).all == 1


def test_colleagues_who_confirm_at_the_same_moment_are_one_signature(database: Database) -> None:
    """Also of an organisation that nobody knew before."""
    house = make.house(database, staff=STAFF)
    with database.changing() as session:
        listed = Listed.opened(session, house)
        people = [listed.person(f"Person{one}", "") for one in range(4)]
        ids = [waits(listed, person, name="Quite New").id for person in people]
    start = Barrier(len(ids))

    def confirm(signature_id: int) -> None:
        start.wait(timeout=20)
        with database.changing() as session:
            confirm_signature(session, session.get_one(Signature, signature_id), now=NOON, house=house)

    with ThreadPoolExecutor(len(ids)) as pool:
        list(pool.map(confirm, ids))
    with database.reading() as session:
        states = sorted(one.state for one in session.exec(select(Signature)))
        assert states == [CONFIRMED, MERGED, MERGED, MERGED]
        assert len(session.exec(select(Organisation).where(Organisation.name == "Quite New")).all()) == 1


def test_only_the_mailboxs_own_yes_is_consent_to_other_letters(listed: Listed) -> None:
    given = sign_publicly(
        listed.session,
        listed.call,
        "amal@harbour.example",
        make.entry(SignatureKind.INDIVIDUAL, "Amal Said"),
        now=NOON,
        house=listed.house,
        language="en",
        news=True,
    )
    assert isinstance(given, Signed)
    amal = listed.session.get_one(Contact, given.signature.contact_id)
    assert amal.basis == ""
    confirms(listed, given.signature)
    assert (amal.basis, amal.source) == ("consent", "signed safe-passage")


def test_who_did_not_ask_for_other_letters_gets_none(listed: Listed) -> None:
    amal = make.contact(listed.session, listed.house, "amal@harbour.example", basis="")
    confirms(listed, waits(listed, amal))
    assert amal.basis == ""


def test_what_is_confirmed_after_the_sign_off_is_late_and_its_signatory_hears_it(listed: Listed) -> None:
    given = waits(listed, listed.person("Idris"))
    listed.signed("Zoe Lamp")
    listed.sign_off()
    assert confirms(listed, given) == [LATE]
    assert len(listed.mails(MessageKind.KEPT_LATE)) == 1
    assert listed.mails(MessageKind.RECEIPT) == []
    assert (listed.newest().number, listed.names()) == (1, ["Zoe Lamp"])


def test_who_signs_after_an_extension_is_not_late_because_of_an_earlier_sign_off(listed: Listed) -> None:
    listed.signed("Zoe Lamp")
    listed.sign_off()
    extend_call(listed.session, listed.call, LATER, now=NOON, by="Rosa", house=listed.house)
    assert confirms(listed, waits(listed, listed.person("Idris"))) == [CONFIRMED]


def test_of_two_colleagues_who_were_late_one_counts_after_an_extension(listed: Listed) -> None:
    colleagues = [
        make.signature(listed.session, listed.call, listed.person(name), state=LATE, at=NOON)
        for name in ("Idris", "Amal")
    ]
    listed.close()
    extend_call(listed.session, listed.call, LATER, now=NOON, by="Rosa", house=listed.house)
    assert [one.state for one in colleagues] == [CONFIRMED, MERGED]


def test_what_the_mailbox_disowns_is_rejected_once_and_confirmed_by_no_link(listed: Listed) -> None:
    given = waits(listed, listed.person("Idris"))
    assert disown_signature(listed.session, given, now=NOON)
    assert not disown_signature(listed.session, given, now=NOON)
    assert confirms(listed, given) == [SignatureState.REJECTED]


def test_a_confirmed_signature_is_withdrawn_and_not_disowned(listed: Listed) -> None:
    given = waits(listed, listed.person("Idris"))
    confirms(listed, given)
    assert not disown_signature(listed.session, given, now=NOON)
    assert given.state is CONFIRMED


def together(database: Database, *verbs: Callable[[Listed, list[Signature]], object]) -> None:
    """Each verb in its own transaction, all at the same moment."""
    house = make.house(database, staff=STAFF)
    start = Barrier(len(verbs))

    def do(verb: Callable[[Listed, list[Signature]], object]) -> None:
        start.wait(timeout=20)
        with database.changing() as session:
            signatures = list(session.exec(select(Signature).order_by(col(Signature.id))))
            call = Listed.of(session, house)
            verb(call, signatures)

    with ThreadPoolExecutor(len(verbs)) as pool:
        for done in [pool.submit(do, verb) for verb in verbs]:
            done.result()


def signed_list(database: Database) -> None:
    """Three have signed, and Idris has not confirmed; the call is closed."""
    with database.changing() as session:
        listed = Listed.opened(session, make.house(database, staff=STAFF))
        for name in ("Amal Said", "Bea Lind", "Zoe Lamp"):
            listed.signed(name)
        waits(listed, listed.person("Idris"))
        listed.close()


def withdraws(number: int) -> Callable[[Listed, list[Signature]], object]:
    return lambda listed, given: withdraw_signature(listed.session, given[number], now=NOON, house=listed.house)


def confirms_last(listed: Listed, given: list[Signature]) -> object:
    return confirm_signature(listed.session, given[3], now=NOON, house=listed.house)


@pytest.mark.parametrize("_time", range(3))
def test_who_withdraws_while_somebody_signs_off_is_in_the_newest_edition_no_more(
    database: Database, _time: int
) -> None:
    signed_list(database)
    together(database, withdraws(0), lambda listed, _: listed.sign_off())
    with database.changing() as session:
        listed = Listed.of(session, make.house(database))
        assert listed.names() == ["Bea Lind", "Zoe Lamp"]


@pytest.mark.parametrize("_time", range(3))
def test_who_confirms_while_somebody_signs_off_is_on_the_list_or_late(database: Database, _time: int) -> None:
    signed_list(database)
    together(database, confirms_last, lambda listed, _: listed.sign_off())
    with database.changing() as session:
        listed = Listed.of(session, make.house(database))
        (idris,) = session.exec(select(Signature).where(Signature.name == "Harbour Lamp"))
        assert idris.state in (CONFIRMED, LATE)
        assert ("Harbour Lamp" in listed.names()) is (idris.state is CONFIRMED)


@pytest.mark.parametrize("_time", range(3))
def test_two_who_withdraw_at_the_same_moment_are_both_gone(database: Database, _time: int) -> None:
    signed_list(database)
    with database.changing() as session:
        Listed.of(session, make.house(database)).sign_off()
    together(database, withdraws(0), withdraws(1))
    with database.changing() as session:
        listed = Listed.of(session, make.house(database))
        assert listed.names() == ["Zoe Lamp"]
        assert [one.number for one in listed.editions()] == [1, 2, 3]


def merges(listed: Listed, given: list[Signature]) -> None:
    merge_signatures(listed.session, given[0], given[1], now=NOON, house=listed.house, by="Rosa")


def accepts(listed: Listed, given: list[Signature]) -> object:
    return accept_signature(
        listed.session, given[3], now=NOON, house=listed.house, by="Rosa", evidence="She telephoned."
    )


@pytest.mark.parametrize(("number", "verb"), [(0, merges), (1, merges), (3, accepts)])
def test_whatever_staff_do_at_that_moment_who_withdraws_is_withdrawn(
    database: Database, number: int, verb: Callable[[Listed, list[Signature]], object]
) -> None:
    """Staff may come too late and be refused; nobody's withdrawal is lost."""
    signed_list(database)

    def tries(listed: Listed, given: list[Signature]) -> None:
        with suppress(Refusal):
            verb(listed, given)

    together(database, withdraws(number), tries)
    with database.reading() as session:
        given = session.exec(select(Signature).order_by(col(Signature.id))).all()
        assert given[number].state is SignatureState.WITHDRAWN
