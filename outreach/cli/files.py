"""Files that a command reads into the record, or writes from it."""

from mimetypes import guess_type
from pathlib import Path

from outreach.domain.errors import InvalidInput, Refusal
from outreach.store.documents import LARGEST


def read_document(file: Path) -> bytes:
    """What a file holds. Raises InvalidInput when it cannot be read, or is larger than a document may be."""
    try:
        if not file.is_file():
            raise InvalidInput(f"{file} is no file.")
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}.") from None
    if len(content) > LARGEST:
        raise InvalidInput(f"{file} is larger than {LARGEST // 1_000_000} MB.")
    return content


def media_type(file: Path) -> str:
    """What kind of file it is, by the ending of its name (RFC 2046)."""
    return guess_type(file.name)[0] or "application/octet-stream"


def write_file(file: Path, content: bytes, *, replace: bool) -> None:
    """Write a file, and the folders to it. Raises Refusal when it cannot be, or is there and not to be replaced."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb" if replace else "xb") as opened:
            opened.write(content)
    except FileExistsError:
        raise Refusal(f"{file} is there already. Name another file, or add --replace.") from None
    except OSError as error:
        raise Refusal(f"{file} cannot be written: {error.strerror}.") from None
