import pytest

from outreach.rendering.markdown import markdown_to_html, markdown_to_text

LETTER = """\
# To the *member* States

We, the
undersigned, **call on** you
to act\\
now:

1. ratify `Convention 189`
2. fund
   - the office
   - the field

> Nobody is illegal.
>
> Nobody.

***

See [the text](https://un.example/t), [https://un.example](https://un.example) and <rosa@net.example>.

[Sign here](https://sign.example)

- one

- two
"""


def test_a_letter_reads_well_as_plain_text() -> None:
    assert markdown_to_text(LETTER) == (
        "To the *member* States\n\n"
        "We, the undersigned, *call on* you to act\nnow:\n\n"
        "1. ratify Convention 189\n2. fund\n   - the office\n   - the field\n\n"
        "> Nobody is illegal.\n>\n> Nobody.\n\n"
        "------------------------------\n\n"
        "See the text (https://un.example/t), https://un.example and rosa@net.example.\n\n"
        "Sign here: https://sign.example\n\n"
        "- one\n\n- two\n"
    )


def test_a_question_is_not_followed_by_a_colon() -> None:
    assert markdown_to_text("[Will you sign?](https://a.example)") == "Will you sign? https://a.example\n"


def test_a_list_keeps_the_number_it_begins_with() -> None:
    assert markdown_to_text("9. a\n10. b\n\n    more") == "9. a\n\n10. b\n\n    more\n"


def test_fences_are_set_off() -> None:
    assert markdown_to_text("```\na\n  b\n```") == "    a\n      b\n"


def test_an_indented_paragraph_is_a_paragraph() -> None:
    assert markdown_to_html("        We, the undersigned") == "<p>We, the undersigned</p>\n"


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](//evil.example)",
        "![a](https://evil.example/pixel.png)",
        "[a](vbscript:x)",
        "<javascript:alert(1)>",
        "[a](https://x.example \"' onmouseover='alert(1)\")",
    ],
)
def test_nothing_in_a_letter_can_run_or_load(attack: str) -> None:
    html = markdown_to_html(attack)
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html.lower()
    assert 'href="data' not in html
    assert 'href="//' not in html
    assert "' onmouse" not in html or "&" in html or "&#39;" in html or 'title="' in html


def test_control_characters_do_not_get_through() -> None:
    assert markdown_to_text("a\x00b\x02c\x03{\x04d\ud800 e\rf") == "abc{d e f\n"
    assert "\x0c" not in markdown_to_text("a &#12;\n")


def test_nothing_in_a_letter_turns_the_order_of_the_letters_after_it() -> None:
    for text in ("see \u202egpj.exe", "see &#8238;gpj.exe"):
        assert markdown_to_text(text) == "see gpj.exe\n"
        assert markdown_to_html(text) == "<p>see gpj.exe</p>\n"
