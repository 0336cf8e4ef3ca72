"""What Rosa types when the coalition answers an official together."""

READING = [
    ("letters", "draft-response", "1", "--output", "{folder}/response.en.md", "--replace"),
    ("letters", "round", "response"),
]
"""Commands that only look, once the response is a draft."""
CHANGING = [
    ("letters", "respond", "1", "--slug", "response", "--text", "{folder}/ours.en.md", "--deadline", "{deadline}"),
    ("letters", "name-member", "response", "Harbour Light", "reader@elsewhere.example"),
    ("letters", "ask", "response", "--yes"),
    ("letters", "round-answer", "response", "Harbour Light", "approves", "--evidence", "Ida, by telephone"),
    ("letters", "open-round", "safe-passage", "--signed", "earlier"),
]
"""Commands that change something, in an order in which each finds what it needs."""
