"""What a launch would do: how many, who not and why, when each mailing goes, whom to look at."""

from datetime import timedelta

from outreach.domain.audiences import Audience
from outreach.domain.kinds import MessageKind
from outreach.domain.reminders import parse_offset
from outreach.store.audiences import EXCLUDED, NO_BASIS
from outreach.store.database import Database
from outreach.store.preflight import empty_words, people_left_out, preflight
from outreach.store.tables import SuppressionReason
from outreach.store.wanted import DEAD_ADDRESS, OPTED_OUT
from tests import make

NOW = make.NOON


def test_everybody_is_either_invited_or_left_out_for_a_reason(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        make.contact(session, house, "signed-only@harbour.example", basis="")
        make.suppression(session, make.contact(session, house, "out@harbour.example"))
        dead = make.contact(session, house, "dead@harbour.example")
        make.suppression(session, dead, SuppressionReason.HARD_BOUNCE)
        make.contact(session, house, "elsewhere@harbour.example")
        make.contact(session, house, "press@harbour.example", tags=("press",))
        call = make.call(session, house, excluded=("elsewhere@harbour.example",))
        found = preflight(session, call, now=NOW, house=house)
        assert (found.people, sum(found.left_out.values())) == (1, 4)
        assert found.left_out == {NO_BASIS: 1, OPTED_OUT: 1, DEAD_ADDRESS: 1, EXCLUDED: 1}
        assert dict(people_left_out(session, call, house)) == {
            "signed-only@harbour.example": NO_BASIS,
            "out@harbour.example": OPTED_OUT,
            "dead@harbour.example": DEAD_ADDRESS,
            "elsewhere@harbour.example": EXCLUDED,
        }


def test_each_mailing_says_when_it_begins_and_when_its_last_mail_has_left(database: Database) -> None:
    house = make.house(database, limits={"per_minute": 2, "domain_per_minute": 2})
    with database.changing() as session:
        for number in range(6):
            make.contact(session, house, f"{number}@harbour.example")
        found = preflight(session, make.call(session, house), now=NOW, house=house)
        invitation, *reminders = found.mailings
        assert (invitation.kind, invitation.people) == (MessageKind.INVITATION, 6)
        assert (invitation.first, invitation.last) == (NOW, NOW + timedelta(minutes=2))
        assert [(one.kind, one.occurrence, one.people) for one in reminders] == [
            (MessageKind.REMINDER, "21d", 6),
            (MessageKind.REMINDER, "7d 09:00", 6),
            (MessageKind.LAST_CALL, "24h", 6),
        ]
        for one in reminders:
            assert one.first is not None
            assert one.last == one.first + timedelta(minutes=2)


def test_a_reminder_that_cannot_come_in_time_says_why(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call = make.call(session, house, reminders=(parse_offset("90d"),), last_call=None)
        _, reminder = preflight(session, call, now=NOW, house=house).mailings
        assert (reminder.people, reminder.left_out, reminder.first, reminder.last) == (0, 1, None, None)
        assert reminder.reasons == ("90d before the deadline had passed already.",)


def test_looking_changes_nothing(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call = make.call(session, house)
        session.commit()
        assert preflight(session, call, now=NOW, house=house) == preflight(session, call, now=NOW, house=house)
        assert not session.new
        assert not session.dirty
        assert make.messages(session) == []


def test_an_empty_audience_is_said_and_no_error(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        found = preflight(session, make.call(session, house), now=NOW, house=house)
        assert (found.people, found.left_out, found.samples, found.languages) == (0, {}, (), {})
        assert found.mailings[0].last is None


def test_three_people_to_look_at_are_of_different_languages(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        for language, count in (("en", 4), ("fr", 2), ("ar", 1), ("es", 1)):
            for number in range(count):
                make.contact(session, house, f"{language}{number}@harbour.example", language=language)
        call = make.call(session, house)
        found = preflight(session, call, now=NOW, house=house)
        assert found.languages == {"en": 4, "fr": 2, "ar": 1, "es": 1}
        assert len(set(found.samples)) == 3
        assert found.samples[:2] == (1, 5)


def test_a_small_audience_is_looked_at_whole(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        for number in range(2):
            make.contact(session, house, f"{number}@harbour.example")
        found = preflight(session, make.call(session, house), now=NOW, house=house)
        assert sorted(found.samples) == [1, 2]


def test_an_empty_word_is_found_for_those_who_read_that_text(database: Database) -> None:
    """Custom fields too, whether missing, null or blank; guarded words and other languages are no trouble."""
    house = make.house(database)
    file = make.call_file()
    key = (MessageKind.INVITATION, "en")
    source = file.texts[key].replace("With warm thanks,", "{{ contact.custom.table }} {{ contact.organisation }}")
    assert source != file.texts[key]
    with database.changing() as session:
        make.contact(session, house, "a@quay.example", organisation="Quay House", custom={"table": "7"})
        make.contact(session, house, "b@quay.example", organisation="Quay House", custom={})
        make.contact(session, house, "c@quay.example", organisation="Quay House", custom={"table": None})
        make.contact(session, house, "d@quay.example", organisation="Quay House", custom={"table": ""})
        make.contact(session, house, "e@quay.example", custom={"table": "7"}, language="sw")
        make.contact(session, house, "f@quay.example", language="fr")
        make.contact(session, house, "g@quay.example", tags=("press",))
        call = make.call(session, house, texts={**file.texts, key: source})
        found = empty_words(session, call, house)
        assert found == {
            "invitation.en.md: {{ contact.custom.table }}": ("b@quay.example", "c@quay.example", "d@quay.example"),
            "invitation.en.md: {{ contact.organisation }}": ("e@quay.example",),
        }


def test_an_audience_can_be_those_who_signed_an_earlier_letter(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example", organisation="Harbour Lamp")
        make.contact(session, house, "amal@harbour.example", organisation="Harbour Lamp")
        make.contact(session, house, "otto@quay.example", organisation="Quay House")
        earlier = make.call(session, house, slug="open-ports")
        make.signature(session, earlier, rosa)
        call = make.call(session, house, audience=Audience(signed=("open-ports",)))
        assert preflight(session, call, now=NOW, house=house).people == 2
