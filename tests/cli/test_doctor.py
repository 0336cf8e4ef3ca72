"""Rosa's IT person asks whether everything works."""

import json

from tests.cli.conftest import Terminal
from tests.parts.servers import serving


def test_a_new_workspace_has_no_fault_and_says_what_is_missing(rosa: Terminal) -> None:
    said = rosa.does("doctor")
    assert "warning  worker: No worker runs" in said
    assert "-> Start it: outreach run" in said
    assert "Mails in any hour: 0 of 2,000 are used." in said


def test_a_fault_ends_with_1_and_its_advice(rosa: Terminal) -> None:
    with serving({"EHLO": "554 5.7.1 not you"}) as server:
        rosa.rewrites("config.toml", 'transport = "files"', 'transport = "smtp"')
        rosa.rewrites("config.toml", "port = 587", f"port = {server.port}")
        rosa.rewrites("config.toml", 'security = "starttls"', 'security = "none"')
        said = rosa.types("doctor", "--json")
        assert server.accepted == []
    assert said.exit_code == 1
    found = {one["check"]: one for one in json.loads(said.stdout)["findings"]}
    assert "554 5.7.1 not you" in found["SMTP log-in"]["found"]
    assert found["base_url"]["level"] == "fault"
    assert found["SMTP log-in"]["advice"].startswith("No mail can leave.")


def test_offline_no_server_is_asked(rosa: Terminal) -> None:
    rosa.rewrites("config.toml", 'transport = "files"', 'transport = "smtp"')
    assert "SMTP log-in" not in rosa.types("doctor", "--offline").stdout
