"""The HTML document around a mail's text: calm, readable, narrow, in light and dark, from either side."""

import html
from functools import cache

import css_inline

from outreach.rendering.content import direction

# One accent, the reader's own typeface. What must change in the dark stands in the @media rule, which stays in
# the document; everything else is written into the elements, because many mail programs drop style sheets.
_CSS = """
body { margin: 0; padding: 0; background: #f4f3ef; color: #23211d; }
.page { max-width: 38rem; margin: 0 auto; padding: 32px 24px; background: #ffffff; color: #23211d;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", Tahoma, sans-serif;
  font-size: 17px; line-height: 1.6; text-align: START; overflow-wrap: break-word; }
p { margin: 0 0 16px; }
h1 { margin: 0 0 16px; font-size: 24px; line-height: 1.25; font-weight: 650; }
h2 { margin: 28px 0 8px; font-size: 19px; line-height: 1.3; font-weight: 650; }
h3, h4, h5, h6 { margin: 24px 0 8px; font-size: 16px; font-weight: 650; }
ul, ol { margin: 0 0 16px; padding: 0; padding-START: 22px; }
li { margin: 0 0 6px; }
blockquote { margin: 0 0 16px; padding: 0; padding-START: 16px; border-START: 3px solid #c9c4b8; color: #57534a; }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .92em; }
pre { margin: 0 0 16px; padding: 12px 16px; background: #f4f3ef; white-space: pre-wrap; }
hr { margin: 32px 0 20px; border: 0; border-top: 1px solid #dedacf; }
a { color: #0b5c63; text-decoration: underline; }
a.button { display: inline-block; padding: 11px 22px; border-radius: 6px; background: #0b5c63;
  color: #ffffff; font-weight: 600; line-height: 1.3; text-decoration: none; }
.letter { margin: 24px 0; padding: 24px 24px 8px; border: 1px solid #dedacf; border-radius: 6px;
  background: #fbfaf7; }
.turned { text-align: START; }
.small { color: #6b665b; font-size: 14px; line-height: 1.5; }
"""
_DARK = """
@media (prefers-color-scheme: dark) {
  body { background: #161513 !important; }
  .page { background: #1f1e1b !important; color: #e9e6df !important; }
  a { color: #7fc9cf !important; }
  a.button { background: #1a7f88 !important; color: #ffffff !important; }
  blockquote, .turned { text-align: START; }
.small { color: #b0aa9d !important; }
  blockquote, hr, .letter { border-color: #45423b !important; }
  .letter, pre { background: #262521 !important; }
}
@media (max-width: 30rem) {
  .page { padding: 1.25rem 1rem !important; }
  .letter { padding: 1rem 1rem .25rem !important; }
}
"""
_DOCUMENT = """<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
<div class="page" lang="{lang}" dir="{dir}">
{body}</div>
</body>
</html>
"""


def document(body: str, language: str, title: str) -> str:
    """A whole HTML document around a fragment, its style written into the elements."""
    page = _DOCUMENT.format(
        lang=html.escape(language), dir=direction(language), title=title, css=_css(direction(language)), body=body
    )
    return str(_inliner().inline(page)).replace("</head>", f"<style>{_DARK}</style>\n</head>", 1)


def fragment(body: str, language: str, written: str | None) -> str:
    """A fragment that is put into such a document later, with the same style in its elements.

    ``written``: the direction of its own words, when it is in another language than the document.
    """
    if written in {None, direction(language)}:
        return str(_inliner().inline_fragment(body, _css(direction(language))))
    turned = f'<div dir="{written}" class="turned">{body}</div>'
    return str(_inliner().inline_fragment(turned, _css(written or "ltr")))


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)


def _css(written: str) -> str:
    """The style for one direction: mail programs do not know the sides that turn with the writing."""
    side = "right" if written == "rtl" else "left"
    return _CSS.replace("START", side)
