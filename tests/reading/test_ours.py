"""What in a mail is ours, by tokens that nobody else can make."""

import pytest

from outreach.config.house import House
from outreach.config.settings import Settings
from outreach.domain.tokens import TAGS, Purpose, mint
from outreach.reading.ours import (
    Tagged,
    is_ours,
    message_ids,
    quoted_messages,
    tagged_addresses,
)
from outreach.rendering.composing import message_id, return_address, unsubscribe_address

SENDER = {"name": "Lantern Coast", "address": "Calls@LanternCoast.coop"}


def house(key: bytes = b"k" * 32, **sender: object) -> House:
    return House(Settings.model_validate({"sender": SENDER | sender}), b"s" * 32, key)


OURS = house()
OTHERS = house(b"o" * 32)


def address(purpose: Purpose, number: int, by: House = OURS, domain: str = "lanterncoast.coop") -> str:
    return f"calls+{TAGS[purpose]}{mint(by.link_key, purpose, number)}@{domain}"


@pytest.mark.parametrize("number", [1, 127, 128, 2**31, 2**63 - 1])
@pytest.mark.parametrize("purpose", list(TAGS))
def test_an_address_of_ours_says_which_message_and_what_for(purpose: Purpose, number: int) -> None:
    assert tagged_addresses([address(purpose, number)], OURS) == [Tagged(purpose, number)]


def test_the_addresses_that_are_written_are_the_ones_that_are_read() -> None:
    for written, purpose in (
        (return_address(7, OURS), Purpose.RETURN),
        (unsubscribe_address(7, OURS), Purpose.UNSUBSCRIBE),
    ):
        assert tagged_addresses([written], OURS) == [Tagged(purpose, 7)]
        assert len(written.partition("@")[0]) <= 64, "RFC 5321, 4.5.3.1.1"


def test_servers_may_change_the_case_of_an_address() -> None:
    assert tagged_addresses([address(Purpose.REPLY, 7).upper()], OURS) == [Tagged(Purpose.REPLY, 7)]


def test_each_is_named_once_in_the_order_in_which_they_stand() -> None:
    first, second = address(Purpose.REPLY, 9), address(Purpose.RETURN, 2)
    assert tagged_addresses([first, second, first], OURS) == [Tagged(Purpose.REPLY, 9), Tagged(Purpose.RETURN, 2)]


@pytest.mark.parametrize(
    "forged",
    [
        address(Purpose.REPLY, 7, OTHERS),
        address(Purpose.REPLY, 7, domain="elsewhere.coop"),
        address(Purpose.REPLY, 7, domain="lanterncoast.coop.elsewhere.coop"),
        address(Purpose.REPLY, 7, domain="lanterncoast.coop-x"),
        address(Purpose.REPLY, 7).replace("+r", "+b"),
        address(Purpose.REPLY, 7).replace("+r", "+u"),
        address(Purpose.REPLY, 7).replace("+r", "+x"),
        address(Purpose.REPLY, 7).replace("+r", "+"),
        address(Purpose.REPLY, 7).replace("+r", "-r"),
        address(Purpose.REPLY, 7).replace("@", "a@"),
        address(Purpose.REPLY, 7).replace("calls+", "other+"),
        "calls@lanterncoast.coop",
        "calls+r@lanterncoast.coop",
        f"calls+r{'a' * 40}@lanterncoast.coop",
        f"calls+r{'a' * 5000}@lanterncoast.coop",
    ],
)
def test_nobody_else_can_make_one(forged: str) -> None:
    assert tagged_addresses([forged], OURS) == []


def test_every_changed_letter_is_noticed() -> None:
    genuine = address(Purpose.REPLY, 7)
    start, end = genuine.index("+") + 2, genuine.index("@")
    for place in range(start, end):
        other = "a" if genuine[place] != "a" else "b"
        assert tagged_addresses([genuine[:place] + other + genuine[place + 1 :]], OURS) == []


def test_answers_and_bounces_may_have_addresses_of_their_own() -> None:
    apart = house(reply_to="answers@coast.coop", return_address="bounces@mail.coast.coop")
    token = mint(apart.link_key, Purpose.REPLY, 7)
    back = mint(apart.link_key, Purpose.RETURN, 7)
    found = tagged_addresses([f"answers+r{token}@coast.coop", f"bounces+b{back}@mail.coast.coop"], apart)
    assert found == [Tagged(Purpose.REPLY, 7), Tagged(Purpose.RETURN, 7)]


def test_a_local_part_with_signs_of_its_own_is_read_as_it_stands() -> None:
    odd = house(address="c.a*lls@lanterncoast.coop")
    token = mint(odd.link_key, Purpose.REPLY, 7)
    assert tagged_addresses([f"c.a*lls+r{token}@lanterncoast.coop"], odd) == [Tagged(Purpose.REPLY, 7)]
    assert tagged_addresses([f"cxa*lls+r{token}@lanterncoast.coop"], odd) == []


def test_a_message_id_of_ours_is_known_again() -> None:
    ours = message_id(7, OURS)
    assert message_ids([ours, "<x@elsewhere.coop>", ours], OURS) == [7]
    assert message_ids([ours.upper()], OURS) == [7]
    assert is_ours(ours, OURS)


@pytest.mark.parametrize(
    "foreign",
    [
        message_id(7, OTHERS),
        message_id(7, OURS).replace("lanterncoast", "elsewhere"),
        message_id(7, OURS).replace("@", "x@"),
        message_id(7, OURS).replace("<", "<x"),
        message_id(7, OURS).replace("coop>", "coop.elsewhere>"),
        f"<{mint(OURS.link_key, Purpose.REPLY, 7)}@lanterncoast.coop>",
        "",
    ],
)
def test_no_other_message_id_is_taken_for_ours(foreign: str) -> None:
    assert not is_ours(foreign, OURS)
    assert message_ids([foreign], OURS) == []


def test_a_sentence_may_end_with_an_address_of_ours() -> None:
    raw = f"\n\nPlease write to {address(Purpose.REPLY, 7)}. Thank you.".encode()
    assert quoted_messages(raw, [], OURS) == [7]


def test_a_mail_that_quotes_ours_names_it_wherever_it_stands() -> None:
    ours = message_id(7, OURS).encode()
    for quoting in (
        b"\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: " + ours + b"\n",
        b"\n\n> Message-ID: " + ours + b"\n",
        b"\n\n<a href=3D'mailto:" + address(Purpose.REPLY, 7).encode() + b"'>",
        b"\n\nReply-To: " + address(Purpose.REPLY, 7).encode().upper() + b"\n",
    ):
        assert quoted_messages(quoting, [], OURS) == [7]


def test_ids_from_inside_an_encoded_part_come_first() -> None:
    raw = b"\n\nMessage-ID: " + message_id(3, OURS).encode()
    assert quoted_messages(raw, [message_id(7, OURS)], OURS) == [7, 3]


def test_whatever_the_bytes_are_nothing_is_found_in_none_of_ours() -> None:
    for raw in (b"", b"\x00\xff\xfe" * 1000, ("é@" * 10_000).encode(), b"+r" * 100_000, b"a" * 1_000_000 + b"@"):
        assert quoted_messages(raw, [], OURS) == []
