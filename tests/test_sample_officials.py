"""The sample of officials: whole, invented, and explained column by column."""

import csv
import re
from datetime import date

import pytest

from outreach.adapters.official_files import read_facts, read_officials
from outreach.domain.officials.columns import FactField, Field, Spoken
from outreach.queries.officials import list_officials
from outreach.store.database import Database
from outreach.store.officials import addressed_on, choose_posts
from outreach.usecases.import_facts import import_facts
from outreach.usecases.import_officials import import_officials
from tests import make

CONTACTS = make.ROOT / "contacts"
README = (CONTACTS / "README.md").read_text(encoding="utf-8")
DAY = date(2026, 11, 22)


def test_the_sample_goes_in_without_a_word_and_only_the_vacant_post_is_wrong(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        found = read_officials(CONTACTS / "officials.csv")
        done = import_officials(session, found.rows, found.columns, now=make.NOON, by="Rosa", house=house)
        facts = read_facts(CONTACTS / "facts.csv")
        known = import_facts(session, facts.rows, facts.columns, now=make.NOON, by="Rosa", house=house)
        assert (done.posts_added, done.holders_added, done.refused, done.warnings) == (24, 24, 0, ())
        assert (known.added, known.refused, known.warnings) == (24, 0, ())
        wrong = {one.slug: one.wrong for one in list_officials(session, day=DAY).posts if one.wrong}
        assert wrong == {"kenya-new-york": ("vacant",)}
        for post in choose_posts(session, all=True):
            one = addressed_on(session, post, post.languages[0], DAY)
            assert one.facts["ratified_migrant_workers_convention"].since < DAY
            assert len(one.lines) >= 5 - (one.name == "")
            assert "Permanent Representative" not in one.lines or not one.name


def test_two_are_reached_on_paper_only_and_one_holder_has_left(sqlite: Database) -> None:
    with (CONTACTS / "officials.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["post"] for row in rows}) == 24
    assert sorted(row["post"] for row in rows if not row["email"]) == ["ecuador-new-york", "lebanon-new-york"]
    assert [row["name"] for row in rows if row["until"]] == ["Julio Arana"]
    assert {"en", "fr", "es", "ar"} == {word for row in rows for word in row["languages"].split("; ")}


@pytest.mark.parametrize("name", ["officials.csv", "facts.csv"])
def test_no_address_of_the_sample_can_be_written_to(name: str) -> None:
    hosts = re.findall(r"(?:https?://|@)([\w.-]+\w)", (CONTACTS / name).read_text(encoding="utf-8"))
    assert [host for host in hosts if not host.endswith(".example")] == []


@pytest.mark.parametrize("column", [*Field, *(f"{one}.en" for one in Spoken), *FactField])
def test_every_column_is_explained(column: str) -> None:
    assert f"`{column}`" in README
