"""Composes one mail from what its row keeps: the same row gives the same mail again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.lists import format_list

from outreach.config.house import House
from outreach.domain.addresses import parse_address
from outreach.domain.counts import Counts
from outreach.domain.deadlines import WallClock, parse_wall_clock
from outreach.domain.entries import Entry, printed_line
from outreach.domain.kinds import KINDS, TO_OFFICIALS, MessageKind
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import SignatureState
from outreach.domain.tokens import TAGS, Purpose, mint
from outreach.ports.transport import Envelope
from outreach.rendering.access import access_link
from outreach.rendering.attachments import Attachment
from outreach.rendering.content import Content
from outreach.rendering.letters.filling import figures
from outreach.rendering.mail import MailHeaders, build_mail
from outreach.rendering.moments import same_wall_clock, say_day, say_moment
from outreach.rendering.templates import Template, compile_template

NOT_NAMED = "—"
"""What stands in a mail for a name that is not public."""


@dataclass(frozen=True, slots=True)
class MailRecord:
    """What a message's row keeps for rendering.

    ``shared`` are the values that a mailing froze for all its messages, ``values`` the recipient's own.
    ``date`` is when the message was claimed. An id of 0 means that there is none. ``documents`` go with it, in
    their order.
    """

    id: int
    kind: MessageKind
    bulk: bool
    test: bool
    call_id: int
    call_slug: str
    contact_id: int
    signature_id: int
    address: str
    language: str
    time_zone: str
    source: str
    shared: dict[str, Any]
    values: dict[str, Any]
    date: datetime
    documents: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail as it will be sent, with its parts apart for a preview."""

    envelope: Envelope
    content: Content


def compose(record: MailRecord, house: House) -> Composed:
    """The mail of a record. Raises InvalidInput or ValueError with the reason when it cannot be made."""
    content = template_of(record.source, record.kind, record.language).render(values_of(record, house))
    if record.test:
        content = Content(f"[Test] {content.subject}", content.text, content.html)
    recipient = parse_address(record.address)
    headers = _headers(record, content, recipient.wire, house)
    mail = build_mail(headers, content, record.documents)
    envelope = Envelope(
        sender=return_address(record.id, house),
        recipient=recipient.wire,
        content=mail,
        name=f"{record.call_slug or 'staff'}-{record.kind.value}-{record.id}",
        needs_smtputf8=not "".join((recipient.wire, headers.to_address, *headers.copies_to)).isascii(),
    )
    return Composed(envelope, content)


@lru_cache(maxsize=512)
def template_of(source: str, kind: MessageKind, language: str) -> Template:
    """The compiled template; compiling is a thousand times the cost of rendering, so it is kept."""
    return compile_template(source, kind, language)


def values_of(record: MailRecord, house: House) -> dict[str, Any]:
    """All names that the template may use, for this recipient."""
    merged: dict[str, Any] = {**record.shared, **record.values}
    if record.kind in TO_OFFICIALS:
        return {**merged, **_about_a_letter(merged, record.language)}
    if record.kind is MessageKind.ACCESS:
        return {**merged, "access": _access(merged["access"], record, house)}
    if KINDS[record.kind].house:
        return {"contact": {}, **merged}
    language, zone = record.language, record.time_zone or house.time_zone
    deadline = parse_wall_clock(merged["deadline"])
    values: dict[str, Any] = {
        "contact": merged.get("contact", {}),
        "call": {**merged["call"], "organisers": _listed(tuple(merged["call"]["organisers"]), language)},
        "letter": {**_letter(merged["letters"], language), "private": bool(merged.get("read_at"))},
        "sender": merged["sender"],
        "deadline": {**_moment(deadline, zone, language), "differs": _differs(deadline, zone)},
        "links": links(record, house),
        "signature": _signature(merged.get("signature", {})),
        "erratum": merged.get("erratum", {"text": ""}),
        "question": merged.get("question", {"text": ""}),
        "amendment": merged.get("amendment", {"text": ""}),
        "change": _change(merged.get("change", {})),
        "signatories": _signatories(merged.get("signatories"), language),
    }
    if merged.get("previous_deadline"):
        values["previous_deadline"] = _moment(parse_wall_clock(merged["previous_deadline"]), zone, language)
    release = merged.get("release")
    values["release"] = _moment(parse_wall_clock(release), zone, language) if release else {"here": "", "call": ""}
    return values


@lru_cache(maxsize=512)
def _listed(names: tuple[str, ...], language: str) -> str:
    """Names as a sentence lists them: A, B and C."""
    return format_list(names, locale=language)


def _letter(letters: Mapping[str, Any], language: str) -> Any:
    return letters.get(language) or next(iter(letters.values()))


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


def _moment(when: WallClock, zone: str, language: str) -> dict[str, str]:
    return dict(_said(when, zone, language))


@lru_cache(maxsize=4096)
def _said(when: WallClock, zone: str, language: str) -> tuple[tuple[str, str], ...]:
    instant = when.instant()
    return (("here", say_moment(instant, zone, language)), ("call", say_moment(instant, when.zone, language)))


@lru_cache(maxsize=4096)
def _differs(when: WallClock, zone: str) -> bool:
    return not same_wall_clock(when.instant(), zone, when.zone)


def links(record: MailRecord, house: House) -> dict[str, str]:
    """The personal links of a mail. Those of a test are for nobody, so that trying them does nothing."""
    base, key = house.settings.workspace.base_url, house.link_key
    contact = 0 if record.test else record.contact_id
    signature = 0 if record.test else record.signature_id
    ids = (record.call_id, contact)
    revision = record.values.get("signature", {}).get("revision", 1)
    # Who is asked in a round of approval and has not signed answers on the page that is made for him.
    signed = signature or record.test
    door = mint(key, Purpose.CONFIRM, signature, revision) if signed else mint(key, Purpose.SIGN_ORGANISATION, *ids)
    own = {
        "organisation": f"{base}/sign/{mint(key, Purpose.SIGN_ORGANISATION, *ids)}",
        "individual": f"{base}/sign/{mint(key, Purpose.SIGN_INDIVIDUAL, *ids)}",
        "opt_out": f"{base}/opt-out/{mint(key, Purpose.OPT_OUT, *ids)}",
        "confirm": f"{base}/{'confirm' if signed else 'sign'}/{door}",
        "signature": f"{base}/signature/{mint(key, Purpose.SIGNATURE, signature)}",
        "kit": f"{base}/kit/{mint(key, Purpose.KIT, signature)}",
        "letter": f"{base}/letters/{record.call_slug}",
    }
    # A letter in confidence has no page but the reader's own, which shows it.
    read_at = {**record.shared, **record.values}.get("read_at")
    if not read_at:
        return own
    return {**own, "letter": own["signature" if record.signature_id else read_at]}


def _headers(record: MailRecord, content: Content, recipient: str, house: House) -> MailHeaders:
    """The header lines of a kind of message: bulk mail offers the way out (RFC 2369, RFC 8058)."""
    sender = house.settings.sender
    domain = parse_address(sender.address).domain
    shown = record.values if record.kind in TO_OFFICIALS else {}
    rules = KINDS[record.kind]
    return MailHeaders(
        from_name=sender.name,
        from_address=sender.address,
        to_address=shown.get("to") or recipient,
        subject=content.subject,
        date=record.date,
        message_id=message_id(record.id, house),
        reply_to=_tagged(sender.reply_to or sender.address, Purpose.REPLY, record.id, house),
        language=record.language,
        list_id=f"{record.call_slug}.calls.{domain}" if record.bulk else None,
        list_unsubscribe=_ways_out(record, house) if record.bulk else (),
        one_click=record.bulk,
        feedback_id=f"{record.call_slug}:{record.kind.value}:outreach" if record.bulk else None,
        auto_submitted=rules.automatic,
        precedence_bulk=record.bulk,
        answers=tuple(record.values.get("answers", ())),
        copies_to=tuple(shown.get("cc", ())),
    )


def _ways_out(record: MailRecord, house: House) -> tuple[str, ...]:
    """The web address that takes one click, and a mail address for programs that would rather write."""
    writes_to = unsubscribe_address(0 if record.test else record.id, house)
    return links(record, house)["opt_out"], f"mailto:{writes_to}?subject=unsubscribe"


def unsubscribe_address(record_id: int, house: House) -> str:
    """Whoever writes there is whom the message was for, and wants no more mail.

    Without plus-addressing nothing in the address says who writes: then the subject and the sender do.
    """
    sender = house.settings.sender
    return _tagged(sender.reply_to or sender.address, Purpose.UNSUBSCRIBE, record_id, house)


def message_id(record_id: int, house: House) -> str:
    """The Message-ID (RFC 5322, 3.6.4), the same at every attempt, and known for ours when it comes back."""
    domain = parse_address(house.settings.sender.address).domain
    return f"<{mint(house.link_key, Purpose.MESSAGE, record_id)}@{domain}>"


def return_address(record_id: int, house: House) -> str:
    """MAIL FROM: where a bounce goes, with a token that says whose it is (VERP)."""
    sender = house.settings.sender
    return _tagged(sender.return_address or sender.address, Purpose.RETURN, record_id, house)


def _tagged(address: str, purpose: Purpose, record_id: int, house: House) -> str:
    wire = parse_address(address).wire
    if not house.settings.sender.plus_addressing:
        return wire
    local, _, domain = wire.rpartition("@")
    return f"{local}+{TAGS[purpose]}{mint(house.link_key, purpose, record_id)}@{domain}"
