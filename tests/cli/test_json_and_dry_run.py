"""Every command that reads has ``--json``; every command that changes something has ``--dry-run`` as well."""

import json
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import pytest
import typer
from sqlmodel import SQLModel

from outreach.bootstrap import open_workspace
from outreach.cli.root import app
from outreach.domain.tasks import TaskVerb
from outreach.store.following import FOLLOWED
from tests import tasks
from tests.cli import corresponding, delivering, responding
from tests.cli.arriving import ADAEZE, WANJIRU, asks
from tests.cli.conftest import CALL, Terminal, days_ahead, every_command
from tests.cli.test_users import ROSA, sits_down

SINGLE = {(one,) for one in ("init", "demo", "doctor", "run", "worker", "web")} | {
    ("replies", "explain"),
    ("replies", "fetch"),
}
"""What reads or changes no workspace that is there, or ends with 1 for what it finds (tests/cli/test_doctor.py)."""
COMMANDS = {
    words: {option for one in command.params for option in one.opts}
    for words, command in every_command(typer.main.get_command(app))
    if not hasattr(command, "list_commands") and words not in SINGLE
}

READING = [
    ("contacts", "list"),
    ("contacts", "show", "wanjiru.kamau@harbourlamp.example"),
    ("contacts", "export", "{folder}/all.csv"),
    ("calls", "list"),
    ("calls", "show", "safe-passage", "--left-out"),
    ("calls", "preview", "safe-passage"),
    ("calls", "export", "safe-passage", "{folder}/exported"),
    ("signatures", "list", "safe-passage"),
    ("signatures", "desk", "safe-passage"),
    ("signatures", "export", "safe-passage", "{folder}/signatures.csv"),
    ("letters", "editions", "safe-passage"),
    ("officials", "list"),
    ("officials", "show", "kenya-new-york"),
    ("officials", "export", "{folder}/officials.csv"),
    ("officials", "export", "{folder}/facts.csv", "--facts"),
    ("replies", "list", "--all"),
    ("replies", "show", "1"),
    ("outbox", "show"),
    ("outbox", "list"),
    ("outbox", "audit"),
    ("log", "list"),
    ("log", "verify"),
    ("tasks", "list"),
    ("tasks", "show", "1"),
    ("users", "list"),
    ("users", "show", ROSA),
]
ADDS = ("signatures", "add", "safe-passage", "--evidence", "in the meeting", "--visibility", "public")
CHANGING = [
    ("contacts", "import", "{folder}/contacts/contacts.csv"),
    ("officials", "import", "{folder}/contacts/officials.csv"),
    ("officials", "facts", "{folder}/contacts/facts.csv"),
    ("officials", "fact", "KE", "seat", "observer", "--date", "2026-01-01"),
    ("officials", "holder", "kenya-new-york", "--name", "Ben Otieno", "--from", "2026-10-01"),
    ("officials", "edit", "kenya-new-york", "--note", "met in March"),
    ("officials", "close", "ghana-new-york"),
    ("officials", "reopen", "ghana-new-york"),
    ("calls", "create", f"{{folder}}/{CALL}"),
    ("calls", "test", "safe-passage", "rosa@lanterncoast.example"),
    ("calls", "edit", "safe-passage", "{folder}/edited/safe-passage.toml"),
    ("calls", "launch", "safe-passage", "--yes"),
    ("calls", "pause", "safe-passage"),
    ("calls", "resume", "safe-passage"),
    ("calls", "erratum", "safe-passage", "The meeting is in April."),
    ("outbox", "retry", "safe-passage", "--state", "held"),
    ("outbox", "resume"),
    ("outbox", "stop", "--reason", "the wrong list"),
    ("outbox", "start"),
    ("replies", "log", "safe-passage", WANJIRU, "signs", "--text", "Yes, in the name of all of us."),
    ("replies", "correct", "1", "question"),
    ("replies", "place", "1", "safe-passage"),
    ("replies", "unplace", "1"),
    ("replies", "place", "1", "safe-passage"),
    ("replies", "done", "1"),
    ("replies", "reopen", "1"),
    ("replies", "done", "1"),
    ("replies", "log", "safe-passage", WANJIRU, "signs", "--text", "Yes, after all."),
    ("signatures", "accept", "1"),
    ("replies", "log", "safe-passage", ADAEZE, "signs", "--text", "So do we."),
    ("signatures", "reject", "2"),
    ("replies", "reply", "4", "--text", "The letter goes out in March."),
    ("signatures", "accept", "1", "--evidence", "her secretary, by telephone"),
    ("signatures", "restore", "2"),
    (*ADDS, "Quay House"),
    (*ADDS, "Quay Hause"),
    ("signatures", "merge", "4", "3"),
    ("signatures", "unmerge", "4"),
    ("signatures", "distinct", "1", "3"),
    ("signatures", "check", "3"),
    ("signatures", "ask", "1", "Is this how you write your name?"),
    ("signatures", "correct", "3", "--name", "Quay House Antwerp"),
    ("signatures", "withdraw", "1"),
    ("signatures", "reinstate", "1"),
    ("signatures", "invalidate", "safe-passage", "--name", "quay hause*", "--reason", "forged", "--yes"),
    ("signatures", "import", "safe-passage", "{folder}/names.txt", "--visibility", "public"),
    ("letters", "amend", "safe-passage", "{folder}/edited/safe-passage.toml", "--typing-error"),
    ("calls", "extend", "safe-passage", days_ahead(65)),
    ("calls", "close", "safe-passage"),
    ("letters", "sign-off", "safe-passage", "--yes"),
    ("letters", "render", "safe-passage", "--output", "{folder}/letter.md"),
    ("letters", "kit", "safe-passage", "--output", "{folder}/kits"),
    ("calls", "release", "safe-passage", "--yes"),
    ("calls", "create", "{folder}/other.toml"),
    ("calls", "cancel", "other-call", "--yes"),
    ("users", "add", ROSA, "--name", "Rosa", "--role", "administrator"),
    ("users", "role", ROSA, "staff", "--call", "safe-passage"),
    ("users", "end-sessions", ROSA),
    ("users", "reset", ROSA, "--device"),
    ("users", "disable", ROSA),
    ("users", "enable", ROSA, "--mail"),
]


def typed(rosa: Terminal, words: Iterable[str]) -> list[str]:
    return [word.format(folder=rosa.folder) for word in words]


def dump(rosa: Terminal) -> dict[str, list[Any]]:
    """All that stands in all tables, as SQLite keeps it: to open it as the program does takes longest."""
    with closing(sqlite3.connect(f"file:{rosa.file('outreach.db')}?mode=ro", uri=True)) as database:
        return {
            name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"')))  # noqa: S608  our own tables
            for name in SQLModel.metadata.tables
        }


def is_recorded(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> bool:
    """Whether the log has a new line, if anything changed that it follows."""
    changed = any(before[str(one.__tablename__)] != after[str(one.__tablename__)] for one in FOLLOWED)
    return not changed or before["event"] != after["event"]


def without_times(text: str) -> str:
    """Between two commands a minute may pass."""
    return re.sub(r"\d\d:\d\d", "", text)


@pytest.fixture
def answered(launched: Terminal) -> Terminal:
    """A launched call, to which somebody has answered something (reply 1), and a register of officials."""
    launched.does("officials", "import", launched.file("contacts/officials.csv"))
    launched.does("replies", "log", "safe-passage", WANJIRU, "question", "--text", "Who signs?")
    asks_for_a_task(launched)
    launched.does("users", "add", ROSA, "--name", "Rosa", "--role", "administrator")
    return launched


def asks_for_a_task(rosa: Terminal) -> None:
    """Task 1: Rosa has asked for the import of a table, as a console's page does."""
    app = open_workspace(rosa.folder)
    user = tasks.rosa(app.database, address="idris@lanterncoast.example")
    tasks.asked(app.database, TaskVerb.IMPORT_CONTACTS, user, file=("people.csv", tasks.people(2)))
    app.database.close()


def test_every_command_either_reads_or_changes() -> None:
    assert {words for words, options in COMMANDS.items() if "--json" not in options} == set()
    changing = {words for words, options in COMMANDS.items() if "--dry-run" in options}
    assert changing == {
        words[:2] for words in (*CHANGING, *corresponding.CHANGING, *delivering.CHANGING, *responding.CHANGING)
    }
    assert set(COMMANDS) - changing == {
        words[:2] for words in (*READING, *corresponding.READING, *delivering.READING, *responding.READING)
    }


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_json_is_one_value(answered: Terminal, words: tuple[str, ...]) -> None:
    answer = json.loads(answered.does(*typed(answered, words), "--json"))
    assert isinstance(answer, dict | list)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_command_that_reads_changes_nothing(answered: Terminal, words: tuple[str, ...]) -> None:
    before = dump(answered)
    answered.does(*typed(answered, words))
    assert dump(answered) == before


def test_a_dry_run_shows_the_same_and_changes_nothing(rosa: Terminal) -> None:
    for words in CHANGING:
        if words[:2] == ("calls", "edit"):
            rosa.does("calls", "export", "safe-passage", rosa.file("edited"))
            rosa.rewrites("edited/email/reminder.en.md", "subject: ", "subject: Soon: ")
        if words[2:] == ("{folder}/other.toml",):
            text = rosa.file("edited/safe-passage.toml").read_text(encoding="utf-8")
            rosa.file("other.toml").write_text(
                text.replace("safe-passage", "other-call").replace('"letter"', '"edited/letter"'), encoding="utf-8"
            )
        if words[:2] == ("letters", "amend"):
            rosa.rewrites("edited/letter.en.md", "Excellencies,", "Your Excellencies,")
        if words[:2] == ("signatures", "import"):
            rosa.file("names.txt").write_text("Casa del Muelle\nHarbour Lamp Kenya\n", encoding="utf-8")
        if words[:2] == ("replies", "reply"):
            asks(rosa)
        if words[:2] == ("users", "end-sessions"):
            sits_down(rosa)
        before = dump(rosa)
        if "--yes" in words:
            only_looks(rosa, tuple(word for word in words if word != "--yes"))
            assert dump(rosa) == before, words
        dry = rosa.types(*typed(rosa, words), "--dry-run")
        assert dry.exit_code == 0
        assert dry.stderr == "Dry run: nothing was changed.\n"
        assert dump(rosa) == before, words
        as_json = rosa.does(*typed(rosa, words), "--dry-run", "--json")
        assert json.loads(as_json)
        assert dump(rosa) == before, words
        assert without_times(rosa.does(*typed(rosa, words))) == without_times(dry.stdout)
        after = dump(rosa)
        assert after != before, words
        assert is_recorded(before, after), words


def only_looks(rosa: Terminal, words: tuple[str, ...]) -> None:
    """Without --yes a command says what it would do, as a look does: with exit code 0, and in one JSON value."""
    said = rosa.does(*typed(rosa, words))
    assert "Nothing has been done. To " in said, words
    assert "--yes" in said
    assert isinstance(json.loads(rosa.does(*typed(rosa, words), "--json")), dict)


def test_a_launch_that_is_refused_is_one_json_value_too(draft: Terminal) -> None:
    draft.rewrites("config.toml", 'postal_address = "4 Old', 'postal_address = ""  # "Lantern')
    said = draft.types("calls", "launch", "safe-passage", "--yes", "--json")
    answer = json.loads(said.stdout)
    assert (said.exit_code, answer["launched"]) == (1, False)
    assert answer["reasons"] == [
        "workspace.postal_address is empty in config.toml; every bulk mail must carry it.",
    ]
