"""A call's whole life as Rosa types it, from the draft to the end of signing."""

import email
import json
from email.message import Message
from email.policy import default
from typing import Any

from tests.cli.conftest import CALL, Terminal, days_ahead

WANJIRU = "wanjiru.kamau@harbourlamp.example"


def eml_files(rosa: Terminal, start: str = "safe-passage-invitation") -> list[Message]:
    return [
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in sorted(rosa.file("outbox").glob(f"{start}*.eml"))
    ]


def counts(rosa: Terminal) -> dict[tuple[str, str], int]:
    """How many mails there are of each kind in each state."""
    found: dict[tuple[str, str], int] = {}
    shown: dict[str, Any] = json.loads(rosa.does("outbox", "show", "safe-passage", "--json"))
    for line in shown["counts"]:
        key = (line["kind"], line["state"])
        found[key] = found.get(key, 0) + line["messages"]
    return found


def test_a_new_call_is_a_draft_of_which_nothing_is_planned(draft: Terminal) -> None:
    assert "safe-passage  draft" in draft.does("calls", "list")
    shown = draft.does("calls", "show", "safe-passage")
    assert "Safe passage for people at sea (safe-passage): draft" in shown
    assert "No mailing is planned yet" in shown


def test_a_preview_is_the_mail_as_text_html_and_raw(draft: Terminal) -> None:
    mail = ("calls", "preview", "safe-passage", "--contact", WANJIRU)
    assert f"To: {WANJIRU}\nSubject: Will Harbour Lamp Kenya sign" in draft.does(*mail)
    assert draft.does(*mail, "--part", "html").startswith("<!DOCTYPE html>")
    raw = draft.does(*mail, "--part", "raw")
    assert "\nList-Unsubscribe: <" in raw
    assert "\nContent-Type: multipart/alternative" in raw


def test_a_preview_shows_any_kind_of_mail_and_takes_the_first_of_the_audience(draft: Terminal) -> None:
    shown = draft.does("calls", "preview", "safe-passage", "--kind", "last-call")
    assert shown.startswith(f"To: {WANJIRU}\n")


def test_a_test_goes_to_rosa_alone(draft: Terminal) -> None:
    said = draft.does("calls", "test", "safe-passage", "rosa@lanterncoast.example", "--contact", WANJIRU)
    assert said.startswith("A test of the invitation to rosa@lanterncoast.example is queued.")
    draft.does("worker", "--until-idle")
    (mail,) = eml_files(draft)
    assert mail["To"] == "rosa@lanterncoast.example"
    assert "Harbour Lamp Kenya" in mail["Subject"]
    assert "invitation, test" in draft.does("outbox", "list", "--to", "rosa@lanterncoast.example")
    assert counts(draft) == {}


def test_a_launch_without_yes_shows_all_and_does_nothing(draft: Terminal) -> None:
    shown = draft.does("calls", "launch", "safe-passage")
    assert "70 people will be invited." in shown
    assert "stays a rehearsal for ever" in " ".join(shown.split())
    assert shown.count("Subject: ") == 3
    assert shown.endswith("To launch it:  outreach calls launch safe-passage --yes\n")
    assert "safe-passage  draft" in draft.does("calls", "list")
    assert counts(draft) == {}


def test_a_launch_names_the_whole_mail_by_its_command_and_a_deadline_once_where_the_clocks_agree(
    draft: Terminal,
) -> None:
    said = draft.does("calls", "launch", "safe-passage")
    (command, *_) = [line for line in said.splitlines() if "outreach calls preview" in line]
    shown = draft.does(*command.replace("|", "").split()[1:])
    assert shown.startswith(f"To: {command.split()[-1]}\n")
    deadline = said.splitlines()[1:3]
    assert [line.rpartition(" ")[2] for line in deadline] == ["America/Los_Angeles", "Europe/Brussels"]
    draft.rewrites(CALL, " America/Los_Angeles", " Europe/Brussels")
    draft.does("calls", "edit", "safe-passage", draft.file(CALL))
    for shown in (draft.does("calls", "launch", "safe-passage"), draft.does("calls", "show", "safe-passage")):
        assert shown.splitlines()[1].startswith("Deadline  ")
        assert not shown.splitlines()[2].startswith("  ")


def test_a_launch_with_yes_queues_the_invitations_and_the_worker_writes_them(draft: Terminal) -> None:
    assert "Launched: 70 mails queued." in draft.does("calls", "launch", "safe-passage", "--yes")
    assert "safe-passage  open, rehearsal" in draft.does("calls", "list")
    assert counts(draft) == {("invitation", "queued"): 70}
    draft.does("worker", "--until-idle")
    assert counts(draft) == {("invitation", "sent"): 70}
    assert len({mail["To"] for mail in eml_files(draft)}) == 70
    listed = json.loads(draft.does("outbox", "list", "--state", "sent", "--limit", "100", "--json"))
    assert {line["state"] for line in listed} == {"sent"}
    assert len(listed) == 70
    assert "invitation  safe-passage  sent" in draft.does("outbox", "list", "--to", WANJIRU)


def test_a_paused_call_sends_nothing_until_it_is_resumed(launched: Terminal) -> None:
    assert launched.does("calls", "pause", "safe-passage").startswith("safe-passage is paused")
    assert "open, paused, rehearsal" in launched.does("calls", "list")
    launched.does("worker", "--until-idle")
    assert eml_files(launched) == []
    launched.does("calls", "resume", "safe-passage")
    launched.does("worker", "--until-idle")
    assert len(eml_files(launched)) == 70


def test_an_extension_tells_those_who_were_invited(launched: Terminal) -> None:
    launched.does("worker", "--until-idle")
    later = days_ahead(65)
    said = launched.does("calls", "extend", "safe-passage", later.rpartition(" ")[0])
    assert f"The deadline of safe-passage is {later} now." in said
    assert "Told of it:    70 people" in said
    shown = launched.does("calls", "show", "safe-passage")
    assert "that an extension replaced; --all shows them." in shown
    assert "cancelled" not in shown
    assert "cancelled" in launched.does("calls", "show", "safe-passage", "--all")


def test_an_erratum_holds_the_rest_until_the_text_is_mended(launched: Terminal) -> None:
    said = launched.does("calls", "erratum", "safe-passage", "The meeting is in *April*, not in March.")
    assert "The correction goes to 0 people. Held: 70 mails." in said
    assert "outreach outbox retry safe-passage --state held" in said
    launched.does("worker", "--until-idle")
    assert eml_files(launched) == []
    assert launched.does("outbox", "retry", "safe-passage", "--to", WANJIRU, "--state", "held") == (
        "Queued again: 1 mail.\n"
    )
    launched.does("outbox", "retry", "safe-passage", "--state", "held")
    launched.does("worker", "--until-idle")
    assert len(eml_files(launched)) == 70


def test_an_erratum_read_from_the_keyboard_reaches_those_who_got_the_mailing(launched: Terminal) -> None:
    launched.does("worker", "--until-idle")
    said = launched.does("calls", "erratum", "safe-passage", "-", stdin="The meeting is in *April*.\n")
    assert said == "The correction goes to 70 people. Held: 0 mails.\n"
    launched.does("worker", "--until-idle")
    bodies = [mail.get_payload(0) for mail in eml_files(launched, "safe-passage-erratum")]
    assert len(bodies) == 70
    assert all("April" in str(body) for body in bodies)


def test_an_export_that_is_read_again_changes_nothing(launched: Terminal) -> None:
    folder = launched.file("exported")
    assert "exported/safe-passage.toml" in launched.does("calls", "export", "safe-passage", folder)
    assert launched.does("calls", "edit", "safe-passage", folder / "safe-passage.toml") == (
        "0 mail templates of safe-passage changed.\n"
    )


def test_an_edited_mail_goes_to_those_who_still_wait_for_it(launched: Terminal) -> None:
    launched.does("calls", "export", "safe-passage", launched.file("exported"))
    launched.rewrites("exported/email/invitation.fr.md", "subject: ", "subject: Corrigé : ")
    said = launched.does("calls", "edit", "safe-passage", launched.file("exported/safe-passage.toml"))
    assert said.startswith("1 mail template of safe-passage changed. What waits goes with the new text: ")
    launched.does("worker", "--until-idle")
    french = [mail for mail in eml_files(launched) if mail["Content-Language"] == "fr"]
    assert french
    assert all(mail["Subject"].startswith("Corrigé") for mail in french)


def test_an_export_is_not_written_over_a_folder_in_use(draft: Terminal) -> None:
    said = draft.is_refused("calls", "export", "safe-passage", draft.file("templates"))
    assert "is not empty" in said
    assert draft.does("calls", "export", "safe-passage", draft.file("templates"), "--replace")


def test_a_closed_call_asks_nobody_any_more(launched: Terminal) -> None:
    assert "Cancelled: 70 mails that waited." in launched.does("calls", "close", "safe-passage")
    assert "safe-passage  closed, rehearsal" in launched.does("calls", "list")
    assert counts(launched) == {("invitation", "cancelled"): 70}
    launched.does("worker", "--until-idle")
    assert eml_files(launched) == []


def has_signed_and_closed(rosa: Terminal) -> None:
    """Quay House signed by telephone, and signing has ended."""
    evidence = ("--evidence", "by telephone, to Rosa", "--visibility", "public")
    rosa.does("signatures", "add", "safe-passage", "Quay House", *evidence)
    rosa.does("calls", "close", "safe-passage")


def test_a_call_is_released_only_on_purpose(launched: Terminal) -> None:
    has_signed_and_closed(launched)
    launched.does("letters", "sign-off", "safe-passage", "--yes")
    said = launched.does("calls", "release", "safe-passage")
    assert "This tells 0 people that the letter is out." in said
    assert "safe-passage  closed" in launched.does("calls", "list")
    launched.does("calls", "release", "safe-passage", "--yes")
    assert "safe-passage  released" in launched.does("calls", "list")


def test_a_call_is_cancelled_only_on_purpose(launched: Terminal) -> None:
    launched.rewrites(CALL, 'slug = "safe-passage"', 'slug = "other-call"')
    launched.does("calls", "create", launched.file(CALL))
    said = launched.does("calls", "cancel", "other-call")
    assert "This ends other-call for good." in said
    launched.does("calls", "cancel", "other-call", "--yes")
    assert "other-call    cancelled" in launched.does("calls", "list")
    assert counts(launched) == {("invitation", "queued"): 70}


def test_who_is_left_out_is_named_with_the_reason(draft: Terminal) -> None:
    draft.file("more.csv").write_text("email,tags\nnobody@y.example,migration\n", encoding="utf-8")
    draft.does("contacts", "import", draft.file("more.csv"))
    assert "1 person left out: no basis to write" in draft.does("calls", "launch", "safe-passage")
    shown = draft.does("calls", "show", "safe-passage", "--left-out")
    assert "nobody@y.example  no basis to write" in shown


def test_a_closed_call_says_that_its_release_waits_for_the_sign_off(launched: Terminal) -> None:
    has_signed_and_closed(launched)
    shown = launched.does("calls", "show", "safe-passage")
    assert "List      not signed off, the release waits:  outreach letters sign-off safe-passage" in shown
    assert "waits for the sign-off" in launched.is_refused("calls", "release", "safe-passage", "--yes")
    assert "1 organisation named." in launched.does("letters", "sign-off", "safe-passage")
    launched.does("letters", "sign-off", "safe-passage", "--yes")
    assert "List      edition 1 is signed off" in launched.does("calls", "show", "safe-passage")
    launched.does("calls", "release", "safe-passage", "--yes")
