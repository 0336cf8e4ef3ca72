"""A workspace of Rosa's, and what she types in it."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner, Result

from outreach.adapters.sample import make_workspace
from outreach.cli.root import app

NO_ENVIRONMENT = {"COLUMNS": "80", "OUTREACH_WORKSPACE": None, "OUTREACH_BY": None}
CALL = "templates/calls/safe-passage.toml"


@dataclass(frozen=True)
class Terminal:
    """Types commands in a workspace; ``CALL``'s deadline lies sixty days ahead, whenever the tests run."""

    folder: Path

    def types(self, *words: str | Path, stdin: str = "") -> Result:
        """What comes of a command, whatever it is."""
        said = CliRunner().invoke(app, ["--workspace", str(self.folder), *map(str, words)], stdin, NO_ENVIRONMENT)
        assert said.exception is None or isinstance(said.exception, SystemExit), said.exception
        assert "Traceback" not in said.output
        return said

    def does(self, *words: str | Path, stdin: str = "") -> str:
        """What a command answers that does what it is asked."""
        said = self.types(*words, stdin=stdin)
        assert said.exit_code == 0, said.output
        return said.stdout

    def is_refused(self, *words: str | Path, code: int = 1) -> str:
        """The sentences with which a command declines."""
        said = self.types(*words)
        assert said.exit_code == code, said.output
        return said.stderr

    def file(self, name: str) -> Path:
        """A file of the workspace."""
        return self.folder / name

    def rewrites(self, name: str, old: str, new: str) -> None:
        """Change a text in a file of the workspace."""
        text = self.file(name).read_text(encoding="utf-8")
        assert old in text
        self.file(name).write_text(text.replace(old, new), encoding="utf-8")


def days_ahead(days: int) -> str:
    """A moment in Los Angeles, so many days from now."""
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d} 17:00 America/Los_Angeles"


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Path:
    """A new workspace, to be copied."""
    folder = tmp_path_factory.mktemp("new") / "letters"
    make_workspace(folder)
    shutil.copyfile(migrated_file, folder / "outreach.db")
    text = (folder / CALL).read_text(encoding="utf-8")
    text = re.sub(r'(?m)^deadline = ".*"', f'deadline = "{days_ahead(60)}"', text)
    text = re.sub(r'(?m)^release = ".*"', f'release = "{days_ahead(70)}"', text)
    (folder / CALL).write_text(text, encoding="utf-8")
    Terminal(folder).rewrites("config.toml", "per_minute = 120", "per_minute = 100000")  # no test waits a minute
    return folder


@pytest.fixture(scope="session")
def draft_folder(tmp_path_factory: pytest.TempPathFactory, new_folder: Path) -> Path:
    """A workspace with contacts and a draft, to be copied: importing takes longer than most tests."""
    folder = tmp_path_factory.mktemp("draft") / "letters"
    shutil.copytree(new_folder, folder)
    Terminal(folder).does("contacts", "import", folder / "contacts/contacts.csv")
    Terminal(folder).does("calls", "create", folder / CALL)
    return folder


@pytest.fixture(scope="session")
def launched_folder(tmp_path_factory: pytest.TempPathFactory, draft_folder: Path) -> Path:
    """The same with the call launched, to be copied."""
    folder = tmp_path_factory.mktemp("launched") / "letters"
    shutil.copytree(draft_folder, folder)
    Terminal(folder).does("calls", "launch", "safe-passage", "--yes")
    return folder


@pytest.fixture
def rosa(tmp_path: Path, new_folder: Path) -> Terminal:
    """Rosa's new workspace, as 'outreach init' makes one."""
    return Terminal(Path(shutil.copytree(new_folder, tmp_path / "letters")))


@pytest.fixture
def draft(tmp_path: Path, draft_folder: Path) -> Terminal:
    """A workspace with the sample's contacts, and its call as a draft."""
    return Terminal(Path(shutil.copytree(draft_folder, tmp_path / "letters")))


@pytest.fixture
def launched(tmp_path: Path, launched_folder: Path) -> Terminal:
    """The same with the call launched; no mail has left."""
    return Terminal(Path(shutil.copytree(launched_folder, tmp_path / "letters")))


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """A command writes its log to the terminal that it was typed in, which is gone afterwards."""
    yield
    structlog.reset_defaults()


def every_command(group: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each command of the tree with its words, chapters included."""
    find: Callable[..., Any] = group.get_command
    for name in group.list_commands(None):
        command = find(None, name)
        yield (*path, name), command
        if hasattr(command, "list_commands"):
            yield from every_command(command, *path, name)
