"""What a token keeps: it opens one door, for one subject, spelt in one way."""

import base64
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.tokens import IN_MAIL, Purpose, mint, read

KEY = b"a key of the tests' own, 32 byte"
purposes = st.sampled_from(Purpose)
some_ids = st.lists(st.integers(0, 2**40), min_size=1, max_size=4)


@given(purposes, some_ids, st.binary(max_size=40))
def test_what_was_minted_is_read(purpose: Purpose, ids: list[int], bound: bytes) -> None:
    assert read(KEY, purpose, mint(KEY, purpose, *ids, bound=bound), len(ids), bound) == tuple(ids)


@pytest.mark.parametrize("purpose", Purpose)
def test_every_single_bit_flip_of_the_text_is_refused(purpose: Purpose) -> None:
    token = mint(KEY, purpose, 7, 12_345, 900)
    flipped = [
        token[:place] + chr(ord(letter) ^ 1 << bit) + token[place + 1 :]
        for place, letter in enumerate(token)
        for bit in range(8)
    ]
    assert [text for text in flipped if read(KEY, purpose, text, 3) is not None] == []


@given(purposes, some_ids)
def test_every_truncation_is_refused(purpose: Purpose, ids: list[int]) -> None:
    token = mint(KEY, purpose, *ids)
    for end in range(len(token)):
        assert read(KEY, purpose, token[:end], len(ids)) is None
        assert read(KEY, purpose, token[len(token) - end :], len(ids)) is None


@given(purposes, some_ids, st.text(min_size=1, max_size=5))
def test_nothing_may_be_added(purpose: Purpose, ids: list[int], more: str) -> None:
    token = mint(KEY, purpose, *ids)
    assert read(KEY, purpose, token + more, len(ids)) is None
    assert read(KEY, purpose, more + token, len(ids)) is None


@given(purposes, purposes, some_ids)
def test_a_token_opens_only_the_door_it_was_made_for(made: Purpose, used: Purpose, ids: list[int]) -> None:
    found = read(KEY, used, mint(KEY, made, *ids), len(ids))
    assert (found is not None) == (made == used)


@given(purposes, some_ids, st.binary(max_size=20), st.binary(max_size=20))
def test_a_token_bound_to_one_address_is_refused_for_another(
    purpose: Purpose, ids: list[int], bound: bytes, other: bytes
) -> None:
    found = read(KEY, purpose, mint(KEY, purpose, *ids, bound=bound), len(ids), other)
    assert (found is not None) == (bound == other)


def test_another_key_and_another_count_of_ids_are_refused() -> None:
    token = mint(KEY, Purpose.OPT_OUT, 1, 2)
    assert read(b"another key, also of 32 bytes ..", Purpose.OPT_OUT, token, 2) is None
    assert [read(KEY, Purpose.OPT_OUT, token, count) for count in (0, 1, 3)] == [None, None, None]


@pytest.mark.parametrize("purpose", Purpose)
def test_another_spelling_of_the_same_bytes_is_refused(purpose: Purpose) -> None:
    token = mint(KEY, purpose, 300)
    spellings = (
        token.swapcase(),
        token.upper(),
        token + "=",
        token + "====",
        f" {token}",
        f"{token}\n",
        f"{token[:4]}\n{token[4:]}",
    )
    assert [text for text in spellings if text != token and read(KEY, purpose, text, 1) is not None] == []


def test_unused_bits_of_the_last_character_must_be_zero() -> None:
    token = mint(KEY, Purpose.CONFIRM, 5)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    twins = [
        token[:-1] + letter
        for letter in alphabet
        if base64.urlsafe_b64decode(token[:-1] + letter + "=" * (-len(token) % 4)) == raw
    ]
    assert len(twins) > 1, "this length has spare bits, so the test means something"
    assert [twin for twin in twins if read(KEY, Purpose.CONFIRM, twin, 1)] == [token]


@given(purposes, st.text(max_size=200))
def test_no_text_whatever_raises(purpose: Purpose, text: str) -> None:
    assert read(KEY, purpose, text, 2) is None


@pytest.mark.parametrize("purpose", Purpose)
def test_tokens_are_short(purpose: Purpose) -> None:
    assert len(mint(KEY, purpose, 12_000, 9_000)) < 32
    assert len(mint(KEY, purpose, 3, 12_000, 9_000)) < 32


@pytest.mark.parametrize("purpose", sorted(IN_MAIL))
def test_a_token_in_mail_fits_a_local_part_and_has_no_capitals(purpose: Purpose) -> None:
    token = mint(KEY, purpose, 2**40, 2**40, 2**40)
    assert len("replies+" + token) <= 64
    assert token == token.lower()
    assert token.isalnum()


def test_a_weak_key_and_a_negative_id_are_defects() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        mint(b"short", Purpose.CONFIRM, 1)
    with pytest.raises(ValueError, match="no id"):
        mint(KEY, Purpose.CONFIRM, -1)


@pytest.mark.parametrize(
    ("purpose", "token"),
    [
        (Purpose.SIGN_ORGANISATION, "B7lgl_DJpOlV9Xf9yuN3"),
        (Purpose.SIGN_INDIVIDUAL, "B7lghTzQ5LtJBBvNIPY2"),
        (Purpose.OPT_OUT, "B7lgeAiS4lI2NIQJsHS9"),
        (Purpose.CONFIRM, "B7lg6KE22_MhspEUYlkY"),
        (Purpose.RETURN, "a64waykcuoiwgvty4djrq"),
        (Purpose.REPLY, "a64wbwhv3x4b3azqj7bom"),
        (Purpose.MESSAGE, "a64wbourjdgrbeunog2zy"),
        (Purpose.UNSUBSCRIBE, "a64wbtb6rwfdz226v3d2i"),
        (Purpose.SIGNATURE, "B7lghU6uX9vsOcnp5Qd2"),
        (Purpose.KIT, "B7lgNZb4KSYtpNq5WeV0"),
        (Purpose.ACCESS, "B7lggRLZtKD304WOBsk0"),
        (Purpose.DEVICE, "B7lgK5ZHCgq7illwDH2Q"),
    ],
)
def test_a_token_that_is_out_in_a_mail_stays_good(purpose: Purpose, token: str) -> None:
    assert mint(KEY, purpose, 7, 12_345) == token
    assert read(KEY, purpose, token, 2) == (7, 12_345)


@given(st.binary(min_size=16, max_size=100), purposes, st.integers(0, 2**63 - 1), st.binary(max_size=80))
def test_a_token_ends_in_the_hmac_of_the_standard_library(
    key: bytes, purpose: Purpose, one: int, bound: bytes
) -> None:
    token = mint(key, purpose, one, bound=bound)
    if purpose in IN_MAIL:
        raw, size = base64.b32decode(token.upper() + "=" * (-len(token) % 8)), 10
    else:
        raw, size = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), 12
    payload = raw[:-size]
    said = b"outreach token 1" + bytes([purpose, 1, len(payload)]) + payload + bound
    assert raw[-size:] == hmac.digest(key, said, "sha256")[:size]
