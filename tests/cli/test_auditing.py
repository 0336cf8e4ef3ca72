"""Rosa's IT person asks whether the counts can be believed."""

import json
import sqlite3

from tests.cli.conftest import Terminal


def test_what_disagrees_is_said_in_sentences_and_ends_with_1(launched: Terminal) -> None:
    launched.does("worker", "--until-idle")
    assert launched.does("outbox", "audit").startswith("All agrees: ")
    with sqlite3.connect(launched.file("outreach.db")) as database:
        database.execute("UPDATE message SET copies = 3 WHERE id = 2")
    database.close()
    said = launched.types("outbox", "audit", "--json")
    assert said.exit_code == 1
    assert "They were handed over more than 2 times: 1 mail (number 2)." in said.stderr
    found = json.loads(said.stdout)
    assert (found["agrees"], found["disagreements"][0]["examples"]) == (False, ["2"])
