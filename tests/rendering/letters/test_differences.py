"""What has changed between two drafts."""

from hypothesis import given
from hypothesis import strategies as st

from outreach.rendering.letters.differences import Change, Piece, differences

KEPT, GONE, NEW = Change


def test_only_paragraphs_that_differ_are_shown_word_by_word() -> None:
    before = "Excellency,\n\nWe thank you for your letter of 20 June.\n\nWith respect"
    after = "Excellency,\n\nWe thank you warmly for your letter of 21 June.\n\nWith respect"
    (changed,) = differences(before, after)
    assert [piece for piece in changed if piece.change is not KEPT] == [
        Piece(NEW, "warmly"),
        Piece(GONE, "20"),
        Piece(NEW, "21"),
    ]


def test_paragraphs_that_came_or_went_are_whole() -> None:
    assert differences("One.\n\nTwo.", "One.") == [(Piece(GONE, "Two."),)]
    assert differences("One.", "One.\n\nTwo.") == [(Piece(NEW, "Two."),)]
    assert differences("One.  \nTwo", "One. Two") == []


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=60))
def test_texts_that_read_alike_differ_in_nothing_and_others_in_something(before: str, after: str) -> None:
    alike = [part.split() for part in before.split("\n\n") if part.strip()] == [
        part.split() for part in after.split("\n\n") if part.strip()
    ]
    changed = differences(before, after)
    assert bool(changed) == bool(differences(after, before))
    assert not (alike and changed)
