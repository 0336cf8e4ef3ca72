"""All looks that a workspace's settings ask for, put together by bootstrap."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from outreach.domain.mail_health import LogIn, SenderRecords


@dataclass(frozen=True, slots=True)
class Probes:
    """Each is None where the settings leave nothing to look at. None of them raises."""

    free_bytes: Callable[[], int]
    smtp: Callable[[], Awaitable[LogIn]] | None = None
    mailbox: Callable[[], LogIn] | None = None
    dns: Callable[[], Awaitable[SenderRecords]] | None = None
