"""What servers and DNS said, and whether mail arrives with that."""

from datetime import timedelta

import pytest

from outreach.domain.health import Check, Finding, Level
from outreach.domain.mail_health import LogIn, Records, SenderRecords, judge_dns, judge_mailbox, judge_smtp
from tests.make import NOON

SPF = Records("lanterncoast.coop", ("v=spf1 include:relay.example -all", "google-site-verification=x"))
DMARC = Records("_dmarc.lanterncoast.coop", ("v=DMARC1; p=quarantine; rua=mailto:d@lanterncoast.coop",))
MX = Records("lanterncoast.coop", ("mx.relay.example",))
KEY = Records("one._domainkey.lanterncoast.coop", ("v=DKIM1; k=rsa; p=MIIB",))
NOTHING = Records("x.example")


def of(check: Check, found: list[Finding]) -> Finding:
    (one,) = [one for one in found if one.check is check]
    return one


def dns(**changes: object) -> list[Finding]:
    given: dict[str, object] = {"spf": SPF, "dmarc": (DMARC,), "mx": (MX,), "dkim": KEY, **changes}
    return list(judge_dns(SenderRecords(**given)))  # type: ignore[arg-type]


def test_a_log_in_that_fails_is_a_fault_in_the_servers_words() -> None:
    for judged in (judge_smtp, judge_mailbox):
        (found,) = judged(LogIn("mx.example:587", trouble="mx.example:587 answered 535 no."), NOON)
        assert found.level is Level.FAULT
        assert found.found == "mx.example:587 answered 535 no."


def test_a_certificate_that_ends_soon_is_told_before_it_does() -> None:
    for days, level in ((60, Level.OK), (10, Level.WARNING)):
        seen = LogIn("mx.example:587", certificate_ends=NOON + timedelta(days=days), folders=("INBOX",))
        assert of(Check.SMTP_CERTIFICATE, list(judge_smtp(seen, NOON))).level is level
        assert of(Check.MAILBOX_CERTIFICATE, list(judge_mailbox(seen, NOON))).level is level


def test_a_server_that_tells_the_time_is_compared_with_ours() -> None:
    seen = LogIn("mx.example:587", told=NOON - timedelta(hours=1))
    assert of(Check.MAIL_CLOCK, list(judge_smtp(seen, NOON))).level is Level.FAULT


def test_a_sender_that_is_set_up_well_has_nothing_to_do() -> None:
    assert {one.level for one in dns()} == {Level.OK}
    assert [one.check for one in dns()] == [Check.SPF, Check.DKIM, Check.DMARC, Check.MX]


@pytest.mark.parametrize(
    ("check", "changes", "level", "says"),
    [
        (Check.SPF, {"spf": NOTHING}, Level.FAULT, "no SPF"),
        (Check.SPF, {"spf": Records("x.example", ("v=spf10 -all",))}, Level.FAULT, "no SPF"),
        (Check.SPF, {"spf": Records("x.example", ("v=spf1 -all", "V=SPF1 mx -all"))}, Level.FAULT, "none counts"),
        (Check.SPF, {"spf": Records("x.example", ("v=spf1 +all",))}, Level.WARNING, "everybody"),
        (Check.SPF, {"spf": Records("x.example", (), "no answer")}, Level.WARNING, "could not be asked"),
        (Check.DKIM, {"dkim": None}, Level.OK, "not set"),
        (Check.DKIM, {"dkim": NOTHING}, Level.FAULT, "no key"),
        (Check.DKIM, {"dkim": Records("x.example", ("v=DKIM1; p=",))}, Level.FAULT, "revoked"),
        (Check.DMARC, {"dmarc": (NOTHING, NOTHING)}, Level.WARNING, "no DMARC"),
        (Check.DMARC, {"dmarc": (NOTHING, DMARC)}, Level.OK, "p=quarantine"),
        (Check.DMARC, {"dmarc": (Records("x.example", ("v=DMARC1; p=none",) * 2),)}, Level.FAULT, "none counts"),
        (Check.MX, {"mx": (NOTHING,)}, Level.FAULT, "no server"),
        (Check.MX, {"mx": (Records("x.example", (".",)),)}, Level.FAULT, "takes no mail"),
    ],
)
def test_each_record_is_judged_by_its_own_standard(
    check: Check, changes: dict[str, object], level: Level, says: str
) -> None:
    found = of(check, dns(**changes))
    assert found.level is level
    assert says in found.found
