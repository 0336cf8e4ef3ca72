"""Call files from disk that are no call files, or name files that cannot be."""

from pathlib import Path

import pytest

from outreach.adapters.call_files import read_call
from outreach.domain.errors import InvalidInput

CALL = """
slug = "winter-aid"
title = "Winter aid"
letter = {letter}
default_language = "en"
organisers = ["Lantern Coast Network"]
deadline = "2027-02-26 17:00 America/Los_Angeles"
"""


def refusal(folder: Path, content: str | bytes) -> str:
    file = folder / "call.toml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InvalidInput) as raised:
        read_call(file, folder)
    return str(raised.value)


def test_a_file_nested_deeper_than_any_call_is_refused(tmp_path: Path) -> None:
    assert "too deep" in refusal(tmp_path, "a = " + "[" * 20_000)


@pytest.mark.parametrize("letter", ['"l\\u0000"', f'"{"l" * 5000}"'])
def test_a_letter_under_a_name_that_no_file_can_have_is_refused(tmp_path: Path, letter: str) -> None:
    assert "letter: " in refusal(tmp_path, CALL.format(letter=letter))


def test_a_file_in_another_encoding_is_named_once(tmp_path: Path) -> None:
    said = refusal(tmp_path, CALL.encode("utf-16"))
    assert "is not UTF-8" in said
    assert said.count("call.toml") == 1
