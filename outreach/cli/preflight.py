"""How a pre-flight is shown: what will happen, to how many, when, and three mails to look at."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from outreach.cli.text import people, table, when
from outreach.config.house import House
from outreach.rendering.composing import Composed
from outreach.store.preflight import Preflight
from outreach.store.tables import Call

SHOWN_LINES = 12


def as_text(call: Call, facts: Preflight, samples: Sequence[Composed], *, house: House) -> str:
    """The pre-flight for a person at a terminal."""
    zone = house.time_zone
    out = [f"  {people(count)} left out: {reason}" for reason, count in facts.left_out.items()]
    parts = [
        f"{call.title} ({call.slug})",
        f"Deadline {call.deadline}, in {zone}: {when(call.deadline_at, zone)}",
        f"{people(facts.people)} will be invited.",
        *out,
        "",
        table(
            ("MAILING", "PEOPLE AT MOST", f"FIRST ({zone})", "LAST LEAVES"),
            [
                (f"{m.kind.value} {m.occurrence}".strip(), m.people, when(m.first, zone), when(m.last, zone))
                for m in facts.mailings
            ],
        ),
    ]
    for mailing in facts.mailings:
        parts += [f"  {mailing.kind.value} {mailing.occurrence}: {reason}" for reason in mailing.reasons]
    for composed in samples:
        parts += ["", _sample(composed)]
    return "\n".join(parts)


def _sample(composed: Composed) -> str:
    lines = composed.content.text.splitlines()
    more = [f"  | ... ({len(lines) - SHOWN_LINES} more lines)"] if len(lines) > SHOWN_LINES else []
    body = [f"  | {line}".rstrip() for line in lines[:SHOWN_LINES]]
    return "\n".join([f"To: {composed.envelope.recipient}", f"Subject: {composed.content.subject}", *body, *more])


def as_data(facts: Preflight, samples: Sequence[Composed]) -> dict[str, Any]:
    """The pre-flight for --json."""
    mails = [
        {"to": one.envelope.recipient, "subject": one.content.subject, "text": one.content.text} for one in samples
    ]
    return {**asdict(facts), "samples": mails}
