"""What the demo's people do with a link: open the page, fill in its form, press its button."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen

TIMEOUT = 20


@dataclass
class Form(HTMLParser):
    """The first form of a page: where it goes, and what it says if nothing is changed."""

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    _select: str = ""
    _inside: bool = False
    _done: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the form's fields as a browser would."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and not self._done:
            self._inside, self.action = True, values.get("action", "")
        elif self._inside and tag == "option" and "selected" in values:
            self.fields[self._select] = values.get("value", "")
        elif self._inside and tag == "select":
            self._select = values.get("name", "")
        elif self._inside and tag == "input" and values.get("name"):
            unchecked = values.get("type") in ("checkbox", "radio") and "checked" not in values
            if not unchecked:
                self.fields[values["name"]] = values.get("value", "on")

    def handle_endtag(self, tag: str) -> None:
        """The form ends."""
        if tag == "form" and self._inside:
            self._inside, self._done = False, True


def press(url: str, *, name: str = "", **changes: str) -> int:
    """Open the page, set ``changes`` in its form, press the button; the status of the answer.

    ``name`` is written where the form asks for one and does not know it. Where the page asks whether something is
    really meant so, the answer is yes.
    """
    form = _form_of(urlopen(url, timeout=TIMEOUT).read())  # noqa: S310  a link of our own, to this machine
    if name and not form.fields.get("name", name):
        form.fields["name"] = name
    answer = _submit(url, form, changes)
    asked = _form_of(answer[1])
    return _submit(url, asked, changes)[0] if "sure" in asked.fields else answer[0]


def _form_of(page: bytes) -> Form:
    form = Form()
    form.feed(page.decode())
    return form


def _submit(url: str, form: Form, changes: dict[str, str]) -> tuple[int, bytes]:
    body = urlencode({**form.fields, **changes}).encode()
    return _post(urljoin(url, form.action or url), body)


def one_click(url: str) -> int:
    """What a mail program does when its reader presses "unsubscribe" (RFC 8058); the status of the answer."""
    return _post(url, b"List-Unsubscribe=One-Click")[0]


def _post(url: str, body: bytes) -> tuple[int, bytes]:
    request = Request(url, data=body, method="POST")  # noqa: S310  as above
    with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
        return int(answer.status), answer.read()
