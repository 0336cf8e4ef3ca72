"""Whom a failure is about, where the server's words alone do not name the address that our mail was for."""

import re
from collections.abc import Iterator
from email.utils import getaddresses
from typing import Final

from outreach.reading.mail import ReceivedMail
from outreach.reading.parts import inner_mails, own_parts, text_of

LONGEST_HEADERS: Final = 8_000
"""Characters of a returned mail in which its headers are looked for."""
ADDRESS: Final = r"[^\s<>;,:()\[\]\"'|]{1,100}@[^\s<>;,:()\[\]\"'|]{1,255}"
_TO: Final = re.compile(r"^[ \t>]{0,8}(?:to|кому|an|à|para):[ \t]{0,9}([^\n]{3,600})", re.IGNORECASE | re.MULTILINE)
_HEADERS: Final = re.compile(
    r"^[ \t>]{0,8}(?:message-id|received|return-path|from):[ \t]", re.IGNORECASE | re.MULTILINE
)
_GENERATED: Final = re.compile(
    rf"({ADDRESS})>?\s{{1,20}}\((?:ultimately )?generated from\s{{1,3}}<?({ADDRESS})", re.IGNORECASE
)
_LOCAL: Final = re.compile(
    r"^[ \t]{1,12}<?([\w.+-]{1,64})>?(?:\.\.\.|:)?[ \t]{1,3}\((?:user|mailbox|no such|unknown|recipient|account|"
    r"address|not found|invalid|addressee)[^()\n]{0,120}\)?",
    re.IGNORECASE | re.MULTILINE,
)
_GATEWAY: Final = re.compile(r"(?:gwia|gw|mail|mx|smtp|mta|relay|post|exchange|mailhost|mailgate|ns|mailer)[\d-]*")


def with_originals(found: tuple[str, ...], mail: ReceivedMail, text: str, *, alone: bool) -> tuple[str, ...]:
    """The addresses of one failure with those that our mail was for where a server passed it on.

    Where only one recipient failed, the returned headers say to whom our mail went, and that address comes first.
    Servers write others beside ("generated from"), qmail within ("domain-user@domain").
    """
    generated = [original for failed, original in _GENERATED.findall(text[:LONGEST_HEADERS]) if failed in found]
    plain = [bare for address in found if (bare := _without_prefix(address))]
    sent_to = returned_to(mail, text) if alone else ()
    first = [address for address in sent_to if len(sent_to) == 1 and address not in found]
    return tuple(dict.fromkeys([*first, *found, *plain, *map(str.lower, generated)]))


def _without_prefix(address: str) -> str:
    """The address without the prefix that qmail gives those of a virtual domain; empty if it has none."""
    local, _, domain = address.partition("@")
    for prefix in (domain, domain.replace(".", "-"), domain.replace(".", "_")):
        if local.startswith(f"{prefix}-") and local != f"{prefix}-":
            return f"{local[len(prefix) + 1 :]}@{domain}"
    return ""


def returned_to(mail: ReceivedMail, text: str) -> tuple[str, ...]:
    """To whom the returned mail went by its own headers; empty if it is not there or names only us."""
    ours = {*mail.to, mail.sender.address}
    for header in _to_headers(mail, text):
        found = dict.fromkeys(address.lower() for _, address in getaddresses([header]) if "@" in address)
        if found:
            return tuple(address for address in found if address not in ours)[:10]
    return ()


def _to_headers(mail: ReceivedMail, text: str) -> Iterator[str]:
    """The returned mail's To, wherever servers put it: a mail within, headers in the text, a file of any type."""
    for inner in inner_mails(mail.message):
        yield str(inner.get("To", ""))[:2_000]
    files = (text_of(part) for part in own_parts(mail.message) if part.get_content_maintype() == "application")
    for piece in (text, *files):
        begins = _HEADERS.search(piece)
        yield from _TO.findall(piece[begins.start() :][:LONGEST_HEADERS] if begins else "")[:1]


def completed(mail: ReceivedMail, text: str) -> tuple[str, ...]:
    """The address of a failure that names only what stands before the "@", as GroupWise does; empty if in doubt.

    The returned headers complete it, else the domain that reports; a failure that names nobody is of the one to
    whom the returned mail went.
    """
    names = [name.lower() for name in dict.fromkeys(_LOCAL.findall(text[:LONGEST_HEADERS]))]
    sent_to = returned_to(mail, text)
    matching = [address for address in sent_to if address.partition("@")[0] in names]
    if matching or len(sent_to) == 1:
        return tuple(matching) or sent_to
    domain = mail.sender.address.rpartition("@")[2]
    host, _, parent = domain.partition(".")
    if "." in parent and _GATEWAY.fullmatch(host):
        domain = parent
    return tuple(f"{name}@{domain}" for name in names) if domain else ()
