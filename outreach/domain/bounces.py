"""Why a delivery failed, and whether the reason means that the address is dead."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from outreach.domain import bounce_words as words


class BounceReason(StrEnum):
    """Why a mail came back."""

    NO_SUCH_ADDRESS = "no-such-address"
    NO_SUCH_DOMAIN = "no-such-domain"
    MAILBOX_FULL = "mailbox-full"
    POLICY = "policy"
    """Refused by a rule of their server: this concerns our account, never the person."""
    TOO_LARGE = "too-large"
    UNREACHABLE = "unreachable"
    DELAYED = "delayed"
    """Only a warning: their server goes on trying."""
    UNCLEAR = "unclear"


DEAD = frozenset({BounceReason.NO_SUCH_ADDRESS, BounceReason.NO_SUCH_DOMAIN})
"""The only reasons for which an address is written to no more."""

_LONGEST: Final = 4_000
_ENHANCED: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\.\d|\d)")
_TEMPORARY: Final = re.compile(r"(?<![\w.])(?:421|4[357]\d)(?=[ -]|$)")
_LINK: Final = re.compile(r"https?://\S{1,500}")
_ADDRESS: Final = re.compile(r"[^\s@<>()\[\]]{1,80}@[^\s@<>()\[\]:;,]{1,255}")
_HOST: Final = re.compile(r"(?<![/\w.-])(?:[a-z0-9_-]{1,63}\.){1,8}[a-z]{2,24}(?![\w.-])")
_SENTENCE_END: Final = re.compile(r"(?<=[^\d])[.!?;](?=\s|$)|[。！；]")
_DESTINATION_WORDS: Final = frozenset({"resolver.adr", "resolver.rst", "transport.rules"})


def enhanced_codes(text: str) -> tuple[str, ...]:
    """The enhanced status codes (RFC 3463) that stand in a text, in order, each once."""
    found = (".".join(match.groups()) for match in _ENHANCED.finditer(text[:_LONGEST]))
    return tuple(dict.fromkeys(found))


def reason_of(status: str, action: str, diagnostic: str) -> BounceReason:
    """Why a delivery failed, from a report's Status, Action and Diagnostic-Code (RFC 3464, 2.3); each may be empty.

    What the server says in words beats its code when the words excuse the person (full, refused by a rule, too
    large, not reachable), because many servers answer 5.1.1 to all of these. An address is only dead if the
    failure is permanent and nothing speaks against it; in doubt the reason is UNCLEAR. The DNS saying that a domain
    does not exist (RFC 8020) is permanent once the server has given up, whatever its own code.
    """
    if action.strip().lower() == "delayed":
        return BounceReason.DELAYED
    said = _plain(diagnostic)
    codes = enhanced_codes(f"{status} {diagnostic}")
    excuse = _excuse(said, codes)
    if excuse is not None:
        return excuse
    if action.strip().lower() == "failed" and words.DOMAIN_GONE.search(_certain(said)):
        return BounceReason.NO_SUCH_DOMAIN
    if _for_now(codes, diagnostic):
        return BounceReason.UNREACHABLE
    if words.HELD_BACK.search(said):
        return BounceReason.UNCLEAR
    return _dead(codes, _certain(said)) or _last_resort(codes)


def _plain(diagnostic: str) -> str:
    """The words alone: the name of a host that is called antispam says nothing."""
    text = " ".join(diagnostic[:_LONGEST].lower().replace("’", "'").split())
    links = " ".join(_LINK.findall(text))
    text = _ADDRESS.sub("it", _LINK.sub(" ", text))
    return f"{_HOST.sub(_host, text)} {links}"


def _host(match: re.Match[str]) -> str:
    """Host names go; Exchange's dotted words (RESOLVER.ADR.RecipNotFound) stay."""
    text = match.group()
    return text if any(text.startswith(word) for word in _DESTINATION_WORDS) else "it"


_EXCUSES: Final[tuple[tuple[re.Pattern[str], BounceReason], ...]] = (
    (words.RATE, BounceReason.POLICY),  # before FULL: "exceeded the daily sending quota"
    (words.FULL, BounceReason.MAILBOX_FULL),
    (words.TOO_LARGE, BounceReason.TOO_LARGE),  # before POLICY: "attachment blocked"
    (words.POLICY, BounceReason.POLICY),
)


def _excuse(said: str, codes: tuple[str, ...]) -> BounceReason | None:
    """The reason that spares the person, by the words, then by the codes; None if nothing excuses."""
    for phrase, reason in _EXCUSES:
        if phrase.search(said):
            either = reason is BounceReason.POLICY and words.EITHER.search(said)
            return BounceReason.UNCLEAR if either else reason
    for is_code, reason in _SPARING_CODES:
        if any(is_code(code) for code in codes):
            return reason
    if words.NO_DOMAIN.search(said) and "try again" not in said:
        return None
    return BounceReason.UNREACHABLE if words.NETWORK.search(said) else None


def _is(*codes: str) -> Callable[[str], bool]:
    """Whether a code's subject and detail (the digits after the first) are among these."""
    return lambda code: code[2:] in codes


_SPARING_CODES: Final[tuple[tuple[Callable[[str], bool], BounceReason], ...]] = (
    (_is("2.2"), BounceReason.MAILBOX_FULL),
    (_is("2.3", "3.4"), BounceReason.TOO_LARGE),
    (_is("1.7", "1.8", "5.3"), BounceReason.POLICY),  # the sender's address; too many recipients
    (lambda code: code[2:3] in "67", BounceReason.POLICY),  # content; security and policy (RFC 3463, 3.7 and 3.8)
)


def _for_now(codes: tuple[str, ...], diagnostic: str) -> bool:
    """Whether any code is a temporary one (4.x.x, 4xx): the queue gave up, the address may be alive."""
    return any(code.startswith("4") for code in codes) or bool(_TEMPORARY.search(diagnostic[:_LONGEST]))


def _certain(said: str) -> str:
    """What is left without the sentences that guess."""
    return ". ".join(part for part in _SENTENCE_END.split(said) if not words.HEDGED.search(part))


def _dead(codes: tuple[str, ...], certain: str) -> BounceReason | None:
    if words.NO_DOMAIN.search(certain):
        return BounceReason.NO_SUCH_DOMAIN
    if words.NOBODY.search(certain):
        return BounceReason.NO_SUCH_ADDRESS
    if any(code in _DEAD_CODES for code in codes):
        return BounceReason.NO_SUCH_ADDRESS
    return None


_DEAD_CODES: Final = frozenset({"5.1.1", "5.1.3", "5.1.6", "5.1.10"})
"""Bad mailbox, bad syntax, moved (RFC 3463, 3.2), and what Exchange says for an unknown recipient."""


def _last_resort(codes: tuple[str, ...]) -> BounceReason:
    """Network and routing failures (5.4.x), except 5.4.1, which Exchange says of whatever it will not explain."""
    if any(code[2:3] == "4" and code != "5.4.1" for code in codes) or "5.3.2" in codes:
        return BounceReason.UNREACHABLE
    return BounceReason.UNCLEAR
