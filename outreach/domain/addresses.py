"""Mail addresses: what is accepted, what makes two the same, and what goes over the wire."""

import hmac
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from outreach.domain.errors import InvalidInput

LONGEST_INPUT: Final = 320
"""64 for the local part, the @, 255 for the domain (RFC 5321, 4.5.3.1); more is refused unread."""
LONGEST_LOCAL: Final = 64
"""Octets before the @ (RFC 5321, 4.5.3.1.1)."""

_ROLE_WORDS: Final = (
    "abuse admin administrator bounce bounces contact do-not-reply donotreply help helpdesk hostmaster info "
    "mail mailer-daemon media news no-reply noreply office postmaster press root sales secretariat security "
    "support webmaster"
)
ROLES: Final = frozenset(_ROLE_WORDS.split())
"""Local parts that name an office instead of a person (RFC 2142 and custom)."""

_DISPOSABLE_WORDS: Final = (
    "10minutemail.com 33mail.com anonaddy.me burnermail.io byom.de discard.email dispostable.com dropmail.me "
    "einrot.com emailondeck.com fakeinbox.com fakemail.net getairmail.com getnada.com guerrillamail.com "
    "guerrillamail.net guerrillamail.org inboxkitten.com jetable.org maildrop.cc mailcatch.com mailinator.com "
    "mailnesia.com mailnull.com minutemail.com mohmal.com moakt.com mytemp.email nada.email sharklasers.com "
    "spam4.me spambog.com spamgourmet.com temp-mail.org tempail.com tempmail.com tempmailo.com "
    "throwawaymail.com trash-mail.com trashmail.com trashmail.de wegwerfmail.de yopmail.com yopmail.fr "
    "yopmail.net"
)
DISPOSABLE: Final = frozenset(_DISPOSABLE_WORDS.split())
"""Well-known domains whose mailboxes are thrown away after minutes."""

_SHARED_WORDS: Final = (
    "163.com aol.com bk.ru bluewin.ch free.fr gmail.com gmx.at gmx.ch gmx.de gmx.net googlemail.com "
    "hotmail.co.uk hotmail.com hotmail.es hotmail.fr icloud.com laposte.net libero.it live.com mail.ru me.com "
    "msn.com orange.fr outlook.com outlook.es outlook.fr pm.me proton.me protonmail.com qq.com rediffmail.com "
    "riseup.net rocketmail.com t-online.de tuta.com tutanota.com ukr.net wanadoo.fr web.de yahoo.co.uk "
    "yahoo.com yahoo.com.br yahoo.es yahoo.fr yandex.ru ymail.com"
)
SHARED_DOMAINS: Final = frozenset(_SHARED_WORDS.split())
"""Providers at which strangers share a domain: it says nothing of where somebody works."""

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = "[a-z0-9](?:-?[a-z0-9]){0,20}"
_PLAINLY: Final = re.compile(
    rf"(?=[^@]{{1,{LONGEST_LOCAL}}}@)({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.){{1,4}}([a-z]{{2,20}}))"
)
"""Addresses as most are, in ASCII and a domain in small letters: nothing about them is left to find out.

Nothing of that form is too long, as a whole or in a part; whatever is not like it is judged by email-validator.
"""
_FOLDS_DOTS: Final = frozenset({"gmail.com", "googlemail.com"})
_EDGES: Final = " \t\r\n\u00a0"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_LIKE_LATIN: Final = frozenset("асеорхуѕіјһԁԛԝӏονραιυχκɑɡհոսօցզյ")
_EAST_ASIAN: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO"})


@dataclass(frozen=True, slots=True)
class Address:
    """An address that a mail can be written to.

    ``given``: as typed, trimmed. ``key``: what makes two addresses one contact (local part in NFC and lower
    case, domain as A-label). ``wire``: what RCPT TO says (local part as given, domain as A-label, RFC 5890).
    ``needs_smtputf8``: the local part is not ASCII (RFC 6531). ``warnings``: sentences for staff; none forbids.
    """

    given: str
    key: str
    wire: str
    domain: str
    needs_smtputf8: bool
    warnings: tuple[str, ...] = ()


def parse_address(text: str) -> Address:
    """The one address in ``text``; InvalidInput with a sentence that names what is wrong otherwise."""
    found = _PLAINLY.fullmatch(text)
    if found is None or found[3] in _special_ends():
        return parse_unusual(text)
    folded, domain = found[1].lower(), found[2]
    return Address(text, f"{folded}@{domain}", text, domain, False, _warnings(folded, domain))  # noqa: FBT003


def parse_unusual(text: str) -> Address:
    """What ``parse_address`` says of any text, without its short cut: that takes a fiftieth of the time."""
    if len(text) > LONGEST_INPUT:
        raise InvalidInput(f'"{text[:40]}..." is too long for an address: {len(text)} characters.')
    given = text.strip(_EDGES)
    if fault := _fault_of_form(given):
        raise InvalidInput(f"{_shown(given)} {fault}." if given else f"The address {fault}.")
    domain = _ascii_domain(given)
    local = given.rpartition("@")[0]
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", local).lower())
    return Address(
        given=given,
        key=f"{folded}@{domain}",
        wire=f"{local}@{domain}",
        domain=domain,
        needs_smtputf8=not local.isascii(),
        warnings=_warnings(folded, domain),
    )


def wire_of(text: str) -> str:
    """``Address.wire`` of the one address in ``text``."""
    found = _PLAINLY.fullmatch(text)
    return text if found and found[3] not in _special_ends() else parse_unusual(text).wire


@cache
def _special_ends() -> frozenset[str]:
    """The last labels of domains that are nobody's (RFC 6761)."""
    from email_validator import SPECIAL_USE_DOMAIN_NAMES

    return frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES)


def address_digest(key: str, salt: bytes) -> str:
    """The stand-in for an address wherever the address itself must not be kept: 32 hexadecimal digits.

    HMAC-SHA256 (RFC 2104) of ``Address.key``, truncated to 128 bits: without the salt nobody can test a guess.
    """
    return hmac.digest(salt, key.encode(), "sha256").hex()[:32]


def digest_or_nothing(text: str, salt: bytes) -> str:
    """The ``address_digest`` of the address that a text is; "" for what is no address."""
    try:
        return address_digest(parse_address(text).key, salt)
    except InvalidInput:
        return ""


def domain_or_nothing(text: str) -> str:
    """The ``Address.domain`` of the address that a text is; "" for what is no address."""
    try:
        return parse_address(text).domain
    except InvalidInput:
        return ""


def same_house(domain: str, other: str) -> bool:
    """Whether two domains, as in ``Address.domain``, are one that colleagues share; a provider's tells nothing."""
    return bool(domain) and domain == other and domain not in SHARED_DOMAINS


def flood_key(address: Address) -> str:
    """One mailbox, for limits only: what follows a + is dropped, and dots where the host drops them."""
    local = address.key.rpartition("@")[0]
    mailbox = local.partition("+")[0] or local
    if address.domain in _FOLDS_DOTS:
        return f"{mailbox.replace('.', '')}@gmail.com"
    return f"{mailbox}@{address.domain}"


def _fault_of_form(given: str) -> str:
    """The first reason, as the end of a sentence, why this cannot be one plain address; "" if none is seen."""
    local, _, domain = given.rpartition("@")
    hidden = next((c for c in given if unicodedata.category(c) in _UNSEEN), "")
    faults = (
        (not given, "is empty"),
        (bool(hidden), f"holds a control or invisible character ({_code(hidden)})"),
        ("<" in given or ">" in given, "has angle brackets: write the address alone, without a name"),
        (given.startswith("@"), "is a route, not an address: write only name@domain"),
        (_holds_two(given), "holds more than one address: each needs its own row or field"),
        ('"' in local, "has quotation marks before the @, which is not accepted"),
        ("[" in domain, "has a network number instead of a domain, which is not accepted"),
        ("@" not in given, "has no @"),
        ("." not in domain and domain.isascii(), f"has no full domain after the @ ({_shown(domain)})"),
        (len(local.encode(errors="replace")) > LONGEST_LOCAL, f"has more than {LONGEST_LOCAL} bytes before the @"),
    )
    return next((sentence for wrong, sentence in faults if wrong), "")


def _holds_two(given: str) -> bool:
    return given.count("@") > 1 and not given.startswith('"')


def _ascii_domain(given: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(given, check_deliverability=False, strict=True, test_environment=False)
    except EmailNotValidError as error:
        raise InvalidInput(f"{_shown(given)} is not an address: {error}") from None
    return str(found.ascii_domain).lower()


def _warnings(local: str, domain: str) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    if local.partition("+")[0] in ROLES:
        found += (f"role address ({local}@): an office reads it, not one person",)
    if "xn--" in domain and _looks_alike(domain):
        found += (f"look-alike domain ({_unicode_domain(domain)}): {domain} imitates another",)
    if _is_disposable(domain):
        found += (f"disposable domain ({domain}): the mailbox may be gone tomorrow",)
    return found


def _is_disposable(domain: str) -> bool:
    return domain in DISPOSABLE or ".".join(domain.rsplit(".", 2)[-2:]) in DISPOSABLE


def _looks_alike(domain: str) -> bool:
    """Whether a label mixes scripts, or is written wholly in letters that pass for Latin under a Latin top domain.

    UTS 39, 5.1 and 4.1, reduced to the letters that matter in domains.
    """
    *labels, top = _unicode_domain(domain).split(".")
    return any(_mixes_scripts(label) or (top.isascii() and _passes_for_latin(label)) for label in labels)


def _mixes_scripts(label: str) -> bool:
    scripts = {unicodedata.name(c, "?").split()[0] for c in label if unicodedata.category(c)[0] == "L"}
    return len(scripts) > 1 and not scripts <= _EAST_ASIAN


def _passes_for_latin(label: str) -> bool:
    return not label.isascii() and all(c.isascii() or c in _LIKE_LATIN for c in label)


def _unicode_domain(domain: str) -> str:
    return ".".join(_unicode_label(label) for label in domain.split("."))


def _unicode_label(label: str) -> str:
    return label[4:].encode().decode("punycode") if label.startswith("xn--") else label


def _shown(text: str) -> str:
    """The value, quoted, short, with what cannot be seen spelt out."""
    seen = "".join(f"[{_code(c)}]" if unicodedata.category(c) in _UNSEEN else c for c in text[:80])
    return f'"{seen}{"..." if len(text) > 80 else ""}"'  # noqa: PLR2004  what fits a line


def _code(character: str) -> str:
    return f"U+{ord(character):04X}" if character else ""
