"""From the links of a real invitation to a confirmed signature, and out again, on both databases."""

import re
from pathlib import Path

from outreach.domain.kinds import MessageKind
from outreach.domain.states import SignatureState
from outreach.rendering.composing import compose
from outreach.store.database import Database
from outreach.store.outbox import claim
from outreach.store.ownership import owning
from tests.web.visit import FILLED, HOST, Visit, visit


def mails(here: Visit, kind: MessageKind) -> list[str]:
    """The texts of the mails of that kind that would leave now."""
    with owning(here.app.database) as owner, here.app.database.changing(dry_run=True) as session:
        now = here.clock.now()
        taken = claim(session, now=now, owner=owner, want=10, rehearsal=False)
        return [compose(one.record, here.app.house).content.text for one in taken if one.record.kind is kind]


def links(text: str) -> list[str]:
    return [link.removeprefix(HOST) for link in re.findall(r"http://127\.0\.0\.1:8080/[\w/-]+", text)]


def test_idris_signs_confirms_and_opts_out_by_the_links_in_his_mails(database: Database, tmp_path: Path) -> None:
    here = visit(database, tmp_path)
    (invitation,) = mails(here, MessageKind.INVITATION)
    found = links(invitation)
    assert all(here.get(link).status_code == 200 for link in found)
    sign = next(link for link in found if link.startswith("/sign/"))

    assert here.post(sign, {**FILLED, "name": "Harbour House (HH)"}).status_code == 200
    (confirmation,) = mails(here, MessageKind.CONFIRMATION)
    confirm = next(link for link in links(confirmation) if link.startswith("/confirm/"))
    assert here.post(confirm).status_code == 200
    assert [(one.name, one.state) for one in here.signatures()] == [
        ("Harbour House (HH)", SignatureState.CONFIRMED)
    ]

    way_out = next(link for link in found if link.startswith("/opt-out/"))
    assert here.post(way_out, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert mails(here, MessageKind.INVITATION) == []
    assert [one.state for one in here.signatures()] == [SignatureState.CONFIRMED]
