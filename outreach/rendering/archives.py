"""Zip files that are the same bytes each time: no dates, and the order of the first writing."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import BinaryIO, Final

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip file can hold."""


def unpacked(archive: bytes) -> dict[str, bytes]:
    """What is in an archive, by name, in its order."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(files: Mapping[str, bytes], stored: str = "") -> bytes:
    """An archive of these files in this order; ``stored`` is not compressed (a mimetype: ODF 1.3, part 2, 3.3)."""
    written = io.BytesIO()
    pack_into(written, files.items(), stored)
    return written.getvalue()


def pack_into(written: BinaryIO, files: Iterable[tuple[str, bytes]], stored: str = "") -> None:
    """Write such an archive file by file: one of them is in memory at a time."""
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
