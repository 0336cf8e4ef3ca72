"""What the relay's log and a provider's folder say of our mails: a real Postfix's words, and a real Dovecot."""

import smtplib
from collections.abc import Sequence
from pathlib import Path

import pytest

from outreach.adapters import relay_log
from outreach.adapters.relay_log import RelayLog
from outreach.adapters.sent_folder import SentFolder
from outreach.domain.proofs import Proof
from outreach.ports.witness import Seen, WitnessTrouble
from tests.parts.boxes import DovecotBox
from tests.parts.mailstack import MailStack

OURS, LOST, OTHER = "<m1@quay.example>", "<m2@quay.example>", "<x@elsewhere.example>"
HEAD = "Nov 22 19:00:17 mx postfix/"


def log(folder: Path, *lines: str, name: str = "mail.log") -> Path:
    path = folder / name
    path.write_text("".join(f"{HEAD}{line}\n" for line in lines), encoding="utf-8")
    return path


def cleanup(queue_id: str, message_id: str) -> str:
    return f"cleanup[7]: {queue_id}: message-id={message_id}"


def queued(queue_id: str) -> str:
    return f"qmgr[8]: {queue_id}: from=<calls@quay.example>, size=9, nrcpt=1 (queue active)"


def asked(path: Path, *message_ids: str) -> Sequence[Seen]:
    return RelayLog(path, "quay.example").asked(message_ids)


def test_a_mail_is_taken_when_the_queue_manager_has_it_and_not_before(tmp_path: Path) -> None:
    path = log(tmp_path, cleanup("4A", OURS), cleanup("4B", LOST), cleanup("4C", OTHER), queued("4C"), queued("4A"))
    (said,) = asked(path, OURS, LOST, "<m3@quay.example>")
    assert set(said.taken) == {OURS}
    assert said.taken[OURS].endswith("(queue active)")
    assert said.begun == {LOST}
    assert (said.first, said.last) == ((OURS, LOST), (OURS, LOST))


def test_the_part_that_was_rotated_away_is_read_too_and_a_mail_may_lie_across_both(tmp_path: Path) -> None:
    log(tmp_path, cleanup("4A", OURS), name="mail.log.1")
    older, newer = asked(log(tmp_path, queued("4A"), cleanup("4B", LOST)), OURS)
    assert set(older.taken) == set(newer.taken) == {OURS}
    assert (older.first, newer.first) == ((OURS,), (LOST,)), "what lay between the two may be gone"


def test_of_a_large_log_the_end_is_read_and_nothing_said_of_what_was_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_log, "LARGEST", 200)
    log(tmp_path, cleanup("4A", OURS), queued("4A"), name="mail.log.1")
    between = [cleanup("4B", LOST), queued("4B"), *(["smtpd[9]: connect from other.example"] * 9)]
    seen = asked(log(tmp_path, *between, cleanup("4C", "<m3@quay.example>")), LOST)
    assert [one.first for one in seen] == [(OURS,), ("<m3@quay.example>",)]
    assert all(LOST not in one.taken for one in seen)


@pytest.mark.parametrize(
    "dropped",
    [
        "rsyslogd: imuxsock[pid: 812]: 204 messages lost due to rate-limiting (20000 allowed within 600 s)",
        "systemd-journald[301]: Suppressed 1204 messages from postfix@-.service",
    ],
)
def test_a_log_from_which_lines_were_dropped_shows_what_it_has_and_nothing_of_what_it_lacks(
    tmp_path: Path, dropped: str
) -> None:
    (said,) = asked(log(tmp_path, cleanup("4A", OURS), dropped, queued("4A")), OURS, LOST)
    assert set(said.taken) == {OURS}
    assert (said.first, said.last) == ((), ())


def test_a_log_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(WitnessTrouble, match=r"cannot be read: No such file.*mail\.relay_log"):
        asked(tmp_path / "nowhere", OURS)


def test_what_a_real_postfix_logs_is_understood(mailstack: MailStack) -> None:
    taken = "<taken-by-the-real-one@quay.example>"
    with smtplib.SMTP("127.0.0.1", mailstack.smtp_port) as client:
        client.sendmail("calls@quay.example", ["witness@harbour.example"], f"Message-ID: {taken}\r\n\r\nHello\r\n")
    mailstack.arrived("witness@harbour.example")
    said = asked(mailstack.folder / "data" / "maillog", taken, LOST)[-1]
    assert set(said.taken) == {taken}
    assert "qmgr" in said.taken[taken]


def test_what_lies_in_the_folder_of_what_was_sent_was_taken_and_nothing_is_said_of_the_rest(
    mailstack: MailStack,
) -> None:
    box = DovecotBox(mailstack)
    box.make("Sent mail")
    box.deliver(f"Message-ID: {OURS}\r\nSubject: Safe passage\r\n\r\nHello\r\n".encode(), "Sent mail")
    (said,) = SentFolder(box.mailbox("Sent mail"), "Sent mail").asked([OURS, LOST])  # type: ignore[arg-type]
    assert said.proof is Proof.SENT_FOLDER
    assert dict(said.taken) == {OURS: "Sent mail, number 1"}
    assert (said.begun, said.first, said.last) == (frozenset(), (), ())


def test_a_folder_that_is_not_there_is_a_trouble_in_a_sentence(mailstack: MailStack) -> None:
    with pytest.raises(WitnessTrouble, match=r"does not search|does not open"):
        SentFolder(DovecotBox(mailstack).mailbox("Nowhere"), "Nowhere").asked([OURS])  # type: ignore[arg-type]
