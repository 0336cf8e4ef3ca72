"""What all mails of a mailing share, made once: the stencil of their text and their letterhead."""

from dataclasses import dataclass
from functools import lru_cache

from outreach.config.house import House
from outreach.domain.kinds import KINDS, TO_OFFICIALS, MessageKind
from outreach.domain.tokens import Purpose, mint
from outreach.rendering.compiled.stencil import Filled, Stencil
from outreach.rendering.guard import guard_filled, sound
from outreach.rendering.headers import CRLF, address_spec, unstructured
from outreach.rendering.mail import Letterhead, MailHeaders, date_line, letterhead
from outreach.rendering.mail_words import Reader, decided, groups, reader_of, values_of
from outreach.rendering.personal import (
    links,
    message_id,
    opt_out,
    reply_address,
    split,
    unsubscribe_address,
)
from outreach.rendering.records import MailRecord
from outreach.rendering.templates import Template, compile_template

_KEPT = 128
"""Mailings, each in its languages and zones, of which the stencils are kept."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """Mails of one text, in one language, for one zone.

    ``groups`` and ``links``: the words that each mail brings. ``letterhead`` is None for mails whose headers are
    each one's own. ``sound``: what stands in all of them has been looked at.
    """

    stencil: Stencil
    reader: Reader
    groups: tuple[str, ...]
    links: tuple[str, ...]
    letterhead: Letterhead | None
    sound: bool

    def fill(self, record: MailRecord, house: House) -> tuple[Filled, str]:
        """The subject and the bodies for the recipient of a record, and her way out."""
        own = links(record, house, self.links) if self.links else {}
        if KINDS[record.kind].house:
            values = values_of(record, house)
        else:
            values = groups(self.groups, {**record.shared, **record.values}, self.reader)
            values["links"] = own
        filled = self.stencil.fill(values)
        if record.test:
            filled = filled._replace(subject=f"[Test] {filled.subject}")
        return filled, own.get("opt_out", "")

    def mail(
        self, record: MailRecord, house: House, recipient: str, letterhead: Letterhead
    ) -> tuple[Filled, bytes]:
        """The mail of a record, under the letterhead."""
        filled, way_out = self.fill(record, house)
        number, key = record.id, house.link_key
        start, middle, end = letterhead.frame
        differing = {
            "date": date_line(record.date),
            "to": address_spec(recipient),
            "reply": mint(key, Purpose.REPLY, number),
            "subject": unstructured("Subject", filled.subject) + CRLF,
            "message": mint(key, Purpose.MESSAGE, number),
            "way_out": way_out,
            "unsubscribe": mint(key, Purpose.UNSUBSCRIBE, 0 if record.test else number) if record.bulk else "",
        }
        head = (letterhead.headers % differing).encode()
        mail = b"".join((head, start, filled.text, middle, filled.html, end))
        guard_filled(head, filled.fresh if self.sound else None, mail)
        return filled, mail


def mailing_of(record: MailRecord, house: House) -> Mailing:
    """The mailing that a record belongs to: the same for all that share their text, words, language and zone."""
    return _mailing(_Alike(record, house))


class _Alike:
    """A record with its house, equal to any other from which the same mailing would be made.

    A mailing's shared values and the settings are mostly the same object, and else compared.
    """

    __slots__ = ("house", "key", "record")

    def __init__(self, record: MailRecord, house: House) -> None:
        self.record, self.house = record, house
        self.key = (
            record.source,
            record.kind,
            record.language,
            record.time_zone,
            record.bulk,
            record.call_slug,
            tuple(record.values),
        )

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Alike):
            return NotImplemented
        shared, settings = self.record.shared, self.house.settings
        return (
            self.key == other.key
            and (shared is other.record.shared or shared == other.record.shared)
            and (settings is other.house.settings or settings == other.house.settings)
        )


@lru_cache(maxsize=_KEPT)
def _mailing(alike: _Alike) -> Mailing:
    record, house = alike.record, alike.house
    template = template_of(record.source, record.kind, record.language)
    wanted = sorted({name.partition(".")[0] for name in template.used})
    same = decided(record, house, wanted)
    stencil = template.cut(same) if same else template.uncut
    open_words = {*stencil.required, *stencil.others}
    own = {name.removeprefix("links.") for name in open_words if name.startswith("links.")}
    own_headers = record.kind in TO_OFFICIALS or "answers" in record.values
    return Mailing(
        stencil=stencil,
        reader=reader_of(record, house),
        groups=tuple(
            name for name in wanted if name != "links" and any(word.startswith(f"{name}.") for word in open_words)
        ),
        links=tuple(sorted(own | {"opt_out"} if record.bulk else own)),
        letterhead=None if own_headers else _letterhead(record, house),
        sound=all(map(sound, stencil.fixed)),
    )


def _letterhead(record: MailRecord, house: House) -> Letterhead:
    """What its mails have in common is found out by taking what is this record's own out of its headers."""
    number, key, recipient = record.id, house.link_key, "somebody@letterhead.example"
    differing = {
        "to": recipient,
        "reply": mint(key, Purpose.REPLY, number),
        "message": mint(key, Purpose.MESSAGE, number),
        "way_out": opt_out(record, house),
        "unsubscribe": mint(key, Purpose.UNSUBSCRIBE, 0 if record.test else number),
    }
    headers = headers_of(record, house, "a subject", recipient)
    return letterhead(headers, differing, f"{record.call_slug} {record.kind.value} {record.language}")


@lru_cache(maxsize=512)
def template_of(source: str, kind: MessageKind, language: str) -> Template:
    """The compiled template; compiling is a thousand times the cost of rendering, so it is kept."""
    return compile_template(source, kind, language)


def headers_of(record: MailRecord, house: House, subject: str, recipient: str) -> MailHeaders:
    """The header lines of a kind of message: bulk mail offers the way out (RFC 2369, RFC 8058)."""
    sender = house.settings.sender
    domain = split(sender.address)[1]
    shown = record.values if record.kind in TO_OFFICIALS else {}
    rules = KINDS[record.kind]
    return MailHeaders(
        from_name=sender.name,
        from_address=sender.address,
        to_address=shown.get("to") or recipient,
        subject=subject,
        date=record.date,
        message_id=message_id(record.id, house),
        reply_to=reply_address(record.id, house),
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
    return opt_out(record, house), f"mailto:{writes_to}?subject=unsubscribe"
