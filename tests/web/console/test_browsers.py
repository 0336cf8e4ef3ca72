"""What a browser is called, in words that its owner knows again."""

import pytest

from outreach.web.console.browsers import browser_of

GECKO = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
BLINK = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
WEBKIT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1 Version/18.5 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (GECKO, "Firefox, Windows"),
        (BLINK, "Chrome, Linux"),
        (f"{BLINK} Edg/140.0", "Edge, Linux"),
        (WEBKIT, "Safari, iPhone"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
        ("x" * 200, "x" * 60),
    ],
)
def test_a_browser_is_named_by_itself_and_its_machine(agent: str, said: str) -> None:
    assert browser_of(agent) == said
