"""A page that shows every mailbox of the demo's world, as the people in it see them."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse
from jinja2 import DictLoader, Environment, StrictUndefined

from outreach.demo.world import Arrival, World

# Mail is shown in a frame without scripts, forms or requests; links open in a new window, as in a mail program.
FRAME_POLICY = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'"

_LAYOUT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title>
<meta name="viewport" content="width=device-width">
<style>
 :root { color-scheme: light dark; --accent: light-dark(#0b5c6b, #7fd3e0); --rule: light-dark(#d8dcdd, #3a4144); }
 body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
 table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .45rem .8rem .45rem 0;
 border-bottom: 1px solid var(--rule); vertical-align: top; } a { color: var(--accent); }
 iframe { width: 100%; height: 34rem; border: 1px solid var(--rule); border-radius: .4rem; background: #fff; }
 pre { white-space: pre-wrap; border: 1px solid var(--rule); border-radius: .4rem; padding: 1rem; }
 .number { text-align: right; font-variant-numeric: tabular-nums; } .when { white-space: nowrap; }
</style></head><body>{% block body %}{% endblock %}</body></html>"""

_PEOPLE = """{% extends "layout" %}{% block title %}Mailboxes of the demo{% endblock %}{% block body %}
<h1>Mailboxes of the demo</h1>
<p>Everybody here is invented. Open a mailbox, read a mail, press its links: they lead to the real pages.</p>
<table><tr><th>Mailbox</th><th>What this person does</th><th class="number">Mails</th></tr>
{% for address, part, count in people %}<tr><td><a href="/mailbox/{{ loop.index0 }}">{{ address }}</a></td>
<td>{{ part }}</td><td class="number">{{ count }}</td></tr>{% endfor %}</table>{% endblock %}"""

_MAILBOX = """{% extends "layout" %}{% block title %}{{ address }}{% endblock %}{% block body %}
<p><a href="/">All mailboxes</a></p><h1>{{ address }}</h1>
<table><tr><th>Arrived</th><th>Subject</th></tr>{% for at, subject, number in mails %}
<tr><td class="when">{{ at }}</td><td><a href="/mail/{{ number }}">{{ subject }}</a></td></tr>{% endfor %}</table>
{% if not mails %}<p>Nothing has arrived.</p>{% endif %}{% endblock %}"""

_MAIL = """{% extends "layout" %}{% block title %}{{ subject }}{% endblock %}{% block body %}
<p><a href="/">All mailboxes</a></p><h1>{{ subject }}</h1>
<p>To {{ to }}, from {{ sender }}</p>
<iframe src="/mail/{{ number }}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"
 title="The mail as HTML"></iframe>
<h2>As plain text</h2><pre dir="auto">{{ text }}</pre>
<p><a href="/mail/{{ number }}/raw">The raw mail</a></p>
{% endblock %}"""


def build_mailboxes(world: World) -> FastAPI:
    """The mailboxes of a world as a web application."""
    pages = Environment(
        loader=DictLoader({"layout": _LAYOUT, "people": _PEOPLE, "mailbox": _MAILBOX, "mail": _MAIL}),
        autoescape=True,
        undefined=StrictUndefined,
    )
    app = FastAPI(openapi_url=None)

    def addresses() -> list[str]:
        return sorted({*world.people, *(arrival.address for arrival in world.since(0))})

    @app.get("/")
    def people() -> HTMLResponse:
        """Everybody, with the number of mails."""
        counts: dict[str, int] = {}
        for arrival in world.since(0):
            counts[arrival.address] = counts.get(arrival.address, 0) + 1
        rows = [(a, _part(world, a), counts.get(a, 0)) for a in addresses()]
        return HTMLResponse(pages.get_template("people").render(people=rows))

    @app.get("/mailbox/{index}")
    def mailbox(index: int) -> HTMLResponse:
        """One mailbox, the newest mail first."""
        known = addresses()
        if not 0 <= index < len(known):
            return HTMLResponse("There is no such mailbox.", status_code=404)
        mails = [
            (f"{arrival.at:%a %d %b %Y %H:%M} UTC", str(_parsed(arrival)["Subject"]), number)
            for number, arrival in enumerate(world.since(0))
            if arrival.address == known[index]
        ]
        page = pages.get_template("mailbox")
        return HTMLResponse(page.render(address=known[index], mails=mails[::-1]))

    @app.get("/mail/{number}")
    def mail(number: int) -> HTMLResponse:
        """One mail."""
        found = world.since(0)
        if not 0 <= number < len(found):
            return HTMLResponse("There is no such mail.", status_code=404)
        message = _parsed(found[number])
        return HTMLResponse(
            pages.get_template("mail").render(
                number=number,
                subject=str(message["Subject"]),
                to=found[number].address,
                sender=str(message["From"]),
                text=found[number].text(),
            )
        )

    @app.get("/mail/{number}/html")
    def as_html(number: int) -> HTMLResponse:
        """The mail's HTML part, for the frame."""
        body = _parsed(world.since(0)[number]).get_body(("html",))
        html = str(body.get_content()) if body is not None else ""
        html = html.replace("<head>", '<head><base target="_blank">', 1)
        return HTMLResponse(html, headers={"Content-Security-Policy": FRAME_POLICY})

    @app.get("/mail/{number}/raw")
    def raw(number: int) -> Response:
        """The mail's bytes."""
        return Response(world.since(0)[number].content, media_type="text/plain; charset=utf-8")

    return app


def _part(world: World, address: str) -> str:
    person = world.people.get(address)
    return person.part.value if person else "the coalition itself"


def _parsed(arrival: Arrival) -> EmailMessage:
    message = message_from_bytes(arrival.content, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError("the default policy makes an EmailMessage")
    return message
