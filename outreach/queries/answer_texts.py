"""Reads which short answers there are for a reply, and fills one in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.lists import format_list
from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.states import CallState
from outreach.rendering.answers import filled_answer, title_of
from outreach.rendering.moments import locale_of, say_moment
from outreach.store.calls import letter_texts
from outreach.store.confidence import in_confidence
from outreach.store.tables import Call, Contact, Organisation, Reply


@dataclass(frozen=True, slots=True)
class AnswerText:
    """A short answer: ``key`` names it, as "how-to-sign.en"."""

    key: str
    title: str
    language: str


def answer_texts(reply: Reply, house: House) -> list[AnswerText]:
    """The short answers, those in the writer's language first."""
    spoken = (reply.language or house.settings.workspace.language).partition("-")[0]
    every = [
        AnswerText(f"{name}.{language}", title_of(source), language)
        for (name, language), source in sorted(house.answers.items())
    ]
    return sorted(every, key=lambda one: (one.language != spoken, one.language))


def answer_for(session: Session, reply: Reply, key: str, *, now: datetime, house: House) -> str:
    """The short answer as Markdown, with what is known of the writer and the call; "" if there is none."""
    name, _, language = key.rpartition(".")
    source = house.answers.get((name, language))
    return filled_answer(source, _values(session, reply, language, now, house)) if source else ""


def _values(session: Session, reply: Reply, language: str, now: datetime, house: House) -> dict[str, Any]:
    call = session.get(Call, reply.call_id) if reply.call_id else None
    person = _writer(session, reply)
    body = session.get(Organisation, reply.organisation_id) if reply.organisation_id else None
    zone = (person.time_zone if person else "") or house.time_zone
    return {
        "contact": {
            "name": person.name if person else reply.sender_name,
            "given_name": person.given_name if person else "",
            "organisation": body.name if body else "",
        },
        "call": {
            "title": call.title if call else "",
            "organisers": format_list(list(call.organisers), locale=locale_of(language)) if call else "",
        },
        "letter": _letter(session, call, language),
        "deadline": {
            "here": say_moment(call.deadline_at, zone, language) if call else "",
            "passed": call is not None and call.deadline_at <= now,
        },
        "links": {"letter": _page(session, call, house)},
        "sender": {"organisation": house.settings.workspace.name},
    }


def _writer(session: Session, reply: Reply) -> Contact | None:
    """The contact, if it is the contact who wrote: a colleague who answers has another name."""
    person = session.get(Contact, reply.contact_id) if reply.contact_id else None
    own = person is not None and reply.sender_digest in ("", person.address_digest)
    return person if own else None


def _letter(session: Session, call: Call | None, language: str) -> dict[str, str]:
    texts = letter_texts(session, call) if call else []
    chosen = next((text for text in texts if text.language == language), texts[0] if texts else None)
    return {"title": chosen.title if chosen else "", "addressee": chosen.addressee if chosen else ""}


def _page(session: Session, call: Call | None, house: House) -> str:
    if call is None or call.state is CallState.DRAFT or in_confidence(session, call):
        return ""
    return f"{house.settings.workspace.base_url}/letters/{call.slug}"
