"""A letter from before goes on record: over since its day, cited truthfully, and nobody hears of it."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from outreach.adapters.call_files import read_call, write_call
from outreach.adapters.signature_files import read_signatures
from outreach.adapters.table_rows import Row
from outreach.config.house import House
from outreach.domain.audiences import Audience
from outreach.domain.correspondence import LetterKind
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.lists.signature_columns import map_header
from outreach.domain.officials import Way
from outreach.domain.signatures import Visibility
from outreach.domain.states import AddresseeState, CallState
from outreach.queries.calls import list_calls, mailings
from outreach.store.addressees import Standing, standing_of
from outreach.store.calls import export_call
from outreach.store.confidence import in_confidence
from outreach.store.database import Database
from outreach.store.editions import counts_of
from outreach.store.preflight import preflight
from outreach.store.rounds import known_of
from outreach.store.tables import Addressee, Call, Delivery, Letter, Mailing, Message
from outreach.usecases.launch_call import launch_call
from outreach.usecases.record_letter import Recorded, SignedBy, WrittenTo, record_letter
from outreach.usecases.release_call import release_call
from outreach.usecases.ring import ring
from tests import make, officials

DAY = date(2016, 10, 13)
LIST = ("organisation, visibility", "Harbour Lamp, public", "Quiet House, addressee", "Casa del Muelle, public")
PRINTED = make.ROOT / "tests/data/signatories-2025-as-printed.txt"


def signed_by(lines: Sequence[str] = LIST, **more: Any) -> SignedBy:
    header, *rows = csv.reader(lines, skipinitialspace=True)
    found = (Row(number, tuple(cells)) for number, cells in enumerate(rows, 2))
    return SignedBy(found, map_header(header), "list.csv", **more)


def recorded(session: Session, house: House, **more: Any) -> Recorded:
    values: dict[str, Any] = {
        "slug": "open-ports",
        "dated": DAY,
        "zone": "America/Los_Angeles",
        "organisers": ["Lantern Coast Network"],
        "names": more.pop("names", None) or signed_by(),
        **more,
    }
    return record_letter(session, make.call_file().letters, now=make.NOON, by="Rosa", house=house, **values)


def private(session: Session, house: House, to: WrittenTo, **more: Any) -> Recorded:
    return recorded(session, house, kind=LetterKind.PRIVATE, officials=[to], published=False, **more)


def addressee(session: Session) -> Addressee:
    return session.exec(select(Addressee)).one()


def test_it_is_released_since_its_day_with_edition_1_and_no_mail_at_all(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        done = recorded(session, house)
        call = done.call
        assert (call.state, call.rehearsal, done.edition.number) == (CallState.RELEASED, False, 1)
        assert call.release == "2016-10-13 23:59 America/Los_Angeles"
        assert call.launched_at == call.closed_at == call.released_at == parse_wall_clock(call.release).instant()
        counts = counts_of(session, done.edition)
        assert (counts.named, counts.unnamed, counts.all) == (2, 1, 3)
        ring(session, now=make.NOON + timedelta(days=400), house=house)
        assert session.exec(select(Message)).all() == []
        assert session.exec(select(Mailing)).all() == []


def test_the_letter_that_follows_it_cites_day_title_and_count_and_invites_its_signatories_first(
    database: Database,
) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@lamp.example", organisation="Harbour Lamp")
        make.contact(session, house, "dina@elsewhere.example", organisation="Elsewhere")
        recorded(session, house)
        audience = Audience(first_signed=("open-ports",), others_after="3d")
        call = make.call(session, house, audience=audience, kind=LetterKind.FOLLOW_UP, follows="open-ports")
        letter = session.get_one(Letter, call.letter_id)
        earlier = known_of(session, letter, None, "en", DAY, house=house).earlier
        assert earlier is not None
        assert (earlier.title, earlier.dated, earlier.count) == ("Safe passage for people at sea", DAY, 3)
        assert earlier.url.endswith("/letters/open-ports")
        launch_call(session, call, now=make.NOON, by="Rosa", house=house)
        invited = [one.address for one in make.messages(session, Message.kind == MessageKind.INVITATION)]
        assert invited == ["idris@lamp.example"]


def test_a_printed_list_goes_in_whole_and_is_public_unless_said_otherwise(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        found = read_signatures(PRINTED)
        done = recorded(session, house, names=SignedBy(found.rows, found.header, PRINTED.name))
        counts = counts_of(session, done.edition)
        assert (counts.named, counts.all) == (271, 271)
    with sqlite.changing() as session:
        names = signed_by(["organisation", "Quay House"], visibility=Visibility.COUNTED)
        hidden = recorded(session, house, slug="quiet", names=names)
        assert counts_of(session, hidden.edition).unnamed == 1


def test_its_call_can_be_listed_looked_at_and_exported_and_read_back(sqlite: Database, tmp_path: Any) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = recorded(session, house).call
        (line,) = list_calls(session)
        assert (line.state, line.confirmed, line.edition) == ("released", 3, 1)
        assert mailings(session, call, house.salt) == []
        assert preflight(session, call, now=make.NOON, house=house).people == 0
        file = export_call(session, call)
        assert file.texts == {}
        again = read_call(write_call(file, tmp_path), make.ROOT / "templates")
        assert (again.slug, again.letters, again.release) == (file.slug, file.letters, file.release)
        with pytest.raises(Refusal, match="only a draft can be launched"):
            launch_call(session, call, now=make.NOON, by="Rosa", house=house)


def test_an_official_is_frozen_as_the_register_knew_that_day_and_nothing_is_overdue(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        post = officials.post(session)
        officials.holder(session, post, "Pablo Soto", since=date(2015, 1, 1), until=date(2017, 1, 1))
        officials.holder(session, post, "Vera Fuentes", since=date(2017, 1, 2))
        done = recorded(session, house, officials=[WrittenTo(post, Way.HAND)])
        to = addressee(session)
        assert (to.state, to.frozen["name"], to.language) == (AddresseeState.DELIVERED, "Pablo Soto", "es")
        assert to.frozen["lines"][:2] == ["Excma. Sra. Pablo Soto", "Embajadora, Representante Permanente"]
        assert to.released_at == to.delivered_at == parse_wall_clock("2016-10-13 12:00 Europe/Brussels").instant()
        assert standing_of(to, make.NOON.date()) is Standing.DELIVERED
        delivery = session.exec(select(Delivery)).one()
        assert (delivery.way, delivery.on, delivery.edition_id) == (Way.HAND, DAY, done.edition.id)
        assert done.unnamed == ()


@pytest.mark.parametrize(
    ("said", "frozen", "unnamed"),
    [
        ({}, ("", "", "Permanent Representative"), ("chile-geneva",)),
        ({"name": "Pablo Soto"}, ("Pablo Soto", "", "Pablo Soto"), ()),
        ({"name": "Pablo Soto", "title": "Envoy"}, ("Pablo Soto", "Envoy", "Pablo Soto"), ()),
    ],
)
def test_whoever_the_register_does_not_know_that_day_is_named_as_the_letter_said_or_not_at_all(
    sqlite: Database, said: dict[str, str], frozen: tuple[str, str, str], unnamed: tuple[str, ...]
) -> None:
    """Vera is there today; nobody noted since when, so she is not taken to have been there in 2016."""
    house = make.house(sqlite)
    with sqlite.changing() as session:
        post = officials.post(session)
        officials.holder(session, post, "Vera Fuentes")
        done = recorded(session, house, officials=[WrittenTo(post, Way.POST, **said)])
        table = addressee(session).frozen
        assert (table["name"], table["title"], table["lines"][0]) == frozen
        assert (table["holder_id"], table["form_of_address"], table["salutation"]) == (0, "", "")
        assert "Vera" not in str(table)
        assert done.unnamed == unnamed


def test_a_name_that_the_register_contradicts_is_refused(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        post = officials.post(session)
        officials.holder(session, post, "Vera Fuentes", since=date(2016, 1, 1))
        with pytest.raises(Refusal, match="Vera Fuentes held chile-geneva by the register, not Pablo Soto"):
            recorded(session, house, officials=[WrittenTo(post, Way.POST, "Pablo Soto")])


def test_a_private_letter_stays_in_confidence_with_its_day_and_may_be_published_later(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        post = officials.post(session)
        lines = ("name, email, visibility", "Ada Quay, ada@quay.example, public")
        call = private(session, house, WrittenTo(post, Way.MAIL), names=signed_by(lines)).call
        assert (call.state, in_confidence(session, call)) == (CallState.CLOSED, True)
        later = make.call(session, house, kind=LetterKind.FOLLOW_UP, follows="open-ports")
        letter = session.get_one(Letter, later.letter_id)
        earlier = known_of(session, letter, None, "en", DAY, house=house).earlier
        assert earlier is not None
        assert (earlier.dated, earlier.url) == (DAY, "")
        ring(session, now=make.NOON, house=house)
        assert session.get_one(Call, call.id).state is CallState.CLOSED
        assert release_call(session, call, now=make.NOON, by="Rosa", house=house) == 0
        assert session.exec(select(Message)).all() == []


def test_a_private_letter_that_was_published_is_public_at_once(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = recorded(session, house, kind=LetterKind.PRIVATE).call
        assert (call.state, in_confidence(session, call)) == (CallState.RELEASED, False)


def test_half_a_list_is_not_recorded(sqlite: Database) -> None:
    house = make.house(sqlite)
    lines = ("organisation, visibility", "Harbour Lamp, public", "Quay House, perhaps")
    with pytest.raises(InvalidInput) as refused, sqlite.changing() as session:
        recorded(session, house, names=signed_by(lines))
    assert "row 3" in refused.value.reasons[0]
    assert "Nothing was recorded: 1 of 2 rows cannot be read." in refused.value.reasons[-1]
    with sqlite.reading() as session:
        assert session.exec(select(Letter)).all() == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"dated": make.NOON.date()}, "is not over"),
        ({"dated": date(1848, 3, 13)}, "The year must be from 1900"),
        ({"slug": "Open Ports"}, "small letters, digits"),
        ({"slug": "safe-passage"}, "There is a letter 'safe-passage' already"),
        ({"kind": LetterKind.RESPONSE}, "recorded as open or private, not as response"),
        ({"published": False}, "Only a private letter"),
        ({"published": False, "kind": LetterKind.PRIVATE}, "Say which officials got the private letter"),
        ({"names": signed_by(["organisation"])}, "Nobody has signed"),
        ({"organisers": ["R" * 1000]}, "organiser: .* is too long"),
    ],
)
def test_what_cannot_be_recorded_is_refused(sqlite: Database, more: dict[str, Any], said: str) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.call(session, house)
        with pytest.raises(Refusal, match=said):
            recorded(session, house, **more)


def test_no_office_is_named_twice(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        to = WrittenTo(officials.post(session), Way.POST)
        with pytest.raises(InvalidInput, match="Named twice: chile-geneva"):
            recorded(session, house, officials=[to, to])


def test_a_text_that_could_not_be_printed_is_refused(sqlite: Database) -> None:
    house = make.house(sqlite)
    letters = {"en": next(iter(make.call_file().letters.values()))}
    letters["en"] = replace(letters["en"], body="{{ earlier.nonsense }}")
    with sqlite.changing() as session, pytest.raises(InvalidInput, match="en: "):
        record_letter(
            session,
            letters,
            slug="open-ports",
            dated=DAY,
            zone="Europe/Brussels",
            organisers=(),
            names=signed_by(),
            now=make.NOON,
            by="Rosa",
            house=house,
        )
