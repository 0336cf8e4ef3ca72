"""How fast mails may leave: when a mailing will be through, and whether one more may go now."""

import sys
from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
MANY = sys.maxsize
GRAINS = 600


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


@dataclass(frozen=True, slots=True)
class Load:
    """So many mails become due together; ``largest`` of them go to one domain, to none more."""

    mails: int
    largest: int

    @classmethod
    def of(cls, domains: Mapping[str, int]) -> "Load":
        """So many for each domain."""
        return cls(sum(domains.values()), max(domains.values(), default=0))


def finish(waves: Mapping[datetime, Load], pace: Pace) -> datetime:
    """When the last mail will have left, if at each moment of ``waves`` so many become due."""
    end = min(waves)
    for start in sorted(waves):
        minutes = pace.minutes_for(waves[start].mails, waves[start].largest)
        end = max(end, start) + timedelta(minutes=minutes)
    return end


@dataclass(slots=True)
class Moments:
    """Mails that left close to one another, from ``first`` to ``last``."""

    first: float
    last: float
    count: int = 0


@dataclass(slots=True)
class Counted:
    """What left within the last ``seconds``.

    What left within a six-hundredth of that is counted as one and forgotten with its last, so that a million mails
    take no more memory than a thousand.
    """

    seconds: float
    times: list[Moments] = field(default_factory=list)
    total: int = 0

    def add(self, now: float, many: int = 1) -> None:
        """So many have left."""
        if not self.times or now - self.times[-1].first > self.seconds / GRAINS:
            self.times.append(Moments(now, now))
        latest = self.times[-1]
        latest.last, latest.count = max(now, latest.last), latest.count + many
        self.total += many

    def at(self, now: float) -> int:
        """How many they are at ``now``; what is older is forgotten."""
        over = 0
        for each in self.times:
            if each.last > now - self.seconds:
                break
            over += 1
            self.total -= each.count
        if over:
            del self.times[:over]
        return self.total

    def ends(self) -> list[float]:
        """When each of them is forgotten, oldest first."""
        return [each.last + self.seconds for each in self.times]


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many workers share the limits, and which of them this one is (from 0).

    ``who`` tells one crowd from another of the same size: one may have come in the moment in which another went.
    """

    workers: int = 1
    place: int = 0
    who: tuple[int, ...] = ()

    def share(self, room: int) -> int:
        """The part of a room that is this worker's; all parts together are the room."""
        return room // self.workers + (self.place < room % self.workers)


ALONE = Crowd()


@dataclass(slots=True)
class Window:
    """Counts what left within the last ``seconds``; ``room`` says how many more may leave.

    ``before``: what left before this process began to share the limit, whoever submitted it. What it leaves of the
    limit is shared by the crowd, so that all together never exceed the limit, without asking one another.
    """

    seconds: float
    limit: int
    crowd: Crowd = ALONE
    before: Counted = field(init=False)
    since: Counted = field(init=False)

    def __post_init__(self) -> None:
        self.before, self.since = Counted(self.seconds), Counted(self.seconds)

    def room(self, now: float) -> int:
        """How many more may leave at ``now`` (seconds of a clock that never jumps)."""
        return self.crowd.share(max(self.limit - self.before.at(now), 0)) - self.since.at(now)

    def count(self, now: float, many: int = 1) -> None:
        """So many have left."""
        self.since.add(now, many)

    def wait(self, now: float) -> float:
        """Seconds until there is room again, 0 when there is; at most the whole window."""
        if self.room(now) > 0:
            return 0.0
        later = Window(self.seconds, self.limit, self.crowd)
        later.before, later.since = deepcopy(self.before), deepcopy(self.since)
        for moment in sorted({*self.before.ends(), *self.since.ends()}):
            if later.room(moment) > 0:
                return moment - now
        return self.seconds

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is remembered."""
        return not (self.before.times or self.since.times)


@dataclass(slots=True)
class Rooms:
    """How many mails may leave now to each recipient domain: ``left``; of one that is not in it, ``look`` says."""

    look: Callable[[str], int] = lambda _domain: MANY
    left: dict[str, int] = field(default_factory=dict)

    @property
    def full(self) -> list[str]:
        """The domains to which nothing more may leave now."""
        return [domain for domain, left in self.left.items() if left <= 0]

    def take(self, domain: str) -> bool:
        """Take one place; False when there is none."""
        left = self.left.get(domain)
        if left is None:
            left = self.look(domain)
        self.left[domain] = left - 1 if left > 0 else left
        return left > 0


@dataclass(slots=True)
class Pacer:
    """Counts what leaves, for the account and for each recipient domain."""

    pace: Pace
    crowd: Crowd = ALONE
    account: tuple[Window, ...] = ()
    domains: dict[str, Window] = field(default_factory=dict)
    full: set[str] = field(default_factory=set)
    """The domains that had no room when one was looked at last."""
    swept: float = 0.0

    def __post_init__(self) -> None:
        limits = (MINUTE, self.pace.per_minute), (HOUR, self.pace.per_hour), (DAY, self.pace.per_day)
        self.account = tuple(Window(seconds, limit, self.crowd) for seconds, limit in limits)

    def room(self, now: float) -> int:
        """How many more mails may leave now, whatever their domain."""
        return max(min(window.room(now) for window in self.account), 0)

    def wait(self, now: float) -> float:
        """Seconds until the account or, if it has room, the next full domain may go on; 0 when nothing waits."""
        wait = max(window.wait(now) for window in self.account)
        if wait:
            return wait
        return min((w for name in self.full if (w := self.domains[name].wait(now))), default=0.0)

    def rooms(
        self,
        now: float,
        *,
        in_flight: Collection[str] = (),
        at_once: Callable[[str], int] = lambda _domain: MANY,
    ) -> Rooms:
        """The room that each recipient domain has; those that were quiet for a minute are forgotten.

        ``at_once``: how many more mails may be in flight to a domain, so that a slow one leaves lanes to the
        others. ``in_flight``: the domains to which some are.
        """
        self._forget_the_quiet(now)
        unknown = self._window().room(now)

        def look(domain: str) -> int:
            window = self.domains.get(domain)
            room = window.room(now) if window else unknown
            if room <= 0:
                self.full.add(domain)
                self.domains.setdefault(domain, self._window())
            return min(room, at_once(domain))

        still = {name for name in self.full if name in self.domains and self.domains[name].room(now) <= 0}
        self.full = still
        return Rooms(look, {name: look(name) for name in (*still, *in_flight)})

    def count(self, domain: str, now: float) -> None:
        """One mail to ``domain`` is leaving."""
        for account in self.account:
            account.count(now)
        self._of(domain).count(now)
        if self.domains[domain].room(now) <= 0:
            self.full.add(domain)

    def remember(self, domain: str, then: float, many: int) -> None:
        """So many left before this process began, to ``domain`` if one is named; the oldest are told first."""
        for account in self.account:
            account.before.add(then, many)
        if domain:
            self._of(domain).before.add(then, many)
            if self.domains[domain].room(then) <= 0:
                self.full.add(domain)

    def _of(self, domain: str) -> Window:
        window = self.domains.get(domain)
        if window is None:
            window = self.domains[domain] = self._window()
        return window

    def _window(self) -> Window:
        return Window(MINUTE, self.pace.domain_per_minute, self.crowd)

    def _forget_the_quiet(self, now: float) -> None:
        """Once a minute, because there may be many."""
        if now - self.swept < MINUTE:
            return
        self.swept = now
        self.domains = {name: window for name, window in self.domains.items() if _busy(window, now)}
        self.full &= self.domains.keys()


def _busy(window: Window, now: float) -> bool:
    window.room(now)
    return not window.is_quiet
