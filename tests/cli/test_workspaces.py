"""Which workspace a command works in, how a new one is made, and whose name stands in the log."""

import contextlib
import shlex
from pathlib import Path

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner

from outreach.cli.root import app
from outreach.store.database import open_database
from outreach.store.tables import Event
from tests.cli.conftest import NO_ENVIRONMENT, Terminal


def test_a_workspace_is_named_by_an_option_by_the_environment_or_by_where_one_stands(draft: Terminal) -> None:
    def stdout(*words: str, **environment: str) -> str:
        return CliRunner().invoke(app, words, env={**NO_ENVIRONMENT, **environment}).stdout

    folder = str(draft.folder)
    expected = draft.does("calls", "list")
    assert stdout("--workspace", folder, "calls", "list") == expected
    assert stdout("-w", folder, "calls", "list", OUTREACH_WORKSPACE="/nowhere") == expected
    assert stdout("calls", "list", OUTREACH_WORKSPACE=folder) == expected
    with contextlib.chdir(folder):
        assert stdout("calls", "list") == expected


def test_where_there_is_no_workspace_it_says_how_to_make_one(tmp_path: Path) -> None:
    said = Terminal(tmp_path).is_refused("calls", "list", code=2)
    assert said.startswith(f"There is no workspace in {tmp_path}: config.toml is missing.")
    assert f"'outreach init {tmp_path}' makes a new one." in said
    assert list(tmp_path.iterdir()) == []


def test_a_new_workspace_sends_nothing_and_says_what_comes_next(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    said = CliRunner().invoke(app, ["init", str(folder)], env=NO_ENVIRONMENT)
    assert said.exit_code == 0
    assert "It sends nothing" in said.stdout
    commands = [line.strip() for line in said.stdout.splitlines() if line.startswith("  outreach ")]
    *steps, runs = commands
    assert (len(steps), runs) == (4, "outreach run")
    with contextlib.chdir(folder):
        for command in steps:
            words = shlex.split(command.replace("YOUR-ADDRESS", "rosa@lanterncoast.example"))
            assert CliRunner().invoke(app, words[1:], env=NO_ENVIRONMENT).exit_code == 0


@pytest.mark.parametrize("taken", ["config.toml", "templates", "contacts", "secrets"])
def test_a_folder_in_use_is_not_made_a_workspace(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).mkdir()
    said = CliRunner().invoke(app, ["init", str(tmp_path)], env=NO_ENVIRONMENT)
    assert said.exit_code == 1
    assert f"already holds {taken}" in said.stderr
    assert [path.name for path in tmp_path.iterdir()] == [taken]


@pytest.mark.parametrize(
    ("words", "environment"), [(("--by", "Rosa"), {}), ((), {"OUTREACH_BY": "Rosa"}), ((), {"USER": "Rosa"})]
)
def test_the_log_names_who_gave_a_command(
    launched: Terminal, words: tuple[str, ...], environment: dict[str, str]
) -> None:
    command = ["--workspace", str(launched.folder), *words, "calls", "pause", "safe-passage"]
    CliRunner().invoke(app, command, env={**NO_ENVIRONMENT, **environment})
    database = open_database(f"sqlite:///{launched.file('outreach.db')}")
    with database.reading() as session:
        event = session.exec(select(Event).order_by(col(Event.id).desc())).first()
    database.close()
    assert event is not None
    assert (event.by, event.verb) == ("Rosa", "pause_call")
