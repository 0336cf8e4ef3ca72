"""What mailmerge's own command does, without printing each mail: its template, its client, one after the other."""

from pathlib import Path

from mailmerge.sendmail_client import SendmailClient
from mailmerge.template_message import TemplateMessage

from speed.stopwatch import Order, Stopwatch, timed

LETTER = """\
TO: {{{{email}}}}
SUBJECT: {subject}
FROM: {sender}
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="alternatives"

--alternatives
Content-Type: text/plain; charset=utf-8

{text}

--alternatives
Content-Type: text/html; charset=utf-8

{html}

--alternatives--
"""

order = Order.given()
people, texts = order.read_people(), order.read_texts()
letter = Path(order.folder, "mailmerge_template.txt")
letter.write_text(LETTER.format(**texts), encoding="utf-8")
server = Path(order.folder, "mailmerge_server.conf")
server.write_text(f"[smtp_server]\nhost = 127.0.0.1\nport = {order.port}\n", encoding="utf-8")
template, client = TemplateMessage(letter), SendmailClient(server)


def send(_watch: Stopwatch) -> None:
    for person in people:
        sender, recipients, message = template.render(person)
        client.sendmail(sender, recipients, message)


timed(send)
