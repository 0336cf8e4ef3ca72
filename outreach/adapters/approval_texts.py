"""Reads the mails of approval rounds: the workspace's own, or those that come with the program."""

from collections.abc import Iterator
from pathlib import Path

from outreach.adapters.sample import sample_folder
from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import CALL_KINDS, MessageKind

FOLDER = Path("templates") / "approval"


def read_approval_texts(workspace: Path) -> dict[tuple[MessageKind, str], str]:
    """Every mail of a round by kind and language; the workspace's goes before the program's.

    Raises InvalidInput when a file cannot be read, or is named like no kind of mail.
    """
    return dict(_texts(sample_folder() / FOLDER)) | dict(_texts(workspace / FOLDER))


def _texts(folder: Path) -> Iterator[tuple[tuple[MessageKind, str], str]]:
    kinds = {kind.value: kind for kind in CALL_KINDS}
    for path in sorted(folder.glob("*.md")):
        kind, _, language = path.stem.rpartition(".")
        if kind not in kinds:
            raise InvalidInput(f"{path}: a mail of a round is named KIND.LANGUAGE.md, of {', '.join(kinds)}.")
        try:
            yield (kinds[kind], language), path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(f"{path} cannot be read as UTF-8 text: {error}.") from error
