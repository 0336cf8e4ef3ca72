"""Whatever a stranger's mail holds: what is shown of it can do nothing, and leads nowhere."""

import time

import html5lib  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as some

from outreach.reading.safe_html import LONGEST, MOST_LINKS, safe_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=https://evil.example/x.png onerror=alert(1)>",
    "<svg/onload=alert(1)><a xlink:href=javascript:alert(1)>x</a></svg>",
    "<iframe src=https://evil.example></iframe><object data=x></object><embed src=x>",
    "<form action=https://evil.example><input name=password><button>Log in</button></form>",
    "<style>@import url(https://evil.example/x.css)</style>",
    "<link rel=stylesheet href=https://evil.example/x.css><base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<p style='background-image:url(https://evil.example/x);position:fixed;color:red' onclick=alert(1)>x</p>",
    "<div style=\"width: expression(alert(1)); background: url('//evil.example')\">x</div>",
    "<video src=x poster=y></video><audio src=x></audio><source src=x><picture></picture>",
    "<math><mtext></p><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<table background=https://evil.example/x><td background=https://evil.example/x>x</table>",
    "<a href='https://evil.example/' ping='https://evil.example/' target=_top>x</a>",
    "<template><img src=x></template><plaintext><b>x",
]
LOADS = {
    "src",
    "href",
    "action",
    "background",
    "poster",
    "data",
    "ping",
    "srcset",
    "target",
    "http-equiv",
    "xlink:href",
}


def dangers(html: str) -> list[str]:
    """What of it could load, run, send or lead somewhere, read as a browser reads it."""
    tree = html5lib.parse(f"<!doctype html><body>{html}", namespaceHTMLElements=False)
    found: list[str] = []
    for element in tree.iter():
        if element.tag in {
            "script",
            "img",
            "svg",
            "iframe",
            "form",
            "input",
            "style",
            "link",
            "base",
            "object",
            "video",
        }:
            found.append(element.tag)
        for name, value in element.attrib.items():
            if name in LOADS or name.startswith("on") or "url(" in value or "expression" in value:
                found.append(f"{element.tag} {name}={value}")
    return found


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_in_it_loads_runs_sends_or_leads_anywhere(html: str) -> None:
    assert dangers(safe_html([f"<p>Dear all</p>{html}"]).html) == []


@given(
    some.lists(some.sampled_from([*HOSTILE, "<p>", "</p>", "<!--", "-->", "<a title='", "'>", "\x00"]), max_size=6)
)
def test_however_it_is_put_together(pieces: list[str]) -> None:
    assert dangers(safe_html(["".join(pieces)]).html) == []


def test_the_words_and_how_they_look_stay() -> None:
    page = safe_html(["<p style='color: teal; position: fixed'>We <b>agree</b></p><ul><li>one</li></ul>"])
    assert "<b>agree</b>" in page.html
    assert "<li>one</li>" in page.html
    assert "color:teal" in page.html
    assert "position" not in page.html


def test_where_links_led_is_told_as_text() -> None:
    page = safe_html(["<a href='https://bank.example/log-in?x=1'>your bank</a> <a href='javascript:x'>y</a>"])
    assert page.links == ("https://bank.example/log-in?x=1",)
    assert "bank.example" not in page.html
    many = safe_html(["".join(f"<a href='https://a.example/{n}'>x</a>" for n in range(200))])
    assert len(many.links) == MOST_LINKS


def test_a_page_without_end_is_cut_and_read_in_time() -> None:
    began = time.perf_counter()
    page = safe_html(["<div><b>" * LONGEST])
    assert page.cut
    assert time.perf_counter() - began < 5
