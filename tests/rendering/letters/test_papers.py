"""A letter as it is delivered to one official: what stands above it, and what below."""

from datetime import date

import html5lib  # type: ignore[import-untyped]
import pytest

from outreach.domain.addressing import Addressed, CitedAnswer, EarlierLetter, Known
from outreach.rendering.letters.manuscript import manuscript
from outreach.rendering.letters.plain import to_markdown, to_text
from outreach.rendering.letters.references import references_of
from outreach.rendering.letters.web import to_html
from outreach.rendering.markdown import markdown_to_text
from tests.rendering.letters.samples import delivered, publication

ANSWER = CitedAnswer(date(2018, 6, 20), date(2018, 6, 25), "Vera Sol", "Your letter", "GVA/18/7")
EARLIER = EarlierLetter("Safe passage", "Member States", date(2018, 5, 1), 18)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ("Your letter of 20 June 2018, reference GVA/18/7", "Our letter of 1 May 2018")),
        ("fr", ("Votre lettre du 20 juin 2018, référence GVA/18/7", "Notre lettre du 1er mai 2018")),
        ("es-CL", ("Su carta del 20 de junio de 2018, referencia GVA/18/7", "Nuestra carta del 1 de mayo de 2018")),
        ("ar", ("رسالتكم المؤرخة 20 يونيو 2018، المرجع \u2068GVA/18/7\u2069", "رسالتنا المؤرخة 1 مايو 2018")),
        ("xx", ("Your letter of 20 June 2018, reference GVA/18/7", "Our letter of 1 May 2018")),
    ],
)
def test_reference_lines_are_in_the_letter_s_language(language: str, lines: tuple[str, ...]) -> None:
    assert references_of(Known(answer=ANSWER, earlier=EARLIER), language) == lines


def test_what_is_not_known_is_not_referred_to() -> None:
    bare = CitedAnswer(date(2018, 6, 20), date(2018, 6, 25))
    assert references_of(Known(), "en") == ()
    assert references_of(Known(earlier=EarlierLetter("T", "To", None, 1)), "en") == ()
    assert references_of(Known(answer=bare), "en") == ("Your letter of 20 June 2018",)


def test_all_that_a_delivered_letter_carries_stands_in_its_order_in_every_form() -> None:
    letter = delivered("Ada House")
    texts = (
        to_text(letter),
        markdown_to_text(to_markdown(letter)),
        "".join(html5lib.HTMLParser(strict=True).parse(to_html(letter)).itertext()),
    )
    carried = (
        "Lantern Coast Network",
        "12 Quay Street, 1000 Brussels, Belgium",
        "H.E. Ms Vera Sol",
        "SWITZERLAND",
        "2 March 2027",
        "Our reference: safe-passage/chl-gva",
        "Your letter of 20 June 2018",
        "Safe passage for people at sea",
        "Excellency,",
        "We ask you to",
        "Respectfully,",
        "Signed by 1 organisation.",
        "Ada House",
        "Copy: Ministry of Foreign Affairs",
        "Checksum",
    )
    for text in texts:
        places = [
            text.rfind(line) if line == "Ada House" else text.find(line, text.find("Lantern Coast"))
            for line in carried
        ]
        assert -1 not in places, carried[places.index(-1)]
        assert places == sorted(places)
        assert "To: Member States" not in text


@pytest.mark.parametrize(
    ("body", "above"),
    [
        ("We write.\n\nWith respect,", "Excellency, [dear] Vera,"),
        ("**Excellency, \\[dear\\] Vera,**\n\nWe write.", ""),
        ("Excellencies,\n\nWe write.", ""),
        ("We write about two matters:\n\n- one", "Excellency, [dear] Vera,"),
        ("أصحاب السعادة،\n\nWe write.", ""),
    ],
)
def test_a_letter_that_greets_somebody_itself_is_not_given_a_second_salutation(body: str, above: str) -> None:
    official = Addressed(post="p", language="en", salutation="Excellency, [dear] Vera,")
    paper = manuscript(publication("Ada House", addressed=official, body=body)).paper
    assert paper is not None
    assert paper.salutation == above


def test_a_letter_that_is_delivered_to_nobody_has_no_paper() -> None:
    assert manuscript(publication("Ada House")).paper is None


def test_whatever_an_official_is_called_is_text() -> None:
    name = "<b>*Vera*</b> [Sol](https://x.example) {{ x }}"
    letter = delivered("Ada House", lines=(name,))
    assert name in to_text(letter)
    assert name in markdown_to_text(to_markdown(letter))
    assert name in "".join(html5lib.HTMLParser(strict=True).parse(to_html(letter)).itertext())
