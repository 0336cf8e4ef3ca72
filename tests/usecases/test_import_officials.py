"""A table of officials is taken in: good rows as a whole, every other one named with what is wrong with it."""

import csv
import itertools
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlmodel import Session, select

from outreach.adapters.official_files import read_officials
from outreach.adapters.table_rows import Row
from outreach.config.house import House
from outreach.domain.errors import InvalidInput
from outreach.domain.officials.columns import map_officials
from outreach.domain.officials.reports import ImportedOfficials
from outreach.store.database import Database
from outreach.store.officials import addressed_on, find_post, holder_on
from outreach.store.tables import Contact, Event, Holder, Post
from outreach.usecases.import_officials import import_officials
from tests import make

TODAY = make.NOON.date()
HEADER = (
    "post,office,institution,state,languages,channels,email,postal_address,fax,form,copies_to,name,title.en,"
    "form_of_address.en,salutation.en,salutation.es,from,until,note"
)
CHILE = (
    "chile-geneva,Permanent Representative,Permanent Mission of Chile,Chile,es;en,mail; by hand,"
    "mission-chl@geneva.example,Rue des Tilleuls 12 | 1202 Genève | Switzerland,+41 22 555 01 00,"
    "https://chile.example/contact,desk@minrel.example; press@minrel.example,Vera Fuentes,"
    '"Ambassador, Permanent Representative",Her Excellency Ms. Vera Fuentes,"Excellency,",Excelencia:,'
    "2026-03-01,,met in March"
)
Listed = list[tuple[str, str | None, str | None]]


class World:
    """A session, the house, and what Rosa gives to import."""

    def __init__(self, database: Database, session: Session) -> None:
        self.session = session
        self.house: House = make.house(database)

    def takes(self, *lines: str) -> ImportedOfficials:
        header, *rows = csv.reader(lines)
        return self.imports((Row(at, tuple(cells)) for at, cells in enumerate(rows, 2)), map_officials(header))

    def takes_file(self, path: Path) -> ImportedOfficials:
        found = read_officials(path)
        return self.imports(found.rows, found.columns)

    def imports(self, rows: Any, columns: Any) -> ImportedOfficials:
        return import_officials(
            self.session, rows, columns, now=make.NOON, by="Rosa", house=self.house, source_file="missions.csv"
        )

    def holders(self) -> Listed:
        found = self.session.exec(select(Holder)).all()
        listed = [(one.name, _iso(one.since), _iso(one.until)) for one in found]
        return sorted(listed, key=lambda one: one[1] or "")

    def dump(self) -> list[dict[str, Any]]:
        tables: tuple[type[Post | Holder], ...] = (Post, Holder)
        return [one.model_dump() for table in tables for one in self.session.exec(select(table))]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@pytest.fixture
def world(sqlite: Database) -> Iterator[World]:
    with sqlite.changing() as session:
        yield World(sqlite, session)


@pytest.fixture
def on_both(database: Database) -> Iterator[World]:
    with database.changing() as session:
        yield World(database, session)


def counted(done: ImportedOfficials) -> tuple[int, ...]:
    posts = (done.posts_added, done.posts_changed, done.posts_unchanged)
    return (*posts, done.holders_added, done.holders_changed, done.holders_ended, done.refused)


def person(name: str, since: str = "", until: str = "", post: str = "chile-geneva") -> str:
    return f"{post},Permanent Representative,a@geneva.example,{name},{since},{until}"


PEOPLE = "post,office,email,name,from,until"


def test_a_row_becomes_a_post_and_who_holds_it(on_both: World) -> None:
    assert counted(on_both.takes(HEADER, CHILE)) == (1, 0, 0, 1, 0, 0, 0)
    post = find_post(on_both.session, "chile-geneva")
    assert (post.state, post.languages, post.ways) == ("CL", ["es", "en"], ["mail", "hand"])
    assert post.postal_address == ["Rue des Tilleuls 12", "1202 Genève", "Switzerland"]
    assert (post.copies_to, post.note) == (["desk@minrel.example", "press@minrel.example"], "met in March")
    assert (post.fax, post.form) == ("+41 22 555 01 00", "https://chile.example/contact")
    one = addressed_on(on_both.session, post, "en", TODAY)
    assert (one.form_of_address, one.salutation) == ("Her Excellency Ms. Vera Fuentes", "Excellency,")
    assert addressed_on(on_both.session, post, "es", TODAY).salutation == "Excelencia:"


def test_the_same_file_again_changes_nothing(on_both: World) -> None:
    on_both.takes(HEADER, CHILE)
    before = [
        one.model_dump() for one in (*on_both.session.exec(select(Post)), *on_both.session.exec(select(Holder)))
    ]
    assert counted(on_both.takes(HEADER, CHILE)) == (0, 0, 1, 0, 0, 0, 0)
    after = [
        one.model_dump() for one in (*on_both.session.exec(select(Post)), *on_both.session.exec(select(Holder)))
    ]
    assert before == after


def test_nobody_becomes_a_contact(world: World) -> None:
    world.takes(HEADER, CHILE)
    assert world.session.exec(select(Contact)).all() == []


def test_an_empty_cell_erases_nothing_and_a_value_replaces(world: World) -> None:
    world.takes(HEADER, CHILE)
    done = world.takes("post,fax,note,salutation.en", "chile-geneva,,moved in May,")
    assert counted(done) == (0, 1, 0, 0, 0, 0, 0)
    post = find_post(world.session, "chile-geneva")
    assert (post.fax, post.note) == ("+41 22 555 01 00", "moved in May")


def test_a_newcomer_ends_the_former_holder_the_day_before(on_both: World) -> None:
    on_both.takes(PEOPLE, person("Vera Fuentes", "2024-03-01"))
    done = on_both.takes(PEOPLE, person("Ana Roe", "2027-01-11"))
    assert counted(done) == (0, 0, 1, 1, 0, 1, 0)
    assert on_both.holders() == [
        ("Vera Fuentes", "2024-03-01", "2027-01-10"),
        ("Ana Roe", "2027-01-11", None),
    ]
    post = find_post(on_both.session, "chile-geneva")
    named = [holder_on(on_both.session, post, day) for day in (TODAY - timedelta(days=1), TODAY)]
    assert [one.name if one else "" for one in named] == ["Vera Fuentes", "Ana Roe"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_a_posts_history_comes_out_the_same_in_whatever_order_its_rows_stand(
    world: World, order: Sequence[int]
) -> None:
    rows = (
        person("Ben Early", "", "2019-12-31"),
        person("Cara Mid", "2020-05-01", "2023-12-31"),
        person("Vera Fuentes", "2024-03-01"),
        person("Ana Roe", "2027-01-11"),
    )
    assert world.takes(PEOPLE, *(rows[at] for at in order)).refused == 0
    assert world.holders() == [
        ("Ben Early", None, "2019-12-31"),
        ("Cara Mid", "2020-05-01", "2023-12-31"),
        ("Vera Fuentes", "2024-03-01", "2027-01-10"),
        ("Ana Roe", "2027-01-11", None),
    ]
    assert world.takes(PEOPLE, *rows).holders_changed == 0


@pytest.mark.parametrize(("since", "until"), [("2025-06-01", ""), ("2023-01-01", "2024-03-01")])
def test_two_people_never_hold_a_post_on_one_day(world: World, since: str, until: str) -> None:
    world.takes(PEOPLE, person("Vera Fuentes", "2024-03-01", "2026-12-31"))
    (line,) = world.takes(PEOPLE, person("Ana Roe", since, until)).refused_lines()
    assert line.startswith(
        "row 2, from: Vera Fuentes holds the post from 2024-03-01 until 2026-12-31, which overlaps with Ana Roe "
    )
    assert len(world.holders()) == 1


def test_of_who_came_before_it_is_enough_to_know_until_when(world: World) -> None:
    world.takes(PEOPLE, person("Vera Fuentes", "2024-03-01", "2026-12-31"))
    assert world.takes(PEOPLE, person("Ana Roe")).refused == 1
    world.takes(PEOPLE, person("Ana Roe", "", "2024-02-29"))
    assert world.holders()[0] == ("Ana Roe", None, "2024-02-29")


def test_without_a_day_it_is_not_clear_who_holds_a_post(world: World) -> None:
    world.takes(PEOPLE, person("Vera Fuentes"))
    (line,) = world.takes(PEOPLE, person("Ana Roe")).refused_lines()
    assert line == "row 2, from: Vera Fuentes holds the post without an end: say from which day Ana Roe does"


def test_a_corrected_day_is_the_same_term_and_who_comes_back_has_another(world: World) -> None:
    world.takes(PEOPLE, person("Vera Fuentes"))
    world.takes(PEOPLE, person("VERA FUENTES", "2024-03-01"))
    world.takes(PEOPLE, person("Vera Fuentes", "2024-03-15"))
    world.takes(PEOPLE, person("Ana Roe", "2025-01-01", "2025-12-31"), person("Vera Fuentes", "2026-01-01"))
    assert world.holders() == [
        ("Vera Fuentes", "2024-03-15", "2024-12-31"),
        ("Ana Roe", "2025-01-01", "2025-12-31"),
        ("Vera Fuentes", "2026-01-01", None),
    ]


def test_a_refused_row_leaves_nothing_of_it_behind(on_both: World) -> None:
    on_both.takes(PEOPLE, person("Vera Fuentes", "2024-03-01", "2026-12-31"))
    done = on_both.takes("post,office,name,from", "chile-geneva,Chargé d’affaires,Ana Roe,2025-01-01")
    assert counted(done) == (0, 0, 0, 0, 0, 0, 1)
    assert find_post(on_both.session, "chile-geneva").office == "Permanent Representative"


@pytest.mark.parametrize(
    ("column", "cell", "field", "said"),
    [
        ("post", "", "post", "is empty"),
        ("post", "Chile in Geneva", "post", "is no short name"),
        ("post", "../../etc/passwd", "post", "is no short name"),
        ("office", "", "office", "is empty"),
        ("state", "Atlantis", "state", "is no State that is known"),
        ("languages", "es;Klingonese", "languages", "is no language"),
        ("channels", "mail;pigeon", "channels", "write mail, post, fax, form, hand"),
        ("channels", "telephone", "channels", "is no way by which a letter goes out"),
        ("email", "", "channels", "names mail as a way, but no mail address (email) is known"),
        ("email", "a@b.example\r\nBcc: x@evil.example", "email", "control"),
        ("email", "b@y.example, c@z.example", "email", "more than one address"),
        ("email", "alice@example.org<bob@evil.example>", "email", "angle brackets"),
        ("email", "@relay:a@y.example", "email", "is a route"),
        ("email", "a@[127.0.0.1]", "email", "network number"),
        ("email", "a\u202eb@y.example", "email", "U+202E"),
        ("email", "calls+x@lanterncoast.coop", "email", "is an address of this workspace itself"),
        ("copies_to", "x@y.example; calls@lanterncoast.coop", "copies_to", "is an address of this workspace"),
        ("copies_to", "x@y.example; nobody", "copies_to", "has no @"),
        ("fax", "call us", "fax", "is no fax number"),
        ("form", "http://chile.example", "form", "is no secure web address"),
        ("form", "javascript:alert(1)", "form", "is no secure web address"),
        ("form", "https://user@chile.example", "form", "is no secure web address"),
        ("form", "https://.", "form", "is no secure web address"),
        ("postal_address", " | ".join("abcdefghi"), "postal_address", "has 9 lines; 8 are the most"),
        ("name", "Evil <victim@gov.example>", "name", "looks like a mail address"),
        ("name", "x" * 300, "name", "longer than 200"),
        ("name", "", "name", "is empty, but from says something of the person"),
        ("salutation.en", "victim@gov.example", "salutation.en", "looks like a mail address"),
        ("from", "1.3.2026", "from", "is no day as it is written here"),
        ("from", "2026-02-30", "from", "is no day that there is"),
        ("from", "0001-01-01", "from", "lies before 1800"),
        ("until", "2099-01-01", "until", "more than 10 years ahead"),
        ("until", "2026-02-01", "until", "lies before the day on which the person began"),
    ],
)
def test_a_bad_cell_is_named_with_its_row_column_and_value(
    world: World, column: str, cell: str, field: str, said: str
) -> None:
    (names, cells) = csv.reader([HEADER, CHILE])
    row = dict(zip(names, cells, strict=True)) | {column: cell}
    done = world.imports([Row(7, tuple(row.values()))], map_officials(names))
    problems = done.refusals[0].problems
    assert [(one.row, one.field) for one in problems] == [(7, field)]
    assert said in problems[0].reason + problems[0].value
    assert world.session.exec(select(Post)).all() == []


def test_names_are_kept_exactly_but_for_what_nobody_sees(world: World) -> None:
    names = [
        '"; DROP TABLE post;--',
        "O'Brien & Søns «Ж» 人权",
        "{{ official.name }}",
        "=HYPERLINK(1)",
        "<b>Vera</b>",
    ]
    rows = [Row(at, (f"p-{at}", "Office", "a@y.example", name)) for at, name in enumerate(names)]
    columns = map_officials(["post", "office", "email", "name"])
    assert world.imports(rows, columns).refused == 0
    assert [one[0] for one in world.holders()] == names
    turned = [Row(9, ("p-9", "Office", "a@y.example", "Ve\u202era\nFuentes\u2028X"))]
    world.imports(turned, columns)
    assert world.holders()[-1][0] == "Vera Fuentes X"


def test_what_is_odd_is_told_and_taken(world: World) -> None:
    make.contact(world.session, world.house, "mission@geneva.example")
    done = world.takes(
        "post,office,email,name,form_of_address.en,salutation.en",
        "chile-geneva,Ambassador,mission@geneva.example,Vera Fuentes,Her Excellency the Ambassador,Excellency",
        "chile-geneva,Chargé,mission@geneva.example,,,",
    )
    assert done.refused == 0
    reasons = {one.field: one.reason for one in done.warnings}
    assert "is a contact's address as well" in reasons["email"]
    assert "does not hold the person's name" in reasons["form_of_address.en"]
    assert reasons["office"] == "differs from an earlier row about the same post; the later row counts"


def test_a_file_without_languages_and_channels_has_those_that_it_shows(world: World) -> None:
    world.takes(
        "post,office,email,fax,name,salutation.fr", "a,Ambassadeur,a@y.example,+41 22 555 01,Luc,Excellence"
    )
    world.takes("post,office,postal_address", "b,Ambassador,Rue 1")
    first, second = find_post(world.session, "a"), find_post(world.session, "b")
    assert (first.languages, first.ways) == (["fr"], ["mail", "fax"])
    assert (second.languages, second.ways) == (["en"], ["post"])


def test_a_closed_post_is_not_changed_by_a_table(world: World) -> None:
    world.takes(HEADER, CHILE)
    find_post(world.session, "chile-geneva").closed_at = make.NOON
    (line,) = world.takes("post,note", "chile-geneva,x").refused_lines()
    assert line.startswith("row 2, post: is closed: 'outreach officials reopen' opens it again")


def test_columns_may_have_other_names_and_any_order(world: World, tmp_path: Path) -> None:
    path = tmp_path / "missions.csv"
    path.write_text(
        "Nom;Poste;Slug;Pays;Courriel;Salutation (fr);Titre fr;Voies;Depuis;Quelque chose\n"
        "Luc Morel;Représentant;mali-geneve;Mali;m@y.example;Excellence,;Ambassadeur;courriel;2026-01-01;?\n",
        encoding="cp1252",
    )
    done = world.takes_file(path)
    assert (done.posts_added, done.holders_added, done.ignored) == (1, 1, ("Quelque chose",))
    assert (
        addressed_on(world.session, find_post(world.session, "mali-geneve"), "fr", TODAY).salutation
        == "Excellence,"
    )


@pytest.mark.parametrize(
    ("header", "columns", "said"),
    [
        (["office", "name"], {}, "No column says the short names of the posts"),
        (["post", "salutation"], {}, 'The column "salutation" says no language: name it salutation.en'),
        (["post", "mail", "email"], {}, "both look like email"),
        (["post", "x"], {"x": "shoe size"}, 'there is no field "shoe size"'),
        (["post"], {"y": "name"}, 'there is no column "y"'),
        (["post", "x", "y"], {"x": "name", "y": "name"}, "names two columns for name"),
    ],
)
def test_a_header_that_is_not_understood_is_refused(header: list[str], columns: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        map_officials(header, columns)


def test_a_bare_salutation_can_be_given_its_language_or_left_out() -> None:
    assert map_officials(["post", "Greeting"], {"Greeting": "salutation.fr"}).places["salutation.fr"] == 1
    assert map_officials(["post", "Greeting"], {"Greeting": "ignore"}).places == {"post": 0}


def test_a_spreadsheet_with_dates_and_several_lines_in_a_cell(world: World, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["post", "office", "channels", "postal address", "name", "from", "salutation.en"])
    sheet.append(["kenya", "Ambassador", "post", "Avenue 2\nGeneva", "Ben Otieno", date(2026, 3, 1), "Excellency,"])
    book.save(tmp_path / "missions.xlsx")
    assert counted(world.takes_file(tmp_path / "missions.xlsx")) == (1, 0, 0, 1, 0, 0, 0)
    assert find_post(world.session, "kenya").postal_address == ["Avenue 2", "Geneva"]
    assert world.holders() == [("Ben Otieno", "2026-03-01", None)]


def test_the_log_says_who_changed_what_and_names_no_person(world: World) -> None:
    world.takes(HEADER, CHILE)
    world.takes(PEOPLE, person("Ana Roe", "2027-01-11"))
    events = world.session.exec(select(Event)).all()
    assert [one.verb for one in events] == [
        "add_official",
        "change_holder",
        "import_officials",
        "edit_official",
        "change_holder",
        "import_officials",
    ]
    told = " ".join(str(one.facts) for one in events)
    assert not [name for name in ("Vera", "Ana", "geneva.example", "Tilleuls") if name in told]
