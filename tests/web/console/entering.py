"""Somebody at the console's door, and what she types there."""

import httpx

from outreach.store.tables import User
from outreach.web.app import build_app
from tests import users
from tests.users import PASSWORD, ROSA
from tests.web.console.seated import Seated
from tests.web.visit import Visit

LOG_IN = "/console/log-in"


def rosa_at(here: Visit, **more: object) -> User:
    """Rosa, who can log in."""
    with here.app.database.changing() as session:
        return users.user(session, **more)  # type: ignore[arg-type]


def browser(here: Visit, rosa: User, *, like: Seated | None = None) -> Seated:
    """A browser in which nobody is logged in; ``like`` one of the same console."""
    return Seated(here, rosa, like.web if like else build_app(here.app))


def log_in(at: Seated, password: str = PASSWORD, *, address: str = ROSA, to: str = "") -> httpx.Response:
    return at.post(LOG_IN, {"address": address, "password": password, "to": to})
