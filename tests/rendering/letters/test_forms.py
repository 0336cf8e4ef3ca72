"""The same letter in each of its forms: what it says, and that it says the same."""

import csv
import io
import json
import re
from collections.abc import Callable

import html5lib  # type: ignore[import-untyped]
import pytest
from markdown_it import MarkdownIt
from wcwidth import wcswidth

from outreach.domain.formulas import unguard
from outreach.domain.signatures import SignatureKind
from outreach.rendering.letters.plain import to_markdown, to_text
from outreach.rendering.letters.sheets import to_csv, to_json
from outreach.rendering.letters.web import list_html, to_html
from outreach.rendering.publication import GroupHeading, Publication
from tests.rendering.letters.samples import HOSTILE, THE_271, WORLDWIDE, group, publication

HTML = "{http://www.w3.org/1999/xhtml}"
NAMES = (*THE_271, *WORLDWIDE, *HOSTILE)


def html_names(html: str) -> list[str]:
    """The names as a strict reader of HTML finds them."""
    tree = html5lib.HTMLParser(strict=True).parse(html)
    return ["".join(item.itertext()) for item in tree.iter(f"{HTML}bdi")]


def markdown_names(markdown: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse(markdown.rpartition("\n## Signatories\n")[2])
    lines = (token.children or [] for token in tokens if token.type == "inline" and token.level > 1)
    return ["".join(piece.content for piece in line) for line in lines]


def csv_rows(letter: Publication) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(letter).decode("utf-8-sig"), newline="")))


def test_every_form_holds_the_same_names_byte_for_byte() -> None:
    letter = publication(*NAMES)
    assert html_names(to_html(letter)) == list(NAMES)
    assert markdown_names(to_markdown(letter)) == list(NAMES)
    assert [unguard(row["name"]) for row in csv_rows(letter)] == list(NAMES)
    assert [entry["name"] for entry in json.loads(to_json(letter))["signatories"]] == list(NAMES)
    lines = to_text(letter).splitlines()[-len(NAMES) :]
    assert [line.strip().partition(" ")[2] for line in lines] == list(NAMES)


def test_every_form_says_the_number_that_it_lists() -> None:
    letter = publication(*THE_271)
    for text in (to_html(letter), to_markdown(letter), to_text(letter)):
        assert "Signed by 271 organisations." in text
    assert json.loads(to_json(letter))["counts"]["named"] == 271
    assert len(csv_rows(letter)) == 271


def test_no_spreadsheet_computes_a_name() -> None:
    letter = publication(*HOSTILE)
    assert not [row["name"] for row in csv_rows(letter) if re.match(r"\s*[=+\-@＝]", row["name"])]


def test_a_page_stands_alone_and_nothing_in_it_is_a_script() -> None:
    html = to_html(publication(*HOSTILE, title="<script>alert(1)</script>", addressee='"><img src=x onerror=a()>'))
    tree = html5lib.HTMLParser(strict=True).parse(html)
    tags = {node.tag.removeprefix(HTML) for node in tree.iter() if isinstance(node.tag, str)}
    assert not tags & {"script", "img", "link", "iframe", "object", "svg"}
    assert not re.search(r"url\(|@import|<link|src=", html.partition("</style>")[0])
    assert not [key for node in tree.iter() for key in node.attrib if str(key).startswith("on")]


def test_a_page_says_its_language_and_side() -> None:
    assert '<html lang="ar" dir="rtl">' in to_html(publication("Ada", language="ar"))
    assert '<html lang="en" dir="ltr">' in to_html(publication("Ada"))


def test_what_we_say_in_english_around_another_language_is_marked_as_english() -> None:
    html = to_html(publication("Ada", language="sw"))
    assert '<p lang="en" dir="ltr">To: Member States' in html
    assert 'lang="en"' not in to_html(publication("Ada", language="en-GB")).partition("<body>")[2]


def test_headings_of_a_page_go_down_one_level_at_a_time() -> None:
    body = "# Top\n\n#### Deep\n\n## Middle"
    found = re.findall(r"<h(\d)", to_html(publication("Ada", body=body)))
    assert found == ["1", "2", "3", "3", "2"]


def test_what_is_not_released_is_marked_even_while_nobody_knows_when_it_will_be() -> None:
    letter = publication("Ada", unreleased=True)
    for text in (to_html(letter), to_markdown(letter), to_text(letter)):
        assert "Not for publication yet" in text
    released = publication("Ada")
    assert not any("Not for publication" in form(released) for form in (to_html, to_markdown, to_text))


def test_a_draft_and_an_embargo_are_marked_in_every_form() -> None:
    letter = publication("Ada", edition=0, embargo="Tuesday at 9")
    marked = "Draft, not signed off · Not for publication before Tuesday at 9"
    for text in (to_html(letter), to_markdown(letter), to_text(letter)):
        assert marked in text
    assert "noindex" in to_html(letter)
    assert "noindex" not in to_html(publication("Ada"))
    assert json.loads(to_json(letter))["edition"] is None


def test_a_later_group_goes_on_counting_below_its_heading() -> None:
    individuals = group(["Di"], GroupHeading.INDIVIDUALS, SignatureKind.INDIVIDUAL, first=4)
    assert list_html([individuals], "en", numbered=True) == (
        '<h3>Individuals</h3>\n<ol class="names" start="4">\n<li><bdi>Di</bdi></li>\n</ol>\n'
    )


def test_countries_are_named_in_the_letter_s_language() -> None:
    groups = (group(["Ada"], GroupHeading.COUNTRY, country="KE"), group(["Bo"], GroupHeading.NO_COUNTRY, first=2))
    html = to_html(publication(groups=groups, language="fr"))
    assert "<h3>Kenya</h3>" in html
    assert "<h3>Sans indication de pays</h3>" in html
    assert "<h3>Deutschland</h3>" in list_html(
        [group(["Ada"], GroupHeading.COUNTRY, country="DE")], "de", numbered=True
    )


def test_affiliations_are_said_to_be_for_identification_only() -> None:
    person = (group(["Ada Lind, Harbour University"], kind=SignatureKind.INDIVIDUAL),)
    for form in (to_html, to_markdown, to_text):
        assert "for identification only" in form(publication(groups=person, affiliations=True))
        assert "for identification only" not in form(publication(groups=person))


def test_the_text_keeps_to_its_width_but_for_names() -> None:
    body = f"{'word ' * 40}\n\n1. {'item ' * 40}\n\n> {'quote ' * 40}\n\n{'长' * 20} {'长' * 30}"
    text = to_text(publication("A " * 99 + "Z", body=body))
    letter = text.partition("Signatories")[0]
    assert max(wcswidth(line) for line in letter.splitlines()) <= 76
    assert "\n   item" in letter
    assert "\n> quote" in letter
    assert "1. " + "A " * 99 + "Z\n" in text


def test_links_are_kept() -> None:
    letter = publication("Ada")
    assert '<a href="https://coast.example/log?a=1&amp;b=2">the log</a>' in to_html(letter)
    assert "[the log](https://coast.example/log?a=1&b=2)" in to_markdown(letter)
    assert "the log (https://coast.example/log?a=1&b=2)" in " ".join(to_text(letter).split())
    for text in (to_html(letter), to_markdown(letter), to_text(letter)):
        assert "https://sign.example/letters/safe-passage" in text
        assert "Edition 1 · 2 March 2027" in text


def test_a_list_without_numbers_is_a_list_all_the_same() -> None:
    letter = publication("Ada", "Bo", numbered=False)
    assert '<ul class="names">' in to_html(letter)
    assert to_markdown(letter).endswith("\n\n- Ada\n- Bo\n")
    assert to_text(letter).endswith("\n\n- Ada\n- Bo\n")


@pytest.mark.parametrize("form", [to_html, to_markdown, to_text, to_csv, to_json])
def test_nobody_signed_yet_is_no_error(form: Callable[[Publication], str | bytes]) -> None:
    assert form(publication())
