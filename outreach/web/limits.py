"""How often forms may be filled in: by one visitor, by all together, and by one personal link."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from fastapi import Depends, Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.exceptions import HTTPException

from outreach.config.settings import Settings
from outreach.domain.errors import InvalidInput
from outreach.domain.tokens import Purpose, read
from outreach.web.desk import desk_of

TOO_MANY = 429
RETRY_SECONDS = "60"
ALL_TO_ONE = 10
"""So many times what one visitor may do is what all may do together."""
_SAME_HOUSEHOLD = 64
"""The bits of an IPv6 address that name a customer; the rest is the customer's to choose (RFC 6177)."""

PERSONAL: Final = {
    "sign": ((Purpose.SIGN_ORGANISATION, 2), (Purpose.SIGN_INDIVIDUAL, 2)),
    "confirm": ((Purpose.CONFIRM, 2), (Purpose.CONFIRM, 1)),
    "signature": ((Purpose.SIGNATURE, 1),),
}
"""The doors of personal links: for what a token in them is made, and how many ids it has."""

Networks = tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """Counts forms in the memory of this process; nobody's network address is kept."""

    per_minute: int
    proxies: Networks
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    limiter: SlidingWindowCounterRateLimiter = field(
        default_factory=lambda: SlidingWindowCounterRateLimiter(MemoryStorage())
    )

    def lets_in(self, request: Request, link: str = "") -> bool:
        """Whether a form may be filled in now; it is counted if so.

        ``link`` is the token of a personal link that we made. Each has a count of its own and no part in the
        others, so that nobody who fills in rubbish keeps a mailbox from saying "It was not me".
        """
        one = RateLimitItemPerMinute(self.per_minute)
        if link:
            return self.limiter.hit(one, self._kept_as(f"link {link}"))
        everybody = RateLimitItemPerMinute(ALL_TO_ONE * self.per_minute)
        visitor = self._kept_as(f"visitor {client_of(request, self.proxies)}")
        return self.limiter.hit(one, visitor) and self.limiter.hit(everybody, "all")

    def _kept_as(self, who: str) -> str:
        return hmac.new(self.key, who.encode(), hashlib.sha256).hexdigest()[:32]


def gate_of(settings: Settings) -> Gate:
    """The gate as the settings say. Raises InvalidInput for trusted_proxies that are no networks."""
    return Gate(settings.web.forms_per_minute, _networks(settings.web.trusted_proxies.split(",")))


def _networks(texts: Iterable[str]) -> Networks:
    try:
        return tuple(ip_network(text.strip(), strict=False) for text in texts if text.strip())
    except ValueError as error:
        raise InvalidInput(
            f"web.trusted_proxies in config.toml must be network addresses separated by commas: {error}."
        ) from None


def client_of(request: Request, proxies: Networks) -> str:
    """For whom the request is made: the peer's address, or what a proxy of ours says of its own peer.

    X-Forwarded-For is read from its end, where our proxies write; what stands before the first address that is
    none of theirs was written by the client, and may be anything.
    """
    client = request.client.host if request.client else ""
    forwarded = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    while forwarded and _is_in(client, proxies):
        told = forwarded.pop().strip()
        if _network_of(told) is None:
            break
        client = told
    return _network_of(client) or client


def _is_in(client: str, proxies: Networks) -> bool:
    try:
        address = ip_address(client)
    except ValueError:
        return False
    return any(address in network for network in proxies)


def _network_of(client: str) -> str | None:
    """The address, or of one in IPv6 the network that one customer has; None for what is no address."""
    try:
        address = ip_address(client)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), _SAME_HOUSEHOLD), strict=False))
    return str(address)


def _personal_link(request: Request) -> str:
    """The token in the address, if we made it for that very door; "" for any other."""
    door, token = request.url.path.split("/")[1], request.path_params.get("token", "")
    key = desk_of(request).house.link_key
    ours = any(read(key, purpose, token, ids) is not None for purpose, ids in PERSONAL.get(door, ()))
    return token if ours else ""


async def _not_too_often(request: Request) -> None:
    gate: Gate = request.app.state.gate
    if not gate.lets_in(request, _personal_link(request)):
        raise HTTPException(TOO_MANY, headers={"Retry-After": RETRY_SECONDS})


NotTooOften = Depends(_not_too_often)
