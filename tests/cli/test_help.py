"""``--help`` reads as a table of contents, at 80 columns and at once."""

import subprocess
import sys
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import outreach
from outreach.cli.root import CHAPTERS, app
from tests.cli.conftest import NO_ENVIRONMENT, every_command

COMMANDS = dict(every_command(typer.main.get_command(app)))


def page(*words: str) -> str:
    said = CliRunner().invoke(app, [*words, "--help"], env=NO_ENVIRONMENT)
    assert said.exit_code == 0
    return said.stdout


def test_the_first_page_is_a_table_of_contents() -> None:
    lines = [line.strip() for line in page().splitlines()]
    contents = [
        line
        for title, chapter in CHAPTERS.items()
        for line in (f"{title}:", *(" ".join(entry) for entry in chapter.items()))
    ]
    assert [" ".join(line.split()) for line in lines if " ".join(line.split()) in contents] == contents


@pytest.mark.parametrize("words", [(), *COMMANDS], ids=" ".join)
def test_a_page_fits_a_terminal_and_is_not_cut_short(words: tuple[str, ...]) -> None:
    shown = page(*words)
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert "..." not in shown.replace("COMMAND [ARGS]...", "")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_page_speaks_of_the_work_and_not_of_the_program(words: tuple[str, ...]) -> None:
    shown = page(*words)
    assert not [word for word in ("<", "{", "[[", "completion", "Python", "python") if word in shown]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_and_everything_it_takes_is_explained(words: tuple[str, ...]) -> None:
    command: Any = COMMANDS[words]
    assert command.help.strip()
    assert [one.name for one in command.params if not one.help] == []


def test_a_chapter_without_a_command_shows_its_page() -> None:
    said = CliRunner().invoke(app, ["calls"], env=NO_ENVIRONMENT)
    assert "Commands:" in said.output


def test_the_first_page_comes_without_reading_the_program() -> None:
    script = (
        "import sys\n"
        "from outreach.cli import main\n"
        "sys.argv = ['outreach', '--help']\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "slow = {'sqlmodel', 'sqlalchemy', 'pydantic', 'jinja2', 'fastapi', 'rich'} & set(sys.modules)\n"
        "print('SLOW', sorted(slow))\n"
    )
    said = subprocess.run(  # noqa: S603  our own interpreter and script
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert "Start here:" in said.stdout
    assert said.stdout.endswith("SLOW []\n")


def test_the_version_is_said() -> None:
    said = CliRunner().invoke(app, ["--version"])
    assert said.stdout == f"outreach {outreach.__version__}\n"
