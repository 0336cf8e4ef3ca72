"""What the words of a mail stand for, group by group, made from what a message's row keeps."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from babel.lists import format_list

from outreach.config.house import House
from outreach.domain.counts import Counts
from outreach.domain.deadlines import WallClock, parse_wall_clock
from outreach.domain.entries import Entry, printed_line
from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import KINDS, TO_OFFICIALS, MessageKind
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import SignatureState
from outreach.rendering.access import access_link
from outreach.rendering.letters.filling import figures
from outreach.rendering.moments import same_wall_clock, say_day, say_moment
from outreach.rendering.personal import links, public_page
from outreach.rendering.records import MailRecord

NOT_NAMED: Final = "—"
"""What stands in a mail for a name that is not public."""
_NO_TEXT: Final[Mapping[str, Any]] = MappingProxyType({"text": ""})


class Reader(NamedTuple):
    """In which language a mail is, and by which clock it tells the time."""

    language: str
    zone: str


def values_of(record: MailRecord, house: House) -> dict[str, Any]:
    """All names that the template may use, for this recipient."""
    merged: dict[str, Any] = {**record.shared, **record.values}
    if record.kind in TO_OFFICIALS:
        return {**merged, **_about_a_letter(merged, record.language)}
    if record.kind is MessageKind.ACCESS:
        return {**merged, "access": _access(merged["access"], record, house)}
    if KINDS[record.kind].house:
        return {"contact": {}, **merged}
    return {**groups(_GROUPS, merged, reader_of(record, house)), "links": links(record, house)}


def reader_of(record: MailRecord, house: House) -> Reader:
    """How a record's recipient is spoken to."""
    return Reader(record.language, record.time_zone or house.time_zone)


def groups(names: Iterable[str], kept: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """These groups of a call's words, made from what is kept of them."""
    return {name: _GROUPS[name].make(kept, reader) for name in names if name in _GROUPS}


def decided(record: MailRecord, house: House, wanted: Iterable[str]) -> dict[str, Any]:
    """The groups of words that are the same in all mails of a mailing, as far as they are ``wanted``.

    They rest on nothing that the message's own row keeps.
    """
    if not record.shared or KINDS[record.kind].house:
        return {}
    own = record.values.keys()
    found: dict[str, Any] = {}
    for name in wanted:
        if name in _GROUPS and not own & set(_GROUPS[name].kept):
            with suppress(KeyError, ValueError, InvalidInput):  # whoever writes the mail says what is wrong
                found |= groups([name], record.shared, reader_of(record, house))
    if "read_at" not in own and not record.shared.get("read_at"):
        found["links"] = {"letter": public_page(record, house)}
    return found


@lru_cache(maxsize=512)
def _listed(names: tuple[str, ...], language: str) -> str:
    """Names as a sentence lists them: A, B and C."""
    return format_list(names, locale=language)


def _call(kept: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    return {**kept["call"], "organisers": _listed(tuple(kept["call"]["organisers"]), reader.language)}


def _letter(kept: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    letters = kept["letters"]
    return {**(letters.get(reader.language) or next(iter(letters.values()))), "private": bool(kept.get("read_at"))}


def _deadline(kept: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    deadline = parse_wall_clock(kept["deadline"])
    return {**_moment(deadline, reader), "differs": _differs(deadline, reader.zone)}


def _previous(kept: Mapping[str, Any], reader: Reader) -> dict[str, str]:
    return _moment(parse_wall_clock(kept["previous_deadline"]), reader) if kept.get("previous_deadline") else {}


def _release(kept: Mapping[str, Any], reader: Reader) -> dict[str, str]:
    release = kept.get("release")
    return _moment(parse_wall_clock(release), reader) if release else {"here": "", "call": ""}


def _signature(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a mail may say of a signature: a name that is not public stands in none, not even in its signatory's.

    Nor does what nobody has confirmed; a call's older template that asks for it goes out with a dash in its place.
    """
    visibility = Visibility(values.get("visibility") or Visibility.PUBLIC)
    kind = SignatureKind(values.get("kind") or SignatureKind.INDIVIDUAL)
    entry = Entry(
        kind=kind,
        visibility=visibility,
        name=values.get("name", ""),
        acronym=values.get("acronym", ""),
        signer_title=values.get("title", ""),
        affiliation=values.get("affiliation", ""),
    )
    public = visibility is Visibility.PUBLIC
    return {
        "name": (entry.name if public else "") or NOT_NAMED,
        "line": (printed_line(entry) if public else "") or NOT_NAMED,
        "organisation": kind is SignatureKind.ORGANISATION,
        "public": public,
        "addressee": visibility is Visibility.ADDRESSEE,
        "counted": visibility is Visibility.COUNTED,
        "withdrawn": values.get("state") == SignatureState.WITHDRAWN,
    }


def _change(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "before": values.get("before") or NOT_NAMED,
        "by_staff": bool(values.get("by_staff")),
        "published": bool(values.get("published")),
        "text": values.get("text", ""),
    }


def _signatories(values: Mapping[str, int] | None, language: str) -> dict[str, str]:
    """The counts of the newest edition as the language writes numbers; all empty while there is none."""
    known = figures(Counts(**values) if values else None, language)
    return known if values else dict.fromkeys(known, "")


def _about_a_letter(values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What a mail to an official says in its language: how many have signed, and the day of the letter before."""
    day = values.get("earlier", {}).get("date", "")
    said = say_day(date.fromisoformat(day), language) if day else ""
    return {"signatories": _signatories(values.get("signatories"), language), "earlier": {"date": said}}


def _access(values: Mapping[str, Any], record: MailRecord, house: House) -> dict[str, Any]:
    """The link is made here and not before: none lies in the outbox for others to find."""
    user = 0 if record.test else values["user"]
    return {"link": access_link(user, values["stamp"], house), "again": values["again"]}


def _moment(when: WallClock, reader: Reader) -> dict[str, str]:
    return dict(_said(when, reader.zone, reader.language))


@lru_cache(maxsize=4096)
def _said(when: WallClock, zone: str, language: str) -> tuple[tuple[str, str], ...]:
    instant = when.instant()
    return (("here", say_moment(instant, zone, language)), ("call", say_moment(instant, when.zone, language)))


@lru_cache(maxsize=4096)
def _differs(when: WallClock, zone: str) -> bool:
    return not same_wall_clock(when.instant(), zone, when.zone)


class _Group(NamedTuple):
    """A group of words: what is kept of it in a row or in its mailing, and what it is made to."""

    kept: tuple[str, ...]
    make: Callable[[Mapping[str, Any], Reader], Mapping[str, Any]]


_GROUPS: Final[Mapping[str, _Group]] = MappingProxyType(
    {
        "contact": _Group(("contact",), lambda kept, _: kept.get("contact", {})),
        "call": _Group(("call",), _call),
        "letter": _Group(("letters", "read_at"), _letter),
        "sender": _Group(("sender",), lambda kept, _: kept["sender"]),
        "deadline": _Group(("deadline",), _deadline),
        "previous_deadline": _Group(("previous_deadline",), _previous),
        "release": _Group(("release",), _release),
        "signature": _Group(("signature",), lambda kept, _: _signature(kept.get("signature", {}))),
        "erratum": _Group(("erratum",), lambda kept, _: kept.get("erratum", _NO_TEXT)),
        "question": _Group(("question",), lambda kept, _: kept.get("question", _NO_TEXT)),
        "amendment": _Group(("amendment",), lambda kept, _: kept.get("amendment", _NO_TEXT)),
        "change": _Group(("change",), lambda kept, _: _change(kept.get("change", {}))),
        "signatories": _Group(
            ("signatories",), lambda kept, reader: _signatories(kept.get("signatories"), reader.language)
        ),
    }
)
