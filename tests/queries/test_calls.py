"""Where a call stands, as its coordinator reads it."""

from datetime import timedelta

from outreach.domain.audiences import Audience
from outreach.domain.kinds import MessageKind
from outreach.queries.calls import mailings
from outreach.store.database import Database
from outreach.store.waves import OTHERS
from outreach.usecases.ring import ring
from tests import make


def test_a_second_wave_says_how_many_it_would_go_to_until_it_is_queued(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        earlier = make.call(session, house, slug="open-ports")
        make.signature(session, earlier, make.contact(session, house, "ada@harbour.example"))
        for number in range(3):
            make.contact(session, house, f"bo{number}@quay.example")
        waves = Audience(first_signed=("open-ports",), others_after="3d")
        call, _ = make.launched(session, house, audience=waves)

        def said() -> dict[tuple[str, str], str]:
            return {(one.kind, one.occurrence): one.progress for one in mailings(session, call, house.salt)}

        before = said()
        assert before[MessageKind.INVITATION, OTHERS] == "planned for 3"
        assert [one for one in before.values() if "for" in one] == ["planned for 3"]
        ring(session, now=make.NOON + timedelta(days=3), house=house)
        assert said()[MessageKind.INVITATION, OTHERS] == "3 waiting"
