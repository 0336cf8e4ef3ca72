"""What one would write first: SQLModel rows, Jinja2, EmailMessage, aiosmtplib, and a commit for each message."""

import asyncio
from collections.abc import Iterator
from email.message import EmailMessage

import aiosmtplib
import sqlalchemy as sa
from jinja2 import Environment
from sqlmodel import Field, Session, SQLModel, create_engine, select

from speed.stopwatch import Order, timed


class Mail(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str
    given_name: str
    organisation: str
    sign: str
    sign_alone: str
    opt_out: str
    state: str = Field(default="queued", index=True)
    reply: str = ""


order = Order.given()
texts = order.read_texts()
engine = create_engine(f"sqlite:///{order.folder}/queue.db")


@sa.event.listens_for(engine, "connect")
def as_safe_as_ours(connection: sa.PoolProxiedConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


SQLModel.metadata.create_all(engine)
with Session(engine) as filling:
    filling.add_all(Mail.model_validate(person) for person in order.read_people())
    filling.commit()
plain, marked_up = Environment(autoescape=False), Environment(autoescape=True)  # as plain text needs it
subject, text = plain.from_string(texts["subject"]), plain.from_string(texts["text"])
html = marked_up.from_string(texts["html"])


def written(row: Mail) -> EmailMessage:
    words, mail = row.model_dump(), EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = texts["sender"], row.email, subject.render(words)
    mail.set_content(text.render(words))
    mail.add_alternative(html.render(words), subtype="html")
    return mail


async def lane(session: Session, numbers: Iterator[int]) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=order.port, start_tls=False) as connection:
        for number in numbers:
            row = session.get_one(Mail, number)
            _, row.reply = await connection.send_message(written(row))
            row.state = "sent"
            session.add(row)
            session.commit()


async def lanes() -> None:
    with Session(engine) as session:
        numbers = (number or 0 for number in session.exec(select(Mail.id).where(Mail.state == "queued")).all())
        await asyncio.gather(*(lane(session, numbers) for _ in range(order.connections)))


timed(lambda _watch: asyncio.run(lanes()))
