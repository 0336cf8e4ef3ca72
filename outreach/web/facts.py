"""What every page about a letter says of it: to whom, by whom, until when."""

from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.signatures import signing_ended
from outreach.domain.states import CallState
from outreach.rendering.moments import same_wall_clock, say_moment
from outreach.store.tables import Call, LetterText
from outreach.web.subjects import Subject
from outreach.web.words import Words

NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class Facts:
    """A letter in one language and its call's dates, said in the words of the page.

    ``deadline`` is in the reader's zone if that is known, and ``deadline_there`` in the call's, if its clocks show
    another time ("" otherwise); when signing was closed before, it is that moment. ``ended``: it lies behind.
    ``release`` is when it was released, or will be; "" when no release is planned. ``path`` is the letter's page;
    "" for one in confidence, which has none: ``text`` is what it says then.
    """

    title: str
    language: str
    addressee: str
    organisers: list[str]
    deadline: str
    deadline_there: str
    ended: bool
    release: str
    path: str
    text: Markup = NOTHING


def facts_for(subject: Subject, now: datetime, *, zone: str = "") -> Facts:
    """The facts for the person of a personal link, with the letter's text if no page shows it."""
    facts = facts_of(subject.call, subject.letter, subject.words, now, zone=zone)
    return replace(facts, path="", text=subject.in_confidence) if subject.in_confidence else facts


def facts_of(call: Call, letter: LetterText, words: Words, now: datetime, *, zone: str = "") -> Facts:
    """The facts for a reader in ``zone`` (empty: unknown)."""
    there = parse_wall_clock(call.deadline).zone
    here = zone or there
    end = signing_ended(call.deadline_at, call.closed_at)
    release = call.released_at or call.release_at
    release_zone = parse_wall_clock(call.release).zone if call.release else there
    return Facts(
        title=letter.title,
        language=letter.language,
        addressee=letter.addressee,
        organisers=list(call.organisers),
        deadline=say_moment(end, here, words.language),
        deadline_there="" if same_wall_clock(end, here, there) else say_moment(end, there, words.language),
        ended=now > end or call.state is not CallState.OPEN,
        release=say_moment(release, zone or release_zone, words.language) if release else "",
        path=f"/letters/{call.slug}?lang={letter.language}",
    )
