"""The inbox: what waits, for whom, and what comes next."""

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.replies import Channel, MatchedBy, ReplyKind
from outreach.domain.states import ReplyState
from outreach.queries.inbox import Among, beside, inbox_lines, next_waiting, tally
from outreach.store.database import Database
from outreach.store.tables import Reply
from tests import make, officials
from tests.make import NOON


def reply(
    session: Session, *, call: int | None = None, kind: ReplyKind = ReplyKind.QUESTION, **more: object
) -> int:
    values = {"state": ReplyState.WAITING, "channel": Channel.MAIL, "matched_by": MatchedBy.NOTHING, **more}
    row = Reply(at=NOON, kind=kind, first_kind=kind, call_id=call, **values)  # type: ignore[arg-type]
    session.add(row)
    session.flush()
    return row.id or 0


def world(session: Session, database: Database) -> tuple[House, int, int]:
    house = make.house(database)
    one, two = make.call(session, house), make.call(session, house, slug="open-ports", title="Open ports")
    return house, one.id or 0, two.id or 0


def numbers(session: Session, among: Among, **more: object) -> list[int]:
    return [line.id for line in inbox_lines(session, among, **more)]  # type: ignore[arg-type]


def test_what_waits_comes_oldest_first_and_everything_newest_first_page_by_page(database: Database) -> None:
    with database.changing() as session:
        _, call, _ = world(session, database)
        made = [reply(session, call=call) for _ in range(7)]
        done = reply(session, call=call, state=ReplyState.DONE)
        assert numbers(session, Among(), limit=3) == made[:3]
        assert numbers(session, Among(), after=made[2], limit=3) == made[3:6]
        assert numbers(session, Among(waiting=False), limit=3) == [done, made[6], made[5]]
        assert numbers(session, Among(waiting=False), after=made[5], limit=9) == made[4::-1]


def test_who_has_one_call_sees_and_counts_that_call_alone(database: Database) -> None:
    with database.changing() as session:
        _, call, other = world(session, database)
        mine, _, _ = reply(session, call=call), reply(session, call=other), reply(session)
        mine_only = frozenset({call})
        assert numbers(session, Among(mine_only)) == [mine]
        assert tally(session, mine_only).waiting == 1
        assert next_waiting(session, Among(mine_only), mine) is None
        assert numbers(session, Among(frozenset())) == []
        everything = tally(session, None)
        assert (everything.waiting, everything.calls[0], everything.kinds[ReplyKind.QUESTION]) == (3, 1, 3)


def test_it_is_narrowed_by_kind_and_by_call_and_to_what_has_none(database: Database) -> None:
    with database.changing() as session:
        _, call, other = world(session, database)
        asked, signs, loose = (
            reply(session, call=call),
            reply(session, call=other, kind=ReplyKind.SIGNS),
            reply(session),
        )
        assert numbers(session, Among(kind=ReplyKind.SIGNS)) == [signs]
        assert numbers(session, Among(call=call)) == [asked]
        assert numbers(session, Among(call=0)) == [loose]


def test_a_reply_is_found_by_number_address_name_subject_and_organisation(database: Database) -> None:
    with database.changing() as session:
        house, call, _ = world(session, database)
        person = make.contact(session, house, "idris@harbour.example", organisation="Harbour House")
        his = reply(session, call=call, contact_id=person.id, organisation_id=person.organisation_id)
        named = reply(session, sender_name="Sofie De Wilde", subject="100 % agreed_upon")
        for search, found in {
            "idris@harbour.example": [his],
            "IDRIS@Harbour.example": [his],
            str(named): [named],
            "wilde": [named],
            "de sofie": [named],
            "100 %": [named],
            "harbour": [his],
            "agreed": [named],
            "upon_agreed": [named],
            "%": [his, named],
            "nobody@nowhere.example": [],
            "@": [],
            "9" * 40: [],
            "' OR 1=1": [],
        }.items():
            assert numbers(session, Among(), search=search, salt=house.salt) == found, search


def test_after_the_last_that_waits_comes_the_first(database: Database) -> None:
    with database.changing() as session:
        world(session, database)
        first, second, third = (reply(session) for _ in range(3))
        reply(session, state=ReplyState.DONE)
        assert [next_waiting(session, Among(), one) for one in (first, second, third)] == [second, third, first]
        assert beside(session, Among(), second) == (first, third)
        assert beside(session, Among(), third) == (second, None)
        assert beside(session, Among(waiting=False), second) == (third, first)


def test_what_an_office_wrote_says_whose_office_it_is(database: Database) -> None:
    with database.changing() as session:
        world(session, database)
        written = officials.post(session, office="Permanent Representative", institution="Mission of Chile")
        reply(session, post_id=written.id)
        (line,) = inbox_lines(session, Among())
        assert line.place == "Permanent Representative, Mission of Chile"
