"""Passwords: kept as argon2id, and checked with the same work whether or not anybody has that address."""

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pwdlib import PasswordHash

MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
"""OWASP's Password Storage Cheat Sheet: many may try at once, and none takes more than these 19 MiB."""

NOBODYS: Final = "$argon2id$v=19$m=19456,t=2,p=1$vB3hmTGanIssjXTgIsl/EA$MDJFkPZ+8jpSaK3j7ag5SuX6byeM49g5Hrl9Dy49Eu8"
"""What a guess at somebody unknown is compared with. Of thirty-two random bytes, which were not kept."""


def hashed(password: str) -> str:
    """What is kept of a password (RFC 9106): it says itself how it was made."""
    return _argon2id().hash(_plain(password))


def fits(password: str, kept: str) -> bool:
    """Whether ``kept`` was made of that password; never where nothing is kept (""), but after the same work."""
    fit = _argon2id().verify(_plain(password), kept or NOBODYS)
    return fit and bool(kept)


def _plain(password: str) -> bytes:
    """The same bytes from every keyboard: NFKC, as NIST SP 800-63B, 5.1.1.2, advises."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@cache
def _argon2id() -> "PasswordHash":
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    return PasswordHash((Argon2Hasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES),))
