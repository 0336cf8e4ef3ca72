"""Whose a web address or a mail domain is, as far as its name tells."""

from typing import Final
from urllib.parse import urlsplit

# Where strangers' pages live side by side; what stands before these names is no organisation's own domain.
_HOSTS: Final = (
    "about.me blogspot.com bsky.app canva.site facebook.com fb.com github.io google.com instagram.com "
    "jimdofree.com linkedin.com linktr.ee medium.com notion.site squarespace.com substack.com t.me tiktok.com "
    "tumblr.com twitter.com vk.com webnode.page weebly.com wixsite.com wordpress.com x.com youtube.com"
)
HOSTING: Final = frozenset(_HOSTS.split())
_SECOND_LEVEL: Final = frozenset(
    (
        "ac",
        "asn",
        "co",
        "com",
        "edu",
        "gob",
        "gouv",
        "gov",
        "gub",
        "id",
        "mil",
        "ne",
        "net",
        "ngo",
        "nom",
        "or",
        "org",
        "web",
    )
)


def host_of(website: str) -> str:
    """The host of a web address, as an A-label in small letters and without "www."; "" if there is none."""
    try:
        host = urlsplit(website if "://" in website else f"//{website}").hostname or ""
        host = host.encode("idna").decode()
    except ValueError:  # no URL, or no domain
        return ""
    return host.lower().removeprefix("www.").rstrip(".")


def registered(domain: str) -> str:
    """The part of a domain that somebody registered: "mail.harbour.org.uk" is of "harbour.org.uk".

    By the shape of the names, without the public suffix list: a country's second level is counted in.
    """
    labels = domain.lower().rstrip(".").split(".")
    second = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL  # noqa: PLR2004  a country's
    return ".".join(labels[-3:] if second else labels[-2:])


def own_site(domain: str) -> str:
    """What tells whose a domain is; "" where strangers share it."""
    own = registered(domain)
    return "" if own in HOSTING or "." not in own else own


def alike_domains(one: str, other: str) -> bool:
    """Whether two domains may be one owner's: the same but for the ending (harbour.org, harbour.ch)."""
    return registered(one).split(".")[0] == registered(other).split(".")[0]
