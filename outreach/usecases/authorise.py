"""The second person's consent, where the workspace asks for it."""

from outreach.config.house import House
from outreach.domain.errors import Refusal


def authorised(house: House, *, by: str, authorised_by: str) -> None:
    """Raises Refusal unless a second person consents, or the workspace does not ask for one."""
    if not house.settings.workspace.second_person:
        return
    if not authorised_by.strip():
        raise Refusal("This workspace asks for a second person's consent: add --authorised-by NAME.")
    if authorised_by.strip().casefold() == by.strip().casefold():
        raise Refusal(f"The second person must be somebody else than {by}.")
