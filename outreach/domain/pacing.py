"""How fast mails may leave: when a mailing will be through, and whether one more may go now."""

import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
MANY = sys.maxsize


class Limits(Protocol):
    """The settings that say how fast."""

    @property
    def per_minute(self) -> int: ...  # noqa: D102
    @property
    def per_hour(self) -> int: ...  # noqa: D102
    @property
    def per_day(self) -> int: ...  # noqa: D102
    @property
    def domain_per_minute(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Pace:
    """Mails in any minute, hour and day for the account, and in any minute for one recipient domain."""

    per_minute: int
    per_hour: int
    per_day: int
    domain_per_minute: int

    @classmethod
    def of(cls, limits: Limits) -> "Pace":
        """The pace that the settings allow."""
        return cls(limits.per_minute, limits.per_hour, limits.per_day, limits.domain_per_minute)

    def minutes_for(self, count: int, largest_domain: int) -> float:
        """How many minutes at least it takes for ``count`` mails to leave, the first ones at once."""
        days, rest = divmod(max(count - 1, 0), self.per_day)
        hours, rest = divmod(rest, self.per_hour)
        account = days * 1440 + hours * 60 + rest // self.per_minute
        return max(account, max(largest_domain - 1, 0) // self.domain_per_minute)


def finish(waves: Mapping[datetime, Mapping[str, int]], pace: Pace) -> datetime:
    """When the last mail will have left, if at each moment of ``waves`` so many become due for each domain."""
    end = min(waves)
    for start in sorted(waves):
        domains = waves[start]
        minutes = pace.minutes_for(sum(domains.values()), max(domains.values(), default=0))
        end = max(end, start) + timedelta(minutes=minutes)
    return end


@dataclass(slots=True)
class Window:
    """Counts what left within the last ``seconds``; ``room`` says how many more may."""

    seconds: float
    limit: int
    times: deque[float] = field(default_factory=deque)

    def room(self, now: float) -> int:
        """How many more may leave at ``now`` (seconds of a clock that never jumps)."""
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        return self.limit - len(self.times)

    def count(self, now: float) -> None:
        """One has left."""
        self.times.append(now)

    def wait(self, now: float) -> float:
        """Seconds until there is room again; 0 when there is."""
        return 0.0 if self.room(now) > 0 else self.times[0] + self.seconds - now


@dataclass(slots=True)
class Rooms:
    """How many mails may leave now to each recipient domain: ``left`` where it is not the ``usual`` number."""

    usual: int = MANY
    left: dict[str, int] = field(default_factory=dict)

    @property
    def full(self) -> list[str]:
        """The domains to which nothing more may leave now."""
        return [domain for domain, left in self.left.items() if left <= 0]

    def take(self, domain: str) -> bool:
        """Take one place; False when there is none."""
        left = self.left.get(domain, self.usual)
        if left > 0:
            self.left[domain] = left - 1
        return left > 0


@dataclass(slots=True)
class Pacer:
    """Counts what leaves, for the account and for each recipient domain."""

    pace: Pace
    account: tuple[Window, ...] = ()
    domains: dict[str, Window] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.account = (
            Window(MINUTE, self.pace.per_minute),
            Window(HOUR, self.pace.per_hour),
            Window(DAY, self.pace.per_day),
        )

    def room(self, now: float) -> int:
        """How many more mails may leave now, whatever their domain."""
        return max(min(window.room(now) for window in self.account), 0)

    def wait(self, now: float) -> float:
        """Seconds until the account or, if it has room, the next full domain may go on; 0 when nothing waits."""
        wait = max(window.wait(now) for window in self.account)
        if wait:
            return wait
        return min((w for window in self.domains.values() if (w := window.wait(now))), default=0.0)

    def rooms(self, now: float, *, in_flight: Mapping[str, int] | None = None, at_once: int = MANY) -> Rooms:
        """The room that each recipient domain has; those that were quiet for a minute are forgotten.

        ``at_once``: how many mails may be in flight to one domain, so that a slow one leaves lanes to the others.
        """
        self.domains = {name: window for name, window in self.domains.items() if _busy(window, now)}
        left = {name: at_once - count for name, count in (in_flight or {}).items()}
        for name, window in self.domains.items():
            left[name] = min(window.room(now), left.get(name, at_once))
        return Rooms(min(self.pace.domain_per_minute, at_once), left)

    def count(self, domain: str, now: float) -> None:
        """One mail to ``domain`` is leaving."""
        for window in self.account:
            window.count(now)
        self.domains.setdefault(domain, Window(MINUTE, self.pace.domain_per_minute)).count(now)


def _busy(window: Window, now: float) -> bool:
    window.room(now)
    return bool(window.times)
