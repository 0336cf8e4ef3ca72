"""A template's file taken apart: the subject in its front matter, and the body under it."""

import re
from dataclasses import dataclass

from outreach.domain.errors import Problem

LONGEST = 100_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]")
_FENCE = "---"


@dataclass(frozen=True, slots=True)
class Source:
    """The subject and the Markdown body, each with the line of the file on which it begins."""

    subject: str
    subject_line: int
    body: str
    body_line: int


def split_source(text: str) -> tuple[Source, list[Problem]]:
    """The two parts of a template's file and what is wrong with its outer form."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if len(text) > LONGEST:
        return Source("", 1, "", 1), [Problem(0, f"the text has more than {LONGEST:,} characters.")]
    problems = [
        Problem(number, "there is an invisible control character in this line; type the line anew.")
        for number, line in enumerate(lines, 1)
        if _CONTROL.search(line)
    ]
    end = _end_of_front_matter(lines)
    if end is None:
        problems.append(Problem(1, "the file must begin with a line ---, a line “subject: ...” and a line ---."))
        return Source("", 1, "", 1), problems
    subject, subject_line = _subject(lines[1:end], problems)
    body = "\n".join(lines[end + 1 :])
    if not body.strip():
        problems.append(Problem(len(lines), "there is no text under the subject."))
    return Source(subject, subject_line, body, end + 2), problems


def _end_of_front_matter(lines: list[str]) -> int | None:
    stripped = [line.rstrip() for line in lines]
    if stripped[0] != _FENCE:
        return None
    return stripped.index(_FENCE, 1) if _FENCE in stripped[1:] else None


def _subject(lines: list[str], problems: list[Problem]) -> tuple[str, int]:
    """The subject and its line; whatever else stands in the front matter becomes a problem."""
    found: list[tuple[str, int]] = []
    for number, line in enumerate(lines, 2):
        key, colon, value = line.partition(":")
        if not line.strip():
            continue
        if not colon or key.strip() != "subject":
            problems.append(Problem(number, f"“{key.strip()}” is not known here; the only key is “subject:”."))
        elif found:
            problems.append(Problem(number, "the subject is given twice."))
        elif not value.strip():
            problems.append(Problem(number, "the subject is empty."))
            found.append(("", number))
        else:
            found.append((value.strip(), number))
    if not found:
        problems.append(Problem(1, "the subject is missing; between the lines --- write “subject: ...”."))
        return "", 1
    return found[0]
