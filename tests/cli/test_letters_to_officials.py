"""A letter goes to officials, as Rosa types it: addressed, looked at, authorised, delivered, noted."""

import json
import shlex
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.cli.conftest import Terminal
from tests.cli.delivering import CHANGING, READING, signed_off
from tests.cli.test_json_and_dry_run import dump, without_times


@pytest.fixture(scope="module")
def ready_folder(draft_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace with a letter that is signed off, to be copied."""
    folder = tmp_path_factory.mktemp("ready") / "letters"
    signed_off(Terminal(Path(shutil.copytree(draft_folder, folder))))
    return folder


@pytest.fixture
def ready(tmp_path: Path, ready_folder: Path) -> Terminal:
    """A letter that is signed off and addressed to nobody yet."""
    return Terminal(Path(shutil.copytree(ready_folder, tmp_path / "letters")))


def typed(rosa: Terminal, words: tuple[str, ...]) -> list[str]:
    today = datetime.now(UTC).date().isoformat()
    return [word.format(folder=rosa.folder, today=today) for word in words]


def preflight(rosa: Terminal) -> dict[str, dict[str, Any]]:
    lines = json.loads(rosa.does("letters", "preflight", "safe-passage", "--json"))
    return {one["post"]: one for one in lines}


def test_what_holds_one_letter_back_is_listed_and_the_others_go(ready: Terminal) -> None:
    ready.does("letters", "address", "safe-passage", "--all")
    held = {post: one["held"] for post, one in preflight(ready).items() if one["held"]}
    assert set(held) == {"kenya-new-york"}
    assert "Nobody is known to hold the post" in held["kenya-new-york"][0]
    would = ready.does("letters", "deliver", "safe-passage")
    assert "would go to 23 officials" in would
    assert "To do it:  outreach letters deliver safe-passage --output FOLDER --yes" in would
    shown = json.loads(ready.does("letters", "deliver", "safe-passage", "--json"))
    assert (len(shown["ready"]), len(shown["on_paper"]), shown["done"]) == (23, 2, False)
    assert [one["post"] for one in shown["held"]] == ["kenya-new-york"]
    paper = ready.file("paper")
    said = ready.does("letters", "deliver", "safe-passage", "--output", paper, "--yes")
    assert "released to 23 officials, 21 by mail and 2 on paper" in said
    assert sorted(file.name for file in paper.iterdir()) == [
        "safe-passage-ecuador-new-york.pdf",
        "safe-passage-lebanon-new-york.pdf",
    ]
    assert "would go to 0 officials" in ready.does("letters", "deliver", "safe-passage")
    mails = json.loads(ready.does("outbox", "list", "--state", "queued", "--json"))
    assert len([one for one in mails if one["kind"] == "delivery"]) == 22  # one office wants a copy elsewhere


def test_the_command_that_is_shown_has_what_was_typed(ready: Terminal) -> None:
    ready.does("letters", "address", "safe-passage", "--all")
    words = ("--post", "chile-geneva", "--way", "hand", "--book", "--output", ready.file("to print"))
    shown = ready.does("letters", "deliver", "safe-passage", *words).splitlines()[-1]
    command = shown.partition("outreach ")[2]
    assert command.endswith("--yes")
    assert "released to 1 official" in ready.does(*shlex.split(command))


def test_the_letter_for_one_official_says_what_concerns_that_state_and_names_nobody_in_confidence_elsewhere(
    ready: Terminal,
) -> None:
    ready.does("letters", "address", "safe-passage", "--post", "canada-geneva", "--post", "philippines-geneva")
    texts = {}
    for post in ("canada-geneva", "philippines-geneva"):
        file = ready.file(f"{post}.pdf")
        ready.does("letters", "preview", "safe-passage", post, "--output", file)
        texts[post] = " ".join("".join(page.extract_text() for page in PdfReader(file).pages).split())
    assert "Canada has not ratified." in texts["canada-geneva"]
    assert "We commend your ratification of" in texts["philippines-geneva"]
    for text in texts.values():
        assert "Quiet House" in text
        assert "ZZCANARY" not in text


def test_what_was_released_is_kept_as_it_was_when_somebody_else_holds_the_post(ready: Terminal) -> None:
    ready.does("letters", "address", "safe-passage", "--post", "canada-geneva")
    ready.does("letters", "deliver", "safe-passage", "--yes")
    before, after = ready.file("before.pdf"), ready.file("after.pdf")
    ready.does("letters", "preview", "safe-passage", "canada-geneva", "--output", before)
    change = ("officials", "holder", "canada-geneva", "--name", "Otto Krane", "--form-of-address")
    ready.does(
        *change, "en=His Excellency Mr. Otto Krane", "--salutation", "en=Excellency,", "--from", "2026-01-01"
    )
    ready.does("letters", "preview", "safe-passage", "canada-geneva", "--output", after)
    assert before.read_bytes() == after.read_bytes()
    said = ready.does("letters", "preflight", "safe-passage")
    assert "released to Margaret Ashdown; Otto Krane holds the post now" in " ".join(said.split())


def test_when_the_mail_has_left_the_letter_is_sent_and_the_clock_runs(draft: Terminal) -> None:
    signed_off(draft, transport="files")
    draft.does("letters", "address", "safe-passage", "--post", "canada-geneva")
    draft.does("letters", "deliver", "safe-passage", "--yes")
    assert preflight(draft)["canada-geneva"]["state"] == "to-send"
    draft.does("worker", "--until-idle")
    assert preflight(draft)["canada-geneva"]["state"] == "sent"
    (mail,) = draft.file("outbox").glob("*delivery*.eml")
    assert b"application/pdf" in mail.read_bytes()


def test_where_the_workspace_asks_for_it_nothing_leaves_without_a_second_person(ready: Terminal) -> None:
    ready.rewrites("config.toml", "second_person = false", "second_person = true")
    ready.does("letters", "address", "safe-passage", "--post", "canada-geneva")
    assert "second person" in ready.is_refused("letters", "deliver", "safe-passage", "--yes")
    ready.does("--by", "Idris", "letters", "authorise", "safe-passage")
    ready.does("letters", "deliver", "safe-passage", "--yes")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("letters", "address", "safe-passage"), "Say which officials"),
        (("letters", "address", "safe-pasage", "--all"), "Did you mean safe-passage?"),
        (("letters", "preview", "safe-passage", "canada-geneva", "--output", "x.pdf"), "is not addressed to"),
        (("letters", "attach", "safe-passage", "/nowhere.pdf"), "is no file"),
        (
            ("letters", "deliver", "safe-passage", "--way", "telephone", "--yes"),
            "No letter is delivered by telephone",
        ),
        (("letters", "deliver", "safe-passage", "--way", "meeting"), "there are: mail, post, fax, form, hand."),
    ],
)
def test_what_cannot_be_done_is_said(ready: Terminal, words: tuple[str, ...], why: str) -> None:
    before = dump(ready)
    said = ready.types(*words)
    assert said.exit_code in (1, 2)
    assert why in said.stderr
    assert dump(ready) == before


def test_no_note_of_a_person_is_cut_without_a_word(ready: Terminal) -> None:
    ready.does("letters", "address", "safe-passage", "--post", "canada-geneva")
    ready.does("letters", "deliver", "safe-passage", "--yes")
    before, letter = dump(ready), ("safe-passage", "canada-geneva")
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    for words, most in (
        (("letters", "delivered", *letter, "--way", "hand", "--on", today, "--note"), "2,000"),
        (("correspondence", "close", *letter, "--reason"), "200"),
    ):
        assert f"{most} are the most" in ready.is_refused(*words, "n" * 2001, code=2)
    assert dump(ready) == before


def test_json_is_one_value_and_looking_changes_nothing(ready: Terminal) -> None:
    ready.does("letters", "address", "safe-passage", "--all")
    for words in READING:
        before = dump(ready)
        assert json.loads(ready.does(*typed(ready, words), "--json"))
        assert dump(ready) == before, words


def test_a_dry_run_shows_the_same_and_changes_nothing(ready: Terminal) -> None:
    for words in CHANGING:
        if words[1] == "authorise":
            words = ("--by", "Idris", *words)  # noqa: PLW2901  whoever signed off cannot
        before = dump(ready)
        dry = ready.types(*typed(ready, words), "--dry-run")
        assert dry.exit_code == 0, dry.output
        assert dry.stderr.endswith("Dry run: nothing was changed.\n")
        assert json.loads(ready.does(*typed(ready, words), "--dry-run", "--json"))
        assert dump(ready) == before, words
        assert without_times(ready.does(*typed(ready, words))) == without_times(dry.stdout)
        assert dump(ready) != before, words
