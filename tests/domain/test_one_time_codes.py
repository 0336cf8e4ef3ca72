"""The second factor: RFC 6238's own values, the window, and no code twice."""

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from outreach.domain.one_time_codes import STEP_SECONDS, check, is_key, new_key, provisioning_uri
from tests.make import NOON

RFC_KEY = base64.b32encode(b"12345678901234567890").decode()
STEP = timedelta(seconds=STEP_SECONDS)


def shown(key: str, at: datetime) -> str:
    """What the device shows."""
    return pyotp.TOTP(key).at(at)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_the_values_of_the_standard_are_right(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, the last six digits."""
    assert check(RFC_KEY, code, datetime.fromtimestamp(seconds, UTC), 0) == seconds // STEP_SECONDS


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_device_may_be_one_step_fast_or_slow(steps: int) -> None:
    assert check(RFC_KEY, shown(RFC_KEY, NOON + steps * STEP), NOON, 0) is not None


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_device_may_not_be_two_steps_off(steps: int) -> None:
    assert check(RFC_KEY, shown(RFC_KEY, NOON + steps * STEP), NOON, 0) is None


def test_no_code_works_twice_nor_an_older_one_after_it() -> None:
    code, older = shown(RFC_KEY, NOON), shown(RFC_KEY, NOON - STEP)
    used = check(RFC_KEY, code, NOON, 0)
    assert used is not None
    assert check(RFC_KEY, code, NOON, used) is None
    assert check(RFC_KEY, older, NOON, used) is None
    assert check(RFC_KEY, shown(RFC_KEY, NOON + STEP), NOON + STEP, used) == used + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "12 34 5"])
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert check(RFC_KEY, code, NOON, 0) is None


def test_spaces_in_a_code_mean_nothing() -> None:
    code = shown(RFC_KEY, NOON)
    assert check(RFC_KEY, f" {code[:3]} {code[3:]} ", NOON, 0) is not None


def test_without_a_key_no_code_is_right() -> None:
    assert check("", shown(RFC_KEY, NOON), NOON, 0) is None


def test_a_new_key_is_long_and_its_own() -> None:
    assert is_key(new_key())
    assert new_key() != new_key()
    assert not is_key(new_key().lower())


def test_the_picture_says_whose_key_it_is_and_for_what() -> None:
    said = provisioning_uri(RFC_KEY, account="rosa@lanterncoast.example", issuer="Lantern Coast: Network")
    read = pyotp.parse_uri(said)
    assert (read.secret, read.name, read.issuer) == (RFC_KEY, "rosa@lanterncoast.example", "Lantern Coast  Network")
