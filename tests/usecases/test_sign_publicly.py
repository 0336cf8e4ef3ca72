"""Signing by the public form: anybody may type anybody's address, so whoever is named there comes first."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import MessageState, SignatureState
from outreach.rendering.composing import compose
from outreach.store.database import Database
from outreach.store.queueing import hold_unsent
from outreach.store.tables import Call, Contact, Event, Message, Signature
from outreach.store.wanted import answered
from outreach.usecases.change_signature import withdraw_signature
from outreach.usecases.confirm_signature import confirm_signature, disown_signature
from outreach.usecases.sign import Ignored, NotOpen, Signed, sign, sign_publicly
from tests import make

NOW = make.NOON
VICTIM = "amal.said@gmail.com"
ASKING = col(Message.kind) == MessageKind.CONFIRMATION
ALERTS = col(Message.kind) == MessageKind.ALERT
INDIVIDUAL = SignatureKind.INDIVIDUAL


def opened(database_session: Session, house: House) -> Call:
    make.contact(database_session, house, "otto@quay.example", organisation="Quay House")
    return make.launched(database_session, house)[0]


def typed(session: Session, call: Call, house: House, address: str, *, at: datetime = NOW, **more: Any) -> Any:
    """Somebody fills in the public form."""
    entry = make.entry(**more)
    return sign_publicly(session, call, address, entry, now=at, house=house, language="fr")


def asked(session: Session) -> list[str]:
    return [mail.address for mail in make.messages(session, ASKING)]


def test_whoever_signs_becomes_a_contact_to_whom_no_bulk_mail_goes(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = opened(session, house)
        given = typed(session, call, house, "Amal@harbour.example", signer_name="Amal Said", country="LB")
        assert isinstance(given, Signed)
        amal = session.get_one(Contact, given.signature.contact_id)
        assert (amal.basis, amal.language, amal.country) == ("", "fr", "LB")
        assert (amal.source, amal.organisation_id) == ("signed safe-passage", None)
        assert (given.signature.state, given.signature.invited) == (SignatureState.PENDING, False)
        assert asked(session) == ["Amal@harbour.example"]


def test_what_a_stranger_types_changes_nothing_of_what_we_know_of_somebody(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        amal = make.contact(session, house, "amal@harbour.example", organisation="Harbour Lamp", name="Amal Said")
        call = opened(session, house)
        before = amal.model_dump()
        typed(session, call, house, "AMAL@harbour.example", signer_name="Otto Forger", country="US")
        session.flush()
        session.refresh(amal)
        assert amal.model_dump() == before
        assert len(session.exec(select(Contact)).all()) == 2


@pytest.mark.parametrize("visibility", list(Visibility))
def test_a_name_that_shall_not_be_named_stands_on_no_contact(database: Database, visibility: Visibility) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = opened(session, house)
        given = typed(
            session, call, house, "amal@harbour.example", kind=INDIVIDUAL, name="Amal Said", visibility=visibility
        )
        known = session.get_one(Contact, given.signature.contact_id).name
        assert known == ("Amal Said" if visibility is Visibility.PUBLIC else "")


def test_no_word_of_a_stranger_stands_in_the_mail_to_whoever_was_typed(database: Database) -> None:
    """Not even with a template of the coordinator's own that names the signatory and greets the reader."""
    house = make.house(database)
    words = ["Buyrolex", "Casinowin", "Viagraone", "Lottozwei", "Bitcoindrei", "Pillenvier"]
    name, acronym, signer, title, site, country = words
    names = ("contact.name", "contact.given_name", "contact.country", "signature.line", "signature.name")
    own = "Hello " + " ".join(f"{{{{ {one} | default('you') }}}}" for one in names)
    with database.changing() as session:
        file = make.call_file()
        source = file.texts[MessageKind.CONFIRMATION, "en"].replace("Hello,", own)
        texts = {**file.texts, (MessageKind.CONFIRMATION, "en"): source, (MessageKind.CONFIRMATION, "fr"): source}
        make.contact(session, house, "otto@quay.example", organisation="Quay House")
        call, _ = make.launched(session, house, texts=texts)
        make.submitted(session)
        more: dict[str, Any] = {
            "acronym": acronym,
            "signer_name": signer,
            "signer_title": title,
            "website": f"https://{site}.example",
        }
        typed(session, call, house, VICTIM, name=name, country=country, **more)
        typed(session, call, house, "b@harbour.example", kind=INDIVIDUAL, name=name, affiliation=acronym)
        mails = [compose(one.record, house) for one in make.claimed(session)]
        assert len(mails) == 2
        for mail in mails:
            whole = mail.envelope.content.decode() + mail.content.text + mail.content.html + mail.content.subject
            assert "Please confirm" in whole
            assert not [word for word in words if word.lower() in whole.lower()]


def test_one_mailbox_gets_one_mail_a_day_and_three_in_all_however_often_its_address_is_typed(
    database: Database,
) -> None:
    """Otto types it for ten days, each time another spelling of the same mailbox and another organisation."""
    house = make.house(database)
    spellings = [VICTIM, "amalsaid@gmail.com", "a.m.a.l.s.a.i.d@gmail.com", "amal.said+x@gmail.com"]
    spellings += ["AmalSaid@googlemail.com", "amal.said+1@googlemail.com"]
    with database.changing() as session:
        call = opened(session, house)
        by_day = []
        for day in range(10):
            at = NOW + timedelta(days=day, minutes=day)
            for number in (day, day + 1):
                address = spellings[number % len(spellings)]
                typed(session, call, house, address, at=at, name=f"Body {day} {number}")
            by_day.append(len(asked(session)))
        assert by_day == [1, 2, 3, *[3] * 7]


def test_a_crowded_mailbox_takes_no_more_signatures_and_makes_no_more_contacts(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = opened(session, house)
        given = [typed(session, call, house, f"amal+{one}@gmail.com", name=f"Body {one}") for one in range(9)]
        assert [isinstance(one, Ignored) for one in given] == [False] * 5 + [True] * 4
        assert len(session.exec(select(Signature)).all()) == 5
        assert len(session.exec(select(Contact)).all()) == 6


def test_the_answer_says_late_or_in_time_alike_to_all(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = opened(session, house)
        late = call.deadline_at + timedelta(seconds=1)
        given = [typed(session, call, house, VICTIM, name=f"Body {one}", at=late) for one in range(7)]
        assert {one.late for one in given} == {True}


def test_beyond_what_an_hour_may_bring_confirmations_wait_for_a_person_who_hears_of_it_once(
    database: Database,
) -> None:
    house = make.house(
        database, limits={"confirmations_per_hour": 3}, staff={"addresses": "rosa@lanterncoast.coop"}
    )
    with database.changing() as session:
        call = opened(session, house)
        for number in range(7):
            typed(session, call, house, f"person{number}@harbour.example", kind=INDIVIDUAL, name=f"P {number}")
        states = [mail.state for mail in make.messages(session, ASKING)]
        assert states == [MessageState.QUEUED] * 3 + [MessageState.HELD] * 4
        (alert,) = make.messages(session, ALERTS)
        assert alert.values["alert"]["command"] == "outreach outbox show safe-passage --state held"


def test_the_flood_does_not_bar_those_whom_we_have_invited(database: Database) -> None:
    house = make.house(database, limits={"confirmations_per_hour": 1})
    with database.changing() as session:
        idris = make.contact(session, house, "idris@harbour.example", organisation="Harbour Lamp")
        call = opened(session, house)
        for number in range(3):
            typed(session, call, house, f"person{number}@harbour.example", kind=INDIVIDUAL, name=f"P {number}")
        sign(session, call, idris, make.entry(), now=NOW, house=house)
        assert make.messages(session, ASKING)[-1].state is MessageState.QUEUED


def test_what_is_held_has_used_up_the_mailboxs_mail_of_the_day(database: Database) -> None:
    """Otherwise the victim would get all of them at once as soon as somebody has looked."""
    house = make.house(database, limits={"confirmations_per_hour": 1})
    with database.changing() as session:
        call = opened(session, house)
        typed(session, call, house, "first@harbour.example", kind=INDIVIDUAL, name="First")
        for number in range(4):
            typed(session, call, house, VICTIM, name=f"Body {number}")
        assert asked(session).count(VICTIM) == 1


def test_a_confirmation_that_never_left_does_not_count_as_one(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = opened(session, house)
        typed(session, call, house, VICTIM)
        hold_unsent(session, now=NOW, reason="a test", where=[ASKING])
        for mail in make.messages(session, ASKING):
            mail.state = MessageState.CANCELLED
            session.add(mail)
        typed(session, call, house, VICTIM, name="Another Body")
        assert len(asked(session)) == 2


@pytest.mark.parametrize("address", ["calls@lanterncoast.coop", "Calls+b17@lanterncoast.coop"])
def test_our_own_address_signs_nothing(sqlite: Database, address: str) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = opened(session, house)
        with pytest.raises(InvalidInput, match="the address that our own mails come from"):
            typed(session, call, house, address)


@pytest.mark.parametrize("local", ["abuse", "Postmaster", "mailer-daemon"])
def test_who_looks_after_a_mail_server_is_never_asked(sqlite: Database, local: str) -> None:
    """RFC 2142 reserves these names."""
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = opened(session, house)
        assert isinstance(typed(session, call, house, f"{local}@harbour.example"), Signed)
        assert asked(session) == []


def test_who_said_that_a_signature_was_forged_is_not_asked_again_however_long_otto_goes_on(
    database: Database,
) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = opened(session, house)
        given = typed(session, call, house, VICTIM, kind=INDIVIDUAL, name="Amal Said")
        assert disown_signature(session, given.signature, now=NOW)
        for day in range(1, 5):
            at = NOW + timedelta(days=day)
            again = typed(session, call, house, VICTIM, kind=INDIVIDUAL, name="Amal Said", at=at)
            assert again.repeated
            typed(session, call, house, VICTIM, name=f"Body {day}", at=at)
        assert given.signature.state is SignatureState.REJECTED
        assert asked(session) == [VICTIM]


def test_nobody_silences_an_organisation_by_typing_the_address_of_one_of_its_people(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        amal = make.contact(session, house, "amal@harbour.example", organisation="Harbour Lamp")
        idris = make.contact(session, house, "idris@harbour.example", organisation="Harbour Lamp")
        call = opened(session, house)
        typed(session, call, house, amal.address, name="Harbour Lamp")
        assert not session.exec(select(answered(idris.id, call.id))).one()
        sign(session, call, amal, make.entry(), now=NOW + timedelta(days=1), house=house)
        assert session.exec(select(answered(idris.id, call.id))).one()


def test_a_stranger_takes_no_confirmed_signature_away_and_changes_none(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        amal = make.contact(session, house, "amal@harbour.example", organisation="Harbour Lamp")
        call = opened(session, house)
        mine = make.signature(session, call, amal, name="Harbour Lamp", visibility=Visibility.COUNTED)
        before = mine.model_dump()
        again = typed(session, call, house, amal.address, name="Harbour  LAMP", at=NOW + timedelta(days=9))
        assert again.repeated
        session.refresh(mine)
        assert mine.model_dump() == before
        assert asked(session) == []


def test_a_stranger_who_types_the_address_daily_locks_no_genuine_signer_out(database: Database) -> None:
    """Ana signed by her personal link; what she was asked to confirm is what she can still confirm."""
    house = make.house(database)
    with database.changing() as session:
        ana = make.contact(session, house, "ana@harbour.example", organisation="Harbour Lamp")
        call = opened(session, house)
        hidden = make.entry(visibility=Visibility.COUNTED)
        given = sign(session, call, ana, hidden, now=NOW, house=house)
        assert isinstance(given, Signed)
        before = given.signature.model_dump(exclude={"asked_at"})
        for day in range(1, 9):
            at = NOW + timedelta(days=day, minutes=day)
            again = typed(session, call, house, ana.address, name="HARBOUR LAMP", signer_name="Otto", at=at)
            assert again.repeated
        assert given.signature.model_dump(exclude={"asked_at"}) == before
        assert len(asked(session)) == 3, "strangers may have a mailbox asked no more often than that"
        mails = make.messages(session, ASKING)
        assert {mail.values["signature"]["revision"] for mail in mails} == {given.signature.revision}
        done = confirm_signature(session, given.signature, now=at, house=house, revision=1)
        assert done.state is SignatureState.CONFIRMED


def test_who_may_not_be_asked_today_keeps_the_link_of_yesterday(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = opened(session, house)
        amal = typed(session, call, house, VICTIM, kind=INDIVIDUAL, name="Amal Said").signature
        for day in range(1, 9):
            typed(session, call, house, VICTIM, kind=INDIVIDUAL, name=f"Otto {day}", at=NOW + timedelta(days=day))
        revisions = [mail.values["signature"]["revision"] for mail in make.messages(session, ASKING)]
        assert revisions == [1, 2, 3]
        assert (amal.revision, amal.name) == (3, "Otto 2"), "only what its mailbox was asked about stands there"


def test_who_only_asks_for_the_mail_again_can_use_the_first_as_well(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = opened(session, house)
        given = [typed(session, call, house, VICTIM, at=NOW + timedelta(days=day)) for day in (0, 1)]
        assert (len(asked(session)), given[0].signature.revision) == (2, 1)


def test_a_personal_link_signs_though_a_stranger_was_first(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        ana = make.contact(session, house, "ana@harbour.example", organisation="Harbour Lamp")
        call = opened(session, house)
        forged = typed(session, call, house, ana.address, signer_name="Otto").signature
        mine = sign(session, call, ana, make.entry(signer_name="Ana"), now=NOW + timedelta(hours=1), house=house)
        assert isinstance(mine, Signed)
        assert (mine.signature.id, mine.repeated) == (forged.id, False)
        assert (mine.signature.signer_name, mine.signature.invited) == ("Ana", True)
        assert len(asked(session)) == 2


@pytest.mark.parametrize("state", [SignatureState.WITHDRAWN, SignatureState.REJECTED])
def test_what_was_taken_back_stays_so_and_can_be_given_anew_beside_it(
    database: Database, state: SignatureState
) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = opened(session, house)
        first = typed(session, call, house, VICTIM, kind=INDIVIDUAL, name="Amal Said").signature
        confirm_signature(session, first, now=NOW, house=house)
        withdraw_signature(session, first, now=NOW + timedelta(hours=1), house=house)
        first.state = state
        session.add(first)
        session.flush()
        before = first.model_dump()
        at = NOW + timedelta(days=1)
        anew = [typed(session, call, house, VICTIM, kind=INDIVIDUAL, name="Amal M. Said", at=at) for _ in range(2)]
        session.refresh(first)
        assert first.model_dump() == before
        assert [one.repeated for one in anew] == [False, True]
        second = anew[0].signature
        assert (second.id == first.id, second.state) == (False, SignatureState.PENDING)
        assert asked(session) == [VICTIM] * 2
        assert confirm_signature(session, second, now=at, house=house).state is SignatureState.CONFIRMED
        assert typed(session, call, house, VICTIM, kind=INDIVIDUAL, name="Otto", at=at).signature is second


def test_what_was_read_out_of_a_mail_waits_for_staff_whatever_is_typed(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        ana = make.contact(session, house, "ana@harbour.example", organisation="Harbour Lamp")
        call = opened(session, house)
        proposed = make.signature(
            session, call, ana, name="Harbour Lamp", state=SignatureState.PROPOSED, invited=True
        )
        before = proposed.model_dump()
        assert typed(session, call, house, ana.address, at=NOW + timedelta(days=2)).repeated
        session.refresh(proposed)
        assert proposed.model_dump() == before
        assert asked(session) == []


def test_who_disowned_what_a_stranger_typed_can_sign_by_the_own_link(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        ana = make.contact(session, house, "ana@harbour.example", organisation="Harbour Lamp")
        call = opened(session, house)
        disown_signature(session, typed(session, call, house, ana.address).signature, now=NOW)
        given = sign(session, call, ana, make.entry(), now=NOW + timedelta(days=1), house=house)
        assert isinstance(given, Signed)
        assert given.signature.state is SignatureState.PENDING
        assert len(asked(session)) == 2


def test_nobody_signs_publicly_what_is_not_open(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = make.call(session, house)
        assert isinstance(typed(session, call, house, VICTIM), NotOpen)
        assert session.exec(select(Contact)).all() == []


def test_a_letter_for_organisations_is_signed_by_no_individual(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = opened(session, house)
        call.listing = {**call.listing, "who": ["organisation"]}
        session.add(call)
        with pytest.raises(InvalidInput, match="is not signed by any individual"):
            typed(session, call, house, VICTIM, kind=INDIVIDUAL, name="Amal Said")


def test_the_log_of_events_names_nobody_who_signed(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = opened(session, house)
        typed(session, call, house, VICTIM, kind=INDIVIDUAL, name="ZZCANARY", visibility=Visibility.COUNTED)
        said = [(event.by, event.facts) for event in session.exec(select(Event))]
        assert "ZZCANARY" not in str(said)
        assert "amal" not in str(said).lower()
