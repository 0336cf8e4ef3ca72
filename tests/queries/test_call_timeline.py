"""What has happened to a call and what will, in order."""

from datetime import timedelta

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.kinds import MessageKind
from outreach.queries.call_timeline import Mark, timeline
from outreach.store.database import Database
from outreach.usecases.close_call import close_call
from outreach.usecases.extend_call import extend_call
from tests import make


def test_a_call_s_life_is_told_in_order_with_what_each_mailing_came_to(database: Database) -> None:
    house, later = make.house(database), make.NOON + timedelta(days=3)
    with database.changing() as session:
        people = [make.contact(session, house, f"{name}@lamp.example") for name in "abc"]
        call, _ = make.launched(session, house)
        make.submitted(session)
        make.signature(session, call, people[0])
        extend_call(
            session,
            call,
            parse_wall_clock("2027-03-05 17:00 America/Los_Angeles"),
            release=parse_wall_clock("2027-03-09 10:00 America/Los_Angeles"),
            now=later,
            by="Rosa",
            house=house,
        )
        close_call(session, call, now=later + timedelta(days=1), by="Rosa")
        make.edition(session, call, house, now=later + timedelta(days=2))
        found = timeline(session, call)

    assert found.zone == "America/Los_Angeles"
    assert [one.at for one in found.moments] == sorted(one.at for one in found.moments)
    done = [one.mark for one in found.moments if one.done and one.mark is not Mark.MAILING]
    assert done == [Mark.OPENED, Mark.EXTENDED, Mark.CLOSED, Mark.SIGNED_OFF, Mark.DEADLINE]
    first = next(one for one in found.moments if one.kind == MessageKind.INVITATION)
    assert (first.messages, first.gone) == (3, 3)
    invitations = [one for one in found.moments if one.kind == MessageKind.INVITATION]
    assert invitations == [first], "the extension found nobody more to invite"
    moved = next(one for one in found.moments if one.mark is Mark.EXTENDED)
    assert (moved.before, moved.by) == (make.DEADLINE, "Rosa")
    assert [one.done for one in found.moments if one.mark is Mark.RELEASE] == [False]
