import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import MessageKind
from outreach.rendering.content import single_line
from outreach.rendering.templates import EmptyWord, TemplateError, compile_template
from tests.rendering.samples import bare, body_of, invitation, rendered, values

GREETING = "{% if contact.name %}Dear {{ contact.name }},{% else %}Dear friends,{% endif %}"
INERT = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "</title><script>alert(1)</script>",
    "{{7*7}}",
    "{{ contact.email }}",
    "{% for x in y %}",
    "{# note #}",
    "${7*7} <%= 7*7 %> #{7*7}",
    "*x* _y_ **z** `c`",
    "[x](javascript:alert(1))",
    "[x](https://evil.example)",
    "# not a heading",
    "1. not a list",
    "&lt;b&gt; &amp;",
    "O'Brien & Søns «Ж» 人权",
    '"; DROP TABLE contacts;--',
]


@pytest.mark.parametrize("value", INERT)
def test_a_value_lands_as_it_is_and_means_nothing(value: str) -> None:
    content = rendered(f"{GREETING}\n\n- {{{{ contact.name }}}}", "For {{ contact.name }}", name=value)
    assert content.subject == f"For {value}"
    assert content.text == f"Dear {value},\n\n- {value}\n"
    shown = body_of(content)
    assert re.sub(r"</?(p|bdi|ul|li)>", "", shown).count("<") == 0
    assert "<script" not in content.html
    assert "<svg" not in content.html


@given(st.text(min_size=1))
def test_a_value_never_adds_an_element(value: str) -> None:
    content = rendered(f"{GREETING}", "For {{ contact.name|default('x') }}", name=value)
    assert re.findall(r"<(?!/)([a-z]+)", body_of(content)) in (["p", "bdi"], ["p"])
    assert content.html.count("<title>") == 1


_NAME = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_BODY = (
    "Dear {{ contact.name|default('friend', true) }}: {% if contact.role %}{{ contact.role|upper }}"
    "{% elif contact.country == 'FR' %}French{% else %}none{% endif %}; "
    "{% for ask in letter.asks %}({{ ask|lower }}) {% endfor %}{{ letter.asks|join(', ') }} "
    "{{ letter.asks|length }}{% if 'a' in contact.name and not contact.role %}!{% endif %}."
)


@given(_NAME, _NAME, st.sampled_from(["", "FR", "DE"]), st.lists(_NAME, min_size=1, max_size=3))
def test_the_plain_text_says_what_stock_jinja_says(name: str, role: str, country: str, asks: list[str]) -> None:
    known = values(name=name, role=role, country=country)
    known["letter"]["asks"] = [*asks, "last"]
    clean = {"name": single_line(name), "role": single_line(role), "country": country}
    letter = {"asks": [text for text in map(single_line, known["letter"]["asks"]) if text]}
    expected = Environment(autoescape=False).from_string(_BODY).render(contact=clean, letter=letter)  # noqa: S701  text
    content = compile_template(bare(_BODY), MessageKind.RECEIPT, "en").render(known)
    isolates = re.compile("[\u2068\u2069]")
    assert isolates.sub("", content.text) == expected.strip("\n") + "\n"


def test_a_template_is_rendered_the_same_again() -> None:
    source = invitation(f"{GREETING}\n\n{{{{ letter.text }}}}")
    first, second = (compile_template(source, MessageKind.INVITATION, "en").render(values()) for _ in "ab")
    assert first == second


def test_problems_are_raised_together_with_their_lines() -> None:
    with pytest.raises(TemplateError) as error:
        compile_template(bare("{{ a.b }}\n\n{{ c.d() }}"), MessageKind.RECEIPT, "en")
    assert [problem.line for problem in error.value.problems] == [4, 6]
    assert isinstance(error.value, InvalidInput)
    assert error.value.reasons[0].startswith("line 4: ")


def test_an_empty_word_is_refused_instead_of_dear_comma() -> None:
    for empty in ("", None, "  ", "\u2028", "\u202e"):
        with pytest.raises(EmptyWord, match=re.escape("contact.name")) as error:
            rendered("Dear {{ contact.name }},", name=empty)
        assert error.value.name == "contact.name"
    assert rendered(GREETING, name="").text == "Dear friends,\n"


def test_all_empty_words_are_known_before_anything_is_sent() -> None:
    template = compile_template(bare("{{ contact.name }} {{ contact.custom.shoe }}"), MessageKind.RECEIPT, "en")
    assert template.empty_words(values(name="")) == ("contact.custom.shoe", "contact.name")


def test_a_subject_that_comes_out_empty_is_refused() -> None:
    with pytest.raises(EmptyWord):
        rendered("Hello", "{% if contact.role %}{{ contact.role }}{% endif %}")


def test_a_default_stands_in_for_an_empty_value() -> None:
    assert rendered("Dear {{ contact.name|default('friend') }}", name="").text == "Dear friend\n"


def test_a_word_that_was_not_given_is_a_defect_with_a_name() -> None:
    template = compile_template(bare("{{ letter.title }}"), MessageKind.RECEIPT, "en")
    with pytest.raises(ValueError, match=re.escape("letter.title")):
        template.render({"letter": {}})


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "https://a.example/ b", 'https://a"b'])
def test_a_link_that_is_no_link_is_refused(link: str) -> None:
    known = values()
    known["links"]["letter"] = link
    with pytest.raises(ValueError, match=re.escape("links.letter")):
        compile_template(bare("[a]({{ links.letter }})"), MessageKind.RECEIPT, "en").render(known)


@pytest.mark.parametrize("field", ["items", "copy", "keys", "get", "n"])
def test_a_field_of_ones_own_may_have_any_name(field: str) -> None:
    assert rendered(f"{{{{ contact.custom.{field} }}}}!", custom={field: "forty"}).text == "forty!\n"


def test_a_value_with_line_breaks_stays_on_its_line() -> None:
    content = rendered("Dear {{ contact.name }},", "For {{ contact.name }}", name="Org\r\nX: y\u2028z\x0b\x85!")
    assert content.subject == "For Org X: y z !"
    assert content.text == "Dear Org X: y z !,\n"


def test_a_for_around_one_item_gives_one_list() -> None:
    content = rendered("Asks:\n{% for ask in letter.asks %}\n- **{{ ask }}**\n{% endfor %}\n\nThanks")
    items = "".join(f"<li><strong><bdi>{ask}</bdi></strong></li>\n" for ask in ("Ratify", "Fund", "Report"))
    assert re.sub(r"\n+", "\n", body_of(content)) == f"<p>Asks:</p>\n<ul>\n{items}</ul>\n<p>Thanks</p>"
    assert content.text == "Asks:\n\n- *Ratify*\n- *Fund*\n- *Report*\n\nThanks\n"


def test_items_that_come_and_go_stay_in_one_numbered_list() -> None:
    body = "1. one\n{% if contact.role %}\n2. two\n{% endif %}\n"
    body += "{% for ask in letter.asks %}\n3. {{ ask }}\n{% endfor %}"
    assert rendered(body, role="").text == "1. one\n2. Ratify\n3. Fund\n4. Report\n"
    assert rendered(body, role="x").text == "1. one\n2. two\n3. Ratify\n4. Fund\n5. Report\n"
    assert body_of(rendered(body)).count("<ol") == 1


def test_nested_numbers_are_counted_apart() -> None:
    inner = "\n   {% for ask in letter.asks %}\n   1. {{ ask }}\n   {% endfor %}"
    assert rendered(f"1. one{inner}\n{{% if contact.name %}}\n2. two{inner}\n{{% endif %}}").text == (
        "1. one\n   1. Ratify\n   2. Fund\n   3. Report\n2. two\n   1. Ratify\n   2. Fund\n   3. Report\n"
    )


def test_statements_on_their_own_lines_leave_no_empty_paragraph() -> None:
    body = "One\n\n{% if contact.role %}\n\nTwo **{{ contact.role }}**\n\n{% else %}\n> Three\n{% endif %}\n\nFour"
    assert "<p></p>" not in body_of(rendered(body)).replace("\n", "")
    assert rendered(body, role="head").text == "One\n\nTwo *head*\n\nFour\n"
    assert rendered(body, role="").text == "One\n\n> Three\n\nFour\n"


def test_a_paragraph_that_is_left_out_leaves_nothing_behind() -> None:
    content = rendered(
        "One\n\n{% if contact.role %}Two{% endif %}\n\n## {% if contact.role %}x{% endif %}\nThree", role=""
    )
    assert re.sub(r"\s+", "", body_of(content)) == "<p>One</p><p>Three</p>"
    assert content.text == "One\n\nThree\n"


def test_a_statement_may_stand_in_a_list_item() -> None:
    body = "- one\n\n  {% if contact.role %}\n  more\n  {% endif %}\n- two"
    assert rendered(body, role="x").text == "- one\n\n  more\n\n- two\n"
    assert rendered(body, role="").text == "- one\n\n- two\n"


def test_a_bare_link_word_can_be_clicked() -> None:
    content = rendered("The letter: {{ links.letter }}.")
    assert '<a href="https://sign.example/letters/1">https://sign.example/letters/1</a>.' in body_of(content)
    assert content.text == "The letter: https://sign.example/letters/1.\n"


def test_links_keep_their_signs_in_both_parts() -> None:
    content = rendered("{% for page in call.background %}\n- [{{ page.title }}]({{ page.url }})\n{% endfor %}")
    assert '<a href="https://un.example/r?a=1&amp;b=2"><bdi>The resolution</bdi></a>' in body_of(content)
    assert content.text == "- The resolution: https://un.example/r?a=1&b=2\n"


def test_a_link_whose_text_is_its_address_is_written_once() -> None:
    content = rendered("See [{{ links.letter }}]({{ links.letter }}) and {{ links.letter }}")
    assert content.text == "See https://sign.example/letters/1 and https://sign.example/letters/1\n"


def test_a_link_alone_is_a_button_but_the_way_out_is_not() -> None:
    body = "[Read]({{ links.letter }})\n\n[Stop]({{ links.opt_out }})\n\nor [read]({{ links.letter }})"
    assert re.findall(r'class="button"[^>]*>(\w+)<', rendered(body).html) == ["Read"]


def test_braces_that_markdown_makes_are_only_braces() -> None:
    for body in (r"{\{ contact.email }}", "&#123;&#123; contact.email }}", "&lbrace;% if x %}", "`{\\%`{"):
        content = rendered(body)
        assert "idris@house.example" not in content.text
        assert "idris@house.example" not in content.html
    assert rendered(r"{\{ ''.lower() }}").text == "{{ ''.lower() }}\n"


def test_the_letter_is_markdown_but_never_a_template() -> None:
    known = values()
    known["letter"]["text"] = "# Title\n\n{{ contact.email }} {% if %} <script>x</script>\n\n- *a*\n- b"
    content = compile_template(bare("Before\n\n{{ letter.text }}\n\nafter"), MessageKind.RECEIPT, "en").render(
        known
    )
    title = "{{ contact.email }} {% if %} <script>x</script>"
    assert content.text == f"Before\n\nTitle\n\n{title}\n\n- *a*\n- b\n\nafter\n"
    assert "<em>a</em></li>" in body_of(content)
    assert "{{ contact.email }} {% if %} &lt;script&gt;" in body_of(content)


def test_the_page_says_its_language_and_direction() -> None:
    assert '<html lang="fr" dir="ltr">' in rendered("Bonjour", language="fr").html
    arabic = rendered("مرحبا\n\n> قول", language="ar").html
    assert '<html lang="ar" dir="rtl">' in arabic
    assert "border-right: 3px" in arabic
    assert "border-left: 3px" not in arabic
    with pytest.raises(ValueError, match="language tag"):
        rendered("x", language='en" onload="x')


def test_a_letter_in_another_language_keeps_its_own_direction() -> None:
    known = values()
    known["letter"]["text"] = "# إلى الدول\n\n- نحن"
    source = bare("Before\n\n{{ letter.text }}")
    shown = compile_template(source, MessageKind.RECEIPT, "en").render(known).html
    assert re.search(r'<div class="turned" dir="rtl" style="text-align: right;">\s*<h1', shown)
    assert 'dir="rtl"' not in rendered("Before\n\n{{ letter.text }}").html


def test_the_page_loads_nothing() -> None:
    html = compile_template(invitation("Hello"), MessageKind.INVITATION, "en").render(values()).html
    assert html.lower().startswith("<!doctype html>")
    assert '<meta charset="utf-8">' in html[:200]
    assert not re.search(r"<(img|link|script|iframe)|url\(|@import", html)
    assert 'name="color-scheme" content="light dark"' in html


@pytest.mark.parametrize(
    ("language", "name", "shown"),
    [
        ("en", "Amal", "Amal"),
        ("en", "أمل", "\u2068أمل\u2069"),
        ("he", "Amal", "\u2068Amal\u2069"),
        ("ar", "أمل", "أمل"),
        ("en", "a\u202eb", "ab"),
        ("fa", "2026", "2026"),
    ],
)
def test_a_name_that_runs_the_other_way_is_isolated(language: str, name: str, shown: str) -> None:
    content = rendered("{{ contact.name }}.", "{{ contact.name }}.", language=language, name=name)
    assert content.text == f"{shown}.\n"
    assert content.subject == f"{shown}."


@given(st.dictionaries(st.sampled_from(["name", "role", "country"]), st.text(max_size=20)))
def test_any_values_give_a_mail_or_a_reason(contact: dict[str, Any]) -> None:
    try:
        content = rendered("{{ contact.name }} {{ contact.role|default('-') }}", "{{ contact.country }}", **contact)
    except EmptyWord as error:
        assert error.name.startswith("contact.")  # noqa: PT017  either outcome is right, none other
    else:
        assert "\n" not in content.subject
        content.text.encode()
        content.html.encode()
