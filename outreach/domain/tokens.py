"""Short tokens for links and return addresses that nobody can forge, alter, or use for another purpose."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from itertools import product
from typing import Final, Protocol


class Purpose(IntEnum):
    """What a token is good for. The numbers are part of tokens that are already out: never reuse one."""

    SIGN_ORGANISATION = 1
    SIGN_INDIVIDUAL = 2
    OPT_OUT = 3
    CONFIRM = 4
    RETURN = 5
    """In the envelope sender, so that a bounce names its message."""
    REPLY = 6
    """In Reply-To, so that an answer names its message."""
    MESSAGE = 7
    """In Message-ID, so that whatever quotes it names its message."""
    UNSUBSCRIBE = 8
    """In the address of List-Unsubscribe: whatever is written there opts out who got the message."""
    SIGNATURE = 9
    """Opens a signatory's own entry, to correct, hide or withdraw it."""
    KIT = 10
    """Opens the announcement kit of a signatory."""
    ACCESS = 11
    """Lets a user of the console choose a password."""
    DEVICE = 12
    """In a cookie of a browser in which a user has logged in before."""


TAGS: Final = {Purpose.RETURN: "b", Purpose.REPLY: "r", Purpose.UNSUBSCRIBE: "u"}
"""The letter after the + of an address that says what the token behind it is good for."""

IN_MAIL: Final = frozenset({Purpose.RETURN, Purpose.REPLY, Purpose.MESSAGE, Purpose.UNSUBSCRIBE})
"""Tokens that stand before an @: servers may change the case there, so their alphabet has only one."""

SHORTEST_KEY: Final = 16
_LONGEST_TOKEN: Final = 128
_LARGEST_ID: Final = 2**63 - 1
_LINK_MAC: Final = 12
_MAIL_MAC: Final = 10
_MAC_SIZES: Final = tuple(_MAIL_MAC if number in IN_MAIL else _LINK_MAC for number in range(max(Purpose) + 1))
"""By purpose; a place in a row is found quicker than a member in a set."""
_SEVEN_BITS: Final = 0x7F
_MORE_FOLLOW: Final = 0x80
_BLOCK: Final = 64
"""Octets that SHA-256 takes at a time."""
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
_THREES: Final = tuple(map("".join, product(_LETTERS, repeat=3)))
_FIFTEEN_BITS: Final = 0x7FFF
_FOR_PATHS: Final = bytes.maketrans(b"+/", b"-_")


def mint(key: bytes, purpose: Purpose, *ids: int, bound: bytes = b"") -> str:
    """A token for ``ids``, fit for a URL path, or for a local part if the purpose is in IN_MAIL.

    ``bound`` is what the token is tied to without saying so (an address, a version): it must be given again
    when the token is read. The ids can be read by anyone; only the key can make a token for them.
    HMAC-SHA256 (RFC 2104), truncated to 96 bits in links and 80 in mail.
    """
    payload = b"".join([_varint(number) for number in ids]) if len(ids) > 1 else _varint(*ids)
    return _ENCODE[purpose](payload + _mac(key, purpose, len(ids), payload, bound))


def read(key: bytes, purpose: Purpose, token: str, count: int, bound: bytes = b"") -> tuple[int, ...] | None:
    """The ``count`` ids of a token that ``mint`` made with the same key, purpose and bound; None for anything else.

    A token in mail is in lower case: fold a local part before reading it.
    """
    raw = _decode(token, purpose)
    size = _MAC_SIZES[purpose]
    if raw is None or len(raw) < size:
        return None
    payload, mac = raw[:-size], raw[-size:]
    if not hmac.compare_digest(mac, _mac(key, purpose, count, payload, bound)):
        return None
    return _ids(payload)


def _mac(key: bytes, purpose: int, count: int, payload: bytes, bound: bytes) -> bytes:
    """Every part is of fixed length or preceded by its length, so that no two meanings share a MAC."""
    inner, outer, size = _begun(key, purpose, count, len(payload))
    inside, outside = inner(), outer()
    inside.update(payload + bound)
    outside.update(inside.digest())
    return outside.digest()[:size]


class _Hash(Protocol):
    def update(self, octets: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


@lru_cache(maxsize=512)
def _begun(
    key: bytes, purpose: int, count: int, length: int
) -> tuple[Callable[[], _Hash], Callable[[], _Hash], int]:
    """Copies of both hashes of HMAC with all in them that many tokens share (RFC 2104, 4), and the MAC's size.

    A mail needs about seven MACs.
    """
    if len(key) < SHORTEST_KEY:
        raise ValueError(f"the key for tokens needs at least {SHORTEST_KEY} bytes")
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(octet ^ 0x36 for octet in block))
    inner.update(b"outreach token 1" + bytes((purpose, count, length)))
    outer = hashlib.sha256(bytes(octet ^ 0x5C for octet in block))
    return inner.copy, outer.copy, _MAC_SIZES[purpose]


def _for_mail(raw: bytes) -> str:
    """Base32 without padding (RFC 4648, 6); the library's takes longer than the MAC, and has capitals."""
    octets = len(raw)
    number = int.from_bytes(raw, "big") << (-8 * octets % 15)
    threes = [_THREES[number >> shift & _FIFTEEN_BITS] for shift in _shifts(octets)]
    return "".join(threes)[: (8 * octets + 4) // 5]


def _for_paths(raw: bytes) -> str:
    """Base64 of the alphabet for addresses, without padding (RFC 4648, 5)."""
    return binascii.b2a_base64(raw, newline=False).translate(_FOR_PATHS, b"=").decode("ascii")


_ENCODE: Final = tuple(_for_mail if number in IN_MAIL else _for_paths for number in range(max(Purpose) + 1))


@lru_cache(maxsize=_LONGEST_TOKEN)
def _shifts(octets: int) -> tuple[int, ...]:
    """Where three base32 letters each stand in a number of so many octets, filled up to whole threes."""
    return tuple(range((8 * octets + 14) // 15 * 15 - 15, -1, -15))


def _decode(token: str, purpose: Purpose) -> bytes | None:
    """The bytes of a token; None unless it is spelt in the one way that ``mint`` spells them (RFC 4648, 3.5)."""
    if not token or len(token) > _LONGEST_TOKEN or not token.isascii():
        return None
    try:
        if purpose in IN_MAIL:
            raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        else:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (ValueError, binascii.Error):
        return None
    return raw if _ENCODE[purpose](raw) == token else None


@lru_cache(maxsize=256)
def _varint(number: int) -> bytes:
    """Seven bits to a byte, least first; the high bit says that more follow."""
    if not 0 <= number <= _LARGEST_ID:
        raise ValueError(f"{number} is no id")
    out = bytearray()
    while number > _SEVEN_BITS:
        out.append(number & _SEVEN_BITS | _MORE_FOLLOW)
        number >>= 7
    out.append(number)
    return bytes(out)


def _ids(payload: bytes) -> tuple[int, ...]:
    """The ids of a payload whose MAC was right, so that ``_varint`` made it."""
    ids: list[int] = []
    number = shift = 0
    for byte in payload:
        number |= (byte & _SEVEN_BITS) << shift
        shift += 7
        if byte < _MORE_FOLLOW:
            ids.append(number)
            number = shift = 0
    return tuple(ids)
