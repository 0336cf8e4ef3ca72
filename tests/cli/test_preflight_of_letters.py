"""What is said of a letter before it goes to officials, and as it goes, is so."""

from datetime import UTC, datetime

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


def test_one_official_is_one_and_what_is_due_first_is_that_the_letter_is_acknowledged(draft: Terminal) -> None:
    signed_off(draft)
    said = draft.does("letters", "address", "safe-passage", "--post", "lebanon-new-york")
    assert "addressed to 1 more official.\n" in said
    folder, today = draft.file("paper"), datetime.now(UTC).date().isoformat()
    said = draft.does("letters", "deliver", "safe-passage", "--output", folder, "--way", "hand", "--yes")
    assert "released to 1 official, 0 by mail and 1 on paper" in said
    delivered = ("letters", "delivered", "safe-passage", "lebanon-new-york", "--way", "hand", "--on", today)
    assert "; its acknowledgement is due by" in draft.does(*delivered)
