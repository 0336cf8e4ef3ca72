"""The words a template may use: every name, what it is, and in which kinds of message it exists."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from outreach.domain.kinds import ABOUT_A_SIGNATURE, CALL_KINDS, KINDS, TO_OFFICIALS, MessageKind


class WordType(StrEnum):
    """What a name stands for."""

    TEXT = "text"
    LIST = "list"
    FLAG = "flag"
    URL = "url"
    BLOCK = "block"
    """Whole paragraphs, already written in Markdown."""
    ITEM = "item"
    """One thing of a list that has a ``title`` and a ``url``."""


@dataclass(frozen=True, slots=True)
class Word:
    """A name's type and its meaning in one sentence; ``of`` is what a list holds."""

    type: WordType
    sentence: str
    of: WordType | None = None


_TEXT, _LIST, _FLAG, _URL, _BLOCK, _ITEM = WordType

CUSTOM = "contact.custom."

VOCABULARY: Mapping[str, Word] = MappingProxyType(
    {
        "contact.name": Word(_TEXT, "The recipient's full name."),
        "contact.given_name": Word(_TEXT, "The recipient's given name."),
        "contact.organisation": Word(_TEXT, "The organisation the recipient belongs to."),
        "contact.role": Word(_TEXT, "The recipient's role there."),
        "contact.email": Word(_TEXT, "The address this mail goes to."),
        "contact.country": Word(_TEXT, "The recipient's country."),
        "contact.source": Word(_TEXT, "Where the recipient's address came from."),
        "contact.custom.*": Word(_TEXT, "A field of your own, under the name it has in your contacts."),
        "call.title": Word(_TEXT, "The title of the call."),
        "call.organisers": Word(_TEXT, "Those who organise the call, as “A, B and C”."),
        "call.background": Word(_LIST, "Pages to read, each with a title and a url.", of=_ITEM),
        "deadline.here": Word(_TEXT, "The deadline in the recipient's time zone and language."),
        "deadline.call": Word(_TEXT, "The deadline in the call's time zone."),
        "deadline.differs": Word(_FLAG, "True when the deadline reads differently in the two time zones."),
        "previous_deadline.call": Word(_TEXT, "The deadline as it was before it was extended."),
        "release.here": Word(_TEXT, "The moment of release in the recipient's time zone and language."),
        "release.call": Word(_TEXT, "The moment of release in the call's time zone."),
        "letter.title": Word(_TEXT, "The letter's title."),
        "letter.addressee": Word(_TEXT, "Whom the letter is addressed to."),
        "letter.asks": Word(_LIST, "What the letter asks for, point by point.", of=_TEXT),
        "letter.text": Word(_BLOCK, "The whole text of the letter."),
        "letter.private": Word(_FLAG, "True while the letter is in confidence: no public page shows it."),
        "letter.reference": Word(_TEXT, "Our own number of the letter, by which an office can name it."),
        "links.organisation": Word(_URL, "The recipient's own link for signing as an organisation."),
        "links.individual": Word(_URL, "The recipient's own link for signing as an individual."),
        "links.opt_out": Word(_URL, "The recipient's own link to a page that stops these mails."),
        "links.letter": Word(_URL, "The page that shows the letter."),
        "links.confirm": Word(_URL, "The link with which a signatory confirms a signature."),
        "links.signature": Word(
            _URL, "The signatory's own page: to look at the signature, correct, hide or withdraw it."
        ),
        "links.kit": Word(_URL, "The announcement kit: a post in the signatory's own name."),
        "sender.name": Word(_TEXT, "The name this mail comes from."),
        "sender.organisation": Word(_TEXT, "The organisation this mail comes from."),
        "sender.email": Word(_TEXT, "The address this mail comes from."),
        "sender.postal_address": Word(_TEXT, "The postal address of the organisation this mail comes from."),
        "signature.name": Word(
            _TEXT, "The signatory's name as it will be printed under the letter; “—” for a name that is not public."
        ),
        "signature.line": Word(
            _TEXT, "The whole line as it will be printed under the letter; “—” for a name that is not public."
        ),
        "signature.organisation": Word(_FLAG, "True when the signature is an organisation's."),
        "signature.public": Word(_FLAG, "True when the name is published with the letter."),
        "signature.addressee": Word(_FLAG, "True when only the addressee is shown the name."),
        "signature.counted": Word(_FLAG, "True when the signature is counted and named nowhere."),
        "signature.withdrawn": Word(_FLAG, "True when the signature has been withdrawn."),
        "change.before": Word(_TEXT, "The line as it was before the change; “—” for a name that was not public."),
        "change.by_staff": Word(_FLAG, "True when staff made the change, false when the signatory did."),
        "change.published": Word(_FLAG, "True when the name stood in copies that had gone out before the change."),
        "change.text": Word(_BLOCK, "What a member of staff writes about the change."),
        "question.text": Word(_BLOCK, "What a member of staff asks about the signature."),
        "amendment.text": Word(_BLOCK, "What has changed in the letter since it was signed."),
        "signatories.all": Word(_TEXT, "How many have signed, those who are not named among them."),
        "signatories.named": Word(_TEXT, "How many names stand in the published list."),
        "signatories.organisations": Word(_TEXT, "How many of those are organisations."),
        "signatories.individuals": Word(_TEXT, "How many of those are individuals."),
        "signatories.more_than": Word(_TEXT, "A round figure that stays true: “more than” that many have signed."),
        "erratum.text": Word(_BLOCK, "The correction itself."),
        "answer.subject": Word(_TEXT, "The subject of the reply that is answered."),
        "answer.text": Word(_BLOCK, "What a member of staff writes in answer."),
        "digest.waiting": Word(_TEXT, "How many replies wait for a person."),
        "digest.signs": Word(_TEXT, "How many of those would sign."),
        "digest.questions": Word(_TEXT, "How many of those ask something."),
        "digest.officials": Word(_TEXT, "How many of those are from an official."),
        "digest.unplaced": Word(_TEXT, "How many of those belong to no call yet."),
        "digest.opt_outs": Word(_TEXT, "How many opted out since the last digest."),
        "digest.declined": Word(_TEXT, "How many refused to sign since the last digest."),
        "digest.dead": Word(_TEXT, "How many addresses bounced for good since the last digest."),
        "digest.refused": Word(
            _TEXT, "How many mails were refused by a rule of their server since the last digest."
        ),
        "digest.complaints": Word(_TEXT, "How many called our mail spam since the last digest."),
        "digest.doubtful": Word(_TEXT, "How many mails failed, are held, or may or may not have arrived."),
        "digest.log": Word(
            _TEXT, "The newest line of the log, number and digest, to be kept outside of the database."
        ),
        "alert.what": Word(_TEXT, "What has happened, in a sentence."),
        "alert.command": Word(_TEXT, "The command that shows more."),
        "access.link": Word(_URL, "The link with which a user of the console chooses a password."),
        "access.again": Word(_FLAG, "True when the user has logged in before, and chooses a new password."),
        "official.salutation": Word(_TEXT, "How the official is addressed: “Excellency,”."),
        "official.form_of_address": Word(_TEXT, "The official's name with the form of address before it."),
        "official.name": Word(_TEXT, "The official's name."),
        "official.title": Word(_TEXT, "The official's title."),
        "official.office": Word(_TEXT, "The official's office."),
        "official.state": Word(_TEXT, "The State that the official represents."),
        "earlier.date": Word(_TEXT, "The day on which the letter that nobody answered was delivered."),
    }
)

ITEM_FIELDS: Mapping[str, WordType] = MappingProxyType({"title": _TEXT, "url": _URL})

_ASKING = frozenset(kind for kind, rules in KINDS.items() if rules.asks)
_SIGNATORY = frozenset(ABOUT_A_SIGNATURE)
_ASKING_TO_CONFIRM = frozenset(
    {MessageKind.CONFIRMATION, MessageKind.CONFIRMATION_REMINDER, MessageKind.LETTER_CHANGED}
)
_CHANGED = frozenset({MessageKind.SIGNATURE_CHANGED})
_ABOUT_ANYONE = ("contact.", "sender.")
"""The names that exist in mails of no call too."""
_OFFICIALS = frozenset(TO_OFFICIALS)
_TO_AN_OFFICIAL = frozenset(
    {"letter.title", "letter.addressee", "letter.text", "letter.reference"}
    | {name for name in VOCABULARY if name.startswith(("official.", "signatories.", "sender."))}
)
"""The names that exist in mails to officials, who are nobody's contact."""

_ONLY_IN: Mapping[str, frozenset[MessageKind]] = MappingProxyType(
    {
        "previous_deadline.call": frozenset({MessageKind.DEADLINE_EXTENDED}),
        "erratum.text": frozenset({MessageKind.ERRATUM}),
        "links.confirm": _ASKING_TO_CONFIRM,
        "links.kit": frozenset({MessageKind.RELEASED}),
        "links.signature": _SIGNATORY,
        "links.organisation": _ASKING | {MessageKind.ERRATUM},
        "links.individual": _ASKING | {MessageKind.ERRATUM},
        "question.text": frozenset({MessageKind.SIGNATURE_QUESTION}),
        "amendment.text": frozenset({MessageKind.LETTER_CHANGED}),
        "signature.withdrawn": _CHANGED,
        "answer.subject": frozenset({MessageKind.ANSWER}),
        "answer.text": frozenset({MessageKind.ANSWER}),
        "alert.what": frozenset({MessageKind.ALERT}),
        "alert.command": frozenset({MessageKind.ALERT}),
        "access.link": frozenset({MessageKind.ACCESS}),
        "access.again": frozenset({MessageKind.ACCESS}),
        **{name: frozenset({MessageKind.DIGEST}) for name in VOCABULARY if name.startswith("digest.")},
        **{name: _CHANGED for name in VOCABULARY if name.startswith("change.")},
        "letter.reference": _OFFICIALS,
        "earlier.date": frozenset({MessageKind.ENQUIRY}),
        **{name: _OFFICIALS for name in VOCABULARY if name.startswith("official.")},
        **{
            name: frozenset({MessageKind.RELEASED}) | _OFFICIALS
            for name in VOCABULARY
            if name.startswith("signatories.")
        },
        **{
            name: _SIGNATORY
            for name in VOCABULARY
            if name.startswith("signature.") and name != "signature.withdrawn"
        },
    }
)


def look_up(name: str) -> Word | None:
    """The word of that name in the whole vocabulary, None if there is none."""
    own = name.removeprefix(CUSTOM)
    if own != name:
        return VOCABULARY["contact.custom.*"] if own.isidentifier() and not own.startswith("_") else None
    return VOCABULARY.get(name)


def exists_in(name: str, kind: MessageKind) -> bool:
    """Whether a message of that kind can know what the name stands for."""
    if name in _ONLY_IN:
        return kind in _ONLY_IN[name]
    if kind in TO_OFFICIALS:
        return name in _TO_AN_OFFICIAL
    return not KINDS[kind].house or name.startswith(_ABOUT_ANYONE)


def why_unknown(name: str, kind: MessageKind) -> str:
    """A sentence that says why the name cannot be used in that kind of message, and what might be meant."""
    if look_up(name):
        kinds = ", ".join(sorted(_ONLY_IN.get(name, CALL_KINDS)))
        return f"“{name}” does not exist in the {kind} mail, only in: {kinds}."
    known = [word for word in VOCABULARY if exists_in(word, kind)]
    group = [word for word in known if word.startswith(f"{name}.")]
    if group:
        return f"“{name}” is a group of names; write one of: {', '.join(group)}."
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f" Did you mean “{near[0]}”?" if near else " The documentation lists the names there are."
    return f"there is no “{name}”.{hint}"
