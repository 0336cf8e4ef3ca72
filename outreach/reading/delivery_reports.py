"""Delivery reports in the form of RFC 3464, also where servers have bent the form."""

import re
from collections.abc import Iterator
from typing import Final

from outreach.domain.bounces import BounceReason, enhanced_codes, reason_of
from outreach.domain.replies import ReplyKind
from outreach.reading.machine_signs import from_a_machine
from outreach.reading.mail import ReceivedMail
from outreach.reading.parts import own_parts, own_text, quoted_ids, text_of
from outreach.reading.recipients import with_originals
from outreach.reading.rules import Failure, Understood

MOST_RECIPIENTS: Final = 100
LONGEST_FIELD: Final = 4_000
_STATUS_TYPES: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_FIELD: Final = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,50})[ \t]{0,9}:(.*)")
_ADDRESS: Final = re.compile(r"[^\s<>;,:()\[\]\"]{1,100}@[^\s<>;,:()\[\]\"]{1,255}")
_RECIPIENTS: Final = ("final-recipient", "original-recipient", "x-actual-recipient", "x-original-to")
_ACTIONS: Final = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
RELAYED: Final = "relay report"
"""The rule of a report that only says that the mail went on to where nobody reports (RFC 3464, 2.3.3)."""
_SMTP_LINE: Final = re.compile(r"(?<![\d.])[45][0-5]\d[ -]#?(?:[45]\.\d{1,3}\.\d{1,3}|\S).{0,500}")

Block = dict[str, str]


def delivery_report(mail: ReceivedMail) -> Understood | None:
    """What a report says of each recipient: a bounce if one failed or is late, else a notice of success."""
    if not from_a_machine(mail):
        return None
    blocks = list(_recipient_blocks(mail))
    if not blocks:
        return None
    text = own_text(mail.message)
    alone = len(blocks) == 1
    failures = tuple(_failure(block, mail, text, alone=alone) for block in blocks if _failed(block))
    return Understood(
        kind=ReplyKind.BOUNCE if failures else ReplyKind.DELIVERY_NOTICE,
        rule="delivery report" if failures or any(map(_delivered, blocks)) else RELAYED,
        confidence=1.0,
        failures=failures,
        quoted_ids=quoted_ids(mail.message, text),
    )


def _delivered(block: Block) -> bool:
    return block.get("action", "").strip().lower().startswith("delivered")


def _recipient_blocks(mail: ReceivedMail) -> Iterator[Block]:
    """The fields about each recipient, at most MOST_RECIPIENTS; none if the mail holds no report."""
    found = 0
    for text in _status_texts(mail):
        for block in _joined(_blocks(text)):
            if found < MOST_RECIPIENTS and _about_a_recipient(block):
                found += 1
                yield block


def _status_texts(mail: ReceivedMail) -> list[str]:
    """The report's machine-readable part; where none is called so, a part that is written like one."""
    parts = list(own_parts(mail.message))
    named = [text_of(part) for part in parts if part.get_content_type() in _STATUS_TYPES]
    if named:
        return named
    texts = (text_of(part) for part in parts if part.get_content_maintype() in {"text", "application", "message"})
    return [text for text in texts if _looks_like_a_report(text)][:3]


def _looks_like_a_report(text: str) -> bool:
    low = text.lower()
    return bool(re.search(r"^(final|original)-recipient:", low, re.MULTILINE)) and bool(
        re.search(r"^(action|status):", low, re.MULTILINE)
    )


def _blocks(text: str) -> Iterator[Block]:
    """Groups of fields between empty lines; a field that comes again begins a new group (RFC 3464, 2.1)."""
    block: Block = {}
    last = ""
    for line in text.split("\n")[:5_000]:
        field = _FIELD.fullmatch(line.rstrip())
        if field and not line[:1].isspace():
            last = field.group(1).lower()
            if last in block and last in {*_RECIPIENTS[:2], "action"}:
                yield block
                block = {}
            block.setdefault(last, field.group(2).strip())
        elif not line.strip():
            yield block
            block, last = {}, ""
        elif last and len(block[last]) < LONGEST_FIELD:
            block[last] += " " + line.strip()
    yield block


def _joined(blocks: Iterator[Block]) -> Iterator[Block]:
    """Blocks in which an empty line stands between the recipient and the rest, put together again."""
    held: Block | None = None
    for block in filter(None, blocks):
        if held is not None and "action" in block and not _named(block):
            yield {**block, **held}
            held = None
            continue
        if held is not None:
            yield held
        held = block if _named(block) and "action" not in block else None
        if held is None:
            yield block
    if held is not None:
        yield held


def _named(block: Block) -> bool:
    return any(name in block for name in _RECIPIENTS[:2])


def _about_a_recipient(block: Block) -> bool:
    return _named(block) or _action(block) in _ACTIONS


def _action(block: Block) -> str:
    """The Action, also where a server adds words or a comment to it; empty if it is none of the standard's."""
    word = re.match(r"[a-z]*", block.get("action", "").lower())
    return word.group() if word and word.group() in _ACTIONS else ""


def _failed(block: Block) -> bool:
    action = _action(block)
    return action in {"failed", "delayed"} or (not action and not block.get("status", "").startswith("2"))


def _failure(block: Block, mail: ReceivedMail, text: str, *, alone: bool) -> Failure:
    said = _diagnostic(block)
    if not said and alone:
        line = _SMTP_LINE.search(text)
        said = line.group() if line else ""
    status = _status(block, said)
    named = _addresses(block, text, alone=alone)
    return Failure(
        recipients=with_originals(named, mail, text, alone=alone),
        failed=named[0] if named else "",
        status=status,
        reason=_reason(block, said, text if alone else ""),
        diagnostic=" ".join(said.split())[:1_000],
    )


def _diagnostic(block: Block) -> str:
    said = block.get("diagnostic-code", "") or block.get("x-diagnostic-code", "")
    return re.sub(r"^[A-Za-z][\w-]{0,30}\s{0,5};", "", said).strip()


def _status(block: Block, said: str) -> str:
    """The code that says most: the server's own where the report's is general (x.0.0) or missing."""
    stated = (*enhanced_codes(block.get("status", "")), "")[0]
    own = (*enhanced_codes(said), "")[0]
    if own and (not stated or stated.endswith(".0.0") or (stated[0] == own[0] == "5" and not own.endswith(".0.0"))):
        return own
    return stated


def _reason(block: Block, said: str, text: str) -> BounceReason:
    """As the fields say; a dead address is believed only if the words for people do not excuse it."""
    reason = reason_of(block.get("status", ""), _action(block), said)
    if reason is BounceReason.NO_SUCH_ADDRESS and not said:
        spoken = reason_of("", "", text[:1_500])
        return spoken if spoken is BounceReason.MAILBOX_FULL else reason
    return reason


def _addresses(block: Block, text: str, *, alone: bool) -> tuple[str, ...]:
    """Every address the block names; when it names none and is the only one, the first in the words for people."""
    stated = " ".join(block.get(name, "").partition(";")[2] or block.get(name, "") for name in _RECIPIENTS)
    found = _ADDRESS.findall(stated) or (_ADDRESS.findall(text[:5_000])[:1] if alone else [])
    return tuple(dict.fromkeys(address.strip(".'").lower() for address in found))[:10]
