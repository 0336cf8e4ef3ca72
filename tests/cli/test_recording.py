"""A letter from before goes on record, as Rosa types it."""

import json

from tests.cli.conftest import Terminal

LETTER = "templates/letters/safe-passage.en.md"
NAMES = "1. Harbour Lamp\n2. Quay House\n3. Casa del Muelle\n"


def records(rosa: Terminal, *more: str) -> tuple[str, ...]:
    rosa.file("signed.txt").write_text(NAMES, encoding="utf-8")
    names = str(rosa.file("signed.txt"))
    return ("letters", "record", str(rosa.file(LETTER)), "--signed-by", names, "--dated", "2016-10-13", *more)


def test_a_letter_from_before_is_recorded_and_followed_up(rosa: Terminal) -> None:
    said = rosa.does(*records(rosa, "--slug", "open-ports", "--organiser", "Red Marea Abierta"))
    assert "Recorded: open-ports of 2016-10-13, released. Edition 1: 3 organisations named." in said
    shown = rosa.does("calls", "show", "open-ports")
    assert "Release   2016-10-13 23:59 Europe/Brussels" in shown
    assert "No mailing." in shown
    rosa.does("letters", "follow-up", "open-ports", "--slug", "again", "--output", rosa.file("again"))
    rosa.does("calls", "create", rosa.file("again/again.toml"))
    assert "13 October 2016" in rosa.does("calls", "preview", "again", "--contact", known(rosa))
    assert json.loads(rosa.does("outbox", "list", "--json")) == []


def known(rosa: Terminal) -> str:
    """Somebody to be invited."""
    rosa.does("contacts", "import", rosa.file("contacts/contacts.csv"))
    return "wanjiru.kamau@harbourlamp.example"


def test_without_a_name_it_is_called_as_its_file_and_has_every_language_that_lies_beside_it(rosa: Terminal) -> None:
    done = json.loads(rosa.does(*records(rosa, "--json")))
    assert (done["letter"], done["signatures"]) == ("safe-passage", 3)
    rosa.does("calls", "export", "safe-passage", rosa.file("out"))
    letters = sorted(file.name for file in rosa.file("out").glob("letter.*.md"))
    assert letters == ["letter.ar.md", "letter.en.md", "letter.es.md", "letter.fr.md"]
    assert 'default_language = "en"' in rosa.file("out/safe-passage.toml").read_text(encoding="utf-8")


def test_officials_are_named_as_on_the_letter_and_whoever_is_not_is_told(rosa: Terminal) -> None:
    rosa.does("officials", "import", rosa.file("contacts/officials.csv"))
    words = records(rosa, "--official", "chile-geneva", "--official", "kenya-new-york=Ben Otieno, Envoy")
    assert "Say with --way" in rosa.is_refused(*words, code=2)
    said = rosa.does(*words, "--way", "hand")
    assert "Nobody is on record for chile-geneva that day" in said
    assert "kenya-new-york that day" not in said
    rosa.does("letters", "preview", "safe-passage", "kenya-new-york", "--output", rosa.file("kenya.txt"))
    text = rosa.file("kenya.txt").read_text(encoding="utf-8")
    assert "Ben Otieno\nEnvoy\n" in text
    assert "13 October 2016" in text
    assert "released to the office" in rosa.does("letters", "preflight", "safe-passage")
    assert "chile-geneva" not in rosa.does("correspondence", "overdue")


def test_a_private_letter_stays_in_confidence_until_it_is_published(rosa: Terminal) -> None:
    rosa.does("officials", "import", rosa.file("contacts/officials.csv"))
    words = records(rosa, "--official", "chile-geneva", "--way", "post")
    assert "goes with --private" in rosa.is_refused(*words, "--published", code=2)
    said = rosa.does(*words, "--private")
    assert "safe-passage of 2016-10-13, closed." in said
    assert "Published:" in rosa.does("letters", "publish", "safe-passage", "--yes")
    assert json.loads(rosa.does("outbox", "list", "--json")) == []


def test_files_that_cannot_be_read_as_a_letter_are_named(rosa: Terminal) -> None:
    words = records(rosa)
    plain = rosa.file("letter.md")
    plain.write_text("Excellency", encoding="utf-8")
    assert "letter.md must be named NAME.LANGUAGE.md" in rosa.is_refused(*swapped(words, str(plain)), code=2)
    gone = rosa.file("gone.en.md")
    assert "gone.en.md cannot be read" in rosa.is_refused(*swapped(words, str(gone)), code=2)
    gone.write_bytes(b"\xff\xfe\xff")
    assert "gone.en.md is not UTF-8 text" in rosa.is_refused(*swapped(words, str(gone)), code=2)
    gone.write_text("Excellency", encoding="utf-8")
    assert "gone.en.md: line 1" in rosa.is_refused(*swapped(words, str(gone)), code=2)


def swapped(words: tuple[str, ...], file: str) -> tuple[str, ...]:
    return (*words[:2], file, *words[3:])
