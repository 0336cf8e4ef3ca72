"""What Rosa types about a letter that has gone to two missions, and nobody has answered."""

from datetime import UTC, datetime, timedelta

from outreach.bootstrap import open_workspace
from tests.cli.conftest import Terminal
from tests.exchange import Exchange

LOGS = ("correspondence", "log", "chile-geneva", "--dated", "{came}", "--from", "Vera Fuentes")

READING = [
    ("correspondence", "thread", "chile-geneva"),
    ("correspondence", "thread", "--state", "Kenya"),
    ("correspondence", "list"),
    ("correspondence", "list", "safe-passage"),
    ("correspondence", "list", "--state-of", "overdue"),
    ("correspondence", "overdue"),
    ("correspondence", "show", "1"),
    ("correspondence", "save", "1", "--output", "{folder}/saved.pdf", "--replace"),
]
"""Commands that only look, once an answer with a scan is on record."""
CHANGING = [
    (*LOGS, "--letter", "safe-passage", "--summary", "They will look at it.", "--scan", "{folder}/scan.pdf"),
    ("correspondence", "correct", "1", "--kind", "acknowledgement", "--reference", "N/14"),
    ("correspondence", "withdraw", "1", "--yes"),
    ("correspondence", "acknowledge", "safe-passage", "kenya-geneva", "--reference", "K/7"),
    ("correspondence", "enquire", "safe-passage", "chile-geneva", "--yes"),
    ("correspondence", "close", "safe-passage", "kenya-geneva", "--reason", "Settled in a meeting."),
    ("correspondence", "reopen", "safe-passage", "kenya-geneva"),
    ("letters", "proof-pack", "safe-passage", "--output", "{folder}/proof.zip"),
]
"""Commands that change something, in an order in which each finds what it needs."""


def ago(days: int) -> str:
    """A day, so many days before today."""
    return (datetime.now(UTC) - timedelta(days=days)).date().isoformat()


def typed(rosa: Terminal, words: tuple[str, ...]) -> list[str]:
    return [word.format(folder=rosa.folder, came=ago(10)) for word in words]


def wrote(rosa: Terminal) -> Terminal:
    """The letter safe-passage went to Chile's and Kenya's missions sixty days ago; a scan lies in the folder."""
    opened = open_workspace(rosa.folder)
    with opened.database.changing() as session:
        Exchange.begun(session, opened.house, opened.clock.now() - timedelta(days=60))
    opened.database.close()
    rosa.file("scan.pdf").write_bytes(b"%PDF-1.7 a letter of the ambassador's")
    return rosa
