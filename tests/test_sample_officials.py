"""The sample of officials: whole, invented, and explained column by column."""

import csv
import re
from datetime import date

import pytest

from outreach.adapters.call_files import read_call
from outreach.adapters.official_files import read_facts, read_officials
from outreach.domain.addressing import Known
from outreach.domain.call_files import read_letter
from outreach.domain.correspondence import LetterKind
from outreach.domain.officials.columns import FactField, Field, Spoken
from outreach.queries.officials import list_officials
from outreach.rendering.letters.filling import check_letter, fill_letter, missing_in
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


def body_of(language: str) -> str:
    text = (make.ROOT / f"templates/letters/ratify-the-convention.{language}.md").read_text(encoding="utf-8")
    return read_letter(text).body


def passages(language: str) -> list[str]:
    """The passage for those who ratified, up to the year, and the one for the others."""
    yes, no = re.split(r"{% else %}", body_of(language).partition("%}")[2].partition("{% endif %}")[0])
    return [yes.partition("{{")[0].strip(), no.strip()]


def test_each_official_of_the_sample_reads_the_passage_that_concerns_that_state(sqlite: Database) -> None:
    house = make.house(sqlite)
    read = set()
    with sqlite.changing() as session:
        found, facts = read_officials(CONTACTS / "officials.csv"), read_facts(CONTACTS / "facts.csv")
        import_officials(session, found.rows, found.columns, now=make.NOON, by="Rosa", house=house)
        import_facts(session, facts.rows, facts.columns, now=make.NOON, by="Rosa", house=house)
        for post in choose_posts(session, all=True):
            language = post.languages[0]
            official = addressed_on(session, post, language, DAY)
            assert missing_in(body_of(language), Known(official)) == []
            text = fill_letter(body_of(language), None, language, Known(official))
            stands = [passage in text for passage in passages(language)]
            ratified = official.facts["ratified_migrant_workers_convention"].holds
            assert stands == [ratified, not ratified], post.slug
            read.add((language, ratified))
    assert read == {(language, fact) for language in ("en", "fr", "es", "ar") for fact in (True, False)}


def test_the_sample_of_a_private_letter_is_whole_in_each_of_its_languages() -> None:
    file = read_call(make.ROOT / "templates/calls/ratify-the-convention.toml", make.ROOT / "templates")
    assert (file.kind, file.release) == (LetterKind.PRIVATE, None)
    assert set(file.letters) == set(file.languages) == {"en", "fr", "es", "ar"}
    for letter in file.letters.values():
        assert check_letter(letter.body) == []
        assert re.findall(r"(?m)^\d\. (.+)$", letter.body) == list(letter.asks)


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
