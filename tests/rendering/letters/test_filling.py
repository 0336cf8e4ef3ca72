import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.counts import Counts
from outreach.rendering.letters.filling import check_letter, fill_letter
from outreach.rendering.markdown import markdown_to_html
from outreach.rendering.templates import TemplateError

COUNTS = Counts(organisations=1255, individuals=12, unnamed_organisations=3)


def test_a_letter_s_figures_come_from_its_counts() -> None:
    body = (
        "{{ signatories.organisations }} {{signatories.individuals}} {{ signatories.named }}"
        " {{ signatories.all }} {{ signatories.more_than }}"
    )
    assert fill_letter(body, COUNTS, "en") == "1,255 12 1,267 1,270 1,250"


def test_figures_are_written_as_the_language_writes_numbers() -> None:
    assert fill_letter("Les {{ signatories.named }}", COUNTS, "fr") == "Les 1\u202f267"
    assert fill_letter("Die {{ signatories.named }}", COUNTS, "de-AT") == "Die 1.267"
    assert fill_letter("{{ signatories.named }}", COUNTS, "xx") == "1,267"


def test_before_sign_off_dots_stand_for_the_figures() -> None:
    assert fill_letter("The {{ signatories.named }} below", None, "en") == "The … below"


def test_more_than_stays_true_for_a_few() -> None:
    few = Counts(organisations=5)
    assert fill_letter("more than {{ signatories.more_than }}", few, "en") == "more than 4"
    assert fill_letter("more than {{ signatories.more_than }}", Counts(), "en") == "more than 0"


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("\n\n{{ contact.email }}", 3, "“contact.email” is not known in a letter"),
        ("{{ signatories.secret }}", 1, "Did you mean"),
        ("{{ signatories }}", 1, "group of names"),
        ("{{ facts }}", 1, "facts.NAME"),
        ("{{ facts.Ratified }}", 1, "facts.NAME"),
        ("{{ facts.ratified.month }}", 1, "facts.NAME"),
        ("{{ official.facts }}", 1, "not known in a letter"),
        ("{{ official.__class__ }}", 1, "not known in a letter"),
        ("{{ 7*7 }}", 1, "does not reckon"),
        ("{{ 9**9**9 }}", 1, "does not reckon"),
        ("{{ 'a'*10**10 }}", 1, "does not reckon"),
        ("{{ signatories['all'] }}", 1, "square brackets"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", 1, "nothing can be called"),
        ("{{ lipsum.__globals__ }}", 1, "not known in a letter"),
        ("{{ cycler.__init__.__globals__.os }}", 1, "not known in a letter"),
        ("{{ official.delete() }}", 1, "nothing can be called"),
        ("{{ 'x'|center(10**9)|length }}", 1, "there is no filter “center”"),
        ("{{ official.name|truncate(99999999) }}", 1, "up to 1000"),
        ("{{ '<b>'|safe }}", 1, "there is no filter “safe”"),
        ("{{ ''|attr('format') }}", 1, "there is no filter “attr”"),
        ("{{ '{0.__class__}'.format(official) }}", 1, "nothing can be called"),
        (
            "{% for a in facts %}{% for b in facts %}x{% endfor %}{% endfor %}",
            1,
            "“for” is not allowed in a letter",
        ),
        ("{% include '/etc/passwd' %}", 1, "“include” is not allowed in a letter"),
        ("{% import 'x' as y %}", 1, "“import” is not allowed"),
        ("x\n{% macro a() %}{{ a() }}{% endmacro %}", 2, "“macro” is not allowed"),
        ("{% set x = 1 %}", 1, "“set” is not allowed"),
        ("{% if facts.a %}\n{% include 'x' %}\n{% endif %}", 2, "“include” is not allowed"),
        ("{% if facts.a > 3 %}x{% endif %}", 1, "only numbers can be compared"),
        ("{% if facts.a == 5 %}x{% endif %}", 1, "write the number in quotation marks"),
        ("one\n{% if 2004 != facts.a.year %}x{% endif %}", 2, "write the number in quotation marks"),
        ("{% if facts.a in ['4', 5] %}x{% endif %}", 1, "write the number in quotation marks"),
        ("{% if facts.a|length in ['5'] %}x{% endif %}", 1, "only beside “length”"),
        ("{% if signatories.all == facts.a|length %}x{% endif %}", 1, "never the same as a number"),
        ("{% if facts.a == true %}x{% endif %}", 1, "write the name by itself"),
        ("{% if facts.a is defined %}x{% endif %}", 1, "“is” is not known"),
        ("one\n{% if facts.a %}two\nthree{% endif %}", 2, "close on this line"),
        ("**one {% if facts.a %}two** three{% endif %}", 1, "tears apart"),
        ("one `{{ official.name }}`", 1, "cannot stand inside code"),
        ("```\n{% if facts.a %}\nx\n{% endif %}\n```", 2, "cannot stand inside code"),
        ("[x]({{ official.name }})", 1, "the address of a link"),
        ('[x](https://a.example "{{ official.name }}")', 1, "cannot stand in this place"),
        ("{{ true }}", 1, "only true or false"),
        ("{{- official.name }}", 1, "without + or -"),
        ("x {# hidden #} y", 1, "comments"),
        ("{% raw %}{{ x }}{% endraw %}", 1, "comments and “raw”"),
        ("one\ntwo {{ three", 2, "cannot be understood"),
        ("{{" + "(" * 5000, 0, "too deep"),
    ],
)
def test_nothing_else_may_stand_between_braces(body: str, line: int, words: str) -> None:
    problems = check_letter(body)
    assert problems[0].line == line
    assert words in problems[0].sentence
    with pytest.raises(TemplateError):
        fill_letter(body, COUNTS, "en")


def test_braces_that_are_no_placeholder_stay() -> None:
    body = "A set {a, b} and } and { and ${x} and 100 % }} {\n"
    assert check_letter(body) == []
    assert fill_letter(body, COUNTS, "en") == body
    assert fill_letter(body + "{{ signatories.all }}\n", COUNTS, "en") == body + "1,270\n"


def test_a_figure_at_the_beginning_of_a_line_makes_no_list() -> None:
    filled = fill_letter("We are\n\n{{ signatories.individuals }}. No more.", COUNTS, "en")
    assert markdown_to_html(filled) == "<p>We are</p>\n<p>12. No more.</p>\n"


@given(st.text(max_size=80))
def test_a_text_without_placeholders_is_never_changed(text: str) -> None:
    if not any(sign in text for sign in ("{{", "{%", "{#")):
        assert fill_letter(text, COUNTS, "en") == text
