"""``outreach officials`` as a coordinator types it, in a new workspace with the sample."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from outreach.domain.formulas import is_formula
from tests.cli.conftest import Terminal

FACT = "ratified_migrant_workers_convention"
LAKE = "Permanent Mission of Chile to the United Nations Office at Geneva"


@pytest.fixture
def listed(rosa: Terminal) -> Terminal:
    """Rosa has taken in the sample."""
    rosa.does("officials", "import", rosa.file("contacts/officials.csv"))
    return rosa


def card(listed: Terminal, post: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(listed.does("officials", "show", post, "--json"))
    return found


def test_an_import_says_what_it_did_and_a_second_one_that_nothing_changed(rosa: Terminal) -> None:
    table = rosa.file("contacts/officials.csv")
    dry = rosa.does("officials", "import", table, "--dry-run")
    assert dry == "Posts: 24 added, 0 changed, 0 as before.\nHolders: 24 added, 0 changed, 0 replaced.\n"
    assert rosa.does("officials", "list") == "There is no post yet.\n"
    assert rosa.does("officials", "import", table) == dry
    again = rosa.does("officials", "import", table)
    assert again == "Posts: 0 added, 0 changed, 24 as before.\nHolders: 0 added, 0 changed, 0 replaced.\n"


@pytest.fixture
def elsewhere(tmp_path: Path, new_folder: Path) -> Terminal:
    """Another new workspace."""
    return Terminal(Path(shutil.copytree(new_folder, tmp_path / "elsewhere")))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_exported_makes_the_same_register_elsewhere_and_changes_nothing_here(
    listed: Terminal, elsewhere: Terminal, tmp_path: Path, ending: str
) -> None:
    listed.does("officials", "facts", listed.file("contacts/facts.csv"))
    listed.does("officials", "fact", LAKE, "seats", "=5", "--date", "2004-01-01")
    listed.does(
        "officials", "holder", "chile-geneva", "--name", "Ana Sol", "--from", "2026-11-01", "--title", "pt=X"
    )
    listed.does("officials", "edit", "peru-new-york", "--note", "=1+1", "--copies-to", "a@y.example, b@y.example")
    posts, facts = tmp_path / f"posts.{ending}", tmp_path / f"facts.{ending}"
    assert "26 rows written" in listed.does("officials", "export", posts)
    assert "25 rows written" in listed.does("officials", "export", facts, "--facts")
    assert listed.does("officials", "import", posts) == (
        "Posts: 0 added, 0 changed, 24 as before.\nHolders: 0 added, 0 changed, 0 replaced.\n"
    )
    assert listed.does("officials", "facts", facts) == "Facts: 0 added, 0 changed, 25 as before.\n"
    elsewhere.does("officials", "import", posts)
    elsewhere.does("officials", "facts", facts)
    for post in json.loads(listed.does("officials", "list", "--json"))["posts"]:
        here, there = card(listed, post["slug"]), card(elsewhere, post["slug"])
        assert without_numbers(here) == without_numbers(there)
    for options in ((), ("--facts",)):
        for terminal, name in ((listed, "here.csv"), (elsewhere, "there.csv")):
            terminal.does("officials", "export", tmp_path / name, "--replace", *options)
        assert (tmp_path / "here.csv").read_bytes() == (tmp_path / "there.csv").read_bytes()


def without_numbers(card: Any) -> Any:
    return {**card, "holders": [{**one, "id": 0} for one in card["holders"]]}


def test_no_spreadsheet_computes_what_is_exported(listed: Terminal, tmp_path: Path) -> None:
    listed.does("officials", "edit", "peru-new-york", "--note", "=1+1", "--office", "@office")
    listed.does("officials", "fact", "Peru", "seats", "=5", "--date", "2004-01-01")
    listed.does("officials", "export", tmp_path / "posts.csv")
    listed.does("officials", "export", tmp_path / "facts.csv", "--facts")
    for name, guarded in (("posts.csv", {"'=1+1", "'@office", "'+41 22 555 01 42"}), ("facts.csv", {"'=5"})):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            cells = {cell for row in csv.reader(file) for cell in row}
        assert guarded <= cells
        assert not [cell for cell in cells if is_formula(cell)]


def test_an_export_leaves_closed_posts_out_and_writes_over_no_file(listed: Terminal, tmp_path: Path) -> None:
    listed.does("officials", "close", "ghana-new-york")
    file = tmp_path / "posts.csv"
    assert "24 rows written" in listed.does("officials", "export", file)
    assert "ghana-new-york" not in file.read_text(encoding="utf-8")
    assert "add --replace" in listed.is_refused("officials", "export", file)


def test_an_empty_register_is_exported_as_its_heading(rosa: Terminal, tmp_path: Path) -> None:
    assert "0 rows written" in rosa.does("officials", "export", tmp_path / "posts.csv")
    assert (tmp_path / "posts.csv").read_text(encoding="utf-8-sig").startswith("post,office,institution,")
    assert rosa.does("officials", "import", tmp_path / "posts.csv").startswith("Posts: 0 added")


def test_bad_rows_are_shown_with_row_column_reason_and_value(rosa: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "post,Head of mission,office,email,state\n"
        "mali,Awa Keïta,Ambassador,mission@mali.example,Mali\n"
        "utopia,Raphael,Ambassador,nobody,Utopia\n",
        encoding="utf-8",
    )
    told = rosa.does("officials", "import", path, "--map", "Head of mission=name")
    assert told.splitlines() == [
        "Posts: 1 added, 0 changed, 0 as before.",
        "Holders: 1 added, 0 changed, 0 replaced.",
        "1 row was left out; all others are in.",
        "  row 3, state: is no State that is known: write its two-letter code (ISO 3166),",
        '    for example CL (it says "Utopia")',
        '  row 3, email: "nobody" has no @.',
    ]
    assert rosa.is_refused("officials", "import", path, "--map", "x=name", code=2).startswith(
        '--map "x=name": there'
    )
    assert "cannot be read" in rosa.is_refused("officials", "import", "nowhere.csv", code=2)


def test_the_list_shows_who_holds_each_post_and_what_is_wrong(listed: Terminal) -> None:
    assert listed.does("officials", "list", "--institution", "New York", "--wrong") == (
        "POST            HOLDER    IN  BY         WRONG\n"
        "-----------------------------------------------\n"
        "kenya-new-york  -         en  mail hand  vacant\n"
    )
    chile = listed.does("officials", "list", "--state", "Chile").splitlines()[2:]
    assert chile == ["chile-geneva  Vera Fuentes Rojas  es en  mail post"]
    assert listed.does("officials", "list", "--state", "MN") == "No post is like that.\n"
    assert "'Atlantis' is no State" in listed.is_refused("officials", "list", "--state", "Atlantis", code=2)
    assert all(len(line) <= 80 for line in listed.does("officials", "list").splitlines())


def test_one_post_shows_how_it_is_addressed_and_who_held_it(listed: Terminal) -> None:
    shown = listed.does("officials", "show", "peru-new-york")
    assert "  Excelentísima Señora Milagros Quispe\n  Embajadora, Representante Permanente\n" in shown
    assert "  2026-07-01 - ...         Milagros Quispe  (today)\n" in shown
    assert "  2022-04-04 - 2026-06-30  Julio Arana\n" in shown
    assert "nobody today: the post is vacant" in listed.does("officials", "show", "kenya-new-york")
    assert "Did you mean peru-new-york?" in listed.is_refused("officials", "show", "peru")


def test_somebody_new_holds_a_post_and_somebody_leaves(listed: Terminal) -> None:
    words = ("--title", "en=Ambassador", "--form-of-address", "en=His Excellency Mr. Ben Otieno")
    told = listed.does(
        *("officials", "holder", "kenya-new-york", "--name", "Ben Otieno", "--from", "2026-10-01", *words),
        *("--salutation", "en=Excellency,", "--salutation", "Français=Excellence,"),
    )
    assert told == "Ben Otieno holds kenya-new-york from 2026-10-01.\n"
    assert "His Excellency Mr. Ben Otieno" in listed.does("officials", "show", "kenya-new-york")
    after = listed.does("officials", "holder", "kenya-new-york", "--name", "Ana Wekesa", "--from", "2026-11-01")
    assert after == "Ana Wekesa holds kenya-new-york from 2026-11-01.\nBen Otieno held it until 2026-10-31.\n"
    holder = ("officials", "holder", "kenya-new-york", "--name", "Ana Wekesa")
    assert listed.does(*holder).startswith("Nothing is other than before")
    assert listed.does(*holder, "--until", "2026-11-02").endswith("until 2026-11-02.\n")
    assert listed.does(*holder, "--stays") == "Ana Wekesa holds kenya-new-york from 2026-11-01.\n"


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("--name", "Ana Roe", "--until", "2026-13-01"), "--until: '2026-13-01' is no day that there is.", 2),
        (("--name", "Ana Roe", "--salutation", "Excellency"), "--salutation", 2),
        (("--name", "Ana Roe", "--salutation", "xx=Excellency"), "--salutation", 2),
        (("--name", " "), "--name is empty", 2),
        (("--name", "Ana Roe", "--until", "2026-11-11", "--stays"), "Say one of --until and --stays.", 2),
        (("--name", "Ana Roe"), "Vera Fuentes Rojas", 1),
        (("--name", "Ana <a@b.example>", "--from", "2026-11-11"), "--name", 2),
    ],
)
def test_a_holder_who_cannot_be_is_refused(listed: Terminal, words: tuple[str, ...], said: str, code: int) -> None:
    before = card(listed, "chile-geneva")
    assert said in listed.is_refused("officials", "holder", "chile-geneva", *words, code=code)
    assert card(listed, "chile-geneva") == before


def test_a_post_is_corrected_field_by_field(listed: Terminal) -> None:
    told = listed.does(
        *("officials", "edit", "chile-geneva", "--channels", "by hand; post", "--languages", "español"),
        *("--postal-address", "Rue Neuve 1 | 1202 Genève | Suisse", "--email", "", "--copies-to", "a@b.example"),
    )
    assert told == "chile-geneva: 5 changed.\n"
    shown = listed.does("officials", "show", "chile-geneva")
    assert "Ways:          hand, post\n" in shown
    assert "  1202 Genève\n  SUISSE\n" in shown
    assert "Mail:" not in shown
    assert listed.does("officials", "edit", "chile-geneva", "--email", "") == "chile-geneva is as it was.\n"


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        ((), "Say what is to be corrected", 2),
        (("--email", ""), "channels names mail as a way, but no mail address (email) is known for the post", 1),
        (("--email", "a@b@c.example"), "--email: 'a@b@c.example'", 2),
        (("--channels", "pigeon"), "--channels: 'pigeon' is no way by which a letter goes out", 2),
        (("--office", ""), "office is empty", 1),
        (("--email", "calls@lanterncoast.example"), "is an address of this workspace itself", 1),
    ],
)
def test_a_correction_that_leaves_no_way_to_a_post_is_refused(
    listed: Terminal, words: tuple[str, ...], said: str, code: int
) -> None:
    before = card(listed, "chile-geneva")
    assert said in " ".join(listed.is_refused("officials", "edit", "chile-geneva", *words, code=code).split())
    assert card(listed, "chile-geneva") == before


def test_a_closed_post_is_out_of_the_list_until_it_is_opened_again(listed: Terminal) -> None:
    assert listed.does("officials", "close", "ghana-new-york").startswith("ghana-new-york is closed")
    assert "closed already" in listed.is_refused("officials", "close", "ghana-new-york")
    assert "ghana" not in listed.does("officials", "list")
    assert "closed\n" in listed.does("officials", "list", "--closed", "--state", "GH")
    assert "is closed" in listed.is_refused("officials", "edit", "ghana-new-york", "--note", "x")
    assert "is closed" in listed.is_refused("officials", "holder", "ghana-new-york", "--name", "Ana Roe")
    assert listed.does("officials", "reopen", "ghana-new-york") == "ghana-new-york is open.\n"
    assert "is open" in listed.is_refused("officials", "reopen", "ghana-new-york")


def test_facts_come_in_from_a_table_and_another_value_is_named(listed: Terminal, tmp_path: Path) -> None:
    assert listed.does("officials", "facts", listed.file("contacts/facts.csv")).startswith(
        "Facts: 24 added, 0 changed"
    )
    path = tmp_path / "facts.csv"
    path.write_text(f"État;fait;valeur;date\nKenya;{FACT};OUI;1990-12-18\nChili;{FACT};oui;2005-03-21\n")
    assert listed.does("officials", "facts", path).splitlines() == [
        "Facts: 0 added, 1 changed, 1 as before.",
        f"  row 2: KE, {FACT} since 1990-12-18: it was 'no',",
        "    it is 'yes'",
    ]


def test_one_fact_is_noted_changed_and_taken_back(listed: Terminal) -> None:
    fact = ("officials", "fact", "Kenya", FACT)
    assert listed.does(*fact, "no", "--date", "1990-12-18") == f"KE: {FACT} is 'no' since 1990-12-18.\n"
    assert "It was 'no'" in listed.does(*fact, "yes", "--date", "1990-12-18")
    assert f"{FACT}  KE  1990-12-18  *  yes" in listed.does("officials", "show", "kenya-new-york")
    assert "It is known since 1990-12-18" in listed.is_refused(*fact, "--remove", "--date", "1990-12-19")
    assert "is known no\nmore.\n" in listed.does(*fact, "--remove", "--date", "1990-12-18")
    assert FACT not in listed.does("officials", "show", "kenya-new-york")


def test_a_fact_may_be_an_institutions(listed: Terminal) -> None:
    mission = "Permanent Mission of Kenya to the United Nations in New York"
    told = listed.does("officials", "fact", mission.upper(), "seat", "observer", "--date", "2026-01-01")
    assert told.startswith(mission)
    assert "observer" in listed.does("officials", "show", "kenya-new-york")
    assert "Did you mean" in listed.is_refused(
        "officials", "fact", mission.removesuffix("k"), "seat", "x", "--date", "2026-01-01"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("KE", "Has Ratified", "yes", "--date", "2026-01-01"), "FACT is no name that a letter can use"),
        (("KE", "items", "yes", "--date", "2026-01-01"), "FACT has a meaning of its own"),
        (("KE", "seat", "--date", "2026-01-01"), "VALUE is empty"),
        (("KE", "seat", "yes"), "--date is empty"),
        (("KE", "seat", "yes", "--date", "yesterday"), "--date is no day as it is written here"),
        (("KE", "seat", "yes", "--date", "2099-01-01"), "--date lies before 1800 or more than 10 years ahead"),
    ],
)
def test_a_fact_that_no_letter_could_use_is_refused(listed: Terminal, words: tuple[str, ...], said: str) -> None:
    assert said in " ".join(listed.is_refused("officials", "fact", *words, code=2).split())
