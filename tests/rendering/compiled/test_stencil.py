"""What is compiled says what stock Jinja2 says, whatever the template and the values, and what of them is known."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jinja2.exceptions import UndefinedError

from outreach.domain.kinds import MessageKind
from outreach.rendering.compiled.quoting import unquoted
from outreach.rendering.content import Content
from outreach.rendering.grammar import check
from outreach.rendering.templates import EmptyWord, Template, compile_template
from tests.rendering.oracle import said_by_jinja
from tests.rendering.samples import bare, values

TEXTS = [
    "contact.name", "contact.given_name", "contact.role", "contact.custom.shoe", "letter.title", "call.organisers",
    "deadline.here", "sender.name",
]  # fmt: skip
FLAGS = ["letter.private", "deadline.differs", "signature.organisation"]
URLS = ["links.letter", "links.signature"]
LITERALS = ["x", "", "a b", "=", "From ", ".", "é", "من", " a ", "a\\n\\n\\nb", "<i>", "\\r", "F", "a\\t"]
WORDS = [
    "Hello",
    "From here",
    "From",
    "F",
    "rom",
    ".",
    "..",
    "=",
    "=3D",
    "a=b",
    "x " * 60,
    "é" * 40,
    "من هنا",
    "{",
    "<b>",
    "&amp;",
    "*bold*",
    "**b**",
    "`c`",
    "&#13;",
    "&#10;",
    "&#12;",
    " ",
    "  ",
    "-",
    "a  \nb",
    "—",
    "%}",
    "\\",
    "€" * 30,
]
CONTACT_VALUES = st.one_of(
    st.sampled_from(
        [
            "",
            "Idris",
            "From ",
            "From me",
            "F",
            "=",
            ".",
            "a=b",
            "<b>&\"'",
            "Zoë",
            "أمل",
            "a" * 39,
            "b" * 41,
            "c " * 60,
            "ü" * 80,
            "  ",
            "x\r\ny",
            "{{ x }}",
            None,
            "\u202ea",
            "-",
            "É=" * 40,
            "\ud800",
            "أ" * 90,
        ]
    ),
    st.text(max_size=50),
)


@cache
def literals() -> st.SearchStrategy[str]:
    return st.sampled_from(LITERALS).map(lambda text: f'"{text}"')


@cache
def said_texts() -> st.SearchStrategy[str]:
    plain = st.sampled_from([*TEXTS, "letter.asks|join(', ')", "letter.asks|first", "letter.asks|last"])
    filtered = st.tuples(
        plain, st.sampled_from(["upper", "lower", "capitalize", "trim", "truncate(9)", "truncate(2)"])
    )
    return st.one_of(
        plain,
        filtered.map("|".join),
        st.tuples(plain, literals()).map(lambda pair: f"{pair[0]}|default({pair[1]})"),
        st.tuples(plain, literals()).map(lambda pair: f"{pair[0]}|default({pair[1]})|upper"),
        st.sampled_from(["letter.asks|length", "contact.name|length", "7", '"a"', "letter.asks|join('\\n')"]),
    )


@cache
def conditions() -> st.SearchStrategy[str]:
    simple = st.one_of(
        st.sampled_from(
            [*TEXTS, *FLAGS, "letter.asks", "letter.asks|length > 1", "letter.asks|first", "letter.text"]
        ),
        st.tuples(st.sampled_from(TEXTS), st.sampled_from(["==", "!=", "in", "not in"]), literals()).map(" ".join),
        st.sampled_from(TEXTS).map(lambda name: f"{name} in ['Idris', 'x']"),
        st.sampled_from(TEXTS).map(lambda name: f"{name} in letter.asks"),
        st.tuples(st.sampled_from(TEXTS), st.sampled_from(TEXTS)).map(" == ".join),
    )
    return st.recursive(
        simple,
        lambda inner: st.one_of(
            inner.map(lambda one: f"not ({one})"),
            st.tuples(inner, st.sampled_from([" and ", " or "]), inner).map(lambda three: f"({''.join(three)})"),
        ),
        max_leaves=3,
    )


@cache
def inlines() -> st.SearchStrategy[str]:
    placed = said_texts().map(lambda text: f"{{{{ {text} }}}}")
    linked = st.tuples(st.sampled_from(["here", "{{ contact.name }}"]), st.sampled_from(URLS)).map(
        lambda two: f"[{two[0]}]({{{{ {two[1]} }}}})"
    )
    bare_link = st.sampled_from(URLS).map(lambda url: f"{{{{ {url} }}}}")
    simple = st.lists(st.one_of(st.sampled_from(WORDS), placed, placed, linked, bare_link), max_size=4)
    joined = st.tuples(st.sampled_from(["", " "]), simple).map(lambda two: two[0].join(two[1]))
    chosen = st.tuples(conditions(), joined, conditions(), joined, joined).map(
        lambda five: "{{% if {} %}}{}{{% elif {} %}}{}{{% else %}}{}{{% endif %}}".format(*five)
    )
    once = st.tuples(conditions(), joined).map(lambda two: f"{{% if {two[0]} %}}{two[1]}{{% endif %}}")
    looped = joined.map(lambda text: f"{{% for ask in letter.asks %}}{text}{{{{ ask }}}} {{% endfor %}}")
    return st.lists(st.one_of(joined, joined, chosen, once, looped), min_size=1, max_size=3).map("".join)


@cache
def blocks() -> st.SearchStrategy[str]:
    flat = st.one_of(
        inlines(),
        inlines().map(lambda text: f"> {text}"),
        inlines().map(lambda text: f"# {text}"),
        st.tuples(inlines(), inlines()).map(lambda two: f"- {two[0]}\n- {two[1]}"),
        st.tuples(inlines(), inlines()).map(lambda two: f"1. {two[0]}\n2. {two[1]}"),
        st.just("{{ letter.text }}"),
        st.just("---"),
    )
    several = st.lists(flat, min_size=1, max_size=2).map("\n\n".join)
    return st.one_of(
        several,
        st.tuples(conditions(), several, several).map(
            lambda three: "{{% if {} %}}\n{}\n{{% else %}}\n{}\n{{% endif %}}".format(*three)
        ),
        st.tuples(conditions(), inlines()).map(
            lambda two: f"1. one\n{{% if {two[0]} %}}\n2. {two[1]}\n{{% endif %}}\n3. z"
        ),
        inlines().map(lambda text: f"{{% for ask in letter.asks %}}\n3. {{{{ ask }}}} {text}\n{{% endfor %}}"),
        st.just("{% for page in call.background %}\n- [{{ page.title }}]({{ page.url }})\n{% endfor %}"),
    )


@st.composite
def situations(draw: Callable[..., Any]) -> tuple[str, str, dict[str, Any], frozenset[str]]:
    """A template, a language, values, and the groups of them that are known before."""
    body = draw(st.lists(blocks(), min_size=1, max_size=3).map("\n\n".join))
    subject = draw(st.one_of(st.just("Hello"), inlines().map(lambda text: " ".join(text.split()) or "x")))
    given = values(
        name=draw(CONTACT_VALUES), given_name=draw(CONTACT_VALUES), role=draw(CONTACT_VALUES),
        custom={"shoe": draw(CONTACT_VALUES)},
    )  # fmt: skip
    given["letter"]["title"] = draw(CONTACT_VALUES)
    given["letter"]["asks"] = draw(st.lists(CONTACT_VALUES, max_size=3))
    given["letter"]["text"] = draw(
        st.sampled_from(["", "a\n\n\n\nb", "# T\n\n- a\n- b", "From me\n\n=", "إلى", "&#13;x"])
    )
    given["letter"]["private"] = draw(st.booleans())
    given["deadline"]["differs"] = draw(st.booleans())
    if draw(st.integers(0, 9)) == 0:
        given["links"]["letter"] = draw(
            st.sampled_from(["javascript:x", "", "https://a.example/" + "x" * 90, "https://é.example/?a=1&b=2"])
        )
    if draw(st.integers(0, 9)) == 0:
        del given["letter"]["title"]
    known = frozenset(draw(st.sets(st.sampled_from(["call", "letter", "deadline", "sender", "links", "contact"]))))
    return bare(body, subject), draw(st.sampled_from(["en", "ar"])), given, known


def outcome(render: Callable[[], Content]) -> object:
    """What is rendered, or the error, as far as it does not depend on the order in which words are looked at."""
    try:
        return render()
    except EmptyWord as error:
        return EmptyWord, error.name
    except (ValueError, UndefinedError, AssertionError) as error:
        return type(error)


def filled(template: Template, given: Mapping[str, Any], known: frozenset[str]) -> Content:
    stencil = template.cut({name: group for name, group in given.items() if name in known})
    made = stencil.fill(given)
    for octets in (made.text, made.html):
        assert octets.isascii()
        assert b"\n" not in octets.replace(b"\r\n", b"")
        assert b"\r" not in octets.replace(b"\r\n", b"")
        assert max(map(len, octets.split(b"\r\n"))) <= 76
        assert not re.search(rb"[ \t]\r\n", octets)
        assert not re.search(rb"(\A|\n)From ", octets)
        assert not octets.endswith(b"=\r\n")
    return Content(made.subject, unquoted(made.text), unquoted(made.html))


@settings(max_examples=40, suppress_health_check=list(HealthCheck))  # a template takes long to draw and to cut
@given(situations())
def test_what_is_compiled_says_what_jinja_says(situation: tuple[str, str, dict[str, Any], frozenset[str]]) -> None:
    source, language, given_values, known = situation
    assume(not check(source, MessageKind.RECEIPT))
    template = compile_template(source, MessageKind.RECEIPT, language)
    expected = outcome(lambda: said_by_jinja(template, given_values))
    assert outcome(lambda: template.render(given_values)) == expected
    assert outcome(lambda: filled(template, given_values, known)) == expected
    assert outcome(lambda: filled(template, given_values, frozenset())) == expected
