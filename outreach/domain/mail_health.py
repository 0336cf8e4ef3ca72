"""What is wrong with the mail account, the mailbox and the sender's DNS: judgements of what servers said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from outreach.domain.health import Check, Finding, clock, fault, judge_clock, ok, span, warning

ENDS_SOON: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class LogIn:
    """What came of one log-in. ``trouble``: why there was none; ``certificate_ends``: None where there is no TLS.

    ``told``: the server's own time, where it says it. ``folders``: those that could be opened.
    """

    where: str
    trouble: str = ""
    certificate_ends: datetime | None = None
    told: datetime | None = None
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """What DNS says of a name: ``texts`` is empty where there is nothing, ``trouble`` says why nobody can tell."""

    name: str
    texts: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class SenderRecords:
    """What DNS says of the sender. ``dkim`` is None where no selector is known; ``dmarc`` the nearest name first.

    ``mx`` is of each domain to which answers and bounces come.
    """

    spf: Records
    dmarc: tuple[Records, ...]
    mx: tuple[Records, ...]
    dkim: Records | None = None


def judge_smtp(seen: LogIn, now: datetime) -> Iterator[Finding]:
    """The log-in at the server that mails are submitted to, without a mail."""
    if seen.trouble:
        advice = "No mail can leave. Check [smtp] in config.toml, the password, and whether the server is up."
        yield fault(Check.SMTP, seen.trouble, advice)
        return
    yield ok(Check.SMTP, f"{seen.where} lets us in.")
    yield _certificate(Check.SMTP_CERTIFICATE, seen, now)
    if seen.told is not None:
        yield judge_clock(now, seen.told, seen.where, Check.MAIL_CLOCK)


def judge_mailbox(seen: LogIn, now: datetime) -> Iterator[Finding]:
    """The log-in at the mailbox, and its folders."""
    if seen.trouble:
        advice = "Nothing is taken in. Check [mailbox] in config.toml, the password, and the names of the folders."
        yield fault(Check.MAILBOX, seen.trouble, advice)
        return
    folders = ", ".join(seen.folders)
    yield ok(Check.MAILBOX, f"{seen.where} lets us in, and opens {folders}.")
    if seen.certificate_ends is not None:
        yield _certificate(Check.MAILBOX_CERTIFICATE, seen, now)


def _certificate(check: Check, seen: LogIn, now: datetime) -> Finding:
    if seen.certificate_ends is None:
        return ok(check, f"{seen.where} is on this machine, and asked without TLS.")
    left = seen.certificate_ends - now
    found = f"The certificate of {seen.where} is good until {clock(seen.certificate_ends)}"
    if left < ENDS_SOON:
        advice = "Have it renewed by whoever runs that server: after that day nothing goes through it."
        return warning(check, f"{found}, {span(left)} from now.", advice)
    return ok(check, f"{found}.")


def judge_dns(records: SenderRecords) -> Iterator[Finding]:
    """What receivers look up before they believe a mail of ours."""
    yield _asked(Check.SPF, records.spf) or _spf(records.spf)
    if records.dkim is None:
        yield ok(Check.DKIM, "Not looked up: sender.dkim_selector is not set.")
    else:
        yield _asked(Check.DKIM, records.dkim) or _dkim(records.dkim)
    yield _dmarc(records.dmarc)
    for one in records.mx:
        yield _asked(Check.MX, one) or _mx(one)


def _asked(check: Check, records: Records) -> Finding | None:
    if not records.trouble:
        return None
    found = f"{records.name} could not be asked: {records.trouble}."
    advice = "Look whether this machine reaches a name server; of the record itself that says nothing."
    return warning(check, found, advice)


def _spf(records: Records) -> Finding:
    found = [text for text in records.texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]
    advice = "Set one TXT record that names your relay: v=spf1 include:relay.example -all"
    if not found:
        return fault(Check.SPF, f"{records.name} has no SPF record.", advice)
    if len(found) > 1:  # RFC 7208, 4.5
        return fault(Check.SPF, f"{records.name} has {len(found)} SPF records, so none counts.", advice)
    terms = found[0].lower().split()
    if "+all" in terms or "all" in terms:
        return warning(Check.SPF, f"The SPF record of {records.name} lets everybody send in its name.", advice)
    return ok(Check.SPF, f"{records.name}: {found[0]}")


def _dkim(records: Records) -> Finding:
    tags = [_tags(text) for text in records.texts]
    keys = [each["p"] for each in tags if each.get("v", "DKIM1") == "DKIM1" and "p" in each]
    advice = "Publish the key that your relay gave you, and have it sign with this selector and your domain."
    if not keys:
        return fault(Check.DKIM, f"{records.name} has no key.", advice)
    if not any(keys):  # RFC 6376, 3.6.1
        return fault(Check.DKIM, f"The key of {records.name} was revoked.", advice)
    return ok(Check.DKIM, f"{records.name} has a key.")


def _dmarc(names: tuple[Records, ...]) -> Finding:
    """The first name that has a policy says it: the domain's own, or that of the domain above (RFC 7489, 6.6.3)."""
    for records in names:
        if (unasked := _asked(Check.DMARC, records)) is not None:
            return unasked
        found = [text for text in records.texts if text.replace(" ", "").lower().startswith("v=dmarc1")]
        if len(found) > 1:
            advice = "Leave one of them."
            return fault(Check.DMARC, f"{records.name} has {len(found)} DMARC records, so none counts.", advice)
        if found:
            policy = _tags(found[0]).get("p", "none")
            return ok(Check.DMARC, f"{records.name}: p={policy}")
    advice = "Set a TXT record there; begin with v=DMARC1; p=none; rua=mailto:..."
    return warning(Check.DMARC, f"{names[0].name} has no DMARC record, which large providers ask for.", advice)


def _mx(records: Records) -> Finding:
    advice = "Set MX records: answers, opt-outs and bounces come to that domain."
    if not records.texts:
        return fault(Check.MX, f"{records.name} has no server for mail (MX).", advice)
    if "." in records.texts:  # RFC 7505
        return fault(Check.MX, f"{records.name} says that it takes no mail.", advice)
    return ok(Check.MX, f"Mail to {records.name} goes to {', '.join(records.texts)}.")


def _tags(text: str) -> Mapping[str, str]:
    """A record's "tag=value; ..." (RFC 6376, 3.2)."""
    parts = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, _, value in parts}
