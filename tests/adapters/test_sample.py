"""A new workspace is whole, begins with files instead of sending, and never overwrites anything."""

import stat
from pathlib import Path

import pytest

from outreach.adapters.sample import make_workspace, sample_folder
from outreach.config.loading import load_settings
from outreach.domain.errors import Refusal


def test_a_new_workspace_has_everything_of_the_sample(tmp_path: Path) -> None:
    folder = tmp_path / "here" / "ours"
    make_workspace(folder)
    assert (folder / "config.toml").read_bytes() == (sample_folder() / "config.toml").read_bytes()
    for name in ("templates", "contacts"):
        sample = {path.relative_to(sample_folder()) for path in (sample_folder() / name).rglob("*.*")}
        assert {path.relative_to(folder) for path in (folder / name).rglob("*.*")} == sample


def test_a_new_workspace_sends_nothing(tmp_path: Path) -> None:
    make_workspace(tmp_path / "ours")
    assert load_settings(tmp_path / "ours").mail.transport == "files"


def test_secrets_are_for_the_owner_alone_and_stay_out_of_git(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert "smtp__password" in (tmp_path / "secrets" / "README").read_text()
    assert (tmp_path / ".gitignore").read_text().splitlines() == [
        "outreach.db*",
        ".outreach-generation*",
        "outbox/",
        "secrets/",
    ]


def test_a_workspace_beside_other_files_leaves_them_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "minutes.txt").write_text("We met.")
    (tmp_path / ".gitignore").write_text("*.pdf\noutbox/")
    make_workspace(tmp_path)
    assert (tmp_path / "minutes.txt").read_text() == "We met."
    assert (tmp_path / ".gitignore").read_text().splitlines() == [
        "*.pdf",
        "outbox/",
        "outreach.db*",
        ".outreach-generation*",
        "secrets/",
    ]
    assert not list(tmp_path.glob(".new-workspace-*"))


@pytest.mark.parametrize("name", ["config.toml", "templates", "contacts", "secrets"])
def test_what_is_there_already_is_never_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(Refusal, match=f"already holds {name}"):
        make_workspace(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_second_workspace_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    with pytest.raises(Refusal, match=r"already holds config\.toml, templates, contacts, secrets"):
        make_workspace(tmp_path)


def test_a_file_is_no_place_for_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "ours").write_text("a file")
    with pytest.raises(Refusal, match="No workspace can be made in"):
        make_workspace(tmp_path / "ours")
