"""Rosa has sent the wrong list, and stops all mail."""

import json

from tests.cli.conftest import Terminal


def test_a_stop_is_shown_at_every_door_until_mail_is_started_again(launched: Terminal) -> None:
    said = launched.does("outbox", "stop", "--reason", "the wrong list")
    assert "confirmations and receipts too" in said
    for words in (("outbox", "show"), ("calls", "show", "safe-passage")):
        assert "the wrong list" in " ".join(launched.does(*words).split())
    worker = launched.types("worker", "--until-idle")
    assert "the wrong list" in worker.stderr
    assert "Nothing was due" in worker.stderr
    assert launched.does("outbox", "start") == "Mail leaves again.\n"
    assert "stopped" not in launched.does("calls", "show", "safe-passage").lower()


def test_a_second_stop_says_who_was_first(launched: Terminal) -> None:
    launched.does("--by", "Idris", "outbox", "stop")
    assert "It was stopped already. All mail is stopped, by Idris" in launched.does("outbox", "stop")
    assert json.loads(launched.does("outbox", "show", "--json"))["stopped"]["by"] == "Idris"
