"""What the relay's log and a provider's folder say of our mails: a real Postfix's words, and a real Dovecot."""

import smtplib
from pathlib import Path

import pytest

from outreach.adapters.relay_log import RelayLog
from outreach.adapters.sent_folder import SentFolder
from outreach.domain.proofs import Proof
from outreach.ports.witness import WitnessTrouble
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


def test_a_mail_is_taken_when_the_queue_manager_has_it_and_not_before(tmp_path: Path) -> None:
    path = log(tmp_path, cleanup("4A", OURS), cleanup("4B", LOST), cleanup("4C", OTHER), queued("4C"), queued("4A"))
    said = RelayLog(path, "quay.example").asked([OURS, LOST, "<m3@quay.example>"])
    assert set(said.taken) == {OURS}
    assert said.taken[OURS].endswith("(queue active)")
    assert said.begun == {LOST}
    assert (said.first, said.last) == ((OURS, LOST), (OURS, LOST))


def test_the_part_that_was_rotated_away_is_read_too_and_a_mail_may_lie_across_both(tmp_path: Path) -> None:
    log(tmp_path, cleanup("4A", OURS), name="mail.log.1")
    path = log(tmp_path, queued("4A"), cleanup("4B", LOST))
    said = RelayLog(path, "quay.example").asked([OURS])
    assert set(said.taken) == {OURS}
    assert said.first == (OURS, LOST)


def test_a_log_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(WitnessTrouble, match=r"cannot be read: No such file.*mail\.relay_log"):
        RelayLog(tmp_path / "nowhere", "quay.example").asked([OURS])


def test_what_a_real_postfix_logs_is_understood(mailstack: MailStack) -> None:
    taken = "<taken-by-the-real-one@quay.example>"
    with smtplib.SMTP("127.0.0.1", mailstack.smtp_port) as client:
        client.sendmail("calls@quay.example", ["witness@harbour.example"], f"Message-ID: {taken}\r\n\r\nHello\r\n")
    mailstack.arrived("witness@harbour.example")
    said = RelayLog(mailstack.folder / "data" / "maillog", "quay.example").asked([taken, LOST])
    assert set(said.taken) == {taken}
    assert "qmgr" in said.taken[taken]


def test_what_lies_in_the_folder_of_what_was_sent_was_taken_and_nothing_is_said_of_the_rest(
    mailstack: MailStack,
) -> None:
    box = DovecotBox(mailstack)
    box.make("Sent mail")
    box.deliver(f"Message-ID: {OURS}\r\nSubject: Safe passage\r\n\r\nHello\r\n".encode(), "Sent mail")
    said = SentFolder(box.mailbox("Sent mail"), "Sent mail").asked([OURS, LOST])  # type: ignore[arg-type]
    assert said.proof is Proof.SENT_FOLDER
    assert dict(said.taken) == {OURS: "Sent mail, number 1"}
    assert (said.begun, said.first, said.last) == (frozenset(), (), ())


def test_a_folder_that_is_not_there_is_a_trouble_in_a_sentence(mailstack: MailStack) -> None:
    with pytest.raises(WitnessTrouble, match=r"does not search|does not open"):
        SentFolder(DovecotBox(mailstack).mailbox("Nowhere"), "Nowhere").asked([OURS])  # type: ignore[arg-type]
