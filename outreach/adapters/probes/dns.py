"""Asks DNS what receivers of our mail ask it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import dns.exception
import dns.resolver
from dns.asyncresolver import Resolver

from outreach.domain.mail_health import Records, SenderRecords

SECONDS = 4.0
"""How long to wait for each answer, however many name servers there are."""


@dataclass(frozen=True, slots=True)
class SenderDomains:
    """The domains that receivers look at: in From, of the return address, and those that answers come to."""

    domain: str
    return_domain: str
    answer_domains: tuple[str, ...]
    dkim_selector: str = ""


def system_resolver() -> Resolver | None:
    """Asks the machine's own name servers; None if it has none."""
    try:
        return Resolver()
    except (dns.exception.DNSException, OSError):
        return None


async def look_at_dns(sender: SenderDomains, resolver: Resolver | None, seconds: float = SECONDS) -> SenderRecords:
    """SPF, DKIM, DMARC and MX, all asked at once. Never raises, and takes twice ``seconds`` at the longest."""
    ask = partial(_ask, resolver, seconds=seconds)
    selector = f"{sender.dkim_selector}._domainkey.{sender.domain}" if sender.dkim_selector else ""
    spf, dkim, *rest = await asyncio.gather(
        ask(sender.return_domain, "TXT"),
        ask(selector, "TXT"),
        *(ask(f"_dmarc.{name}", "TXT") for name in _upwards(sender.domain)),
        *(ask(name, "MX") for name in sender.answer_domains),
    )
    mx = len(rest) - len(sender.answer_domains)
    return SenderRecords(spf, tuple(rest[:mx]), tuple(rest[mx:]), dkim if selector else None)


def _upwards(domain: str) -> Iterator[str]:
    """The domain and those above it, but no top-level domain."""
    labels = domain.split(".")
    yield domain
    for cut in range(1, len(labels) - 1):
        yield ".".join(labels[cut:])


async def _ask(resolver: Resolver | None, name: str, kind: str, *, seconds: float) -> Records:
    if resolver is None:
        return Records(name, trouble="this machine has no name server")
    if not name:
        return Records(name)
    try:
        async with asyncio.timeout(2 * seconds):
            return Records(name, await _texts(resolver, name, kind, seconds))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return Records(name)
    except (dns.exception.DNSException, OSError) as problem:
        return Records(name, trouble=_said(problem, seconds))


async def _texts(resolver: Resolver, name: str, kind: str, seconds: float) -> tuple[str, ...]:
    answer = await resolver.resolve(name, kind, lifetime=seconds, search=False)
    if kind == "MX":
        servers = sorted((each.preference, each.exchange.to_text(omit_final_dot=True)) for each in answer)
        return tuple(server for _, server in servers)
    return tuple(b"".join(each.strings).decode("utf-8", "replace") for each in answer)


def _said(problem: Exception, seconds: float) -> str:
    """Short: a resolver's own words list every server it tried."""
    if isinstance(problem, dns.exception.Timeout | TimeoutError):
        return f"no answer in {seconds:g} seconds"
    if isinstance(problem, dns.resolver.NoNameservers):
        return "the name servers refuse to answer"
    return type(problem).__name__ if isinstance(problem, dns.exception.DNSException) else str(problem)
