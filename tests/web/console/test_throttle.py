"""Guesses are few, and lock out nobody whose account it is."""

from outreach.web.console import throttle
from tests.users import KEY
from tests.web.console.entering import browser, log_in, rosa_at
from tests.web.visit import Visit


def test_ten_thousand_guesses_at_one_account_are_few(here: Visit) -> None:
    """B58."""
    at = browser(here, rosa_at(here))
    answers = [log_in(at, f"guess {number}").status_code for number in range(throttle.FOR_AN_ACCOUNT.amount + 3)]
    assert answers == [422] * throttle.FOR_AN_ACCOUNT.amount + [429] * 3
    late = log_in(at)
    assert (late.status_code, late.headers["retry-after"]) == (429, throttle.RETRY_SECONDS)


def test_one_guess_each_at_ten_thousand_accounts_are_few(here: Visit) -> None:
    """B58."""
    at = browser(here, rosa_at(here))
    most = throttle.FROM_AN_ADDRESS.amount
    answers = [log_in(at, address=f"user{number}@lanterncoast.example").status_code for number in range(most + 2)]
    assert answers == [422] * most + [429] * 2


def test_nobodys_guesses_lock_out_whose_account_it_is(here: Visit) -> None:
    """B58."""
    at = browser(here, rosa_at(here))
    log_in(at)
    at.post("/console/log-out")
    otto = browser(here, at.user, like=at)
    for number in range(throttle.FROM_AN_ADDRESS.amount + throttle.FOR_AN_ACCOUNT.amount):
        log_in(otto, f"guess {number}")
    assert log_in(otto).status_code == 429
    assert log_in(at).status_code == 303


def test_the_cookie_of_one_who_was_here_lets_nobody_guess_at_another(here: Visit) -> None:
    at = browser(here, rosa_at(here))
    rosa_at(here, address="vera@lanterncoast.example")
    log_in(at)
    for number in range(throttle.FOR_AN_ACCOUNT.amount):
        log_in(at, f"guess {number}", address="vera@lanterncoast.example")
    assert log_in(at, address="vera@lanterncoast.example").status_code == 429


def test_at_a_known_browser_too_guesses_are_few(here: Visit) -> None:
    at = browser(here, rosa_at(here))
    log_in(at)
    answers = {
        log_in(at, f"guess {number}").status_code for number in range(throttle.AT_A_KNOWN_BROWSER.amount + 1)
    }
    assert answers == {422, 429}


def test_codes_are_guessed_no_oftener_than_passwords(here: Visit) -> None:
    at = browser(here, rosa_at(here, device=KEY))
    log_in(at)
    answers = [
        at.post("/console/code", {"code": f"{number:06}"}).status_code
        for number in range(throttle.FOR_AN_ACCOUNT.amount + 1)
    ]
    assert answers[-1] == 429
