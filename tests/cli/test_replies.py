"""The desk for what came back, as Rosa types it; whatever strangers wrote, her terminal shows it and no more."""

import json
from pathlib import Path

import pytest

from outreach.bootstrap import open_workspace
from outreach.domain.call_files import SLUG_LENGTH
from outreach.domain.kinds import MessageKind
from outreach.store.tables import Message
from tests import inbound, make
from tests.cli.arriving import HOSTILE, WANJIRU, asks, is_harmless, receives
from tests.cli.conftest import Terminal
from tests.cli.test_json_and_dry_run import dump


@pytest.fixture
def asked(launched: Terminal) -> Terminal:
    """Wanjiru has asked something; it is reply 1."""
    assert asks(launched) == 1
    return launched


def test_nothing_waits_in_a_new_workspace(rosa: Terminal) -> None:
    assert "Nothing waits for a person." in rosa.does("replies", "list")
    assert json.loads(rosa.does("replies", "list", "--json")) == {"waiting": 0, "replies": []}


def test_what_waits_is_listed_and_shown(asked: Terminal) -> None:
    assert "question" in asked.does("replies", "list")
    (line,) = json.loads(asked.does("replies", "list", "--json"))["replies"]
    assert (line["id"], line["kind"], line["call"], line["contact"], line["matched_by"]) == (
        1,
        "question",
        "safe-passage",
        WANJIRU,
        "token",
    )
    shown = asked.does("replies", "show", "1")
    assert "Who signs the letter?" in shown
    page = json.loads(asked.does("replies", "show", "1", "--json"))
    assert (page["subject"], page["state"], page["text"]) == ("Re: Please sign", "waiting", "Who signs the letter?")


def test_the_list_is_narrowed_by_call_kind_and_state(asked: Terminal) -> None:
    asks(asked, "Unsubscribe", subject="No")

    def numbers(*words: str) -> list[int]:
        return [one["id"] for one in json.loads(asked.does("replies", "list", *words, "--json"))["replies"]]

    assert (numbers(), numbers("--done"), numbers("--all")) == ([1], [2], [2, 1])
    assert numbers("--all", "--kind", "opt-out") == [2]
    assert numbers("--all", "--call", "safe-passage", "--limit", "1") == [2]


def test_a_call_with_the_longest_name_is_listed_like_any_other(asked: Terminal) -> None:
    text = asked.file("templates/calls/safe-passage.toml").read_text(encoding="utf-8")
    slug = "a-very-long-name-for-a-call-typed-all-the-same"[:SLUG_LENGTH].rstrip("-")
    asked.file("long.toml").write_text(
        text.replace('"safe-passage"', f'"{slug}"').replace('"../letters/', '"templates/letters/'), encoding="utf-8"
    )
    asked.does("calls", "create", asked.file("long.toml"))
    asked.does("calls", "launch", slug, "--yes")
    asked.does("replies", "log", slug, WANJIRU, "question", "--text", "Who signs?")
    for shown in (asked.does("replies", "list"), asked.does("replies")):
        assert slug[:20] in shown
        assert all(len(line) <= 80 for line in shown.splitlines())


def test_the_source_is_shown_as_it_arrived(asked: Terminal) -> None:
    source = asked.does("replies", "show", "1", "--raw")
    assert "Subject: Re: Please sign\n" in source
    assert json.loads(asked.does("replies", "show", "1", "--raw", "--json"))["source"] == source.removesuffix("\n")


def test_what_was_logged_has_no_source(launched: Terminal) -> None:
    launched.does("replies", "log", "safe-passage", WANJIRU, "question", "--text", "Who signs?")
    assert "came by telephone; there is no mail to show" in launched.is_refused("replies", "show", "1", "--raw")


@pytest.fixture
def real(draft: Terminal) -> Terminal:
    """A workspace that sends for real, with the call launched and its invitations gone."""
    draft.rewrites("config.toml", 'transport = "files"', 'transport = "smtp"')
    draft.does("calls", "launch", "safe-passage", "--yes")
    opened = open_workspace(draft.folder)
    with opened.database.changing() as session:
        make.submitted(session, now=opened.clock.now())
    opened.database.close()
    return draft


def test_a_guess_is_one_word_to_accept(real: Terminal) -> None:
    stranger = inbound.written(
        "someone@harbourlamp.example", "Who signs?", subject="Safe passage for people at sea"
    )
    number = str(receives(real, stranger))
    page = json.loads(real.does("replies", "show", number, "--json"))
    assert page["call"] == ""
    first = page["guesses"][0]
    assert f"outreach replies place {number} --guess 1" in real.does("replies", "show", number)
    real.does("replies", "place", number, "--guess", "1")
    placed = json.loads(real.does("replies", "show", number, "--json"))
    assert (placed["call"], placed["contact"], placed["matched_by"]) == (first["call"], first["contact"], "person")
    assert placed["guesses"] == [], "what has its place needs no guess"
    assert "--guess" not in real.does("replies", "show", number)


def test_a_reply_is_placed_by_name_as_well(launched: Terminal) -> None:
    number = str(receives(launched, inbound.written("someone@elsewhere.example", "Who signs?", subject="Hello")))
    launched.does("replies", "place", number, "safe-passage", "--contact", WANJIRU)
    placed = json.loads(launched.does("replies", "show", number, "--json"))
    assert (placed["call"], placed["contact"]) == ("safe-passage", WANJIRU)


def test_a_correction_is_undone_by_another(asked: Terminal) -> None:
    asked.does("replies", "correct", "1", "opt-out")
    assert "opt-out" in asked.does("contacts", "show", WANJIRU)
    asked.does("replies", "correct", "1", "question")
    page = json.loads(asked.does("replies", "show", "1", "--json"))
    assert (page["kind"], page["first_kind"], len(page["effects"])) == ("question", "question", 1)
    assert page["effects"][0].endswith("(undone)")


def test_an_answer_is_written_on_the_line_in_a_file_or_at_the_keyboard(asked: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "answer.txt"
    file.write_text("From a file.", encoding="utf-8")
    said = asked.does("replies", "reply", "1", "--text", "On the line.")
    assert said == f"The answer to {WANJIRU} is queued; reply 1 is done.\n"
    asked.does("replies", "reply", "1", "--file", file)
    asked.does("replies", "reply", "1", "--text", "-", stdin="At the keyboard.\n")
    opened = open_workspace(asked.folder)
    with opened.database.reading() as session:
        answers = make.messages(session, Message.kind == MessageKind.ANSWER)
        assert [one.values["answer"]["text"] for one in answers] == [
            "On the line.",
            "From a file.",
            "At the keyboard.",
        ]
    opened.database.close()


def test_a_signature_that_a_reply_proposes_is_accepted_or_rejected(launched: Terminal) -> None:
    asks(launched, "Yes, please add us.")
    page = json.loads(launched.does("replies", "show", "1", "--json"))
    assert (page["kind"], page["effects"][0][:21]) == ("signs", "signature 1, proposed")
    said = launched.does("signatures", "accept", "1")
    assert "The mailbox is asked to confirm it." in said
    assert json.loads(launched.does("signatures", "list", "safe-passage", "--json"))[0]["state"] == "pending"
    launched.does("signatures", "reject", "1")
    assert "nothing to reject" in launched.is_refused("signatures", "reject", "1")


def test_several_replies_are_done_at_once_or_none_of_them(asked: Terminal) -> None:
    asks(asked, "And when?", subject="Re: when")
    before = dump(asked)
    assert "There is no reply 9;" in asked.is_refused("replies", "done", "1", "2", "9")
    assert dump(asked) == before
    assert json.loads(asked.does("replies", "done", "1", "2", "2", "--json")) == {"done": [1, 2]}
    assert json.loads(asked.does("replies", "list", "--json"))["waiting"] == 0


NOT_UNDERSTOOD = [
    ("replies show", "Missing argument 'NUMBER'."),
    ("replies show one", "should be a valid integer"),
    ("replies show 1.5", "should be a valid integer"),
    ("replies show -1", "No such option: -1"),
    ("replies list --kind nonsense", "'nonsense' is not one of 'bounce'"),
    ("replies list --limit 0", "'--limit'"),
    ("replies list --limit 99999999999999999999999", "'--limit'"),
    ("replies show 99999999999999999999999", "larger than any number here"),
    ("replies done 99999999999999999999999", "larger than any number here"),
    ("signatures reject 99999999999999999999999", "larger than any number here"),
    ("replies place 1", "Name the call, or accept a guess"),
    ("replies place 1 --contact " + WANJIRU, "Name the call, or accept a guess"),
    ("replies place 1 safe-passage --guess 1", "Name the call, or accept a guess"),
    ("replies place 1 safe-passage --contact nobody", '"nobody" has no @.'),
    ("replies correct 1 nonsense", "'nonsense' is not one of 'bounce'"),
    ("replies correct 1 out-of-office --until soon", "'soon' is no day: write it as 2027-03-08."),
    ("replies correct 1 out-of-office --until 2027-02-30", "'2027-02-30' is no day"),
    ("replies correct 1 question --until 2027-02-12", "Only an out-of-office has a last day, not question."),
    ("replies reply 1", "The answer is empty."),
    ("replies reply 1 --text x --file {folder}/config.toml", "Write the answer in one place"),
    ("replies reply 1 --file {folder}/outreach.db", "is not UTF-8 text"),
    ("replies reply 1 --file {folder}", "is a directory."),
    ("replies reply 1 --file nowhere.txt", "'nowhere.txt' does not exist."),
    ("replies done", "Missing argument 'NUMBERS'."),
    ("replies log safe-passage " + WANJIRU + " bounce --text x", "bounce is what machines write"),
    ("replies log safe-passage " + WANJIRU + " question --text x --channel pigeon", "'pigeon' is not one of"),
    ("replies log safe-passage " + WANJIRU + " question --text x --channel mail", "What comes by mail"),
    (
        "replies log safe-passage " + WANJIRU + " question --text x --at yesterday",
        '"yesterday" is no date and time.',
    ),
    ("replies log safe-passage " + WANJIRU + " question --text x --at 2999-01-01T09:00", "is yet to come"),
    ("replies log safe-passage " + WANJIRU + " question", "Missing option '--text'."),
    ("replies log safe-passage nobody question --text x", '"nobody" has no @.'),
    ("replies explain", "Missing argument 'FILES'."),
    ("replies explain {folder}/nowhere.eml", "nowhere.eml is neither a file nor a folder."),
    ("signatures accept one", "should be a valid integer"),
]
REFUSED = [
    ("replies show 0", "There is no reply 0;"),
    ("replies show 9", "There is no reply 9;"),
    ("replies show -- -1", "There is no reply -1;"),
    ("replies show 9 --raw", "There is no reply 9;"),
    ("replies list --call nowhere", "There is no call 'nowhere'."),
    ("replies place 9 safe-passage", "There is no reply 9;"),
    ("replies place 1 nowhere", "There is no call 'nowhere'."),
    ("replies place 1 safe-passage --contact nobody@y.example", "no contact with the address nobody@y.example."),
    ("replies place 1 --guess 7", "Reply 1 has no guess 7."),
    ("replies place 1 --guess -1", "Reply 1 has no guess -1."),
    ("replies correct 9 question", "There is no reply 9;"),
    ("replies reply 9 --text x", "There is no reply 9;"),
    ("replies log nowhere " + WANJIRU + " question --text x", "There is no call 'nowhere'."),
    (
        "replies log safe-passage nobody@y.example question --text x",
        "no contact with the address nobody@y.example.",
    ),
    ("replies fetch", "No mailbox is set"),
    ("signatures accept 9", "There is no signature 9;"),
]


@pytest.mark.parametrize(
    ("command", "sentence", "code"),
    [(*line, 2) for line in NOT_UNDERSTOOD] + [(*line, 1) for line in REFUSED],
)
def test_what_is_typed_wrongly_gets_its_sentence_and_changes_nothing(
    asked: Terminal, command: str, sentence: str, code: int
) -> None:
    before = dump(asked)
    said = asked.is_refused(*(word.format(folder=asked.folder) for word in command.split()), code=code)
    assert " ".join(sentence.split()) in " ".join(said.split())
    assert dump(asked) == before


def test_what_strangers_write_is_no_command_to_the_terminal(launched: Terminal) -> None:
    hostile = HOSTILE.encode("utf-8", "surrogatepass")
    encoded = "=?utf-8?q?" + "".join(f"={octet:02X}" for octet in HOSTILE.replace("\r\n", " ").encode()) + "?="
    raw = (
        f"From: {encoded} <{WANJIRU}>\nTo: TO_US\nSubject: {encoded}\nMessage-ID: <{encoded}@x.example>\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    ).encode() + hostile
    number = receives(launched, raw, to_invitation=True)
    for words in (
        ("list",),
        ("list", "--json"),
        ("show", number),
        ("show", number, "--json"),
        ("show", number, "--raw"),
        ("show", number, "--raw", "--json"),
        ("correct", number, "question"),
        ("place", number, "safe-passage"),
        (),
    ):
        shown = launched.does("replies", *map(str, words))
        assert is_harmless(shown), words
        assert "Reply 99 is done" not in shown.splitlines() or "--raw" in words


def test_a_text_is_shown_with_the_spaces_and_joiners_that_its_script_needs(launched: Terminal) -> None:
    text = "Qui signe\u00a0? \u00ab\u202fNous\u202f\u00bb \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    asks(launched, text)
    assert text in launched.does("replies", "show", "1")


def test_what_a_server_says_is_no_command_to_the_terminal_either(launched: Terminal) -> None:
    opened = open_workspace(launched.folder)
    with opened.database.changing() as session:
        ours = make.messages(session, Message.kind == MessageKind.INVITATION, Message.address == WANJIRU)[0]
        raw = inbound.failure_report(ours, opened.house, diagnostic=f"smtp; 550 {HOSTILE.partition(chr(13))[0]}")
        inbound.arrived(session, opened.house, raw, at=opened.clock.now())
    opened.database.close()
    for words in (("replies", "show", "1"), ("replies", "list", "--done"), ("outbox", "list")):
        assert is_harmless(launched.does(*words)), words


def test_what_was_done_waits_again_and_what_was_placed_is_taken_away(asked: Terminal) -> None:
    asked.does("replies", "done", "1")
    assert json.loads(asked.does("replies", "reopen", "1", "--json")) == {"reopened": [1]}
    assert "They wait for a person again: 0." in asked.does("replies", "reopen", "1")
    assert "belongs to no call now" in asked.does("replies", "unplace", "1")
    assert json.loads(asked.does("replies", "show", "1", "--json"))["call"] == ""
