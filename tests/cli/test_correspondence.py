"""The exchange with officials, as Rosa types it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outreach.bootstrap import open_workspace
from outreach.store.documents import LARGEST
from tests.cli.arriving import HOSTILE, is_harmless
from tests.cli.conftest import Terminal
from tests.cli.corresponding import CHANGING, LOGS, READING, ago, typed, wrote
from tests.cli.test_json_and_dry_run import dump


@pytest.fixture
def written(rosa: Terminal) -> Terminal:
    """The letter went to two missions sixty days ago."""
    return wrote(rosa)


@pytest.fixture
def answered(written: Terminal) -> Terminal:
    """Chile has answered: answer 1, with file 1."""
    logs(written, "--letter", "safe-passage", "--scan", str(written.file("scan.pdf")))
    return written


def logs(rosa: Terminal, *more: str) -> str:
    return rosa.does(*typed(rosa, LOGS), "--summary", "They will look at it.", *more)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_what_only_looks_answers_in_json_too_and_changes_nothing(
    answered: Terminal, words: tuple[str, ...]
) -> None:
    before = dump(answered)
    answered.does(*typed(answered, words))
    assert isinstance(json.loads(answered.does(*typed(answered, words), "--json")), dict | list)
    assert dump(answered) == before


def test_a_dry_run_shows_the_same_and_changes_nothing(written: Terminal) -> None:
    for words in CHANGING:
        before = dump(written)
        dry = written.does(*typed(written, words), "--dry-run")
        assert json.loads(written.does(*typed(written, words), "--dry-run", "--json"))
        assert dump(written) == before, words
        assert written.does(*typed(written, words)) == dry
        assert dump(written) != before, words


def test_an_answer_is_logged_with_its_scan_and_stands_in_the_thread(written: Terminal) -> None:
    said = logs(written, "--letter", "safe-passage", "--scan", str(written.file("scan.pdf")), "--reference", "N/14")
    assert "safe-passage is answered with chile-geneva now." in said
    thread = json.loads(written.does("correspondence", "thread", "chile-geneva", "--json"))
    assert [(line["direction"], line["what"], line["letter"]) for line in thread] == [
        ("out", "private letter", "safe-passage"),
        ("in", "answer", "safe-passage"),
    ]
    assert thread[1]["dated"] == ago(10)
    (file,) = thread[1]["documents"]
    written.does("correspondence", "save", str(file["id"]), "--output", written.file("back.pdf"))
    assert written.file("back.pdf").read_bytes() == written.file("scan.pdf").read_bytes()
    shown = written.does("correspondence", "thread", "--state", "CL", "--state", "Kenya")
    assert "From Vera Fuentes (chile-geneva)" in shown
    assert "reference N/14" in " ".join(shown.split())


def test_the_list_says_how_far_the_letter_has_come_with_each(answered: Terminal) -> None:
    found = json.loads(answered.does("correspondence", "list", "safe-passage", "--json"))
    assert found["counts"] == {"answered": 1, "overdue": 1}
    shown = answered.does("correspondence", "list", "safe-passage")
    assert "2 officials: 1 answered, 1 overdue." in shown
    only = json.loads(answered.does("correspondence", "list", "safe-passage", "--state-of", "overdue", "--json"))
    assert [line["post"] for line in only["officials"]] == ["kenya-geneva"]
    (letter,) = json.loads(answered.does("correspondence", "list", "--json"))["letters"]
    assert (letter["letter"], letter["officials"], letter["counts"]) == (
        "safe-passage",
        2,
        {"answered": 1, "overdue": 1},
    )


def test_what_is_overdue_is_listed_with_what_to_do(answered: Terminal) -> None:
    (line,) = json.loads(answered.does("correspondence", "overdue", "--json"))
    assert (line["post"], line["awaited"], line["step"]) == ("kenya-geneva", "acknowledgement", "enquire by mail")
    assert line["command"] == "outreach correspondence enquire safe-passage kenya-geneva"
    assert line["days"] > 20
    assert all(len(row) <= 80 for row in answered.does("correspondence", "overdue").splitlines())


def test_nothing_is_overdue_where_nothing_has_gone(rosa: Terminal) -> None:
    assert "Nothing is overdue." in rosa.does("correspondence", "overdue")
    assert "No letter is addressed to any official yet." in rosa.does("correspondence", "list")


def test_what_looks_wrong_is_asked_about_first(written: Terminal) -> None:
    early = ("correspondence", "log", "chile-geneva", "--dated", ago(70), "--from", "Vera Fuentes")
    words = (*early, "--letter", "safe-passage", "--summary", "No.")
    before = dump(written)
    said = written.is_refused(*words)
    assert f"dated {ago(70)}" in said
    assert "If all is as you say, add --yes." in said
    assert dump(written) == before
    assert "Logged as answer 1." in written.does(*words, "--yes")


def test_the_same_scan_or_day_is_asked_about(answered: Terminal) -> None:
    again = typed(answered, (*LOGS, "--letter", "safe-passage"))
    assert "Answer 1 has the same file" in answered.is_refused(*again, "--scan", answered.file("scan.pdf"))
    assert "Answer 1 of that office has the same date" in answered.is_refused(*again, "--summary", "They will not.")


def test_an_answer_to_no_known_letter_is_counted_until_somebody_says(written: Terminal) -> None:
    assert "correspondence correct 1 --letter LETTER" in logs(written)
    assert "Answers to a letter that nobody knows: 1" in written.does("correspondence", "list")
    said = written.does("correspondence", "correct", "1", "--letter", "safe-passage")
    assert "safe-passage is answered with chile-geneva now." in said
    assert json.loads(written.does("correspondence", "list", "--json"))["unplaced"] == 0
    moved = written.does("correspondence", "correct", "1", "--letter", "safe-passage", "--post", "kenya-geneva")
    assert "safe-passage is answered with kenya-geneva now." in moved
    written.does("correspondence", "correct", "1", "--letter", "-")
    assert json.loads(written.does("correspondence", "list", "safe-passage", "--json"))["counts"] == {"overdue": 2}


def test_an_acknowledgement_gives_the_office_time_to_answer(written: Terminal) -> None:
    said = written.does("correspondence", "acknowledge", "safe-passage", "chile-geneva", "--reference", "N/14")
    assert "safe-passage is acknowledged with chile-geneva now; an answer is due by" in said
    found = json.loads(written.does("correspondence", "list", "--state-of", "acknowledged", "--json"))
    assert [line["reference"] for line in found["officials"]] == ["N/14"]


def test_a_letter_is_closed_and_opened_again(written: Terminal) -> None:
    written.does("correspondence", "close", "safe-passage", "chile-geneva", "--reason", "Settled in a meeting.")
    assert "Settled in a meeting." in written.does("correspondence", "list", "safe-passage")
    assert "is sent with chile-geneva again" in written.does(
        "correspondence", "reopen", "safe-passage", "chile-geneva"
    )


def test_what_was_logged_by_mistake_is_withdrawn_after_a_look(answered: Terminal) -> None:
    assert "This would delete answer 1 of chile-geneva" in answered.does("correspondence", "withdraw", "1")
    answered.does("correspondence", "withdraw", "1", "--yes")
    thread = json.loads(answered.does("correspondence", "thread", "chile-geneva", "--json"))
    assert [line["direction"] for line in thread] == ["out"]
    assert "There is no document 1." in answered.is_refused(
        "correspondence", "save", "1", "--output", answered.file("gone.pdf")
    )


def test_what_strangers_wrote_is_harmless_in_a_terminal(written: Terminal) -> None:
    said = written.does(
        *typed(written, LOGS[:-1]), HOSTILE, "--subject", HOSTILE, "--summary", HOSTILE, "--reference", HOSTILE
    )
    shown = written.does("correspondence", "thread", "chile-geneva")
    listed = written.does("correspondence", "show", "1", "--json")
    assert is_harmless(said)
    assert is_harmless(shown)
    assert is_harmless(listed)


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd", "résumé\u202efdp.exe", "CON", "=HYPERLINK.pdf", "{{7*7}}.pdf", "eicar.com", "a\nb.pdf"],
)
def test_a_file_gets_a_name_of_our_own_making(written: Terminal, name: str, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    file = folder / name.replace("/", "\\")
    file.write_bytes(b"MZ \x00")
    logs(written, "--scan", str(file))
    (line,) = [
        one
        for one in json.loads(written.does("correspondence", "thread", "chile-geneva", "--json"))
        if one["direction"] == "in"
    ]
    kept = line["documents"][0]["name"]
    assert not set(kept) & set('/\\\u202e\n"<>|?*')
    assert kept not in ("CON", "")


def test_a_file_that_is_none_or_too_large_is_refused(written: Terminal, tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as opened:
        opened.truncate(LARGEST + 1)
    for file, sentence in ((tmp_path, "is no file"), (tmp_path / "x", "is no file"), (large, "larger than 25 MB")):
        assert sentence in written.is_refused(*typed(written, LOGS), "--scan", file, code=2)


def test_a_file_that_is_there_is_not_written_over(answered: Terminal) -> None:
    there = answered.file("scan.pdf")
    assert "is there already" in answered.is_refused("correspondence", "save", "1", "--output", there)
    answered.does("correspondence", "save", "1", "--output", there, "--replace")


@pytest.mark.parametrize(
    ("words", "sentence", "code"),
    [
        (("thread",), "Say whose: name the post", 2),
        (("thread", "chile-genewa"), "Did you mean chile-geneva?", 1),
        (("thread", "--state", "Atlantis"), "'Atlantis' is no State that is known", 2),
        (("list", "safe-pasage"), "Did you mean safe-passage?", 1),
        (("list", "--state-of", "lost"), "'lost' is not one of 'to-send'", 2),
        (("show", "7"), "There is no answer 7", 1),
        (("show", "99999999999999999999"), "Invalid value", 2),
        (("save", "7", "--output", "x"), "There is no document 7.", 1),
        (("correct", "1"), "There is no answer 1", 1),
        (("acknowledge", "safe-passage", "chile-geneva"), "Give the office's number", 2),
        (("acknowledge", "safe-passage", "peru-geneva"), "There is no post 'peru-geneva'", 1),
        (("close", "safe-passage", "chile-geneva", "--reason", " "), "Say why it is closed", 2),
        (("reopen", "safe-passage", "chile-geneva"), "It is not closed: it is sent", 1),
        (("log", "chile-geneva", "--dated", "17 May", "--from", "Vera"), "'17 May' does not match", 2),
        (("log", "chile-geneva", "--dated", "2099-01-01", "--from", "V", "--summary", "x"), "not been written", 2),
        (("log", "chile-geneva", "--dated", "0001-01-01", "--from", "V", "--summary", "x"), "cannot be", 2),
        (("log", "chile-geneva", "--dated", "2018-05-17", "--from", " ", "--summary", "x"), "Say who signed it", 2),
        (("log", "chile-geneva", "--dated", "2018-05-17", "--from", "V"), "Say in a summary", 2),
        (("log", "chile-geneva", "--dated", "2018-05-17", "--from", "V", "--summary", "x" * 20_001), "at most", 2),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else None,
)
def test_what_is_typed_wrongly_gets_a_sentence_and_changes_nothing(
    written: Terminal, words: tuple[str, ...], sentence: str, code: int
) -> None:
    before = dump(written)
    assert sentence in " ".join(written.is_refused("correspondence", *words, code=code).split())
    assert dump(written) == before


def test_a_correction_of_nothing_is_refused(answered: Terminal) -> None:
    assert "Say what is different." in answered.is_refused("correspondence", "correct", "1", code=2)
    said = answered.is_refused("correspondence", "correct", "1", "--post", "kenya-geneva", code=2)
    assert "Say with --letter" in said


def test_a_letter_on_paper_that_nobody_noted_as_delivered_stands_in_the_thread_as_released(rosa: Terminal) -> None:
    from sqlmodel import delete

    from outreach.store.tables import Delivery
    from tests.exchange import Exchange

    opened = open_workspace(rosa.folder)
    with opened.database.changing() as session:
        Exchange.begun(session, opened.house, datetime.now(UTC) - timedelta(days=3))
        session.exec(delete(Delivery))
    opened.database.close()
    (line,) = json.loads(rosa.does("correspondence", "thread", "chile-geneva", "--json"))
    assert (line["state"], line["on"]) == ("released", ago(3))


def test_an_enquiry_is_drafted_and_goes_only_when_a_person_says_so(written: Terminal) -> None:
    words = ("correspondence", "enquire", "safe-passage", "chile-geneva")
    before = dump(written)
    draft = written.does(*words)
    assert "Excellency," in draft
    assert "To do it:  outreach correspondence enquire safe-passage chile-geneva --way mail --yes" in draft
    assert dump(written) == before
    assert "It is queued to mission-chl@geneva.example." in written.does(*words, "--yes")
    assert "give the office 5 working days" in written.is_refused(*words, "--yes")
    assert "enquiry" in written.does("outbox", "list")


def test_an_enquiry_on_paper_is_written_to_a_file(written: Terminal) -> None:
    words = ("correspondence", "enquire", "safe-passage", "chile-geneva", "--way", "post", "--yes")
    assert "say with --output FILE" in written.is_refused(*words, code=2)
    written.does(*words, "--output", written.file("enquiry.txt"))
    assert "Excellency," in written.file("enquiry.txt").read_text(encoding="utf-8")
    thread = json.loads(written.does("correspondence", "thread", "chile-geneva", "--json"))
    assert [(line["what"], line["way"]) for line in thread] == [("private letter", "mail"), ("enquiry", "post")]
