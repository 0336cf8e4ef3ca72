"""Whatever is typed wrongly gets a sentence and its exit code, and changes nothing."""

import fcntl
import sqlite3

import pytest

from tests.cli.conftest import CALL, Terminal, days_ahead
from tests.cli.test_json_and_dry_run import dump

WANJIRU = "wanjiru.kamau@harbourlamp.example"

NOT_UNDERSTOOD = [
    ("nonsense", "There is no command 'nonsense'. There are: init, demo"),
    ("cals list", "There is no command 'cals'. Did you mean calls?"),
    ("calls sho", "No such command 'sho'. Did you mean 'show'?"),
    ("calls show", "Missing argument 'CALL'."),
    ("calls show safe-passage --nope", "No such option: --nope"),
    ("calls show safe-passage too-much", "too-much"),
    ("calls preview safe-passage --kind invite", "Invalid value for '--kind': 'invite' is not one of 'invitation'"),
    ("calls preview safe-passage --part pdf", "Invalid value for '--part': 'pdf' is not one of 'text', 'html'"),
    ("calls preview safe-passage --contact nobody", '"nobody" has no @.'),
    ("calls create nowhere.toml", "'nowhere.toml' does not exist."),
    ("calls create {folder}/templates", "is a directory."),
    ("calls create {folder}/outreach.db", "is not UTF-8 text"),
    ("calls extend safe-passage tomorrow", '"tomorrow" is no date and time. Write it as "2015-12-17 17:00'),
    ("calls test safe-passage rosa", '"rosa" has no @.'),
    ("calls test safe-passage a@y.example,b@y.example", "y.example"),
    ("contacts import nowhere.csv", "nowhere.csv"),
    ("contacts import {folder}/outreach.db", "is not a table"),
    ("contacts import {folder}/templates", "templates"),
    ("contacts show nobody", '"nobody" has no @.'),
    ("contacts list --limit 0", "Invalid value for '--limit'"),
    ("contacts list --limit many", "Invalid value for '--limit'"),
    ("outbox list --to nobody", '"nobody" has no @.'),
    ("outbox list --state gone", "'gone' is not one of 'queued'"),
]
REFUSED = [
    ("calls show safe-pasage", "There is no call 'safe-pasage'. Did you mean safe-passage?"),
    ("calls show quite-different", "There is no call 'quite-different'. There are: safe-passage."),
    ("calls create {folder}/" + CALL, "There is a call 'safe-passage' already"),
    ("calls preview safe-passage --contact nobody@y.example", "no contact with the address nobody@y.example."),
    ("calls extend safe-passage 2000-01-01T12:00", "safe-passage"),
    ("calls close safe-passage", "only an open one can be closed."),
    ("calls release safe-passage", "only a closed one can be released."),
    ("calls resume safe-passage", "The call safe-passage is not paused."),
    ("calls cancel nowhere", "There is no call 'nowhere'."),
    ("calls erratum safe-passage wrong", "nobody has got a mailing of it."),
    ("contacts show nobody@y.example", "Nothing is known about nobody@y.example."),
    ("outbox show nowhere", "There is no call 'nowhere'."),
    ("outbox list --call nowhere", "There is no call 'nowhere'."),
    ("outbox retry safe-passage --state sent", "only failed, held and unknown ones can."),
    ("signatures list nowhere", "There is no call 'nowhere'."),
]


@pytest.mark.parametrize(
    ("command", "sentence", "code"),
    [(*line, 2) for line in NOT_UNDERSTOOD] + [(*line, 1) for line in REFUSED],
)
def test_a_wrong_command_is_declined_in_a_sentence(draft: Terminal, command: str, sentence: str, code: int) -> None:
    before = dump(draft)
    said = draft.types(*command.format(folder=draft.folder).split())
    assert (said.exit_code, said.stdout) == (code, "")
    assert sentence in said.stderr
    assert "Value error" not in said.stderr
    assert dump(draft) == before


@pytest.mark.parametrize(
    "command",
    ["calls show \udcff", "letters preflight \udcff", "correspondence thread \udcff", "officials show caf\udce9"],
)
def test_a_word_that_is_no_text_is_declined_in_a_sentence(draft: Terminal, command: str) -> None:
    assert "is not UTF-8 text" in draft.is_refused(*command.split(), code=2)


@pytest.mark.parametrize(
    "command",
    ["letters respond {} --slug a --text a.en.md --deadline x", "replies show {}", "signatures merge 1 {}"],
)
@pytest.mark.parametrize("number", [2**31, 10**30])
def test_a_number_that_no_row_can_have_is_declined_in_a_sentence(
    draft: Terminal, command: str, number: int
) -> None:
    said = draft.is_refused(*command.format(number).split(), code=2)
    assert f"{number} is larger than any number here." in said


def test_who_gives_a_command_is_logged_in_one_line_that_commands_no_terminal(draft: Terminal) -> None:
    draft.does("--by", "Rosa\n\x1b[31m\udcff", "officials", "fact", "CL", "ratified", "yes", "--date", "2020-01-01")
    with sqlite3.connect(draft.file("outreach.db")) as database:
        assert database.execute("SELECT by FROM fact").fetchall() == [("Rosa [31m\ufffd",)]


IN_THE_CALL = [
    ("slug = ", "slug  ", "is not valid TOML: "),
    ("thank_you = true", "thank_yuo = true", "thank_yuo is not known in a call's file. Did you mean thank_you?"),
    ('slug = "safe-passage"', 'slug = "Safe Passage"', "it may have small letters, digits and single hyphens"),
    ('"21d"', '"three weeks"', 'reminders: "three weeks" is no offset of a reminder.'),
    (' America/Los_Angeles"', ' America/Los_Angels"', "America/Los_Angeles"),
    ('deadline = "', 'deadline = "on ', "deadline: "),
    ('tags = ["migration"]', 'tgas = ["migration"]', "audience.tgas is not known; did you mean tags?"),
    ('tags = ["migration"]', 'tags = "migration"', "audience.tags must be a list of texts"),
    ('"fr", "es", "ar"]', '"fr", "es", "ar", "pt"]', "safe-passage.pt.md is missing"),
    ("https://lanterncoast.example/port-alder", "http://lanterncoast.example", "it must begin with https://"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), IN_THE_CALL, ids=[line[2] for line in IN_THE_CALL])
def test_what_is_wrong_in_a_calls_file_is_named_with_the_file(
    rosa: Terminal, old: str, new: str, sentence: str
) -> None:
    rosa.rewrites(CALL, old, new)
    said = rosa.is_refused("calls", "create", rosa.file(CALL), code=2)
    assert sentence in said
    assert ".toml" in said or ".md" in said
    assert rosa.does("calls", "list").startswith("There is no call yet")


IN_A_MAIL = [
    ("{{ contact.given_name", "{{ contact.givenname", "line 5: there is no “contact.givenname”. Did you mean"),
    ("{{ links.opt_out }}", "https://elsewhere.example", "{{ links.opt_out }} is missing"),
    ("{{ call.organisers }}", "{{ call.organisers|safe }}", "there is no filter “safe”."),
    ("{{ call.organisers }}", "{{ call.delete() }}", "nothing can be called in a template"),
    ("subject: ", "about: ", "line 2"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), IN_A_MAIL, ids=[line[1] for line in IN_A_MAIL])
def test_what_is_wrong_in_a_mail_is_named_with_file_and_line(
    rosa: Terminal, old: str, new: str, sentence: str
) -> None:
    rosa.rewrites("templates/email/invitation.en.md", old, new)
    said = rosa.is_refused("calls", "create", rosa.file(CALL), code=2)
    assert "templates/email/invitation.en.md, " in said
    assert sentence in said


def test_a_letter_without_its_head_is_named_with_the_line(rosa: Terminal) -> None:
    rosa.rewrites("templates/letters/safe-passage.fr.md", "addressee: ", "adressee: ")
    said = rosa.is_refused("calls", "create", rosa.file(CALL), code=2)
    assert "safe-passage.fr.md: line 3: " in said


def test_a_wrong_setting_is_named_before_anything_is_done(rosa: Terminal) -> None:
    rosa.rewrites("config.toml", 'transport = "files"', 'transport = "pigeon"')
    said = rosa.is_refused("calls", "list", code=2)
    assert "config.toml: mail.transport" in said


def test_a_launch_says_every_reason_that_stands_in_its_way(rosa: Terminal) -> None:
    rosa.does("calls", "create", rosa.file(CALL))
    rosa.rewrites("config.toml", 'postal_address = "4 Old', 'postal_address = ""  # "Lantern')
    reasons = rosa.is_refused("calls", "launch", "safe-passage", "--yes").splitlines()
    assert reasons[0] == "The call cannot be launched:"
    assert [reason[:23] for reason in reasons[1:]] == ["- The audience is empty", "- workspace.postal_addr"]


def test_a_second_person_is_asked_for_where_the_workspace_wants_one(draft: Terminal) -> None:
    draft.rewrites("config.toml", "second_person = false", "second_person = true")
    launch = ("--by", "Rosa", "calls", "launch", "safe-passage", "--yes")
    assert "--authorised-by NAME" in draft.is_refused(*launch)
    assert "somebody else than Rosa" in draft.is_refused(*launch, "--authorised-by", "rosa")
    assert "Launched" in draft.does(*launch, "--authorised-by", "Idris")


def test_an_earlier_deadline_is_no_extension(launched: Terminal) -> None:
    said = launched.is_refused("calls", "extend", "safe-passage", days_ahead(50))
    assert "is not later than the present one" in said
    said = launched.is_refused("calls", "extend", "safe-passage", days_ahead(80))
    assert "give a later one with --release." in said
    assert launched.does("calls", "extend", "safe-passage", days_ahead(80), "--release", days_ahead(90))


def test_only_one_worker_submits(launched: Terminal) -> None:
    with launched.file("outreach.db.lock").open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert "Another worker" in launched.is_refused("worker", "--until-idle")
