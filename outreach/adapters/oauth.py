"""OAuth2 access tokens for mail accounts, by the refresh-token grant (RFC 6749, 6)."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from outreach.adapters.smtp_wire import clean
from outreach.config.forms import LOOPBACK
from outreach.domain.errors import Refusal
from outreach.ports.clock import Clock

MARGIN_SECONDS = 120.0
"""A token is not given any more when it has less than this to live: a log-in takes its time."""
UNSAID_SECONDS = 300.0
"""How long a token is taken for good when the server does not say (``expires_in`` is only recommended)."""

# RFC 6749, 5.2, and what Google and Microsoft add: these do not pass by themselves.
_LASTING = {
    "invalid_grant": "Grant this program access to the mailbox anew, for a new refresh token",
    "invalid_client": "Check the client's id and secret",
    "invalid_request": "Check the settings of the mail account's log-in",
    "invalid_scope": "Check the scope",
    "unauthorized_client": "Allow this client to use refresh tokens",
    "unsupported_grant_type": "Check the address of the token server",
    "interaction_required": "Grant this program access to the mailbox anew",
    "consent_required": "Grant this program access to the mailbox anew",
}


class NoToken(Refusal):
    """There is no access token to be had; ``needs_person`` says that this will not pass by itself."""

    def __init__(self, *reasons: str, needs_person: bool) -> None:
        super().__init__(*reasons)
        self.needs_person = needs_person


@dataclass(frozen=True, slots=True)
class TokenAccount:
    """Where access tokens come from. Raises ValueError, in a sentence, for what must not be.

    ``endpoint``: the token server's address, https except on this machine. An empty ``client_secret`` is a
    public client's; an empty ``scope`` is whatever was granted.
    """

    endpoint: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scope: str = ""
    timeout_seconds: float = 30.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.endpoint)
        if not (parts.scheme == "https" and parts.hostname) and not (
            parts.scheme == "http" and parts.hostname in LOOPBACK
        ):
            raise ValueError(f"The token server's address must begin with https://, not be {self.endpoint!r}.")
        if not self.client_id:
            raise ValueError("Asking for access tokens needs a client id.")


class TokenSource:
    """Gives access tokens for one mail account; may be used from several threads.

    ``keep`` is called with a refresh token that the server has put in the place of ours, before the access token
    that came with it is given: the old one may be void already.
    """

    def __init__(
        self, account: TokenAccount, refresh_token: str, keep: Callable[[str], None], clock: Clock
    ) -> None:
        self._account, self._refresh_token, self._keep, self._clock = account, refresh_token, keep, clock
        self._unkept = ""
        self._access_token = ""
        self._good_until = 0.0
        self._lock = threading.Lock()

    def token(self) -> str:
        """An access token with at least some minutes to live, from memory or from the server. Raises NoToken."""
        with self._lock:
            if not self._access_token or self._clock.monotonic() >= self._good_until:
                self._refresh()
            if self._unkept:  # again and again until it is kept: after a restart no other would do
                self._keep(self._unkept)
                self._unkept = ""
            return self._access_token

    async def awaited(self) -> str:
        """The same for those who must not wait: SMTP."""
        return await asyncio.to_thread(self.token)

    def refused(self, token: str) -> None:
        """A mail server did not take this one: it is not given again."""
        with self._lock:
            if token == self._access_token:
                self._access_token = ""

    def _refresh(self) -> None:
        asked = self._clock.monotonic()
        answer = self._asked()
        access = answer.get("access_token")
        if not isinstance(access, str) or not access.isascii() or not access.isprintable() or not access:
            raise self._none("answered without an access token", needs_person=False)
        lifetime = _seconds(answer.get("expires_in"))
        self._good_until = asked + max(lifetime - MARGIN_SECONDS, lifetime / 2)
        self._access_token = access
        rotated = answer.get("refresh_token")
        if isinstance(rotated, str) and rotated and rotated != self._refresh_token:
            self._refresh_token = self._unkept = rotated

    def _asked(self) -> Mapping[str, Any]:
        """The token server's answer."""
        # Heavy, and needed by few.
        import httpx2
        from authlib.integrations.httpx_client import OAuth2Client, OAuthError  # type: ignore[import-untyped]

        account = self._account
        # In the body, as Google and Microsoft document it; RFC 6749, 2.3.1, allows both.
        method = "client_secret_post" if account.client_secret else "none"
        try:
            with OAuth2Client(
                account.client_id,
                account.client_secret or None,
                scope=account.scope or None,
                token_endpoint_auth_method=method,
                timeout=account.timeout_seconds,
            ) as client:
                answer: Mapping[str, Any] = client.refresh_token(account.endpoint, self._refresh_token)
                return answer
        except OAuthError as refusal:
            raise self._refused(str(refusal.error), str(refusal.description or "")) from None
        except httpx2.HTTPStatusError as problem:
            raise self._none(f"answered {problem.response.status_code}", needs_person=False) from None
        except (httpx2.HTTPError, OSError) as problem:
            raise self._none(f"is out of reach: {problem}", needs_person=_untrusted(problem)) from None
        except (ValueError, TypeError):
            raise self._none("answered with what is no token", needs_person=False) from None

    def _refused(self, error: str, description: str) -> NoToken:
        advice = _LASTING.get(error, "")
        said = f"gave no access token: {error}{', ' + description if description else ''}"
        return self._none(f"{said.rstrip('. ')}. {advice}", needs_person=bool(advice))

    def _none(self, said: str, *, needs_person: bool) -> NoToken:
        text = f"The token server {urlsplit(self._account.endpoint).hostname} {said.rstrip('. ')}."
        for secret in filter(None, (self._refresh_token, self._account.client_secret, self._access_token)):
            text = text.replace(secret, "***")
        return NoToken(clean(text), needs_person=needs_person)


def _seconds(said: object) -> float:
    """A token's lifetime; some servers write the number as text."""
    try:
        seconds = float(str(said))
    except ValueError:
        return UNSAID_SECONDS
    return min(max(seconds, 0.0), 86_400.0) if seconds == seconds else UNSAID_SECONDS  # noqa: PLR0124  NaN


def _untrusted(problem: Exception) -> bool:
    """Whether the certificate is what is wrong; it is told only in the text."""
    return "CERTIFICATE_VERIFY_FAILED" in str(problem)
