"""Failures that servers report in a text of their own: qmail, old Sendmail, Exim, Yahoo and whatever else.

A text alone proves nothing, for people write about bounces too: a sign outside the text must show a machine first.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email.message import Message
from itertools import pairwise
from typing import Final

from flufl.bounce import all_failures

from outreach.domain.bounces import BounceReason, enhanced_codes, reason_of
from outreach.domain.replies import ReplyKind
from outreach.reading.failure_words import DELAY, FAILURE, ORIGINAL, REFUSAL, SUCCESS
from outreach.reading.machine_signs import auto_submitted, daemon_sender, from_a_machine, null_sender
from outreach.reading.mail import ReceivedMail
from outreach.reading.notice_words import CHALLENGE
from outreach.reading.parts import own_text, quoted_ids
from outreach.reading.recipients import ADDRESS, completed, with_originals
from outreach.reading.rules import Failure, Understood
from outreach.reading.sentences import folded

LONGEST_REPORT: Final = 8_000
"""Characters before the original mail that are read."""
MOST_RECIPIENTS: Final = 50
_ANYWHERE: Final = re.compile(ADDRESS)
_AT_START: Final = re.compile(rf"^[ \t>*•-]{{0,12}}[<\"'(]{{0,2}}(?:mailto:)?({ADDRESS})", re.MULTILINE)
_LABELLED: Final = re.compile(
    rf"(?:rcpt to|recipient|recipients|to|user|address|adresse|destinataire|destinatario|empf[äa]nger|"
    rf"получател\w{{1,4}}|адрес\w{{0,3}}|المستلم|宛先|收件人)\)?:?\s{{0,3}}[<\"'(]{{0,2}}(?:mailto:)?({ADDRESS})",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?!\d)|(?<![\d.])[45][0-5]\d[ -](?=\S)")
_ANSWER: Final = re.compile(r"\s*(?:re|aw|sv|tr|rv|res|antw|ответ|رد)\s?(?:\[\d{1,3}\])?\s?:", re.IGNORECASE)


def old_bounce(mail: ReceivedMail) -> Understood | None:
    """What a machine's text says of a failed, late or done delivery; None if no machine shows or no failure."""
    if not from_a_machine(mail) or (_ANSWER.match(mail.subject) and not null_sender(mail)):
        return None
    whole = own_text(mail.message)
    text = _report(whole)
    if not _says_failure(mail, text):
        return _success(mail, whole, text)
    failures = tuple(_failures(mail, text, whole))
    return Understood(
        kind=ReplyKind.BOUNCE,
        rule="bounce text",
        confidence=0.9 if failures and failures[0].recipients else 0.7,
        failures=failures,
        quoted_ids=quoted_ids(mail.message, whole),
    )


def _success(mail: ReceivedMail, whole: str, text: str) -> Understood | None:
    if not daemon_sender(mail) or not SUCCESS.search(f"{mail.subject}\n{text[:2_000]}".lower()):
        return None
    return Understood(
        ReplyKind.DELIVERY_NOTICE, "delivery notice text", 0.9, quoted_ids=quoted_ids(mail.message, whole)
    )


def _report(text: str) -> str:
    """The text before the original mail begins."""
    head = text[:LONGEST_REPORT]
    cut = ORIGINAL.search(head, 20)
    return head[: cut.start()] if cut else head


def _says_failure(mail: ReceivedMail, text: str) -> bool:
    """Whether a server's own address says it in the subject or the text, or another machine in the subject.

    Without an envelope sender, a plain refusal of somebody's mail in the text will do as well: it proves nothing.
    People write from postmaster's address too: without another sign, there must be a code and an address.
    """
    subject = mail.subject.lower()
    if not _own_address(mail):
        refused = null_sender(mail) and REFUSAL.search(text[:1_500].lower()) and not CHALLENGE.search(folded(text))
        return bool(FAILURE.search(subject) or refused) and bool(_candidates(mail, text))
    if FAILURE.search(subject):
        return True
    if null_sender(mail) or auto_submitted(mail) or "X-Failed-Recipients" in mail.message:
        return bool(FAILURE.search(text[:3_000].lower()) or (_CODE.search(text) and _candidates(mail, text)))
    return bool(FAILURE.search(text[:3_000].lower()) and _CODE.search(text) and _candidates(mail, text))


def _own_address(mail: ReceivedMail) -> bool:
    named = any(name in mail.message for name in ("X-Failed-Recipients", "X-MS-Exchange-Message-Is-Ndr"))
    return daemon_sender(mail) or named


def _failures(mail: ReceivedMail, text: str, whole: str) -> Iterator[Failure]:
    """One for each recipient with what stands below its address; if none is named, one for all we can make out."""
    late = DELAY.search(f"{mail.subject}\n{text[:3_000]}".lower())
    action = "delayed" if late else "failed"
    found = _recipients(mail, text)
    alone = len(found) == 1
    for address, said in found:
        addresses = with_originals((address,), mail, whole, alone=alone)
        yield replace(_failure(addresses, action, said, text if alone else "", mail.subject), failed=address)
    if not found:
        yield _failure(completed(mail, whole), action, text, "", mail.subject)


def _failure(recipients: tuple[str, ...], action: str, said: str, text: str, subject: str) -> Failure:
    """The reason by what stands below the address; where that says nothing, by the whole text."""
    reason = reason_of("", action, said)
    if reason is BounceReason.UNCLEAR:
        reason = reason_of("", action, f"{subject}. {text}")
    codes = enhanced_codes(said) or enhanced_codes(text)
    line = next((line for line in said.split("\n") if _CODE.search(line)), said)
    return Failure(tuple(dict.fromkeys(recipients)), (*codes, "")[0], reason, " ".join(line.split())[:1_000])


def _recipients(mail: ReceivedMail, text: str) -> list[tuple[str, str]]:
    """Each failed address with the text from there to the next one."""
    named = [
        word.strip("<>,;").lower() for word in mail.header("X-Failed-Recipients")[:4_000].split() if "@" in word
    ]
    addresses = list(dict.fromkeys(named)) or _candidates(mail, text) or _by_flufl(mail, text)
    low = text.lower()
    starts = sorted((max(low.find(address), 0), address) for address in addresses[:MOST_RECIPIENTS])
    ends = [(at, len(text)) for at, _ in starts[-1:]]
    spans = [*pairwise(at for at, _ in starts), *ends]
    return [(address, text[begin:end]) for (_, address), (begin, end) in zip(starts, spans, strict=True)]


def _candidates(mail: ReceivedMail, text: str) -> list[str]:
    """Addresses where servers put the failed one: at the start of a line, else after a label, else any."""
    ours = {*mail.to, mail.sender.address}
    ours |= {_untagged(address) for address in ours}
    for pattern in (_AT_START, _LABELLED, _ANYWHERE):
        found = (address.strip(".'").lower() for address in pattern.findall(text))
        kept = [address for address in dict.fromkeys(found) if address not in ours and _is_persons(address)]
        if kept:
            return kept if pattern is _AT_START else kept[:1]
    return []


def _untagged(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _is_persons(address: str) -> bool:
    """Whether mail can have been for it; the text also names the postmaster who can help."""
    return not re.match(r"(?:postmaster|mailer-daemon|abuse|support|helpdesk|hostmaster)@", address)


def _by_flufl(mail: ReceivedMail, text: str) -> list[str]:
    """What flufl.bounce finds in the same text; it knows more old servers, and says nothing about reasons."""
    short = Message()
    for name in ("From", "Subject", "To"):
        short[name] = str(mail.message.get(name, "")).replace("\n", " ").replace("\r", " ")[:500]
    short.set_payload(text.encode("ascii", "replace").decode())
    found: set[bytes] = set()
    with suppress(Exception):  # it was written for well-formed bounces
        found = set().union(*all_failures(short))
    return sorted(address.decode("ascii", "replace").lower() for address in found if b"@" in address)
