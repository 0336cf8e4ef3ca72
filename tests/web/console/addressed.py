"""A letter to officials at the console: signed off, addressed to two missions that have what it needs."""

from dataclasses import replace
from datetime import date

from sqlmodel import col, select

from outreach.domain.officials import Way
from outreach.domain.signatures import Visibility
from outreach.domain.states import AddresseeState
from outreach.store.tables import Addressee, Call, Letter, Post
from outreach.usecases.address_letter import address_letter
from outreach.usecases.close_call import close_call
from outreach.usecases.sign_off import sign_off
from tests import make, officials, tasks
from tests.web.visit import Visit

SLUG = "safe-passage"
AT = f"/console/calls/{SLUG}/officials"
NAMES = {
    "Harbour Lamp": Visibility.PUBLIC,
    "Quiet House": Visibility.ADDRESSEE,
    "ZZCANARY": Visibility.COUNTED,
}


def mission(here: Visit, state: str = "CL", *, holder: str = "Vera Fuentes", **more: object) -> int:
    """The number of the mission of a State, held by somebody ("" for nobody)."""
    with here.app.database.changing() as session:
        post = officials.post(
            session,
            f"mission-{state.lower()}",
            salt=here.app.house.salt,
            state=state,
            office=f"Mission of {state}",
            address=f"{state.lower()}@geneva.example",
            **more,
        )
        if holder:
            officials.holder(session, post, holder, since=date(2020, 1, 1))
        return post.id or 0


def on_paper(here: Visit, state: str = "KE") -> int:
    """A mission that letters reach by hand."""
    return mission(here, state, holder="Amina Kilele", ways=[Way.HAND.value], languages=["en"])


def addressed(here: Visit, *posts: int) -> None:
    with here.app.database.changing() as session:
        letter = session.get_one(Letter, session.get_one(Call, here.call.id).letter_id)
        address_letter(
            session, letter, [session.get_one(Post, one) for one in posts], now=here.clock.now(), by="Rosa"
        )


def works(here: Visit) -> None:
    """The worker does what was asked for."""
    tasks.worker(here.app.database, here.app.house, here.clock).once()


def signed_off(here: Visit, by: str = "rosa@coalition.example") -> None:
    """Signing has ended with a list of one of each visibility, and somebody signed it off."""
    with here.app.database.changing() as session:
        call = session.get_one(Call, here.call.id)
        for name, visibility in NAMES.items():
            make.signature(session, call, name=name, visibility=visibility, key=name)
        close_call(session, call, now=here.clock.now(), by=by)
        sign_off(session, call, now=here.clock.now(), by=by, house=here.app.house)


def asks_for_two(here: Visit) -> None:
    """The workspace asks for a second person's consent."""
    house = make.house(
        here.app.database,
        workspace={"second_person": True},
        mail={"transport": "smtp"},
        web={"forms_per_minute": 1000},
    )
    here.app = replace(here.app, house=house)


def states(here: Visit) -> dict[str, AddresseeState]:
    """How far the letter is with each mission."""
    with here.app.database.reading() as session:
        found = session.exec(select(Addressee, Post).join(Post, col(Post.id) == col(Addressee.post_id))).all()
        return {post.slug: to.state for to, post in found}
