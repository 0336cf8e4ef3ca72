"""How often a log-in may be tried: for one account, from one network address, and by all strangers together."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.responses import Response

from outreach.config.settings import Settings
from outreach.domain.tokens import Purpose, mint, read
from outreach.web.console.room import cookie_name
from outreach.web.desk import Desk, desk_of
from outreach.web.limits import Networks, client_of, gate_of

TOO_MANY = 429
RETRY_SECONDS = "300"
WINDOW_MINUTES: Final = 15
FOR_AN_ACCOUNT: Final = RateLimitItemPerMinute(10, WINDOW_MINUTES)
FROM_AN_ADDRESS: Final = RateLimitItemPerMinute(30, WINDOW_MINUTES)
"""An office behind one address has more than one person."""
BY_STRANGERS: Final = RateLimitItemPerMinute(120)
"""What all may try who were never here: each try is work for the processor, by intention."""
AT_A_KNOWN_BROWSER: Final = RateLimitItemPerMinute(20, WINDOW_MINUTES)
KNOWN_DAYS: Final = 400
"""As long as browsers keep a cookie (RFC 6265bis)."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """Counts attempts in the memory of this process; no name and no network address is kept.

    A browser in which the person has logged in before has a count of its own and no part in the others, so that
    nobody's guesses lock out the one whose account it is.
    """

    proxies: Networks = ()
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    limiter: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))

    def lets_try(self, request: Request, account: str, *, user_id: int) -> bool:
        """Whether a password or a code may be tried for that account now; it is counted if so.

        ``user_id``: whose account it is, 0 for nobody's.
        """
        browser = known_browser(request, user_id)
        if browser:
            return self._counts(AT_A_KNOWN_BROWSER, f"browser {browser} {account}")
        return (
            self._counts(FROM_AN_ADDRESS, f"address {client_of(request, self.proxies)}")
            and self._counts(BY_STRANGERS, "strangers")
            and self._counts(FOR_AN_ACCOUNT, f"account {account}")  # last, so that one address uses up no account
        )

    def _counts(self, limit: RateLimitItem, who: str) -> bool:
        return self.limiter.hit(limit, hmac.new(self.key, who.encode(), hashlib.sha256).hexdigest()[:32])


def throttle_for(settings: Settings) -> Throttle:
    """The throttle as the settings say. Raises InvalidInput for trusted_proxies that are no networks."""
    return Throttle(gate_of(settings).proxies)


def throttle_of(request: Request) -> Throttle:
    """The throttle that the console was built with."""
    throttle: Throttle = request.app.state.throttle
    return throttle


def known_browser(request: Request, user_id: int) -> str:
    """The cookie that says that this user has logged in here before; "" for none, and for another's."""
    desk = desk_of(request)
    token = request.cookies.get(_name(desk), "")
    ids = read(desk.house.link_key, Purpose.DEVICE, token, 2)
    return token if ids and user_id and ids[0] == user_id else ""


def know_browser(request: Request, answer: Response, user_id: int) -> None:
    """Let the browser show from now on that this user has logged in here."""
    if known_browser(request, user_id):
        return
    desk = desk_of(request)
    token = mint(desk.house.link_key, Purpose.DEVICE, user_id, secrets.randbits(48))
    keep_cookie(desk, answer, _name(desk), token, days=KNOWN_DAYS)


def keep_cookie(desk: Desk, answer: Response, name: str, value: str, *, days: int) -> None:
    """Set a cookie that no script reads, no other site sends along with a form, and no plain connection carries."""
    answer.set_cookie(
        name,
        value,
        max_age=days * 24 * 60 * 60,
        path="/",
        httponly=True,
        samesite="lax",
        secure=desk.house.settings.workspace.base_url.startswith("https:"),
    )


def _name(desk: Desk) -> str:
    return f"{cookie_name(desk)}-known"
