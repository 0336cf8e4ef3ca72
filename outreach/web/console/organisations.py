"""Organisations: found by any of their names, with who speaks for them and what they signed."""

from fastapi import HTTPException, Request, Response

from outreach.domain.users import Right
from outreach.queries.organisations import organisation_card, search_organisations
from outreach.web.console.room import Room
from outreach.web.console.seat import NOT_THERE, AtSeat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk

room = Room()

LONGEST = 200


@room.page("/organisations", Right.READ, whole=True)
def organisations(
    request: Request, desk: AtDesk, seat: AtSeat, search: str = "", country: str = "", after: str = ""
) -> Response:
    """Those in whose name it stands, in the order of their names."""
    search, country = search.strip()[:LONGEST].replace("\0", ""), country.strip()[:2]
    with desk.outreach.database.reading() as session:
        page = search_organisations(session, search, country=country, after=after.replace("\0", ""))
    kept = {name: value for name, value in (("search", search), ("country", country)) if value}
    return show("organisations", request, seat, found=page, search=search, country=country, kept=kept, after=after)


@room.page("/organisations/{number:int}", Right.READ, whole=True)
def organisation(number: int, request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """Its names, its people and the letters it signed."""
    with desk.outreach.database.reading() as session:
        card = organisation_card(session, number)
    if card is None:
        raise HTTPException(NOT_THERE)
    return show("organisation", request, seat, card=card)
