"""How a pre-flight is shown: what will happen, to how many, when, and three mails to look at."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from outreach.cli.text import deadline_lines, people, sentences, table, when
from outreach.config.house import House
from outreach.rendering.composing import Composed
from outreach.store.preflight import Preflight
from outreach.store.tables import Call

SHOWN_LINES = 12
WILL_REHEARSE = (
    "Rehearsal: this workspace writes .eml files and sends nothing (mail.transport in config.toml), and a call "
    "launched now stays a rehearsal for ever. To send it for real later, launch a new call."
)


def as_text(call: Call, facts: Preflight, samples: Sequence[Composed], *, house: House) -> str:
    """The pre-flight for a person at a terminal."""
    zone = house.time_zone
    parts = [
        f"{call.title} ({call.slug})",
        *deadline_lines(call.deadline, call.deadline_at, zone),
        "",
        f"{people(facts.people)} will be invited.",
        *(f"  {people(count)} left out: {reason}" for reason, count in facts.left_out.items()),
        *([f"  {people(facts.outside)} not chosen by the audience's filter"] if facts.outside else []),
        *_in_another_language(call, facts),
        "",
        table(
            ("MAILING", "AT MOST", f"FIRST LEAVES ({zone})", "LAST LEAVES"),
            [
                (
                    f"{m.kind.value} {m.occurrence}".strip(),
                    people(m.people),
                    when(m.first, zone),
                    when(m.last, zone),
                )
                for m in facts.mailings
            ],
        ),
        *_left_out(facts),
        "",
        sentences(_afterwards(call, zone)),
    ]
    if house.rehearsal:
        parts += ["", sentences(WILL_REHEARSE)]
    for composed in samples:
        parts += ["", *_sample(composed, call.slug)]
    return "\n".join(parts)


def _in_another_language(call: Call, facts: Preflight) -> Iterator[str]:
    for language, count in sorted(facts.fallback.items()):
        verb = "reads" if count == 1 else "read"
        yield f"  {people(count)} {verb} {language}, and will get it in {call.default_language}"


def _left_out(facts: Preflight) -> Iterator[str]:
    for mailing in facts.mailings:
        for reason in mailing.reasons:
            yield sentences(f"{mailing.kind.value} {mailing.occurrence}: {reason}", before="  ")


def _afterwards(call: Call, zone: str) -> str:
    thanks = "Those who signed are thanked after the deadline" if call.thank_you else "Nobody is thanked"
    if call.release_at is None:
        return f"{thanks}; the release is not settled yet."
    return f"{thanks}; they are told of the release at {when(call.release_at, zone)}."


def _sample(composed: Composed, slug: str) -> Iterator[str]:
    yield f"To: {composed.envelope.recipient}"
    yield f"Subject: {composed.content.subject}"
    lines = composed.content.text.splitlines()
    for line in lines[:SHOWN_LINES]:
        yield sentences(line, before="  | ").rstrip()
    if len(lines) > SHOWN_LINES:
        yield f"  | ... and {len(lines) - SHOWN_LINES} more lines:"
        yield f"  | outreach calls preview {slug} --contact {composed.envelope.recipient}"


def as_data(facts: Preflight, samples: Sequence[Composed]) -> dict[str, Any]:
    """The pre-flight for --json."""
    mails = [
        {"to": one.envelope.recipient, "subject": one.content.subject, "text": one.content.text} for one in samples
    ]
    return {**asdict(facts), "samples": mails}
