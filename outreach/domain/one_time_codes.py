"""The second factor: codes of six digits that an app on somebody's device shows, each good once (RFC 6238)."""

import hmac
import re
from datetime import datetime
from typing import Final

STEP_SECONDS: Final = 30
WINDOW: Final = 1
"""So many steps a device's clock may be fast or slow (RFC 6238, 5.2)."""
_CODE: Final = re.compile(r"[0-9]{6}")
_KEY: Final = re.compile(r"[A-Z2-7]{32}")
"""160 bits in base32, as RFC 4226, 4, advises."""


def new_key() -> str:
    """A key that a device and we share: 32 letters and digits (base32)."""
    import pyotp

    return pyotp.random_base32()


def is_key(text: str) -> bool:
    """Whether the text is a key as ``new_key`` makes them."""
    return _KEY.fullmatch(text) is not None


def provisioning_uri(key: str, *, account: str, issuer: str) -> str:
    """What the QR code for the app says: the key, whose it is, and for what."""
    import pyotp

    # A colon parts issuer and account there.
    return pyotp.TOTP(key).provisioning_uri(name=account.replace(":", " "), issuer_name=issuer.replace(":", " "))


def check(key: str, code: str, now: datetime, counter: int) -> int | None:
    """The time step whose code this is, to be kept as the next ``counter``; None for a wrong code.

    Only steps after ``counter`` count, so that no code works twice. Spaces in the code mean nothing.
    """
    import pyotp

    digits = "".join(code.split())
    if not is_key(key) or _CODE.fullmatch(digits) is None:
        return None
    step = int(now.timestamp()) // STEP_SECONDS
    device = pyotp.HOTP(key)
    right = [
        one
        for one in range(step - WINDOW, step + WINDOW + 1)
        if hmac.compare_digest(device.at(one), digits) and one > counter
    ]
    return right[0] if right else None
