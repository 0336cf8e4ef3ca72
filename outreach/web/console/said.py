"""What a deed says on the next page: that it was done, and how to undo it. It travels in a signed cookie."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field, replace

from fastapi import Request
from starlette.responses import Response

from outreach.web.desk import desk_of

COOKIE = "outreach_said"
LARGEST = 3600
"""Octets of what is said: a cookie of more than 4096, with its name and attributes, is dropped (RFC 6265, 6.1)."""
LONGEST, SHORTENED = 1500, 500
"""Characters of a sentence that is said as a whole, and what is left of one that is too long."""
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and, where it can be undone, the deed that does so: its address and its form's values."""

    text: str
    undo: str = ""
    values: dict[str, str] = field(default_factory=dict)
    refused: bool = False


def say_next(request: Request, answer: Response, said: Said | None) -> None:
    """Let the next page say it; None takes it back."""
    if said is None:
        answer.delete_cookie(COOKIE, path="/console")
        return
    payload = _fitting(said)
    answer.set_cookie(
        COOKIE,
        f"{payload}.{_seal(request, payload)}",
        max_age=SECONDS,
        path="/console",
        httponly=True,
        samesite="lax",
        secure=desk_of(request).house.settings.workspace.base_url.startswith("https:"),
    )


def _fitting(said: Said) -> str:
    """As much of it as a cookie holds: rather without its undo than not at all."""
    said = replace(said, text=_cut(said.text, LONGEST))
    without = replace(said, undo="", values={})
    for one in (said, without):
        if len(payload := _packed(one)) <= LARGEST:
            return payload
    return _packed(replace(without, text=_cut(said.text, SHORTENED)))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + "…"


def _packed(said: Said) -> str:
    return base64.urlsafe_b64encode(json.dumps(asdict(said), ensure_ascii=False).encode()).decode()


def take_said(request: Request) -> Said | None:
    """What the last deed said; None for nothing, and for what we did not say ourselves."""
    payload, _, seal = request.cookies.get(COOKIE, "").partition(".")
    if not payload or not hmac.compare_digest(seal.encode(), _seal(request, payload).encode()):
        return None
    try:
        return Said(**json.loads(base64.urlsafe_b64decode(payload)))
    except (ValueError, TypeError, binascii.Error):
        return None


def _seal(request: Request, payload: str) -> str:
    """Bound to the sitting, so that nobody's page says what was meant for another."""
    key = desk_of(request).house.link_key
    sitting = request.cookies.get("__Host-outreach", "") or request.cookies.get("outreach", "")
    return hmac.new(key, f"said {payload} {sitting}".encode(), hashlib.sha256).hexdigest()
