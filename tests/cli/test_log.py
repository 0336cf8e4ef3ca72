"""The log, as Rosa reads it and as the operator verifies it."""

import json

import pytest

from outreach.store.database import Database, open_database
from tests.cli.conftest import Terminal
from tests.logged import records, tamper


def database_of(rosa: Terminal) -> Database:
    return open_database(f"sqlite:///{rosa.file('outreach.db')}")


def spoils(rosa: Terminal, *statements: str) -> None:
    """Otto, who has the file of the database, writes into it."""
    database = database_of(rosa)
    tamper(database, *statements)
    database.close()


@pytest.fixture
def paused(launched: Terminal) -> Terminal:
    """A call that Rosa has paused."""
    launched.does("--by", "Rosa", "calls", "pause", "safe-passage")
    return launched


def test_the_list_says_who_did_what_and_what_stood_there_before(paused: Terminal) -> None:
    shown = paused.does("log", "list", "--by", "Rosa")
    head, below = shown.splitlines()
    assert head.split("  ")[2] == "Rosa: pause_call, call 1"
    assert below.startswith("    call 1, paused_at: - -> 20")
    assert all(len(line) <= 80 for line in paused.does("log", "list").splitlines())


def test_the_list_is_of_one_call_or_of_one_verb_and_no_longer_than_asked(paused: Terminal) -> None:
    every = json.loads(paused.does("log", "list", "--json"))
    verbs = [line["verb"] for line in every]
    assert verbs[0] == "pause_call"
    assert "import_contacts" in verbs
    of_call = json.loads(paused.does("log", "list", "--call", "safe-passage", "--json"))
    assert [line["verb"] for line in of_call] == [verb for verb in verbs if verb != "import_contacts"]
    assert [line["number"] for line in json.loads(paused.does("log", "list", "--limit", "1", "--json"))] == [
        len(every)
    ]
    assert "create_call" in paused.does("log", "list", "--verb", "create_call")
    assert paused.does("log", "list", "--by", "Otto") == "Nothing was recorded that fits.\n"
    assert "There is no call" in paused.is_refused("log", "list", "--call", "nothing")


def test_a_whole_log_is_said_to_be_whole_with_a_line_to_keep(paused: Terminal) -> None:
    found = json.loads(paused.does("log", "verify", "--json"))
    assert (found["whole"], found["faults"]) == (True, [])
    said = paused.does("log", "verify", "--anchor", found["newest"])
    assert said == (
        f"The log is whole: {found['lines']} lines, each as it was recorded.\n"
        f"The line that you kept is there.\nThe newest line is {found['newest']}; keep that elsewhere.\n"
    )


def test_a_broken_log_is_refused_with_a_sentence_for_each_place(paused: Terminal) -> None:
    spoils(paused, "UPDATE event SET by = 'nobody' WHERE verb = 'pause_call'", "UPDATE event_detail SET salt = 'x'")
    said = paused.types("log", "verify")
    assert said.exit_code == 1
    assert said.stdout.startswith("The log is broken; it has ")
    assert "pause_call by nobody" in said.stderr
    assert "The details of line 2 were altered: what it changed of letter 1, " in said.stderr
    as_json = paused.types("log", "verify", "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["whole"] is False


def test_erased_details_are_named_and_break_nothing(paused: Terminal) -> None:
    spoils(paused, "DELETE FROM event_detail WHERE event_id = 2")
    assert "What these lines changed was erased, which breaks nothing: 2." in paused.does("log", "verify")
    assert "What it changed was erased." in paused.does("log", "list", "--verb", "create_call")


def test_a_line_that_is_kept_elsewhere_finds_a_log_that_was_cut_off(paused: Terminal) -> None:
    kept = json.loads(paused.does("log", "verify", "--json"))["newest"]
    spoils(
        paused,
        "DELETE FROM event_detail",
        "DELETE FROM event",
        "DELETE FROM workspace_fact WHERE name = 'log_head'",
    )
    assert paused.does("log", "verify") == "The log is whole: 0 lines, each as it was recorded.\n"
    assert "is not the one that was noted" in paused.is_refused("log", "verify", "--anchor", kept)
    assert "copy it from a digest mail" in paused.is_refused("log", "verify", "--anchor", "yesterday", code=2)


def test_what_strangers_wrote_is_shown_without_commands_and_in_80_columns(rosa: Terminal) -> None:
    database = database_of(rosa)
    with database.changing() as session:
        records(session, "greet", text="\x1b[31mred " * 30, file="many words " * 30)
    database.close()
    shown = rosa.does("log", "list")
    assert "\x1b" not in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
