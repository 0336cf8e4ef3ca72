"""Reads the mail templates that no call needs to have: the workspace's own, or those that come with the program."""

from collections.abc import Iterator
from pathlib import Path

from outreach.adapters.sample import sample_folder
from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import WORKSPACE_KINDS, MessageKind


def read_house_texts(folder: Path) -> dict[tuple[MessageKind, str], str]:
    """Every such template by kind and language; the workspace's goes before the program's.

    A workspace that an earlier version made has none of its own, and works all the same. Raises InvalidInput when
    a file cannot be read.
    """
    shipped = sample_folder() / "templates" / "email"
    return dict(_texts(shipped)) | dict(_texts(folder))


def _texts(folder: Path) -> Iterator[tuple[tuple[MessageKind, str], str]]:
    for kind in WORKSPACE_KINDS:
        for path in sorted(folder.glob(f"{kind.value}.*.md")):
            try:
                yield (kind, path.stem.rpartition(".")[2]), path.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                raise InvalidInput(f"{path} cannot be read as UTF-8 text: {error}.") from error
