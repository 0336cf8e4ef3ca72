"""What is kept of a password, and what a guess at nobody costs."""

import pytest

from outreach.domain.passwords import NOBODYS, fits, hashed

PASSWORD = "four lanterns on a quay"


def test_a_password_fits_what_was_kept_of_it_and_no_other_does() -> None:
    kept = hashed(PASSWORD)
    assert fits(PASSWORD, kept)
    assert not fits(PASSWORD + " ", kept)
    assert PASSWORD not in kept


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert hashed(PASSWORD) != hashed(PASSWORD)


@pytest.mark.parametrize("password", [PASSWORD, "", "\ud800 a lone surrogate", "x" * 100_000, "a\0b"])
def test_nothing_fits_nobody(password: str) -> None:
    assert not fits(password, "")


def test_a_guess_at_nobody_is_the_same_work_as_one_at_somebody() -> None:
    assert NOBODYS.split("$")[:4] == hashed(PASSWORD).split("$")[:4]
    assert [len(part) for part in NOBODYS.split("$")] == [len(part) for part in hashed(PASSWORD).split("$")]


def test_a_letter_is_the_same_however_the_keyboard_writes_it() -> None:
    assert fits("cafe\u0301 sur le quai", hashed("caf\u00e9 sur le quai"))
