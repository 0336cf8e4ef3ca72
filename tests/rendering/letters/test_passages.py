"""Letters with passages that depend on facts: what one official reads, and what everybody signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined
from markdown_it import MarkdownIt

from outreach.domain.addressing import Addressed, CitedAnswer, EarlierLetter, FactNow, Known
from outreach.domain.counts import Counts
from outreach.rendering.letters.filling import (
    check_letter,
    fill_letter,
    missing_in,
    needs_official,
    says_salutation,
)
from outreach.rendering.markdown import markdown_to_html, markdown_to_text

COUNTS = Counts(organisations=18)
EARLIER = EarlierLetter("Safe passage", "Member States", date(2016, 10, 3), 80, "https://sign.example/letters/a")
ANSWER = CitedAnswer(date(2018, 6, 20), date(2018, 6, 25), "Vera Sol", "Your letter", "GVA/18/7")

LETTER = """\
{{ official.salutation }}

We write to {{ official.form_of_address }}.
{% if facts.ratified %}
We commend the ratification of {{ facts.ratified.year }} by {{ official.state }}.
{% elif facts.signed %}
{{ official.state }} signed on {{ facts.signed.date }}.
{% else %}
{{ official.state }} has {% if facts.observer %}already{% else %}not{% endif %} joined.
{% endif %}

- We ask for safe ways.
{% if not facts.ratified %}
- We ask you to ratify.
{% endif %}
- We ask for an answer.

{{ signatories.all }} organisations
"""


def official(*, facts: Mapping[str, FactNow] | None = None, **fields: Any) -> Addressed:
    """The ambassador of Chile, unless the test says otherwise."""
    given: dict[str, Any] = {
        "post": "chl-gva",
        "language": "en",
        "holder_id": 1,
        "name": "Vera Sol",
        "title": "Ambassador",
        "form_of_address": "Her Excellency Ms Vera Sol",
        "salutation": "Excellency,",
        "office": "Permanent Mission of Chile",
        "institution": "United Nations, Geneva",
        "state": "CL",
        "state_name": "Chile",
    }
    return Addressed(**given | fields, facts=facts or {})


def since(year: int, value: str = "yes") -> FactNow:
    return FactNow(value, date(year, 6, 1))


def text(body: str, known: Known | None = None, language: str = "en") -> str:
    """The letter as plain text in one line, without the stars of italics."""
    return " ".join(markdown_to_text(fill_letter(body, COUNTS, language, known)).replace("*", "").split())


def test_each_official_reads_the_passages_that_are_about_its_state() -> None:
    ratified = Known(official(facts={"ratified": since(2005)}))
    unknown_to_law = Known(
        official(facts={"ratified": since(2015, "no"), "signed": since(2015, "no"), "observer": since(2015, "no")})
    )
    assert text(LETTER, ratified) == (
        "Excellency, We write to Her Excellency Ms Vera Sol. We commend the ratification of 2005 by Chile."
        " - We ask for safe ways. - We ask for an answer. 18 organisations"
    )
    assert "Chile has not joined. - We ask for safe ways. - We ask you to ratify." in text(LETTER, unknown_to_law)


def test_the_general_text_shows_every_passage_with_its_condition() -> None:
    assert text(LETTER) == (
        "[salutation] We write to [form of address]. [Only where: ratified] We commend the ratification of"
        " [year: ratified] by [State]. [Otherwise, where: signed] [State] signed on [date: signed]. [Otherwise:]"
        " [State] has [Only where: observer – already] [Otherwise: not] joined. [In every letter:] - We ask for"
        " safe ways. [Only where: not ratified] - We ask you to ratify. [In every letter:] - We ask for an answer."
        " 18 organisations"
    )


def test_a_condition_of_the_general_text_is_an_italic_line_of_its_own_in_the_letter_s_language() -> None:
    html = markdown_to_html(fill_letter("{% if facts.has_ratified %}\nMerci.\n{% endif %}\n", COUNTS, "fr"))
    assert html == "<p><em>[Seulement si\N{NO-BREAK SPACE}: has ratified]</em></p>\n<p>Merci.</p>\n"


def test_after_a_passage_within_a_passage_the_general_text_says_which_one_goes_on() -> None:
    body = (
        "{% if facts.a %}\nOne.\n{% if facts.b and official.state != 'Peru' %}\nTwo.\n{% endif %}\nThree.\n"
        "{% endif %}\n"
    )
    assert text(body) == (
        "[Only where: a] One. [Only where: b and State is not “Peru”] Two. [Only where: a] Three."
    )


def test_what_does_not_depend_on_the_official_is_decided_in_the_general_text_too() -> None:
    body = "{% if earlier.date %}\nAs on {{ earlier.date }}.\n{% else %}\nFor the first time.\n{% endif %}\n"
    assert text(body) == "For the first time."
    assert text(body, Known(earlier=EARLIER)) == "As on 3 October 2016."


def test_the_earlier_letter_and_the_answer_are_cited_as_recorded() -> None:
    body = (
        "{{ earlier.count }} signed [{{ earlier.title }}]({{ earlier.link }}) to {{ earlier.addressee }}, and"
        " {{ answer.sender }} wrote “{{ answer.subject }}” on {{ answer.date }} ({{ answer.reference }})."
    )
    html = markdown_to_html(fill_letter(body, COUNTS, "es", Known(earlier=EARLIER, answer=ANSWER)))
    assert html == (
        '<p>80 signed <a href="https://sign.example/letters/a">Safe passage</a> to Member States, and Vera Sol'
        " wrote “Your letter” on 20 de junio de 2018 (GVA/18/7).</p>\n"
    )
    assert text("By {{ earlier.count }} on {{ answer.date }}") == "By … on …"


def test_a_link_stands_alone_too() -> None:
    html = markdown_to_html(fill_letter("See {{ earlier.link }}.", COUNTS, "en", Known(earlier=EARLIER)))
    assert 'See <a href="https://sign.example/letters/a">https://sign.example/letters/a</a>.' in html


def test_a_number_among_the_facts_is_compared_as_it_was_recorded() -> None:
    known = Known(official(facts={"seats": since(2004, "5")}))
    body = (
        "{% if facts.seats == '5' %}five{% endif %} {% if facts.seats.year in ['2004', '2005'] %}early{% endif %}"
    )
    assert text(body, known) == "five early"


def test_a_fact_is_put_out_in_words_and_compared_as_recorded() -> None:
    known = Known(official(facts={"votes": since(2001, "abstained"), "joined": since(2002, "no")}, language="fr"))
    body = "{{ facts.votes|upper }} {{ facts.joined }} {% if facts.joined == 'no' %}jamais{% endif %}"
    assert text(body, known, "fr") == "ABSTAINED non jamais"


def test_missing_is_only_what_this_official_s_own_letter_reaches() -> None:
    assert missing_in(LETTER, Known(official(facts={"ratified": since(2005)}))) == []
    assert missing_in(LETTER, Known(official(facts={"ratified": since(2005, "no"), "signed": since(2006)}))) == []
    assert missing_in(LETTER, Known(official(facts={"ratified": since(2005, "no")}))) == [
        "“signed” is not recorded for Chile; record it, with its date.",
        "“observer” is not recorded for Chile; record it, with its date.",
    ]
    assert (
        missing_in("{% if facts.a and facts.b %}x{% endif %}", Known(official(facts={"a": since(1, "no")}))) == []
    )


def test_missing_words_are_said_once_each_in_sentences() -> None:
    body = (
        "{{ official.salutation }} {{ official.salutation }} {{ facts.a.date }} {{ earlier.title }}"
        " {{ answer.reference }} {{ answer.date }} {{ official.title|default('Ambassador') }}"
    )
    known = Known(official(salutation="", title="", facts={"a": since(2001, "no")}))
    assert missing_in(body, known) == [
        "“a” is “no” for Chile, so there is no day for {{ facts.a.date }}.",
        "The salutation of Vera Sol in the language of the letter (en) is not recorded.",
        "The letter cites an earlier one, and none is recorded that it follows.",
        "The letter cites an official's letter, and none is recorded that it answers.",
    ]
    assert missing_in(
        "{{ answer.reference }}", Known(answer=CitedAnswer(date(2018, 6, 20), date(2018, 6, 25)))
    ) == ["The official's letter has no reference number; log it, or leave the word out with an “if”."]


def test_a_letter_needs_an_official_if_it_says_anything_about_one() -> None:
    assert needs_official(LETTER)
    assert needs_official("{% if facts.a %}x{% endif %}")
    assert not needs_official("By {{ signatories.all }}, as on {{ earlier.date }}")


def test_whether_a_letter_greets_its_official_is_known_of_each_rendering() -> None:
    assert says_salutation(LETTER, Known(official()))
    assert not says_salutation("{% if facts.a %}{{ official.salutation }}{% endif %}", Known(official()))


HOSTILE = (
    "*Vera* [Sol](https://x.example)",
    "{{ facts.secret }} {% if x %}",
    "1. First",
    "- dash",
    "# head",
    "> quote",
    "<b>bold</b> &amp; `code` \\",
    ". dot",
    "===",
    "~~~",
    "[x]: https://x.example",
    "فيرا سول",
)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("body", ["{{ official.name }}", "Dear {{ official.name }}, you", "7{{ official.name }}"])
def test_a_name_is_printed_exactly_whatever_signs_it_holds(name: str, body: str) -> None:
    filled = fill_letter(body, COUNTS, "en", Known(official(name=name)))
    tokens = MarkdownIt("commonmark").parse(filled)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    said = "".join(child.content for child in tokens[1].children or [] if child.type == "text")
    assert said.replace("\u2068", "").replace("\u2069", "") == body.replace("{{ official.name }}", name)


# ---- stock Jinja2 as the oracle --------------------------------------------------------------------------------

FACTS = ("ratified", "signed", "observer", "reports")


@dataclass(frozen=True)
class Fact:
    """What stock Jinja2 is given for a fact."""

    words: str
    date: str
    year: str
    so: bool

    def __str__(self) -> str:
        return self.words

    def __bool__(self) -> bool:
        return self.so


PIECES = st.sampled_from(
    [
        "Text of the letter. ",
        "{{ official.name }} ",
        "{{ official.state|upper }} ",
        "{{ official.title|default('Ambassador') }} ",
        *(f"{{{{ facts.{name} }}}} " for name in FACTS),
        "{{ signatories.all }} ",
    ]
)
TESTS = st.recursive(
    st.sampled_from([*(f"facts.{name}" for name in FACTS), "official.title", "official.name|length > 5", "true"]),
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda all_: f"({' '.join(all_)})"),
    ),
    max_leaves=5,
)
INLINE = st.recursive(
    PIECES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.tuples(TESTS, inner, inner).map(lambda a: f"{{% if {a[0]} %}}{a[1]}{{% else %}}{a[2]}{{% endif %}}"),
    ),
    max_leaves=5,
)
BODIES = st.recursive(
    INLINE.map(lambda line: f"x {line}\n"),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.tuples(TESTS, inner, TESTS, inner, inner).map(
            lambda a: f"{{% if {a[0]} %}}\n{a[1]}{{% elif {a[2]} %}}\n{a[3]}{{% else %}}\n{a[4]}{{% endif %}}\n"
        ),
    ),
    max_leaves=5,
)
WORD = st.text(alphabet="abcdefgh XYZ", max_size=12).map(str.strip)
VALUE = st.sampled_from(["yes", "no", "abstained"])
RECORD = st.fixed_dictionaries({name: st.tuples(VALUE, st.dates(min_value=date(1950, 1, 1))) for name in FACTS})


@given(body=BODIES, name=WORD, title=WORD, record=RECORD)
def test_what_an_official_reads_is_what_stock_jinja2_makes_of_the_same_values(
    body: str, name: str, title: str, record: dict[str, tuple[str, date]]
) -> None:
    assert check_letter(body) == []
    facts = {word: FactNow(value, day) for word, (value, day) in record.items()}
    stock = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701  the oracle writes plain text
    stock.filters["default"] = lambda value, otherwise: value or otherwise
    said = stock.from_string(body).render(
        official={"name": name or "…", "state": "Chile", "title": title},
        facts={word: Fact(one.value, "", str(one.since.year), one.value != "no") for word, one in facts.items()},
        signatories={"all": "18"},
    )
    known = Known(official(name=name or "…", title=title, facts=facts))
    assert fill_letter(body, COUNTS, "en", known) == said


@given(body=BODIES, record=RECORD)
def test_no_other_official_s_facts_or_names_are_in_a_letter(body: str, record: dict[str, tuple[str, date]]) -> None:
    canaries = {word: FactNow("canary", day) for word, (_, day) in record.items()}
    other = Known(official(name="Canary Kanarie", title="canary", facts=canaries))
    own = Known(official(facts={word: FactNow(*one) for word, one in record.items()}))
    before = fill_letter(body, COUNTS, "en", own)
    fill_letter(body, COUNTS, "en", other)
    assert fill_letter(body, COUNTS, "en", own) == before
    assert "canary" not in (before + fill_letter(body, COUNTS, "en")).lower()
