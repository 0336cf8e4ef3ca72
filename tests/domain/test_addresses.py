"""Which addresses are taken, which are refused and with what sentence, and what makes two the same."""

import contextlib
import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.addresses import (
    Address,
    address_digest,
    digest_or_nothing,
    flood_key,
    parse_address,
    parse_unusual,
    same_house,
    wire_of,
)
from outreach.domain.errors import InvalidInput

SALT = b"salt of the tests"

REFUSED = [
    ("a@b.example\r\nBcc: x@evil.example", "control or invisible"),
    ("a@b.example>\r\nRCPT TO:<evil@z", "control or invisible"),
    ("b@y.example, c@z.example", "more than one address"),
    ("b@y.example c@z.example", "more than one address"),
    ("b@y.example;c@z.example", "more than one address"),
    ("@relay:a@y.example", "route"),
    ("@relay.example,@hop.example:a@y.example", "route"),
    ("alice@example.org<bob@evil.example>", "angle brackets"),
    ("Alice <alice@example.org>", "angle brackets"),
    ('"a b"@y.example', "quotation marks"),
    ('"<script>"@y.example', "angle brackets"),
    ('"plain"@y.example', "quotation marks"),
    ('"a@b"@y.example', "quotation marks"),
    ("a@[127.0.0.1]", "network number"),
    ("a@[IPv6:::1]", "network number"),
    ("a@localhost", "no full domain"),
    ("a@internal", "no full domain"),
    ("a@y.localhost", "not an address"),
    ("a@printer.local", "not an address"),
    ("a\x00b@y.example", r"U\+0000"),
    ("a\u200bb@y.example", r"U\+200B"),
    ("\u202ea@y.example", r"U\+202E"),
    ("a\u00adb@y.example", r"U\+00AD"),
    ("a@y\u2028.example", r"U\+2028"),
    ("a\ud800@y.example", "control or invisible"),
    ("a" * 65 + "@y.example", "64 bytes"),
    ("é" * 33 + "@y.example", "64 bytes"),
    ("a@" + "b" * 248 + ".example", "not an address"),
    ("a" * 10_000, "too long"),
    ("@" * 10_000, "too long"),
    ("", "empty"),
    ("   ", "empty"),
    ("rosa", "no @"),
    ("rosa@", "no full domain"),
    ("@y.example", "route"),
    ("rosa.@y.example", "not an address"),
    (".rosa@y.example", "not an address"),
    ("ro..sa@y.example", "not an address"),
    ("rosa@y..example", "not an address"),
    ("rosa@-y.example", "not an address"),
    ("rosa@y-.example", "not an address"),
    ("rosa@y.example.", "not an address"),
    ("rosa@y_z.example", "not an address"),
    ("rosa@1.2.3.4", "not an address"),
    ("rosa@y.123", "not an address"),
    ("rosa(office)@y.example", "not an address"),
    ("rosa@y.example (office)", "not an address"),
    ("mailto:rosa@y.example", "not an address"),
    ("ro sa@y.example", "not an address"),
    ("rosa＠y.example", "no @"),
    ("rosa@☃.example", "not an address"),
    ("rosa@xn--a.example", "not an address"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_plain_address_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason) as caught:
        parse_address(text)
    assert "\r" not in str(caught.value)
    assert "\x00" not in str(caught.value)


@pytest.mark.parametrize("text", [text for text, _ in REFUSED if len(text) > 60] + ["a@" + "xn--" * 79])
def test_a_long_text_is_refused_within_ten_milliseconds(text: str) -> None:
    parse_address("warm@up.example")
    started = time.perf_counter()
    with pytest.raises(InvalidInput):
        parse_address(text)
    assert time.perf_counter() - started < 0.010


def test_the_same_mailbox_in_other_case_is_the_same_contact_and_the_original_is_kept() -> None:
    first, second = parse_address(" Foo@Example.ORG "), parse_address("foo@example.org")
    assert first.key == second.key == "foo@example.org"
    assert first.given == "Foo@Example.ORG"
    assert first.wire == "Foo@example.org"


def test_dots_and_plus_are_two_contacts_but_one_mailbox_for_limits() -> None:
    first, second = parse_address("u.ser+x@gmail.com"), parse_address("user@googlemail.com")
    assert first.key != second.key
    assert flood_key(first) == flood_key(second) == "user@gmail.com"
    assert flood_key(parse_address("u.ser+x@y.example")) == "u.ser@y.example"
    assert flood_key(parse_address("+x@y.example")) == "+x@y.example"


def test_a_local_part_outside_ascii_needs_smtputf8() -> None:
    address = parse_address("józef@y.example")
    assert address.needs_smtputf8
    assert address.wire == "józef@y.example"
    decomposed = parse_address(unicodedata.normalize("NFD", "Józef@y.example"))
    assert decomposed.key == address.key


def test_a_domain_in_other_letters_goes_over_the_wire_as_its_a_label() -> None:
    address = parse_address("b@bücher.example")
    assert (address.wire, address.domain) == ("b@xn--bcher-kva.example", "xn--bcher-kva.example")
    assert not address.needs_smtputf8
    assert address.key == parse_address("B@XN--BCHER-KVA.example").key
    assert address.warnings == ()


@pytest.mark.parametrize(
    "text", ["a@xn--80ak6aa92e.com", "a@аррӏе.com", "a@gооgle.example", "a@mail.amnеsty.example"]
)
def test_a_domain_that_imitates_another_is_taken_and_flagged(text: str) -> None:
    assert "look-alike domain" in parse_address(text).warnings[0]


@pytest.mark.parametrize(
    "text", ["a@почта.рф", "a@müller.example", "a@例え.example", "a@사람.example", "a@трактор.com"]
)
def test_a_domain_in_its_own_script_is_not_flagged(text: str) -> None:
    assert parse_address(text).warnings == ()


@pytest.mark.parametrize("local", ["info", "no-reply", "NoReply", "postmaster", "abuse", "Info+list"])
def test_a_role_address_is_taken_with_a_warning(local: str) -> None:
    address = parse_address(f"{local}@y.example")
    assert "role address" in address.warnings[0]
    assert address.wire == f"{local}@y.example"


def test_a_disposable_domain_is_flagged_not_refused() -> None:
    assert "disposable" in parse_address("a@mailinator.com").warnings[0]
    assert "disposable" in parse_address("a@eu.mailinator.com").warnings[0]


def test_ordinary_addresses_have_no_warnings() -> None:
    for text in ("rosa@a.example", "o'brien+x@b-c.d.example", "a_b@x.example", "1@2.example"):
        assert parse_address(text).warnings == ()


def test_colleagues_share_a_domain_unless_it_is_a_providers() -> None:
    assert same_house("lanterncoast.example", "lanterncoast.example")
    assert not same_house("lanterncoast.example", "members.lanterncoast.example")
    assert not same_house("gmail.com", "gmail.com")
    assert not same_house("", "")


def test_a_digest_tells_nothing_without_the_salt_and_does_not_change() -> None:
    assert address_digest("rosa@y.example", SALT) == "849379d5e882c70df630f21a03053dd2"
    assert address_digest("rosa@y.example", SALT) != address_digest("rosa@y.example", b"other")


def test_what_is_no_address_has_no_digest() -> None:
    assert digest_or_nothing(" Rosa@Y.example", SALT) == address_digest("rosa@y.example", SALT)
    assert digest_or_nothing("rosa at y.example", SALT) == ""


@given(st.text(max_size=330))
def test_no_text_whatever_does_more_than_be_refused(text: str) -> None:
    with contextlib.suppress(InvalidInput):
        address = parse_address(text)
        assert address.wire.count("@") == 1
        assert not set(address.wire) & set("\r\n\0<> ")


@given(st.from_regex(r"[a-zA-Z0-9é]{1,10}([.+_][a-zA-Z0-9]{1,5})?@[a-zA-Zü]{1,8}\.example", fullmatch=True))
def test_what_was_taken_once_is_taken_again_and_is_the_same(text: str) -> None:
    address = parse_address(text)
    again = parse_address(address.wire)
    assert again.key == address.key
    assert parse_address(address.key).key == address.key


def read_by(parse: Callable[[str], Address], text: str) -> Address | str:
    try:
        return parse(text)
    except InvalidInput as refusal:
        return str(refusal)


LOCALS = st.one_of(st.from_regex(r"[A-Za-z0-9.+_'!-]{0,66}", fullmatch=True), st.sampled_from(("info", "a" * 64)))
LABELS = st.from_regex(r"[a-z0-9A-Z-]{0,8}|[a-z]{58,65}", fullmatch=True)
ENDS = st.sampled_from(("org", "example", "test", "local", "onion", "arpa", "c", "co1", "xn--p1ai", "Org", ""))
NEARLY = st.builds(
    lambda local, at, labels, end, after: local + at + ".".join([*labels, end]) + after,
    LOCALS,
    st.sampled_from(("@", "@", "@", "@@", "")),
    st.lists(LABELS | st.sampled_from(("yopmail", "b" * 41)), max_size=6),
    ENDS,
    st.sampled_from(("", "", "", " ", "\n", ".", ">")),
)


@given(NEARLY | st.emails() | st.text(max_size=20))
def test_the_short_cut_for_plain_addresses_says_what_email_validator_says(text: str) -> None:
    assert read_by(parse_address, text) == read_by(parse_unusual, text)


@given(NEARLY)
def test_the_address_on_the_wire_is_the_same_by_the_short_cut(text: str) -> None:
    with contextlib.suppress(InvalidInput):
        assert wire_of(text) == parse_unusual(text).wire


_LOCALS = st.from_regex(r"[A-Za-z0-9._+-]{1,70}", fullmatch=True)
_DOMAINS = st.from_regex(r"([a-z0-9-]{1,12}\.){0,3}([a-z]{1,8}|test|localhost|xn--p1ai|arpa)", fullmatch=True)


@given(st.tuples(_LOCALS, _DOMAINS).map("@".join))
def test_what_goes_over_the_wire_is_found_quickly_and_alike(address: str) -> None:
    try:
        expected = parse_address(address).wire
    except InvalidInput:
        with pytest.raises(InvalidInput):
            wire_of(address)
    else:
        assert wire_of(address) == expected
