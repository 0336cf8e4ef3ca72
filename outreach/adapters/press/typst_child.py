"""Runs typst in a process of its own, so that it can be stopped and its memory is given back.

Reads JSON objects from standard input, one in each line, and writes what comes of each to standard output: a line
with "ok" or "no" and a number of octets, then so many octets: the PDF, or the diagnostic where it cannot be
set. It is run as a file, and imports nothing of ours.
"""

import json
import sys
from functools import cache
from pathlib import Path

import typst


def main() -> int:
    """The exit code: 0 when there are no more orders."""
    for line in sys.stdin.buffer:
        done, content = _set(json.loads(line))
        sys.stdout.buffer.write(b"%s %d\n" % (b"ok" if done else b"no", len(content)))
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    return 0


def _set(order: dict[str, object]) -> tuple[bool, bytes]:
    try:
        pdf = typst.compile(
            Path(str(order["template"])).read_bytes(),
            font_paths=_fonts(json.dumps(order["font_paths"])),
            sys_inputs={"sheet": json.dumps(order["sheet"])},
            pdf_standards="ua-1",
            format="pdf",
        )
    except typst.TypstError as error:
        return False, (error.diagnostic or error.message).encode()
    return True, pdf


@cache
def _fonts(folders: str) -> typst.Fonts:
    """Looking through all fonts takes longer than setting a letter: once is enough."""
    return typst.Fonts(
        include_system_fonts=True, include_embedded_fonts=False, font_paths=list(json.loads(folders))
    )


if __name__ == "__main__":
    sys.exit(main())
