"""A script of twenty lines: Jinja2, EmailMessage, and smtplib over one connection. It remembers nothing."""

import smtplib
from email.message import EmailMessage

from jinja2 import Environment

from speed.stopwatch import Order, Stopwatch, timed

order = Order.given()
people, texts = order.read_people(), order.read_texts()
plain, marked_up = Environment(autoescape=False), Environment(autoescape=True)  # as plain text needs it
subject, text = plain.from_string(texts["subject"]), plain.from_string(texts["text"])
html = marked_up.from_string(texts["html"])


def send(_watch: Stopwatch) -> None:
    with smtplib.SMTP("127.0.0.1", order.port) as connection:
        for person in people:
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = texts["sender"], person["email"], subject.render(person)
            mail.set_content(text.render(person))
            mail.add_alternative(html.render(person), subtype="html")
            connection.send_message(mail)


timed(send)
