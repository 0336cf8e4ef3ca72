import pytest

from outreach.domain.kinds import MessageKind
from outreach.rendering.grammar import VOCABULARY, check, examine
from tests.rendering.samples import ASKING, FOOTER, bare, invitation

INVITATION, RECEIPT = MessageKind.INVITATION, MessageKind.RECEIPT


def sentences(body: str, kind: MessageKind = RECEIPT, subject: str = "Hello") -> str:
    return "\n".join(map(str, check(bare(body, subject), kind)))


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ lipsum.__globals__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ contact.__class__ }}",
        "{{ contact.custom.__class__ }}",
        "{{ contact.delete() }}",
        "{{ contact.secret }}",
        "{{ contact['name'] }}",
        "{{ 'x'|center(10**9)|length }}",
        "{{ '<b>'|safe }}",
        "{{ ''|attr('format') }}",
        "{{ '{0.__class__}'.format(contact) }}",
        "{{ contact|map(attribute='name') }}",
        "{{ 9**9**9 }}",
        "{{ 'a'*10**10 }}",
        "{{ 1 + 1 }}",
        "{{ -1 }}",
        "{{ 'a' ~ 'b' }}",
        "{{ 'a' if contact.name else 'b' }}",
        "{{ contact.name is defined }}",
        "{{ contact.name|truncate(10**9) }}",
        "{{ contact.name|default('a', boolean=True) }}",
        "{{ contact.name|upper(1) }}",
        "{{ none }}",
        "{{ [1, 2] }}",
        "{{ range(9) }}",
        r"{{ '\ud800' }}",
        r"{{ contact.name|default('\udfff') }}",
        r"{% if contact.name == '\ud800' %}a{% endif %}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% macro a() %}{{ a() }}{% endmacro %}",
        "{% set x = 1 %}",
        "{% set x %}a{% endset %}",
        "{% block a %}{% endblock %}",
        "{% raw %}{{ x }}{% endraw %}",
        "{% with a = 1 %}{% endwith %}",
        "{% filter upper %}a{% endfilter %}",
        "{% call x() %}{% endcall %}",
        "{% autoescape false %}a{% endautoescape %}",
        "{# a note #}",
        "{%- if contact.name -%}a{%- endif -%}",
        "{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}",
        "{% for a in letter.asks %}{% for b in letter.asks %}{{ b }}{% endfor %}{% endfor %}",
        "{% for a in letter.asks recursive %}{{ loop(a) }}{% endfor %}",
        "{% for a in letter.asks if a %}{{ a }}{% endfor %}",
        "{% for a in 'abc' %}{{ a }}{% endfor %}",
        "{% for contact in letter.asks %}{{ contact }}{% endfor %}",
        "{% for a, b in letter.asks %}{{ a }}{% endfor %}",
        "{% for a in letter.asks %}{{ loop.index }}{% endfor %}",
    ],
)
def test_what_is_not_in_the_grammar_is_refused_with_its_line(attack: str) -> None:
    problems = check(bare(f"Hello\n\n{attack}\n"), RECEIPT)
    assert problems
    assert {problem.line for problem in problems} == {6}


@pytest.mark.parametrize("huge", ["(" * 5000 + "1" + ")" * 5000, "9" * 5000, "not " * 5000 + "contact.name"])
def test_a_text_made_to_overwhelm_the_reader_is_refused(huge: str) -> None:
    assert "too deep or too large" in sentences("{{ " + huge + " }}")


@pytest.mark.parametrize(
    "harmless",
    [
        "{{ contact.name|default('friend')|upper }}",
        "{{ contact.custom.shoe_size }}",
        "{{ letter.asks|join(', ') }} {{ letter.asks|length }} {{ letter.asks|first }}",
        "{% if contact.country in ['FR', 'BE'] and not contact.role %}a{% elif contact.name == 'x' %}b{% endif %}",
        "{% if letter.asks|length > 2 or 'x' in contact.role %}a{% endif %}",
        "{% for page in call.background %}[{{ page.title }}]({{ page.url }}) {% endfor %}",
        "{{ contact.organisation|truncate(40)|trim|lower|capitalize }}",
        "Escaped \\{\\{ braces }} are only braces.",
    ],
)
def test_what_is_in_the_grammar_is_accepted(harmless: str) -> None:
    assert sentences(harmless) == ""


def test_a_misspelt_name_gets_the_name_that_was_meant() -> None:
    assert "line 5: there is no “contact.nmae”. Did you mean “contact.name”?" in sentences(
        "\nDear {{ contact.nmae }}"
    )


def test_a_misspelt_filter_gets_the_filter_that_was_meant() -> None:
    assert "Did you mean “upper”?" in sentences("{{ contact.name|uper }}")


def test_a_group_of_names_is_answered_with_its_names() -> None:
    assert "write one of: deadline.here, deadline.call, deadline.differs" in sentences("{{ deadline }}")


def test_a_name_that_another_kind_of_mail_has_is_said_to_be_of_that_kind() -> None:
    assert "only in: deadline-extended" in sentences("{{ previous_deadline.call }}")
    assert "only in: answer." in sentences("{{ answer.text }}")
    assert "does not exist in the invitation mail" in sentences("{{ signature.name }}", INVITATION)


def test_lists_flags_and_items_are_not_put_out_as_they_are() -> None:
    assert "this is a list" in sentences("{{ letter.asks }}")
    assert "only true or false" in sentences("{{ deadline.differs }}")
    assert "its title or its url" in sentences("{% for p in call.background %}{{ p }}{% endfor %}")
    assert "after the dot comes title or url" in sentences("{% for p in call.background %}{{ p.name }}{% endfor %}")


def test_broken_braces_are_told_with_their_line() -> None:
    assert sentences("a\n\n{{ contact.name }").startswith("line 6: this cannot be understood")
    assert sentences("{% if contact.name %}\n\nnever closed").startswith("line")
    assert "line 2: " in sentences("Hello", subject="{{ contact.nam }}")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("Hello", "line 1: the file must begin"),
        ("---\nsubject: a\nHello", "line 1: the file must begin"),
        ("---\n---\nHello", "line 1: the subject is missing"),
        ("---\nsubject:  \n---\nHello", "line 2: the subject is empty"),
        ("---\nsubject: a\nfrom: b\n---\nHello", "line 3: “from” is not known"),
        ("---\nsubject: a\nsubject: b\n---\nHello", "line 3: the subject is given twice"),
        ("---\nsubject: a\n---\n\n", "there is no text under the subject"),
        ("---\nsubject: a\n---\nHe\x07llo", "line 4: there is an invisible control character"),
        ("---\nsubject: a {{ links.letter }}\n---\nHello", "line 2: a link or a whole text cannot stand"),
        ("---\nsubject: a\n---\n" + "x" * 100_001, "more than 100,000 characters"),
    ],
)
def test_the_outer_form_is_checked(source: str, sentence: str) -> None:
    assert sentence in "\n".join(map(str, check(source, RECEIPT)))


def test_a_file_from_windows_is_as_good_as_any() -> None:
    assert check("\ufeff" + bare("Hello\r\n\r\nfriend").replace("\n", "\r\n").replace("\r\r", "\r"), RECEIPT) == []


def test_a_bulk_mail_must_show_the_way_out_and_the_postal_address() -> None:
    problems = sentences(f"Hello{ASKING}", INVITATION)
    assert "{{ links.opt_out }} is missing" in problems
    assert "{{ sender.postal_address }} is missing" in problems
    assert check(invitation("Hello"), INVITATION) == []


def test_the_way_out_must_not_depend_on_anything() -> None:
    body = ASKING + "\n\n{% if contact.name %}\n{{ links.opt_out }}\n{% endif %}\n\n{{ sender.postal_address }}"
    assert "{{ links.opt_out }} stands only where an “if” or “for” may leave it out" in sentences(body, INVITATION)
    body = body.replace("{% endif %}", "{% else %}\n{{ links.opt_out }}\n{% endif %}")
    assert sentences(body, INVITATION) == ""


def test_a_mail_that_asks_must_offer_a_link_to_sign_and_the_deadline() -> None:
    problems = sentences(f"Hello{FOOTER}", MessageKind.LAST_CALL)
    assert "{{ links.organisation }} is missing" in problems
    assert "{{ deadline.here }} is missing" in problems


def test_a_confirmation_must_hold_the_link_that_confirms() -> None:
    assert "{{ links.confirm }} is missing" in sentences("Hello", MessageKind.CONFIRMATION)
    assert sentences("[Confirm]({{ links.confirm }})", MessageKind.CONFIRMATION) == ""


def test_an_erratum_must_say_what_was_wrong() -> None:
    assert "{{ erratum.text }} is missing" in sentences(f"Hello{FOOTER}", MessageKind.ERRATUM)
    assert sentences(f"{{{{ erratum.text }}}}{FOOTER}", MessageKind.ERRATUM) == ""


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("http://net.example/a", "write https:// instead"),
        ("https://bit.ly/abc", "link shortener"),
        ("https://www.tinyurl.com/abc", "link shortener"),
        ("https://sign.example@evil.example/", "hides where it leads"),
        ("https://localhost/", "well-formed host"),
        ("https://a..example/", "well-formed host"),
        ("https://127.0.0.1/", "well-formed host"),
        ("https://-x.example/", "well-formed host"),
        ("https:///path", "well-formed host"),
        ("https://x.example:99999/", "not well formed"),
        ("javascript:alert(1)", "must begin with https:// or mailto:"),
        ("data:text/html,x", "must begin with https:// or mailto:"),
        ("//evil.example", "must begin with https:// or mailto:"),
        ("letters/1", "must begin with https:// or mailto:"),
        ("mailto:nobody", "well-formed mail address"),
        ("mailto:a@b.example,c@d.example", "well-formed mail address"),
    ],
)
def test_a_link_that_should_not_go_out_is_refused_with_its_line(link: str, sentence: str) -> None:
    problems = check(bare(f"Hello\n\nSee this and\nthen [the page]({link})."), RECEIPT)
    assert [problem.line for problem in problems] == [7]
    assert sentence in problems[0].sentence


@pytest.mark.parametrize(
    "link", ["https://net.example", "https://bücher.example/ü?a=b#c", "mailto:rosa@net.example?subject=Hello%20you"]
)
def test_a_good_link_is_accepted(link: str) -> None:
    assert sentences(f"[page]({link})") == ""


def test_a_bad_address_in_running_text_is_refused_because_mail_programs_make_links_of_it() -> None:
    assert "instead of http://" in sentences("See http://net.example/a.")
    assert "link shortener" in sentences("See https://bit.ly/a.")
    assert "instead of http://" in sentences("See <http://net.example/a>.")


@pytest.mark.parametrize(
    "link",
    [
        "[a]({{ contact.name }})",
        "[a](https://x.example/{{ contact.name }})",
        "[a]({{ links.letter }}?x=1)",
        "[a](mailto:{{ sender.email }})",
        "[a](<{{ contact.custom.page }}>)",
        "{% for p in call.background %}[a]({{ p.title }}){% endfor %}",
    ],
)
def test_only_a_link_word_may_be_the_address_of_a_link(link: str) -> None:
    assert "the address of a link must be one link word" in sentences(link)


def test_a_picture_is_refused() -> None:
    assert "pictures are not put into mails" in sentences("![a](https://net.example/a.png)")


def test_a_placeholder_where_nobody_would_see_it_is_refused() -> None:
    assert "cannot stand in this place" in sentences('[a](https://x.example "{{ contact.name }}")')
    assert "cannot stand in this place" in sentences("[{{ contact.name }}]: https://x.example\n\nHello")
    assert "cannot stand in this place" in sentences("```{{ contact.name }}\na\n```")
    assert "cannot stand inside code" in sentences("```\n{% if contact.name %}\na\n{% endif %}\n```")


@pytest.mark.parametrize(
    "torn",
    [
        "{% if contact.name %}one\ntwo{% endif %}",
        "a {% if contact.name %}\nb\n{% endif %}",
        "> {% if contact.name %}\n> b\n> {% endif %}",
        "{% if contact.name\n%}a{% endif %}",
        "{{ contact.name\n}}",
    ],
)
def test_a_statement_that_is_not_closed_on_its_line_needs_a_line_of_its_own(torn: str) -> None:
    assert "on this line" in sentences(torn) or "on one line" in sentences(torn)


@pytest.mark.parametrize(
    "torn",
    [
        "**bold {% if contact.name %}a** b{% endif %}",
        "**a {% if contact.name %}b** c **d{% endif %} e**",
        "[a {% if contact.name %}b](https://x.example) c{% endif %}",
        "- a\n  {% if contact.name %}\n- b\n  {% endif %}",
        "{% if contact.name %}\n> a\n>\n> b\n\n- c\n  {% endif %}\n",
    ],
)
def test_a_statement_must_not_tear_the_markdown_around_it(torn: str) -> None:
    assert "tears apart" in sentences(torn)


def test_a_whole_text_needs_a_line_of_its_own() -> None:
    assert "give it a line of its own" in sentences("The letter: {{ letter.text }}")
    assert "give it a line of its own" in sentences("- a\n\n  {{ letter.text }}")
    assert sentences("Before\n{{ letter.text }}\nafter") == ""


def required(body: str, subject: str = "Hello") -> frozenset[str]:
    return examine(bare(body, subject), RECEIPT).required


def test_a_name_that_nothing_guards_is_required() -> None:
    assert required("Dear {{ contact.name|upper }}", "For {{ contact.role }}") == {"contact.name", "contact.role"}
    assert required("{{ letter.asks|join(', ') }}") == {"letter.asks"}
    assert required("[a]({{ links.letter }})") == {"links.letter"}
    assert required("{{ contact.custom.shoe }}") == {"contact.custom.shoe"}


@pytest.mark.parametrize(
    "guarded",
    [
        "{{ contact.name|default('friend') }}",
        "{% if contact.name %}{{ contact.name }}{% endif %}",
        "{% if contact.name and contact.role %}{{ contact.name }}{% endif %}",
        "{% if not contact.name %}x{% else %}{{ contact.name }}{% endif %}",
        "{% if not contact.name or contact.role %}x{% else %}{{ contact.name }}{% endif %}",
        "{% if not contact.name %}x{% elif contact.role %}{{ contact.name }}{% else %}y{% endif %}",
        "{% if contact.name == 'Rosa' %}{{ contact.name }}{% endif %}",
        "{% for ask in letter.asks %}{{ ask }}{% endfor %}",
        "{{ letter.asks|length }}",
    ],
)
def test_a_name_that_is_tested_or_has_a_default_is_not_required(guarded: str) -> None:
    assert required(guarded) == frozenset()


@pytest.mark.parametrize(
    "unguarded",
    [
        "{% if contact.role %}{{ contact.name }}{% endif %}",
        "{% if contact.name %}x{% else %}{{ contact.name }}{% endif %}",
        "{% if contact.name or contact.role %}{{ contact.name }}{% endif %}",
        "{% if contact.name %}x{% endif %}{{ contact.name }}",
        "{% if contact.name != 'x' %}{{ contact.name }}{% endif %}",
    ],
)
def test_a_test_of_something_else_guards_nothing(unguarded: str) -> None:
    assert required(unguarded) == {"contact.name"}


def test_every_word_has_a_sentence() -> None:
    assert all(word.sentence.endswith(".") and word.sentence[0].isupper() for word in VOCABULARY.values())
