"""``outreach contacts`` as a coordinator types it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from outreach.cli.root import app
from outreach.store.database import open_database
from outreach.usecases.opt_out import EVERYTHING, opt_out
from tests import make

SAMPLE = make.ROOT / "contacts/contacts.csv"
Outreach = Callable[..., Result]


@pytest.fixture
def outreach(tmp_path: Path) -> Outreach:
    """Runs a command in a new workspace."""
    (tmp_path / "config.toml").write_text('[workspace]\nname = "Lantern Coast Network"\n')
    open_database(f"sqlite:///{tmp_path / 'outreach.db'}").close()

    def run(*words: str | Path) -> Result:
        return CliRunner().invoke(app, ["--workspace", str(tmp_path), *map(str, words)])

    return run


def test_an_import_says_what_it_did_and_a_second_one_that_nothing_changed(outreach: Outreach) -> None:
    first, second = outreach("contacts", "import", SAMPLE), outreach("contacts", "import", SAMPLE)
    assert first.stdout.splitlines() == [
        "Contacts: 73 added, 0 changed, 0 as before.",
        "Organisations: 63 added, 0 changed.",
    ]
    assert second.stdout.startswith("Contacts: 0 added, 0 changed, 73 as before.\nOrganisations: 0 added")


def test_a_dry_run_changes_nothing(outreach: Outreach) -> None:
    dry = outreach("contacts", "import", SAMPLE, "--dry-run")
    assert "73 added" in dry.stdout
    assert outreach("contacts", "list").stdout.startswith("There is no contact yet")


def test_bad_rows_are_shown_with_their_reason(outreach: Outreach, tmp_path: Path) -> None:
    path = tmp_path / "fair.csv"
    path.write_text("Mail to,Land\nrosa@y.example,Spain\nnobody,Atlantis\n")
    done = outreach(
        "contacts", "import", path, "--map", "Mail to=email", "--basis", "consent", "--source", "the fair"
    )
    assert done.exit_code == 0
    assert "1 row was left out; all others are in." in done.stdout
    assert "  row 3, country: is no country that is known" in done.stdout
    card = json.loads(outreach("contacts", "show", "rosa@y.example", "--json").stdout)
    assert (card["basis"], card["source"], card["country"]) == ("consent", "the fair", "ES")


@pytest.mark.parametrize(
    "words", [("--map", "Mail"), ("--map", "=email"), ("--map", "x=email"), ("--basis", "why")]
)
def test_what_is_not_understood_ends_with_2(outreach: Outreach, words: tuple[str, str]) -> None:
    assert outreach("contacts", "import", SAMPLE, *words).exit_code == 2
    assert outreach("contacts", "import", "nowhere.csv").exit_code == 2


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_an_export_can_be_imported_again_and_is_not_written_over(
    outreach: Outreach, tmp_path: Path, name: str
) -> None:
    outreach("contacts", "import", SAMPLE)
    assert "73 rows written" in outreach("contacts", "export", tmp_path / name).stdout
    again = outreach("contacts", "export", tmp_path / name)
    assert (again.exit_code, "--replace" in again.output) == (1, True)
    assert outreach("contacts", "export", tmp_path / name, "--replace").exit_code == 0
    assert "0 added, 0 changed, 73 as before" in outreach("contacts", "import", tmp_path / name).stdout


def test_an_export_to_where_nothing_can_be_written_is_refused(outreach: Outreach, tmp_path: Path) -> None:
    done = outreach("contacts", "export", tmp_path / "nowhere" / "out.csv")
    assert (done.exit_code, "cannot be written" in done.output) == (1, True)


def test_a_list_finds_people_and_says_how_many_more_there_are(outreach: Outreach) -> None:
    outreach("contacts", "import", SAMPLE)
    assert "wanjiru.kamau@harbourlamp.example" in outreach("contacts", "list", "harbour lamp").stdout
    assert "... and 72 more" in outreach("contacts", "list", "--limit", "1").stdout


def test_a_card_shows_that_she_opted_out(outreach: Outreach, tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'outreach.db'}")
    with database.changing() as session:
        rosa = make.contact(session, make.house(database), "rosa@y.example", organisation="Harbour Lamp")
        opt_out(session, rosa, scope=EVERYTHING, evidence="link", now=make.NOON)
    database.close()
    shown = outreach("contacts", "show", "ROSA@y.example").stdout
    assert "Speaks for:    Harbour Lamp" in shown
    assert "opt-out, everything, 2027-01-11 13:00" in shown
    assert outreach("contacts", "show", "nobody@y.example").exit_code == 1
