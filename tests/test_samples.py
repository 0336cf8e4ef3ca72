"""The sample workspace: what a coordinator meets first must be complete, correct and kind."""

import csv
import re
import tomllib
from pathlib import Path

import pytest

from outreach.domain.call_files import CallFile, LetterFile, read_call_table, read_letter
from outreach.domain.contact_rows import ContactRow, map_header, parse_row
from outreach.domain.kinds import KINDS, MessageKind
from outreach.domain.names import name_key
from outreach.rendering.grammar import check, examine
from outreach.rendering.source import split_source

ROOT = Path(__file__).parent.parent
LANGUAGES = ("en", "fr", "es", "ar")
MAILS = [(kind, language) for kind in MessageKind for language in LANGUAGES]
SAMPLES = [*ROOT.glob("templates/*/*"), *ROOT.glob("contacts/*")]

STANDS_IN = re.compile(r"{{.*?}}|{%.*?%}")
HOST = re.compile(r"(?:https?://|@)([\w.-]+\w)")


def mail(kind: MessageKind, language: str) -> str:
    return (ROOT / f"templates/email/{kind}.{language}.md").read_text(encoding="utf-8")


def letter(language: str) -> LetterFile:
    return read_letter((ROOT / f"templates/letters/safe-passage.{language}.md").read_text(encoding="utf-8"))


def call() -> CallFile:
    return read_call_table(tomllib.loads((ROOT / "templates/calls/safe-passage.toml").read_text(encoding="utf-8")))


def contacts() -> list[dict[str, str]]:
    with (ROOT / "contacts/contacts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_kind_of_mail_is_there_in_every_language() -> None:
    there = {path.name for path in ROOT.glob("templates/email/*.md")}
    assert there == {f"{kind}.{language}.md" for kind, language in MAILS}


@pytest.mark.parametrize(("kind", "language"), MAILS)
def test_a_sample_mail_has_no_fault(kind: MessageKind, language: str) -> None:
    assert check(mail(kind, language), kind) == []


@pytest.mark.parametrize(("kind", "language"), MAILS)
def test_a_sample_mail_can_go_to_somebody_of_whom_only_the_address_is_known(
    kind: MessageKind, language: str
) -> None:
    required = examine(mail(kind, language), kind).required
    may_be_empty = {name for name in required if name.startswith(("contact.", "release."))}
    assert may_be_empty <= {"contact.email"}


@pytest.mark.parametrize(("kind", "language"), [pair for pair in MAILS if KINDS[pair[0]].bulk])
def test_a_sample_to_many_says_why_it_came(kind: MessageKind, language: str) -> None:
    used = examine(mail(kind, language), kind).used
    assert "contact.source" in used or "signature.line" in used


@pytest.mark.parametrize("kind", [MessageKind.CONFIRMATION, MessageKind.CONFIRMATION_REMINDER])
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_confirmed_nothing_reads_no_word_of_whoever_typed_the_address(
    kind: MessageKind, language: str
) -> None:
    """Otherwise the form would be a way to write to strangers in our name."""
    used = examine(mail(kind, language), kind).used
    assert not [name for name in used if name.startswith(("contact.", "signature."))]
    assert {name for name in used if name.startswith("links.")} == {"links.confirm"}


@pytest.mark.parametrize(("kind", "language"), MAILS)
def test_a_sample_subject_is_short(kind: MessageKind, language: str) -> None:
    subject = split_source(mail(kind, language))[0].subject
    assert len(STANDS_IN.sub("", subject)) < 70


@pytest.mark.parametrize(("kind", "language"), MAILS)
def test_a_sample_mail_does_not_shout(kind: MessageKind, language: str) -> None:
    words = STANDS_IN.sub("", mail(kind, language))
    assert not re.search(r"[!¡]|\b[A-ZÀ-Þ]{4,}\b", words)


@pytest.mark.parametrize("kind", MessageKind)
def test_french_punctuation_never_begins_a_line(kind: MessageKind) -> None:
    assert not re.search(r"« | [»:;?!]", STANDS_IN.sub("x", mail(kind, "fr")))


@pytest.mark.parametrize("kind", MessageKind)
def test_all_languages_of_a_mail_offer_the_same_links(kind: MessageKind) -> None:
    offered = {
        frozenset(name for name in examine(mail(kind, language), kind).used if name.startswith("links."))
        for language in LANGUAGES
    }
    assert len(offered) == 1


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples_name_no_host_that_could_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "http:" not in text
    assert all(host.endswith(".example") for host in HOST.findall(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_letter_asks_in_its_text_what_its_list_says(language: str) -> None:
    sample = letter(language)
    assert re.findall(r"(?m)^\d\. (.+)$", sample.body) == list(sample.asks)
    assert len(sample.asks) == 5


def test_the_sample_call_has_its_letter_in_each_of_its_languages() -> None:
    sample = call()
    assert sample.languages == LANGUAGES
    assert letter(sample.default_language).title == sample.title
    for language in sample.languages:
        assert (ROOT / "templates/calls" / f"{sample.letter}.{language}.md").is_file()


def test_the_sample_call_explains_each_key_of_an_audience() -> None:
    text = (ROOT / "templates/calls/safe-passage.toml").read_text(encoding="utf-8")
    shown = set(re.findall(r"(?m)^(?:# )?(\w+) = ", text.partition("[audience]")[2].partition("[signatories]")[0]))
    assert shown == set(type(call().audience).__slots__)
    listing = set(re.findall(r"(?m)^(\w+) = ", text.partition("[signatories]")[2].partition("[[")[0]))
    assert listing == set(call().listing.table())


def test_the_sample_call_invites_everyone_of_the_contacts_but_the_press() -> None:
    audience = call().audience
    tags = {row["email"]: set(row["tags"].split(";")) for row in contacts()}
    invited = {who for who, has in tags.items() if has & {*audience.tags} and not has & {*audience.exclude_tags}}
    assert len(invited) == 70
    assert set(tags) - invited == {row["email"] for row in contacts() if "press" in row["tags"]}


def test_the_sample_contacts_come_from_sixty_organisations_in_four_languages() -> None:
    invited = [row for row in contacts() if "press" not in row["tags"]]
    assert len({name_key(row["organisation"]) for row in invited if row["organisation"]}) == 60
    assert {row["language"] for row in invited} == set(LANGUAGES)
    assert len([row for row in invited if not row["organisation"]]) == 4


def test_the_sample_contacts_are_without_fault() -> None:
    with (ROOT / "contacts/contacts.csv").open(encoding="utf-8", newline="") as file:
        header, *table = csv.reader(file)
    columns = map_header(header)
    rows = [parse_row(number, cells, columns) for number, cells in enumerate(table, 2)]
    good = [row for row in rows if isinstance(row, ContactRow)]
    assert good == rows
    assert columns.ignored == ()
    assert not [warning for row in good for warning in row.warnings]
    assert len({row.address.key for row in good}) == len(good)
    assert all(row.source and row.basis for row in good)
    assert all(row.time_zone or row.inferred_zone for row in good if row.country)


def test_no_two_organisations_of_the_sample_share_a_name() -> None:
    names: dict[str, str] = {}
    for row in contacts():
        for name in [row["organisation"], row["acronym"], *row["aliases"].split(";")]:
            if name:
                assert names.setdefault(name_key(name), row["organisation"]) == row["organisation"]
