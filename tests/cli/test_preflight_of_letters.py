"""The pre-flight of a letter to officials does not call ready what cannot leave."""

from tests.cli.conftest import Terminal
from tests.cli.delivering import signed_off


def test_the_preflight_says_that_the_list_is_not_signed_off(draft: Terminal) -> None:
    draft.does("officials", "import", draft.file("contacts/officials.csv"))
    draft.does("letters", "address", "safe-passage", "--post", "chile-geneva")
    said = " ".join(draft.does("letters", "preflight", "safe-passage").split())
    assert "1 would be ready, 0 held back. None can go yet: - safe-passage is draft:" in said


def test_the_preflight_says_that_the_letter_waits_for_a_second_person(draft: Terminal) -> None:
    signed_off(draft)
    draft.does("letters", "address", "safe-passage", "--post", "chile-geneva", "--post", "kenya-new-york")
    assert "1 can go, 1 held back." in draft.does("letters", "preflight", "safe-passage")
    draft.rewrites("config.toml", "second_person = false", "second_person = true")
    said = draft.does("letters", "preflight", "safe-passage")
    assert "None can go yet:" in said
    assert "second person" in said
    draft.does("--by", "Idris", "letters", "authorise", "safe-passage")
    assert "None can go yet" not in draft.does("letters", "preflight", "safe-passage")
