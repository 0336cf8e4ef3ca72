"""Runs typst in a process of its own, so that it can be stopped and its memory is given back.

Reads a JSON object from standard input and writes the PDF to standard output. It ends with 1 and the diagnostic on
standard error when the document cannot be set. It is run as a file, and imports nothing of ours.
"""

import json
import sys
from pathlib import Path

import typst


def main() -> int:
    """The exit code."""
    order = json.load(sys.stdin.buffer)
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=order["font_paths"])
    try:
        pdf = typst.compile(
            Path(order["template"]).read_bytes(),
            font_paths=fonts,
            sys_inputs={"sheet": json.dumps(order["sheet"])},
            pdf_standards="ua-1",
            format="pdf",
        )
    except typst.TypstError as error:
        sys.stderr.buffer.write((error.diagnostic or error.message).encode())
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
