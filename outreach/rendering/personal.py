"""What is one reader's alone: her links, and the addresses by which what comes back names its message."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from outreach.config.house import House
from outreach.domain.addresses import parse_address
from outreach.domain.tokens import TAGS, Purpose, mint
from outreach.rendering.records import MailRecord


def links(record: MailRecord, house: House, names: Iterable[str] = ()) -> dict[str, str]:
    """The personal links of a mail, all or those of these names.

    Those of a test are for nobody, so that trying them does nothing.
    """
    return {name: _LINKS[name](record, house) for name in names or _LINKS}


def _minted(house: House, path: str, purpose: Purpose, *ids: int) -> str:
    return f"{house.settings.workspace.base_url}/{path}/{mint(house.link_key, purpose, *ids)}"


def _contact(record: MailRecord) -> int:
    return 0 if record.test else record.contact_id


def _organisation(record: MailRecord, house: House) -> str:
    return _minted(house, "sign", Purpose.SIGN_ORGANISATION, record.call_id, _contact(record))


def _individual(record: MailRecord, house: House) -> str:
    return _minted(house, "sign", Purpose.SIGN_INDIVIDUAL, record.call_id, _contact(record))


def opt_out(record: MailRecord, house: House) -> str:
    """The page that stops these mails, for one click too (RFC 8058)."""
    return _minted(house, "opt-out", Purpose.OPT_OUT, record.call_id, _contact(record))


def _signature(record: MailRecord, house: House) -> str:
    return _minted(house, "signature", Purpose.SIGNATURE, 0 if record.test else record.signature_id)


def _kit(record: MailRecord, house: House) -> str:
    return _minted(house, "kit", Purpose.KIT, 0 if record.test else record.signature_id)


def _confirm(record: MailRecord, house: House) -> str:
    """Who is asked in a round of approval and has not signed answers on the page that is made for him."""
    signature = 0 if record.test else record.signature_id
    if not (signature or record.test):
        return _organisation(record, house)
    revision = record.values.get("signature", {}).get("revision", 1)
    return _minted(house, "confirm", Purpose.CONFIRM, signature, revision)


def _letter(record: MailRecord, house: House) -> str:
    """A letter in confidence has no page but the reader's own, which shows it."""
    read_at = record.values.get("read_at", record.shared.get("read_at"))
    if read_at:
        return _LINKS["signature" if record.signature_id else read_at](record, house)
    return public_page(record, house)


def public_page(record: MailRecord, house: House) -> str:
    """The page that shows the letter to everyone."""
    return f"{house.settings.workspace.base_url}/letters/{record.call_slug}"


_LINKS: Final[Mapping[str, Callable[[MailRecord, House], str]]] = MappingProxyType(
    {
        "organisation": _organisation,
        "individual": _individual,
        "opt_out": opt_out,
        "confirm": _confirm,
        "signature": _signature,
        "kit": _kit,
        "letter": _letter,
    }
)


_UNSUBSCRIBE, _REPLY, _RETURN = (TAGS[one] for one in (Purpose.UNSUBSCRIBE, Purpose.REPLY, Purpose.RETURN))


def unsubscribe_address(record_id: int, house: House) -> str:
    """Whoever writes there is whom the message was for, and wants no more mail.

    Without plus-addressing nothing in the address says who writes: then the subject and the sender do.
    """
    return tagged(reply_mailbox(house), _UNSUBSCRIBE, Purpose.UNSUBSCRIBE, record_id, house)


def reply_address(record_id: int, house: House) -> str:
    """Reply-To: where an answer goes, with a token that says to which message."""
    return tagged(reply_mailbox(house), _REPLY, Purpose.REPLY, record_id, house)


def return_address(record_id: int, house: House) -> str:
    """MAIL FROM: where a bounce goes, with a token that says whose it is (VERP)."""
    sender = house.settings.sender
    return tagged(sender.return_address or sender.address, _RETURN, Purpose.RETURN, record_id, house)


def message_id(record_id: int, house: House) -> str:
    """The Message-ID (RFC 5322, 3.6.4), the same at every attempt, and known for ours when it comes back."""
    domain = split(house.settings.sender.address)[1]
    return f"<{mint(house.link_key, Purpose.MESSAGE, record_id)}@{domain}>"


def reply_mailbox(house: House) -> str:
    """The mailbox that answers come to."""
    return house.settings.sender.reply_to or house.settings.sender.address


def tagged(address: str, tag: str, purpose: Purpose, record_id: int, house: House) -> str:
    """An address of ours with a token after a plus; as it is where the server does not know plus-addresses."""
    local, domain = split(address)
    if not house.settings.sender.plus_addressing:
        return f"{local}@{domain}"
    return f"{local}+{tag}{mint(house.link_key, purpose, record_id)}@{domain}"


@lru_cache(maxsize=64)
def split(address: str) -> tuple[str, str]:
    """What stands before and after the @ of one of our own addresses, as it goes over the wire."""
    local, _, domain = parse_address(address).wire.rpartition("@")
    return local, domain
