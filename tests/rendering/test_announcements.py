import io
import zipfile
from pathlib import Path
from typing import Any

import html5lib  # type: ignore[import-untyped]
import pytest

from outreach.domain.counts import Counts
from outreach.rendering.announcements import (
    WORDS,
    Announcement,
    announcement,
    announcement_values,
    check_announcement,
    kit_archive,
)
from outreach.rendering.templates import EmptyWord, TemplateError
from tests.rendering.letters.samples import HOSTILE, THE_271, publication

POSTS = Path(__file__).parents[2] / "templates" / "announcement"
LANGUAGES = ("ar", "en", "es", "fr")
FOOT = "\n\n{{ links.letter }}{% if embargo %} {{ release.here }}{% endif %}\n"


def post(language: str = "en") -> str:
    return (POSTS / f"post.{language}.md").read_text(encoding="utf-8")


def written(source: str, signatory: str = "Peace House", **fields: Any) -> Announcement:
    """The announcement of a signatory of the 271's letter."""
    letter = publication(*THE_271, **fields)
    return announcement(source, announcement_values(letter, signatory, release="2 March 2027"), letter.language)


def test_the_sample_posts_have_nothing_wrong_and_there_is_one_in_each_language() -> None:
    assert sorted(path.name for path in POSTS.iterdir()) == [f"post.{language}.md" for language in LANGUAGES]
    for language in LANGUAGES:
        assert check_announcement(post(language)) == []


def test_a_signatory_announces_the_letter_in_its_own_name() -> None:
    said = written(post())
    assert said.markdown == (
        "# Peace House joins an open letter: Safe passage for people at sea\n"
        "\n"
        "Peace House has joined more than 250 organisations in an open letter to Member States of the United"
        " Nations.\n"
        "\n"
        "What we ask together:\n"
        "\n"
        "- Rescue everyone.\n"
        "- Open safe ways.\n"
        "\n"
        "[Read the letter and see who has signed](https://sign.example/letters/safe-passage)\n"
        "\n"
        "The letter was organised by Lantern Coast Network and Red Marea Abierta."
        " Date of publication: 2 March 2027.\n"
    )
    assert "<li>Rescue everyone.</li>" in said.html
    assert '<a href="https://sign.example/letters/safe-passage">Read the letter' in said.html
    assert "see who has signed: https://sign.example/letters/safe-passage" in said.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_post_and_says_250(language: str) -> None:
    said = written(post(language), language=language)
    assert "250" in said.text
    html5lib.HTMLParser(strict=True).parse(said.html)
    assert f'lang="{language}"' in said.html
    assert "\n\n\n" not in said.markdown


def test_more_than_is_true_of_organisations_alone() -> None:
    counts = Counts(organisations=0, unnamed_organisations=31, unnamed_individuals=500)
    values = announcement_values(publication(counts=counts), "Ada")
    assert values["signatories"]["more_than_organisations"] == "30"
    assert values["signatories"]["more_than"] == "500"


def test_where_few_have_signed_no_round_number_is_said() -> None:
    letter = publication("Ada", "Bo")
    said = announcement(post(), announcement_values(letter, "Ada"), "en")
    assert "Ada has joined others in an open letter" in said.text


def test_before_release_a_post_says_until_when_it_must_wait() -> None:
    said = written(post(), embargo="Tuesday 2 March 2027 at 09:00 (Los Angeles)")
    for text in (said.markdown, said.html, said.text):
        assert "Not for publication before Tuesday 2 March 2027 at 09:00 (Los Angeles)" in text
    assert said.embargo == "Not for publication before Tuesday 2 March 2027 at 09:00 (Los Angeles)"
    assert written(post()).embargo == ""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_literal_in_every_form(name: str) -> None:
    source = "# {{ signatory.name }}\n\n{{ signatory.name }} has signed." + FOOT
    said = written(source, name)
    tree = html5lib.HTMLParser(strict=True).parse(said.html)
    heading = tree.find(".//{http://www.w3.org/1999/xhtml}h1")
    assert "".join(heading.itertext()) == name
    assert len(list(heading)) == 0
    assert f"{name} has signed." in said.text
    assert said.html.count("<a ") == 1


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("x\n{{ contact.email }}", 2, "there is no “contact.email” in an announcement"),
        ("{{ signatorys.all }}", 1, "Did you mean “signatories.all”?"),
        ("{{ signatories }}", 1, "is a group of names"),
        ("{% for x in signatories.all %}{% endfor %}", 1, "only through a list: letter.asks."),
        ("{{ embargo }}", 1, "only true or false"),
        ("{{ 7*7 }}", 1, "does not reckon"),
        ("{% include 'x' %}", 1, "not allowed"),
        ("a\x07b", 1, "invisible control character"),
        ("{{ ''.__class__ }}", 1, "only a plain dotted name"),
        ("no link\n{% if embargo %}x{% endif %}", 0, "{{ links.letter }} is missing"),
        ("{{ links.letter }}", 0, "{% if embargo %} is missing"),
        ("x" * 100_001, 0, "more than 100,000 characters"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(source: str, line: int, words: str) -> None:
    problems = check_announcement(source)
    assert any(problem.line == line and words in problem.sentence for problem in problems), problems
    with pytest.raises(TemplateError):
        written(source)


def test_an_empty_word_is_refused_instead_of_a_gap() -> None:
    with pytest.raises(EmptyWord, match="release"):
        announcement("{{ release.here }}" + FOOT, announcement_values(publication("Ada"), "Ada"), "en")


def test_a_link_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not an address"):
        written(post(), url="javascript:alert(1)")


def test_statements_keep_paragraphs_apart() -> None:
    source = "One {% if embargo %}two{% endif %}\n\nThree\n\n{% if workspace %}\nFour\n{% endif %}\n\nFive" + FOOT
    said = written(source, embargo="noon")
    assert said.markdown.startswith("One two\n\nThree\n\nFour\n\nFive\n\n")


def test_every_word_can_be_used() -> None:
    kinds = {"letter.asks": "{{ letter.asks|join(', ') }}", "embargo": "{% if embargo %}e{% endif %}"}
    source = "\n\n".join(kinds.get(name, f"{{{{ {name} }}}}") for name in WORDS)
    assert check_announcement(source) == []
    said = written(source, embargo="noon")
    assert "271" in said.text
    assert "\ne\n" in said.text


def test_a_kit_holds_every_post_in_three_forms_and_says_the_embargo() -> None:
    posts = [written(post(language), language=language, embargo="noon") for language in ("en", "fr")]
    kit = kit_archive("safe-passage", posts)
    with zipfile.ZipFile(io.BytesIO(kit)) as archive:
        assert archive.namelist() == [
            "README.txt",
            *(f"announcement.{language}.{ending}" for language in ("en", "fr") for ending in ("html", "md", "txt")),
        ]
        readme = archive.read("README.txt").decode()
        assert archive.read("announcement.fr.md").decode() == posts[1].markdown
    assert "Not for publication before noon" in readme
    assert "Ne pas publier avant" in readme
    assert kit == kit_archive("safe-passage", posts)


def test_a_kit_s_names_give_no_signatory_away() -> None:
    kit = kit_archive("safe-passage", [written(post(), "Canary House")])
    assert not any("Canary" in name for name in zipfile.ZipFile(io.BytesIO(kit)).namelist())
