"""What a verb may know of the workspace: its settings and its two secrets, in one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from outreach.config.settings import Settings
from outreach.domain.addresses import flood_key, parse_address
from outreach.domain.judging import Policy
from outreach.domain.kinds import MessageKind
from outreach.domain.quiet_hours import ContactHours, parse_hours, parse_working_days


@dataclass(frozen=True, slots=True)
class House:
    """The workspace's settings, the salt of its address digests, and the key of its links.

    ``texts`` are the templates of mails for which a call needs no text of its own, by kind and language;
    ``announcements`` those of the posts that signatories publish, by language; ``answers`` short answers to
    replies, by name and language.
    """

    settings: Settings
    salt: bytes
    link_key: bytes
    texts: Mapping[tuple[MessageKind, str], str] = field(default_factory=dict)
    announcements: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def time_zone(self) -> str:
        """The zone of those of whom none is known."""
        return self.settings.workspace.time_zone

    @property
    def hours(self) -> ContactHours:
        """When reminders may arrive, by the recipient's clock."""
        schedule = self.settings.schedule
        quiet_from, quiet_until = parse_hours(schedule.quiet_hours)
        return ContactHours(quiet_from, quiet_until, parse_working_days(schedule.working_days))

    @property
    def margin(self) -> timedelta:
        """How long before the deadline the last mail that asks for a signature leaves."""
        return timedelta(minutes=self.settings.schedule.arrival_margin_minutes)

    @property
    def own_mailboxes(self) -> frozenset[str]:
        """The mailboxes that answers and bounces come to (``flood_key``); mail to them would come back to us."""
        sender = self.settings.sender
        ours = (sender.address, sender.reply_to, sender.return_address)
        return frozenset(flood_key(parse_address(one)) for one in ours if one)

    @property
    def policy(self) -> Policy:
        """How patient the engine is with servers."""
        retries = self.settings.retries
        return Policy(
            first_wait=timedelta(minutes=retries.first_wait_minutes),
            longest_wait=timedelta(minutes=retries.longest_wait_minutes),
            attempts=retries.attempts,
            pause=timedelta(minutes=retries.pause_minutes),
        )

    @property
    def rehearsal(self) -> bool:
        """Whether mails are written to files and nothing is sent."""
        return self.settings.mail.transport == "files"
