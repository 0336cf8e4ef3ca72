"""What stock Jinja2 makes of a template: the oracle of what is compiled."""

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, Template, nodes

from outreach.rendering import templates
from outreach.rendering.compiled.stencil import SUBJECT, EmptyWord
from outreach.rendering.content import Content
from outreach.rendering.environment import block_html, block_text, context_of, plain, rich
from outreach.rendering.plaintext import tidy
from outreach.rendering.values import prepared, value_of


def said_by_jinja(template: templates.Template, values: Mapping[str, Any]) -> Content:
    """The message for one person, with the line breaks and the end that mails have."""
    if empty := template.empty_words(values):
        raise EmptyWord(empty[0])
    words = {name: prepared(name, value_of(values, name)) for name in template.used}
    context = context_of(words, block_text)
    subject = _template(plain(), template.trees.subject).render(context).strip()
    if not subject:
        raise EmptyWord("subject")
    wide = context_of(words, lambda text: block_html(text, template.language))
    html = _template(rich(), template.trees.html).render({**wide, SUBJECT: subject})
    return Content(
        subject, _in_a_mail(tidy(_template(plain(), template.trees.text).render(context))), _in_a_mail(html)
    )


def _template(environment: Environment, body: Sequence[nodes.Node]) -> Template:
    tree = nodes.Template(list(body), lineno=1)
    return environment.from_string(tree.set_environment(environment))  # type: ignore[arg-type]


def _in_a_mail(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    return lines.encode("utf-8", "replace").decode()
