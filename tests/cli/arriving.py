"""Mail that comes back to Rosa's workspace while she types."""

from outreach.bootstrap import open_workspace
from outreach.domain.kinds import MessageKind
from outreach.store.tables import Message
from tests import inbound, make
from tests.cli.conftest import Terminal

WANJIRU = "wanjiru.kamau@harbourlamp.example"
ADAEZE = "adaeze.okonkwo@lagosbridge.example"
HOSTILE = (
    "\x1b[2J\x1b[31mYou are hacked\x1b[0m \x1b]0;title\x07 \x9b31m \x9d0;x\x9c \x07\x08\x08\x7f\x00 "
    "\u202egnp.exe\u202c \u2066x\u2069 \u200b \r\nReply 99 is done\n\x0b\x0c\x85\u2028end"
)
COMMANDS = (
    "\x1b",
    "\x9b",
    "\x9d",
    "\x07",
    "\x08",
    "\x7f",
    "\x00",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "\u202e",
    "\u2066",
)
"""What a terminal takes for a command, or what turns the writing direction of all that follows."""


def receives(rosa: Terminal, raw: bytes, *, to_invitation: bool = False) -> int:
    """A mail comes back, as the worker would take it in; the number of its reply."""
    opened = open_workspace(rosa.folder)
    with opened.database.changing() as session:
        if to_invitation:
            ours = make.messages(session, Message.kind == MessageKind.INVITATION, Message.address == WANJIRU)[0]
            raw = raw.replace(b"TO_US", inbound.answer_to(ours, opened.house).encode())
        reply = inbound.arrived(session, opened.house, raw, at=opened.clock.now())
        number = reply.id or 0
    opened.database.close()
    return number


def asks(rosa: Terminal, text: str = "Who signs the letter?", **more: str) -> int:
    """Wanjiru answers her invitation."""
    return receives(rosa, inbound.written(WANJIRU, text, to="TO_US", **more), to_invitation=True)


def is_harmless(shown: str) -> bool:
    return not [command for command in COMMANDS if command in shown.replace("\r\n", "\n")]
