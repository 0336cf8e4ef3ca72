"""The link with which somebody chooses a password for the console."""

from outreach.config.house import House
from outreach.domain.tokens import Purpose, mint, read

WELCOME = "/console/welcome"


def access_link(user_id: int, stamp: int, house: House) -> str:
    """The link of that user; it holds until the stamp changes, or its days are over."""
    token = mint(house.link_key, Purpose.ACCESS, user_id, stamp)
    return f"{house.settings.workspace.base_url}{WELCOME}/{token}"


def read_access(token: str, house: House) -> tuple[int, int] | None:
    """The user's id and the stamp that a link was made for; None for what is none of ours."""
    found = read(house.link_key, Purpose.ACCESS, token, 2)
    return (found[0], found[1]) if found else None
