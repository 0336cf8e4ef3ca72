"""Makes the rivals' templates of a mail that outreach has sent, so that all of them say the same."""

import email
import email.policy
import json
import re
from pathlib import Path

from speed.campaign import FIRST, SITE
from speed.senders import Sender, run_together
from speed.sinks import own_sink
from speed.stopwatch import Order

LINKS = (
    ("sign", f"{SITE}/sign/[\\w-]+"),
    ("sign_alone", f"{SITE}/sign/[\\w-]+"),
    ("opt_out", f"{SITE}/opt-out/[\\w-]+"),
)
HEADER_OF_SMTP_SOURCE = 230


def kept_mail(sender: Sender, order: Order, folder: Path) -> bytes:
    """What a sender's first mail is on the wire."""
    folder.mkdir(parents=True)
    with own_sink(keep=folder) as port:
        run_together(sender, [order.at(port)])
    return next(iter(sorted(folder.iterdir()))).read_bytes()


def write_texts(mail: bytes, path: Path) -> None:
    """Templates of the subject, the text and the HTML of that mail, which went to the first person."""
    read = email.message_from_bytes(mail, policy=email.policy.default)
    text, html = read.get_body(("plain",)), read.get_body(("html",))
    assert text is not None
    assert html is not None
    texts = {
        "subject": _template(str(read["Subject"])),
        "text": _template(text.get_content()),
        "html": _template(html.get_content()),
        "sender": str(read["From"].addresses[0].addr_spec),
        "size": str(len(mail) - HEADER_OF_SMTP_SOURCE),
    }
    path.write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")


def _template(said: str) -> str:
    """The words of one person as variables, in the way that Jinja2, Django and nunjucks share."""
    said = said.replace(FIRST["given_name"], "{{ given_name }}").replace(
        FIRST["organisation"], "{{ organisation }}"
    )
    for name, pattern in LINKS:
        links = re.findall(pattern, said)
        said = said.replace(links[0], "{{ " + name + " }}") if links else said
    return said
