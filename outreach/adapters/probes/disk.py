"""Looks how much room is left."""

import shutil
from pathlib import Path


def free_bytes(folder: Path) -> int:
    """What is left on the disk that holds the folder."""
    return shutil.disk_usage(folder).free
