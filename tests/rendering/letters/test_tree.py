from outreach.ports.press import BlockKind, InlineKind
from outreach.rendering.letters.tree import letter_tree

TEXT, LINK = InlineKind.TEXT, InlineKind.LINK


def test_headings_begin_below_the_title_and_leave_no_level_out() -> None:
    blocks = letter_tree("### One\n\n### Beside\n\n###### Below\n\n# High\n\n## Below")
    assert [block.number for block in blocks] == [2, 2, 3, 2, 3]


def test_a_heading_without_words_is_left_out() -> None:
    assert letter_tree("##\n\n## **  **\n\nWords")[-1].kind is BlockKind.PARAGRAPH
    assert [block.kind for block in letter_tree("##\n\nWords")] == [BlockKind.PARAGRAPH]


def test_html_scripts_and_pictures_are_words_like_any_other() -> None:
    (block,) = letter_tree("<b>x</b> [y](javascript:z) ![p](https://p.example/p.png)")
    words = "".join(piece.text or "".join(inner.text for inner in piece.inside) for piece in block.line)
    assert words == "<b>x</b> [y](javascript:z) !p"
    assert [piece.url for piece in block.line if piece.kind is LINK] == ["https://p.example/p.png"]


def test_a_link_that_leads_nowhere_is_its_words_and_one_without_words_is_its_address() -> None:
    (block,) = letter_tree("[words]() and [](https://coast.example)")
    assert [(piece.kind, piece.text) for piece in block.line[:2]] == [(TEXT, "words"), (TEXT, " and ")]
    assert block.line[2].inside[0].text == "https://coast.example"


def test_a_list_keeps_its_first_number_and_what_is_in_its_items() -> None:
    (block,) = letter_tree("7. seven\n8. eight\n\n   - below")
    assert (block.kind, block.number) == (BlockKind.NUMBERS, 7)
    assert [inner.kind for inner in block.inside[1].inside] == [BlockKind.PARAGRAPH, BlockKind.BULLETS]
