import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from outreach.rendering.content import single_line
from outreach.rendering.letters.escaping import escape_markdown
from tests.rendering.letters.samples import HOSTILE, THE_271

COMMONMARK = MarkdownIt("commonmark")


def read(markdown: str) -> str:
    """The text of a paragraph that holds nothing but text; "" for anything else."""
    tokens = COMMONMARK.parse(markdown)
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return ""
    pieces = tokens[1].children or []
    return "".join(piece.content for piece in pieces) if all(piece.type == "text" for piece in pieces) else ""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_read_as_it_was_written(name: str) -> None:
    assert read(escape_markdown(name)) == name
    assert read(f"We, {escape_markdown(name)} and others") == f"We, {name} and others"


def test_ordinary_names_stay_as_they_are() -> None:
    changed = [name for name in THE_271 if escape_markdown(name) != name]
    assert all("[" in name for name in changed)


@given(st.text(alphabet="a1 *_`[]()<>!&;#+-=.\\~|:/\"'", min_size=1, max_size=20))
def test_whatever_it_is_it_is_text(text: str) -> None:
    text = single_line(text)
    if text:
        assert read(escape_markdown(text)) == text
