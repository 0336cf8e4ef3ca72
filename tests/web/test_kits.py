"""The announcement kit by the signatory's own link."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from outreach.adapters.house_texts import read_announcements
from outreach.bootstrap import Outreach
from outreach.domain.signatures import Visibility
from outreach.domain.tokens import Purpose, mint
from outreach.store.database import Database
from tests import make
from tests.web.visit import Visit, visit


@pytest.fixture
def announcing(sqlite: Database, tmp_path: Path) -> Visit:
    """A workspace that has texts for announcements."""
    here = visit(sqlite, tmp_path)
    house = replace(here.app.house, announcements=read_announcements(make.ROOT / "templates" / "announcement"))
    here.app = Outreach(tmp_path, house, sqlite, here.app.transport, here.clock)
    return here


def kit(here: Visit, visibility: Visibility = Visibility.PUBLIC) -> str:
    signature, link = here.signed(visibility=visibility)
    here.post(link)
    return f"/kit/{mint(here.app.database.link_key, Purpose.KIT, signature.id or 0)}"


def test_there_is_no_kit_before_the_list_is_signed_off(announcing: Visit) -> None:
    assert announcing.get(kit(announcing)).status_code == 404


def test_before_the_release_the_kit_says_until_when_it_must_wait(announcing: Visit) -> None:
    link = kit(announcing)
    announcing.sign_off()
    page = announcing.get(link)
    assert page.status_code == 200
    assert "Harbour House" in page.text
    assert "Not for publication before Tuesday 2 March 2027" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_kit_can_be_taken_along_in_every_form(announcing: Visit) -> None:
    link = kit(announcing)
    announcing.release()
    page = announcing.get(link).text
    assert "Not for publication" not in page
    for ending in ("html", "md", "txt"):
        name = f"announcement.fr.{ending}"
        assert f'href="{link}/{name}"' in page
        answer = announcing.get(f"{link}/{name}")
        assert "Harbour House" in answer.text
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    archive = announcing.get(f"{link}/kit.zip")
    with zipfile.ZipFile(io.BytesIO(archive.content)) as files:
        assert "announcement.en.md" in files.namelist()
    assert announcing.get(f"{link}/announcement.en.exe").status_code == 404


def test_who_is_not_named_has_nothing_to_announce(announcing: Visit) -> None:
    link = kit(announcing, Visibility.COUNTED)
    announcing.release()
    assert announcing.get(link).status_code == 404


def test_looking_at_a_kit_changes_nothing(announcing: Visit) -> None:
    link = kit(announcing)
    announcing.release()
    before = announcing.everything()
    for path in (link, f"{link}/kit.zip"):
        for method in ("GET", "HEAD"):
            assert announcing.request(method, path).status_code == 200
    assert announcing.everything() == before
