"""Mail that comes back to Rosa's workspace while she types."""

from outreach.bootstrap import open_workspace
from outreach.domain.kinds import MessageKind
from outreach.store.tables import Message
from tests import inbound, make
from tests.cli.conftest import Terminal

WANJIRU = "wanjiru.kamau@harbourlamp.example"
ADAEZE = "adaeze.okonkwo@lagosbridge.example"


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
