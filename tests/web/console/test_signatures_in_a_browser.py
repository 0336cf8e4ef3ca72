"""The signatures' desk in a real browser: without JavaScript, for everybody, on every screen."""

from outreach.domain.signatures import Visibility
from outreach.domain.states import SignatureState
from tests.parts.chromium import chromium
from tests.web.console.browsing import logged_in, served
from tests.web.console.seated import seated
from tests.web.console.test_signatures import DESK, signature
from tests.web.visit import Visit


def a_desk(here: Visit) -> int:
    """Somebody of every kind; the number of one that looks like another."""
    number = signature(here, name="Harbour Lamp", evidence="On the telephone, to Rosa")
    signature(here, name="Harbour  Lamp!", key="x")
    signature(here, name="QUIET COAST SOCIETY OF THE NORTH", key="q", visibility=Visibility.COUNTED)
    for place, state in enumerate(SignatureState):
        signature(here, name=f"Society {'of the Sea ' * place}", key=str(place), state=state)
    return number


def test_two_are_merged_and_that_is_undone_without_javascript(here: Visit) -> None:
    number = a_desk(here)
    seated(here)
    with served(here) as base, chromium() as browser:
        page = logged_in(browser, base, java_script_enabled=False).new_page()
        page.goto(f"{base}{DESK}?show=pairs")
        page.get_by_role("button", name=f"They are one: print this no. {number}").click()
        assert page.url == f"{base}{DESK}?show=pairs"
        assert here.stands(number + 1).merged_into_id == number
        page.get_by_role("button", name="Undo").click()
        assert here.stands(number + 1).state is SignatureState.CONFIRMED
