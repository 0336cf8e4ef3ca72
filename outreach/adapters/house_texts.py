"""Reads the texts that no call needs to have: the workspace's own, or those that come with the program."""

from collections.abc import Iterator
from pathlib import Path

from outreach.adapters.sample import sample_folder
from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import WORKSPACE_KINDS, MessageKind
from outreach.rendering.announcements import check_announcement


def read_house_texts(folder: Path) -> dict[tuple[MessageKind, str], str]:
    """Every such mail template by kind and language; the workspace's goes before the program's.

    A workspace that an earlier version made has none of its own, and works all the same. Raises InvalidInput when
    a file cannot be read.
    """
    shipped = sample_folder() / "templates" / "email"
    return dict(_mails(shipped)) | dict(_mails(folder))


def read_announcements(folder: Path) -> dict[str, str]:
    """The text of the announcement in each language; the workspace's goes before the program's.

    Raises InvalidInput with the line when one says what it may not, or cannot be read.
    """
    shipped = sample_folder() / "templates" / "announcement"
    return dict(_posts(shipped)) | dict(_posts(folder))


def read_answers(folder: Path) -> dict[tuple[str, str], str]:
    """The short answers to replies by name and language; the workspace's go before the program's.

    What is wrong with one is said where it is used: every command opens the workspace, and reads them. Raises
    InvalidInput when one cannot be read.
    """
    shipped = sample_folder() / "templates" / "answers"
    return dict(_answers(shipped)) | dict(_answers(folder))


def _mails(folder: Path) -> Iterator[tuple[tuple[MessageKind, str], str]]:
    for kind in WORKSPACE_KINDS:
        for path in sorted(folder.glob(f"{kind.value}.*.md")):
            yield (kind, path.stem.rpartition(".")[2]), _read(path)


def _posts(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("post.*.md")):
        source = _read(path)
        if problems := check_announcement(source):
            raise InvalidInput(*(f"{path}, {problem}" for problem in problems))
        yield path.stem.rpartition(".")[2], source


def _answers(folder: Path) -> Iterator[tuple[tuple[str, str], str]]:
    for path in sorted(folder.glob("*.*.md")):
        name, _, language = path.stem.rpartition(".")
        yield (name, language), _read(path)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} cannot be read as UTF-8 text: {error}.") from error
