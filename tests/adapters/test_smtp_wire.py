"""Replies off the wire, whatever pieces they come in (RFC 5321, 4.2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.adapters.smtp_wire import REPLY_LIMIT, NotAReplyError, clean, reply_of, take_reply
from outreach.domain.outcomes import Reply


def whole_reply(received: bytearray) -> Reply | None:
    taken = take_reply(received)
    return taken and reply_of(*taken)


@pytest.mark.parametrize(
    ("received", "reply"),
    [
        (b"250 2.1.0 Ok\r\n", Reply(250, "2.1.0 Ok", "2.1.0")),
        (b"250\r\n", Reply(250, "")),
        (b"250 bare line feed\n", Reply(250, "bare line feed")),
        (b"550-5.1.1 No such\r\n550 5.1.1 person\r\n", Reply(550, "5.1.1 No such 5.1.1 person", "5.1.1")),
        ("450 4.2.1 Plus tard, désolé\r\n".encode(), Reply(450, "4.2.1 Plus tard, désolé", "4.2.1")),
        (b"450 4.2.1 latin \xe9\r\n", Reply(450, "4.2.1 latin \ufffd", "4.2.1")),
        (b"550 5.1.1.1 is an address of yours\r\n", Reply(550, "5.1.1.1 is an address of yours")),
        (b"554 Transaction failed 5.7.1\r\n", Reply(554, "Transaction failed 5.7.1")),
        (b"550\t5.1.1 tab\r\n", None),
    ],
)
def test_a_reply_is_read_as_the_standard_writes_it(received: bytes, reply: Reply | None) -> None:
    buffer = bytearray(received)
    if reply is None:
        with pytest.raises(NotAReplyError):
            take_reply(buffer)
    else:
        assert whole_reply(buffer) == reply
        assert not buffer


@given(cut=st.integers(0, 40))
def test_a_reply_in_pieces_waits_for_its_last_byte(cut: int) -> None:
    whole = b"250-first line\r\n250-second\r\n250 third\r\n"
    buffer = bytearray(whole[:cut])
    first = whole_reply(buffer)
    if first is None:
        buffer.extend(whole[cut:])
        first = whole_reply(buffer)
    assert first == Reply(250, "first line second third")


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_in_another_way(received: bytes) -> None:
    try:
        reply = whole_reply(bytearray(received))
    except NotAReplyError:
        return
    assert reply is None or 200 <= reply.code <= 599


def test_only_the_first_reply_is_taken() -> None:
    buffer = bytearray(b"250 one\r\n250 two\r\n")
    take_reply(buffer)
    assert buffer == b"250 two\r\n"


def test_a_reply_too_long_is_not_a_reply_even_if_it_ends() -> None:
    with pytest.raises(NotAReplyError):
        take_reply(bytearray(b"250 " + b"x" * REPLY_LIMIT + b"\r\n"))


def test_what_is_kept_of_a_text_fits_a_screen_and_hides_nothing() -> None:
    assert clean("a\r\nb\x00c\x1b[31md\u202ee\ud800f") == "a b c [31md e f"
    assert len(clean("x" * 10_000)) == 500


@pytest.mark.parametrize("code", [-1, 0, 99, 199, 600, 999])
def test_a_code_that_is_no_reply_code_becomes_0(code: int) -> None:
    assert reply_of(code, "?").code == 0
