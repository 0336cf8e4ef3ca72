"""A call to sixty through a real Postfix into a real Dovecot: every message ends where it must, nobody gets two."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

from outreach.adapters.smtp import SmtpAccount, SmtpTransport
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.states import MessageState
from outreach.store.database import Database
from tests import make
from tests.parts.mailstack import MailStack, as_sent
from tests.stage import play_until, stage, submit

GOOD = [f"idris{number}@town{number % 9}.example" for number in range(46)]
BOUNCING = [f"nobody+{number}@town{number}.example" for number in range(3)]
FULL = [f"full+{number}@town{number}.example" for number in range(2)]
REFUSED = [f"amal{number}@refused.example" for number in range(4)]
BLOCKED = [f"reject@town{number}.example" for number in range(3)]
LATER = [f"vera{number}@always451.example" for number in range(2)]
EVERYONE = GOOD + BOUNCING + FULL + REFUSED + BLOCKED + LATER
DEADLINE = parse_wall_clock("2027-01-13 17:00 Europe/Brussels")


def test_every_message_ends_in_the_state_of_the_outcome_table(sqlite: Database, mailstack: MailStack) -> None:
    house = make.house(
        sqlite,
        sender={"address": "calls@lanterncoast.example"},
        smtp={"host": "localhost", "security": "starttls", "port": mailstack.smtp_port},
        retries={"attempts": 100},
    )
    account = SmtpAccount(
        "localhost",
        mailstack.smtp_port,
        username="coalition",
        password="secret",
        ca_file=mailstack.ca_file,
    )
    clock = make.TurnedClock()
    app = stage(sqlite, house, clock, SmtpTransport(account))
    with sqlite.changing() as session:
        for address in EVERYONE:
            make.contact(session, house, address, name="Idris Belhaj", given_name="Idris")
        make.launched(
            session, house, deadline=DEADLINE, release=None, reminders=(), last_call=None, thank_you=False
        )
    assert len(EVERYONE) == 60

    submit(app)
    with sqlite.reading() as session:
        first = {message.address: message.state for message in make.messages(session)}
    assert {first[address] for address in LATER} == {MessageState.DEFERRED}

    play_until(app, clock, DEADLINE.instant() + timedelta(hours=1))

    with sqlite.reading() as session:
        rows = make.messages(session)
    ended = {message.address: (message.state, message.reason) for message in rows}
    assert len(rows) == 60
    assert {ended[address] for address in GOOD + BOUNCING + FULL} == {(MessageState.SENT, "accepted")}
    assert {ended[address] for address in REFUSED} == {(MessageState.FAILED, "person")}
    assert {ended[address] for address in BLOCKED} == {(MessageState.FAILED, "policy")}
    assert {ended[address] for address in LATER} == {(MessageState.EXPIRED, "too late")}
    for address in GOOD:
        mailstack.arrived(address)
    assert Counter(len(mailstack.delivered(address)) for address in GOOD) == {1: 46}
    assert not any(mailstack.delivered(address) for address in REFUSED + BLOCKED + LATER)
    for address in GOOD:
        _has_the_headers_it_must(as_sent(mailstack.delivered(address)[0]), address)
    # What was accepted and bounced later came back to the address that names the message.
    mailstack.wait_until(lambda: mailstack.maillog().count("status=bounced") >= 5, "five bounces")


def _has_the_headers_it_must(raw: bytes, address: str) -> None:
    head = raw.split(b"\r\n\r\n", 1)[0] + b"\r\n"
    names = Counter(name.lower() for name in re.findall(rb"^([A-Za-z-]+):", head, re.MULTILINE))
    once = (b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"list-unsubscribe", b"list-id")
    assert all(names[name] == 1 for name in (*once, b"list-unsubscribe-post", b"mime-version", b"content-type"))
    assert not names[b"bcc"]
    assert not names[b"cc"]
    assert not names[b"return-path"]
    unsubscribe = re.search(rb"^List-Unsubscribe: (.*)\r\n(?![ \t])", head, re.MULTILINE)
    assert unsubscribe
    assert re.fullmatch(
        rb"<http://127\.0\.0\.1:8080/opt-out/[\w-]+>, <mailto:[^>]+\?subject=unsubscribe>", unsubscribe.group(1)
    )
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in head
    assert f"\r\nTo: {address}\r\n".encode() in head
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    parsed = message_from_bytes(raw, policy=policy.default)
    body = parsed.get_body(("plain",))
    assert body is not None
    assert "Dear Idris," in body.get_content()
    assert "4 Old Harbour Steps" in body.get_content()
    assert parsed["Date"].datetime == datetime(2027, 1, 11, 12, 0, tzinfo=UTC)
