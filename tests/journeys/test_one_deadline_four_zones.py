"""A call for Migrants Day 2015: who gets which mail at which local time, across both changes of clocks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.reminders import parse_offset
from outreach.store.database import Database
from outreach.store.tables import Mailing, Message
from tests import make
from tests.stage import RecordingTransport, play_until, stage

PEOPLE = {
    "manila": "Asia/Manila",
    "geneva": "Europe/Zurich",
    "nairobi": "Africa/Nairobi",
    "losangeles": "America/Los_Angeles",
}
OPENS = datetime(2015, 10, 20, 16, 0, tzinfo=UTC)  # nine in the morning in Los Angeles, still summer time
DEADLINE = parse_wall_clock("2015-12-17 17:00 America/Los_Angeles")

# By the recipients' clocks. Geneva leaves summer time on 25 October, Los Angeles on 1 November.
TABLE = """
invitation         losangeles  Tue 2015-10-20 09:00
invitation         geneva      Tue 2015-10-20 18:00
invitation         nairobi     Tue 2015-10-20 19:00
invitation         manila      Wed 2015-10-21 00:00
reminder 50d       manila      Thu 2015-10-29 08:00
reminder 50d       losangeles  Wed 2015-10-28 17:00
reminder 50d       nairobi     Thu 2015-10-29 08:00
reminder 50d       geneva      Thu 2015-10-29 08:00
reminder 21d       manila      Fri 2015-11-27 09:00
reminder 21d       losangeles  Thu 2015-11-26 17:00
reminder 21d       nairobi     Fri 2015-11-27 08:00
reminder 21d       geneva      Fri 2015-11-27 08:00
reminder 7d 09:00  manila      Fri 2015-12-11 09:00
reminder 7d 09:00  nairobi     Fri 2015-12-11 09:00
reminder 7d 09:00  geneva      Fri 2015-12-11 09:00
reminder 7d 09:00  losangeles  Thu 2015-12-10 09:00
last-call 24h      manila      Thu 2015-12-17 09:00
last-call 24h      losangeles  Wed 2015-12-16 17:00
last-call 24h      nairobi     Thu 2015-12-17 08:00
last-call 24h      geneva      Thu 2015-12-17 08:00
"""


def test_everybody_is_reminded_by_day_and_before_the_deadline(sqlite: Database) -> None:
    house = make.house(sqlite)
    clock = make.TurnedClock(OPENS)
    transport = RecordingTransport(clock)
    app = stage(sqlite, house, clock, transport)
    with sqlite.changing() as session:
        for name, zone in PEOPLE.items():
            make.contact(session, house, f"{name}@harbour.example", time_zone=zone)
        make.launched(
            session,
            house,
            now=OPENS,
            deadline=DEADLINE,
            release=parse_wall_clock("2015-12-18 09:00 America/Los_Angeles"),
            reminders=tuple(parse_offset(text) for text in ("50d", "21d", "7d 09:00")),
            last_call=parse_offset("24h"),
            thank_you=False,
        )

    play_until(app, clock, datetime(2015, 12, 31, tzinfo=UTC))

    with sqlite.reading() as session:
        lines = {_line(session, message) for message in make.messages(session)}
    assert lines == set(TABLE.strip().splitlines())
    assert all(sent.at < DEADLINE.instant() for sent in transport.sent)
    assert len(transport.sent) == 20


def _line(session: Session, message: Message) -> str:
    mailing = session.get_one(Mailing, message.mailing_id)
    name = message.address.split("@")[0]
    assert message.sent_at is not None
    local = message.sent_at.astimezone(ZoneInfo(PEOPLE[name]))
    what = f"{message.kind.value} {mailing.occurrence}".strip()
    return f"{what:<17}  {name:<10}  {local:%a %Y-%m-%d %H:%M}"
