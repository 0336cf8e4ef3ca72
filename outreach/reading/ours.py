"""What in a mail is ours: tokens in the addresses it was sent to, in the ids it names, and in what it quotes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from outreach.config.house import House
from outreach.domain.addresses import parse_address
from outreach.domain.tokens import TAGS, Purpose, read

_TOKEN = r"[a-z2-7]{10,64}"  # noqa: S105  a pattern, no secret
_ENDS = r"(?![a-z0-9-]|\.[a-z0-9])"
"""Nothing follows that would make it another domain."""
_OF_TAG = {tag: purpose for purpose, tag in TAGS.items()}


@dataclass(frozen=True, slots=True)
class Tagged:
    """An address of ours with a token in it: what the token is good for, and of which message it is."""

    purpose: Purpose
    message_id: int


def tagged_addresses(addresses: Iterable[str], house: House) -> list[Tagged]:
    """What the tokens in these addresses say, as far as they are genuine; servers may have changed their case."""
    return list(_tagged("\n".join(addresses).lower(), house))


def message_ids(ids: Iterable[str], house: House) -> list[int]:
    """Our messages among the mails that these Message-IDs name."""
    return list(dict.fromkeys(_messages("\n".join(ids).lower(), house)))


def quoted_messages(raw: bytes, ids: Iterable[str], house: House) -> list[int]:
    """Our messages that the mail holds or quotes: by their Message-ID, or by an address that only they carry."""
    text = raw.decode("ascii", "replace").lower()
    found = [*message_ids(ids, house), *_messages(text, house), *(one.message_id for one in _tagged(text, house))]
    return list(dict.fromkeys(found))


def _tagged(text: str, house: House) -> Iterator[Tagged]:
    sender = house.settings.sender
    pattern = _address_pattern(sender.address, sender.reply_to, sender.return_address)
    for tag, token in dict.fromkeys(pattern.findall(text)):
        ids = read(house.link_key, _OF_TAG[tag], token, 1)
        if ids is not None:
            yield Tagged(_OF_TAG[tag], ids[0])


def _messages(text: str, house: House) -> Iterator[int]:
    for token in dict.fromkeys(_id_pattern(house.settings.sender.address).findall(text)):
        ids = read(house.link_key, Purpose.MESSAGE, token, 1)
        if ids is not None:
            yield ids[0]


def is_ours(message_id: str, house: House) -> bool:
    """Whether a mail with this Message-ID was written by this workspace."""
    return bool(message_ids([message_id], house))


@lru_cache
def _address_pattern(*addresses: str) -> re.Pattern[str]:
    wires = dict.fromkeys(parse_address(one).wire.lower() for one in addresses if one)
    parts = [one.rpartition("@") for one in wires]
    ours = "|".join(f"(?<={re.escape(local)}\\+)" for local, _, _ in parts)
    domains = "|".join(re.escape(domain) for _, _, domain in parts)
    return re.compile(rf"(?:{ours})([{''.join(_OF_TAG)}])({_TOKEN})@(?:{domains}){_ENDS}")


@lru_cache
def _id_pattern(address: str) -> re.Pattern[str]:
    domain = parse_address(address).domain
    return re.compile(rf"(?<![a-z0-9.+-])({_TOKEN})@{re.escape(domain)}{_ENDS}")
