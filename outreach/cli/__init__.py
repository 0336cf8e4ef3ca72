"""The command line: ``outreach``."""

from outreach.cli.root import main

__all__ = ["main"]
