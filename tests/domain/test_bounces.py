import time

import pytest

from outreach.domain.bounces import DEAD, BounceReason, enhanced_codes, reason_of

SAID = [
    # An address that nobody has
    ("5.1.1", "550 5.1.1 <x@y.example>: Recipient address rejected: User unknown in table", "no-such-address"),
    ("5.1.1", "", "no-such-address"),
    ("5.1.6", "550 5.1.6 Mailbox has moved", "no-such-address"),
    ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient x@y.example not found", "no-such-address"),
    ("5.0.0", "550 host mx.antispam.example said: No such user here", "no-such-address"),
    ("5.2.1", "550-5.2.1 The email account that you tried to reach is disabled.", "no-such-address"),
    (
        "5.0.0",
        "554 delivery error: This user doesn't have a mail.example account (x@mail.example)",
        "no-such-address",
    ),
    ("5.5.0", "550 5.5.0 Requested action not taken: no such user", "no-such-address"),
    ("", "Der Empfänger ist unbekannt", "no-such-address"),
    ("", "Utilisateur inconnu", "no-such-address"),
    ("", "El usuario no existe", "no-such-address"),
    ("", "Пользователь не найден", "no-such-address"),
    ("", "المستخدم غير موجود", "no-such-address"),
    # A domain that takes no mail
    ("5.4.4", "Host or domain name not found. Name service error for name=y.example type=A", "no-such-domain"),
    ("5.1.2", "Host unknown (Name server: y.example: host not found)", "no-such-domain"),
    ("5.1.0", "Domain y.example does not accept mail (nullMX)", "no-such-domain"),
    # The DNS says so, and the server has given up, whatever its own code
    ("4.0.0", "DNS type 'mx' lookup of y.example responded with code NXDOMAIN", "no-such-domain"),
    ("4.4.4", "Domain name not found: y.example", "no-such-domain"),
    ("4.4.3", "DNS type 'mx' lookup of y.example responded with code SERVFAIL", "unreachable"),
    # What the server says excuses the person, whatever its code
    ("5.1.1", "550 5.1.1 user over quota", "mailbox-full"),
    ("5.1.1", "550 5.2.2 rejected", "mailbox-full"),
    ("5.2.2", "552 5.2.2 The account that you tried to reach is over quota and inactive.", "mailbox-full"),
    ("5.1.1", "550 5.7.1 rejected", "policy"),
    ("5.1.1", "550 5.1.1 Message looks like spam; user unknown", "policy"),
    ("5.2.1", "550 5.2.1 The user you are trying to contact is receiving mail at a rate that", "policy"),
    ("5.7.1", "550 5.7.1 User unknown", "policy"),
    ("5.3.4", "552 5.3.4 Message size exceeds fixed limit", "too-large"),
    ("5.1.1", "550 5.1.1 connection timed out", "unreachable"),
    ("5.4.6", "554 5.4.6 too many hops", "unreachable"),
    # Temporary at any level: never dead
    ("4.1.1", "450 4.1.1 <x@y.example>: Recipient address rejected: User unknown", "unreachable"),
    ("5.1.1", "450 user unknown", "unreachable"),
    ("4.4.3", "Host or domain name not found; Host not found, try again", "unreachable"),
    ("5.2.1", "550 5.2.1 Account temporarily disabled", "unreachable"),
    # Nobody knows
    ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied.", "unclear"),
    ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable", "unclear"),
    ("5.2.1", "", "unclear"),
    ("5.0.0", "", "unclear"),
    ("", "", "unclear"),
    ("", "The address may not exist.", "unclear"),
    ("", "The group may not exist, or you may not have permission to post messages to it.", "unclear"),
]


@pytest.mark.parametrize(("status", "diagnostic", "reason"), SAID)
def test_the_reason_is_read_from_the_words_before_the_code(status: str, diagnostic: str, reason: str) -> None:
    assert reason_of(status, "failed", diagnostic).value == reason


@pytest.mark.parametrize(("status", "diagnostic", "_reason"), SAID)
def test_a_late_mail_is_never_a_dead_address(status: str, diagnostic: str, _reason: str) -> None:
    assert reason_of(status, "delayed", diagnostic) is BounceReason.DELAYED


@pytest.mark.parametrize("excuse", ["mailbox full", "blocked as spam", "451 try again later", "message too large"])
def test_no_excuse_is_overruled_by_words_for_an_unknown_user(excuse: str) -> None:
    assert reason_of("5.1.1", "failed", f"550 5.1.1 user unknown, {excuse}") not in DEAD


def test_the_codes_in_a_text_are_found_once_and_addresses_are_none() -> None:
    assert enhanced_codes("550 5.1.1 x (5.1.1) [192.0.2.5.1] 4.4.7") == ("5.1.1", "4.4.7")


@pytest.mark.parametrize("word", ["user ", "mailbox is ", "5.1.1 ", "exceeded the ", "a.", "x@y.", "http://a "])
def test_a_long_diagnostic_costs_no_time(word: str) -> None:
    begin = time.perf_counter()
    reason_of("5.1.1", "failed", word * 200_000)
    assert time.perf_counter() - begin < 0.5
