"""What Rosa types when a letter that is signed off goes to officials."""

from tests.cli.conftest import CALL, Terminal

PASSAGE = (
    "{% if facts.ratified_migrant_workers_convention %}We commend your ratification of "
    "{{ facts.ratified_migrant_workers_convention.year }}.{% else %}{{ official.state }} has not ratified."
    "{% endif %}\n\n"
)
READING = [
    ("letters", "preflight", "safe-passage"),
    ("letters", "follow-up", "safe-passage", "--slug", "again", "--output", "{folder}/follow-up"),
    ("letters", "preview", "safe-passage", "canada-geneva", "--output", "{folder}/canada.txt", "--replace"),
]
"""Commands that only look, once the letter is addressed."""
CHANGING = [
    ("letters", "address", "safe-passage", "--all"),
    ("letters", "take-off", "safe-passage", "spain-geneva"),
    ("letters", "attach", "safe-passage", "{folder}/annex.pdf"),
    ("letters", "detach", "safe-passage", "annex.pdf"),
    ("letters", "authorise", "safe-passage"),
    (
        "letters",
        "deliver",
        "safe-passage",
        "--post",
        "chile-geneva",
        "--post",
        "lebanon-new-york",
        "--output",
        "{folder}/paper",
        "--yes",
    ),
    (
        "letters",
        "delivered",
        "safe-passage",
        "lebanon-new-york",
        "--way",
        "hand",
        "--on",
        "{today}",
        "--proof",
        "{folder}/annex.pdf",
    ),
    ("letters", "publish", "safe-passage", "--yes"),
    (
        "letters",
        "record",
        "{folder}/templates/letters/safe-passage.en.md",
        "--slug",
        "open-ports",
        "--signed-by",
        "{folder}/signed.txt",
        "--dated",
        "2016-10-13",
        "--official",
        "lebanon-new-york",
        "--way",
        "post",
    ),
]
"""Commands that change something, in an order in which each finds what it needs."""


def signed_off(rosa: Terminal, *, transport: str = "smtp") -> Terminal:
    """The sample's letter with a passage for each State, signed by three and signed off; officials on record."""
    # Nobody follows up a rehearsal.
    rosa.rewrites("config.toml", 'transport = "files"', f'transport = "{transport}"')
    rosa.rewrites("templates/letters/safe-passage.en.md", "Excellencies,", f"Excellencies,\n\n{PASSAGE}")
    rosa.does("calls", "edit", "safe-passage", rosa.file(CALL))
    rosa.does("calls", "launch", "safe-passage", "--yes")
    add = ("signatures", "add", "safe-passage")
    for name, visibility in (("Harbour Lamp", "public"), ("Quiet House", "addressee"), ("ZZCANARY", "counted")):
        rosa.does(*add, name, "--evidence", "by telephone", "--visibility", visibility)
    rosa.does("calls", "close", "safe-passage")
    rosa.does("letters", "sign-off", "safe-passage", "--yes")
    rosa.does("officials", "import", rosa.file("contacts/officials.csv"))
    rosa.does("officials", "facts", rosa.file("contacts/facts.csv"))
    rosa.file("annex.pdf").write_bytes(b"%PDF an annex")
    rosa.file("signed.txt").write_text("Harbour Lamp\nQuay House\n", encoding="utf-8")
    return rosa
