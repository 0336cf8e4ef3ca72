"""What stands in the way of a launch, as sentences a coordinator can act on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from outreach.domain.states import CallState

THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class Part(StrEnum):
    """Where something is mended."""

    CALL = "call"
    LETTER = "letter"
    AUDIENCE = "audience"
    SCHEDULE = "schedule"
    MAILS = "mails"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Blocker:
    """A sentence that says what stands in the way, and the part of the call in which it is mended."""

    part: Part
    sentence: str


@dataclass(frozen=True, slots=True)
class LaunchFacts:
    """What the decision depends on.

    ``last_leaves`` is when the last invitation will have left, ``asks_until`` the moment from which none may
    leave any more, because it might not arrive before the deadline.
    """

    state: CallState
    slug: str
    deadline: str
    deadline_at: datetime
    asks_until: datetime
    last_leaves: datetime | None
    people: int
    empty_words: Mapping[str, tuple[str, ...]]
    text_problems: tuple[str, ...]
    """What is wrong with the mails; ``letter_problems``: with the letter."""
    postal_address: str
    sender_address: str
    base_url: str
    stays_here: bool
    """Mails go to files, or to a server on this machine: a sample sender does no harm, nor do local links."""
    first_signed: str = ""
    """The letters whose signatories are invited first, ``first`` of them, and the others then; "": all at once."""
    first: int = 0
    others_at: datetime | None = None
    letter_problems: tuple[str, ...] = ()


def blockers(facts: LaunchFacts, now: datetime) -> list[Blocker]:
    """Why the call cannot be launched at ``now``, and where each is mended; empty when it can."""
    if facts.state is not CallState.DRAFT:
        sentence = f"The call {facts.slug} is {facts.state.value}; only a draft can be launched."
        return [Blocker(Part.CALL, sentence)]
    return [
        Blocker(part, sentence)
        for part, sentences in (
            (Part.MAILS, facts.text_problems),
            (Part.LETTER, facts.letter_problems),
            (Part.SCHEDULE, _too_late(facts, now)),
            (Part.AUDIENCE, _nobody(facts)),
            (Part.SETTINGS, _settings(facts)),
            (Part.MAILS, _empty(facts)),
        )
        for sentence in sentences
    ]


def _nobody(facts: LaunchFacts) -> Iterator[str]:
    """Whether there is anybody to invite."""
    if not facts.people:
        yield (
            "The audience is empty: no contact meets its filter, or all are left out; "
            "'outreach calls show CALL --left-out' names them."
        )
    elif facts.first_signed and not facts.first:
        yield (
            f"Nobody in the audience signed {facts.first_signed}, so that nobody would be invited now; take "
            "audience.first_signed and audience.others_after out of the call's file to invite all at once."
        )


def _settings(facts: LaunchFacts) -> Iterator[str]:
    """What only the workspace's settings can mend."""
    if not facts.postal_address.strip():
        yield "workspace.postal_address is empty in config.toml; every bulk mail must carry it."
    if not facts.stays_here and facts.sender_address.endswith((".example", "@example.org", "@example.com")):
        yield f"sender.address is {facts.sender_address}, which is a sample; set your own in config.toml."
    if not facts.stays_here and urlsplit(facts.base_url).hostname in THIS_MACHINE:
        yield (
            f"workspace.base_url is {facts.base_url}, which only this machine can open: every link in the mails "
            "would lead nowhere; set the address of your pages in config.toml."
        )


def _empty(facts: LaunchFacts) -> Iterator[str]:
    """Words of the mails that would stay empty for some."""
    for where, addresses in facts.empty_words.items():
        yield (
            f"{where} is empty for {_some(addresses)}; fill it in, or write "
            f"{{% if %}} or | default(...) around it in the template."
        )


def _too_late(facts: LaunchFacts, now: datetime) -> Iterator[str]:
    """Whether the invitations would come too late for the deadline."""
    if now >= facts.deadline_at:
        yield f"The deadline {facts.deadline} has passed; change it in the call's file and 'calls edit' it."
    elif now >= facts.asks_until:
        yield (
            f"The deadline {facts.deadline} is so near that no invitation could arrive in time "
            "(schedule.arrival_margin_minutes in config.toml); change it in the call's file and 'calls edit' it."
        )
    elif facts.others_at is not None and facts.others_at >= facts.asks_until:
        yield (
            f"The others would be invited at {facts.others_at:%Y-%m-%d %H:%M} UTC, too late for the deadline "
            f"{facts.deadline}; make audience.others_after shorter, or move the deadline."
        )
    elif facts.last_leaves is not None and facts.last_leaves >= facts.asks_until:
        yield (
            f"Under the sending limits the last invitation would leave at {facts.last_leaves:%Y-%m-%d %H:%M} UTC, "
            f"too late for the deadline {facts.deadline}; move the deadline or raise [limits] in config.toml."
        )


def _some(addresses: tuple[str, ...]) -> str:
    return ", ".join(addresses[:5]) + (" and perhaps others" if len(addresses) >= 5 else "")  # noqa: PLR2004
