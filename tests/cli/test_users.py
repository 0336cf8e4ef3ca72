"""Who may come to the console is settled from the shell, the first administrator before anybody else."""

import json

from outreach.domain.kinds import MessageKind
from outreach.store.database import open_database
from outreach.store.tables import User
from outreach.store.users import find_user
from tests import make, users
from tests.cli.conftest import Terminal

ROSA = "rosa@lanterncoast.example"
ANA = "ana@lanterncoast.example"
FIRST = ("users", "add", ROSA, "--name", "Rosa Lindqvist", "--role", "administrator")


def who(rosa: Terminal, address: str = ROSA) -> User:
    """The user as the database has her."""
    database = open_database(f"sqlite:///{rosa.file('outreach.db')}")
    with database.reading() as session:
        found = find_user(session, address)
    database.close()
    assert found is not None
    return found


def sits_down(rosa: Terminal, address: str = ROSA) -> None:
    """The user has logged in somewhere."""
    database = open_database(f"sqlite:///{rosa.file('outreach.db')}")
    with database.changing() as session:
        user = find_user(session, address)
        assert user is not None
        users.sits(session, user, days=100_000)
    database.close()


def kinds_queued(rosa: Terminal) -> list[MessageKind]:
    database = open_database(f"sqlite:///{rosa.file('outreach.db')}")
    with database.reading() as session:
        kinds = [one.kind for one in make.messages(session)]
    database.close()
    return kinds


def test_an_empty_list_says_how_to_begin(rosa: Terminal) -> None:
    assert "outreach users add ADDRESS --name NAME --role administrator" in rosa.does("users", "list")


def test_the_first_administrator_gets_a_link_in_the_shell_and_nothing_is_queued(rosa: Terminal) -> None:
    said = rosa.does(*FIRST)
    assert said.splitlines()[-1].startswith("    http://127.0.0.1:8080/console/welcome/")
    assert kinds_queued(rosa) == []
    assert "invited" in rosa.does("users", "list")


def test_a_link_that_is_mailed_is_shown_to_nobody_here(rosa: Terminal) -> None:
    said = rosa.does(*FIRST, "--mail", "--json")
    assert "welcome" not in said
    assert "link" not in json.loads(said)
    assert kinds_queued(rosa) == [MessageKind.ACCESS]


def test_a_role_for_one_call_is_given_and_taken_away(draft: Terminal) -> None:
    draft.does("users", "add", ANA, "--name", "Ana", "--role", "observer")
    assert "coordinator for safe-passage" in draft.does(
        "users", "role", ANA, "coordinator", "--call", "safe-passage"
    )
    assert draft.does("users", "role", ANA, "none") == f"{ANA}: coordinator for safe-passage.\n"
    assert draft.does("users", "role", ANA, "none") == f"{ANA} was that already.\n"
    assert draft.is_refused("users", "role", ANA, "staff", "--call", "nowhere")
    assert "There are: administrator" in draft.is_refused("users", "role", ANA, "boss", code=2)


def test_who_is_not_there_is_named(rosa: Terminal) -> None:
    assert f'There is no user "{ANA}"' in rosa.is_refused("users", "show", ANA, code=2)


def test_a_reset_asks_what_was_lost(rosa: Terminal) -> None:
    rosa.does(*FIRST)
    assert "Say what was lost" in rosa.is_refused("users", "reset", ROSA, code=2)
    before = who(rosa)
    assert "the device counts no more" in " ".join(rosa.does("users", "reset", ROSA, "--device").split())
    both = " ".join(rosa.does("users", "reset", ROSA, "--device", "--password").split())
    assert "the password and the device count no more" in both
    assert "/console/welcome/" in both
    assert who(rosa).stamp == before.stamp + 2


def test_where_somebody_is_logged_in_is_shown_and_ended(rosa: Terminal) -> None:
    rosa.does(*FIRST)
    database = open_database(f"sqlite:///{rosa.file('outreach.db')}")
    with database.changing() as session:
        found = find_user(session, ROSA)
        assert found is not None
        found.state = found.state.ACTIVE
    database.close()
    sits_down(rosa)
    assert rosa.does("users", "end-sessions", ROSA) == f"{ROSA} was logged out in 1 browser.\n"
    assert "Not logged in anywhere." in rosa.does("users", "show", ROSA)
    assert "last administrator" in rosa.is_refused("users", "disable", ROSA)


def test_no_answer_tells_what_opens_anything(rosa: Terminal) -> None:
    rosa.does(*FIRST)
    sits_down(rosa)
    for words in (("list",), ("show", ROSA)):
        said = rosa.does("users", *words, "--json") + rosa.does("users", *words)
        assert not [word for word in ("argon2", "digest", "welcome", "password") if word in said]


def test_who_was_disabled_comes_back_by_a_link(rosa: Terminal) -> None:
    rosa.does(*FIRST)
    assert "is disabled" in rosa.does("users", "disable", ROSA)
    assert "was disabled already" in rosa.does("users", "disable", ROSA)
    assert "is disabled" in rosa.is_refused("users", "reset", ROSA, "--password")
    assert "/console/welcome/" in rosa.does("users", "enable", ROSA)
