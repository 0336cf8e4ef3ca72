"""The general text of a letter to many: everybody reads every passage, and on what condition it is in a letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jinja2 import nodes

from outreach.rendering.content import direction
from outreach.rendering.expressions import path_of
from outreach.rendering.letters.correspondence_words import CorrespondenceWords, correspondence_words
from outreach.rendering.letters.escaping import escape_markdown
from outreach.rendering.letters.knowledge import UNKNOWN, Values
from outreach.rendering.letters.passages import Branch, Choice, Part, Shown, names_in
from outreach.rendering.letters.reckoning import Reckoning
from outreach.rendering.letters.vocabulary import fact_of
from outreach.rendering.letters.written import Written

DIFFERS: Final = ("official.", "facts.")
"""The words that are other ones from official to official begin so."""


def general_text(parts: Sequence[Part], values: Values, language: str) -> str:
    """The Markdown that is signed: passages for some officials are led in by their condition, in italics."""
    telling = _Telling(Written(rtl=direction(language) == "rtl"), Reckoning(values), correspondence_words(language))
    telling.tell(parts)
    return telling.written.markdown()


def differs(node: nodes.Node) -> bool:
    """Whether an expression can come to something else for another official."""
    return any(name.startswith(DIFFERS) for name in names_in(node))


@dataclass(slots=True)
class _Telling:
    written: Written
    reckoning: Reckoning
    words: CorrespondenceWords
    due: str = ""
    """The lead of what follows a passage, which is needed only if anything follows."""

    def tell(self, parts: Sequence[Part], lead: str = "") -> None:
        """``lead`` is the condition that all of this stands under, "" at the letter's own level."""
        for part in parts:
            match part:
                case str():
                    self._author(part)
                case Shown():
                    self._pay()
                    self._shown(part)
                case Choice(branches=branches) if not any(differs(branch.test) for branch in branches):
                    self.tell(self._chosen(part), lead)
                case Choice(whole_lines=True):
                    self._passages(part, lead or self.words.in_every_letter)
                case Choice():
                    self._pay()
                    self._within_a_line(part)

    def _author(self, markdown: str) -> None:
        if markdown.strip():
            self._pay()
        self.written.author(markdown)

    def _pay(self) -> None:
        if self.due:
            self._lead(self.due)

    def _shown(self, part: Shown) -> None:
        if differs(part.expression):
            self.written.value(f"[{self._named(part.expression)}]")
        elif part.link:
            self._link(self.reckoning.text(part.expression))
        else:
            self.written.value(self.reckoning.text(part.expression) or UNKNOWN)

    def _link(self, address: str) -> None:
        if address:
            self.written.link(address)
        else:
            self.written.value(UNKNOWN)

    def _chosen(self, choice: Choice) -> Sequence[Part]:
        return next((one.inside for one in choice.branches if self.reckoning.holds(one.test)), choice.otherwise)

    def _passages(self, choice: Choice, around: str) -> None:
        self.due = ""
        for number, branch in enumerate(choice.branches):
            lead = self._condition(branch, number)
            self._lead(lead)
            self.tell(branch.inside, lead)
        if choice.otherwise:
            self._lead(self.words.otherwise)
            self.tell(choice.otherwise, self.words.otherwise)
        self.due = around

    def _within_a_line(self, choice: Choice) -> None:
        for number, branch in enumerate(choice.branches):
            self._bracketed(self._condition(branch, number), branch.inside)
        if choice.otherwise:
            self._bracketed(self.words.otherwise, choice.otherwise)

    def _bracketed(self, lead: str, inside: Sequence[Part]) -> None:
        apart = "" if self.written.ends_with_space else " "
        dash = " " if lead.endswith(":") else " – "
        self.written.author(f"{apart}\\[{escape_markdown(lead)}{dash}")
        self.tell(inside, lead)
        self.written.author("\\]")

    def _lead(self, lead: str) -> None:
        """A paragraph of its own, as far indented as the line on which it is due."""
        self.due = ""
        indent = self.written.indent
        self.written.author(f"\n{indent}*\\[{escape_markdown(lead)}\\]*\n{indent}")

    def _condition(self, branch: Branch, number: int) -> str:
        wording = self.words.otherwise_where if number else self.words.only_where
        return wording.format(what=self._said(branch.test))

    def _said(self, node: nodes.Node) -> str:  # noqa: PLR0911  one for each sort of expression
        """A condition in words."""
        match node:
            case nodes.Const(value=value):
                return f"“{value}”" if isinstance(value, str) else str(value)
            case nodes.List(items=items) | nodes.Tuple(items=items):
                return ", ".join(map(self._said, items))
            case nodes.Not(node=inner):
                return self.words.is_not.format(what=self._said(inner))
            case nodes.And(left=left, right=right):
                return self.words.both.format(one=self._said(left), other=self._said(right))
            case nodes.Or(left=left, right=right):
                return self.words.either.format(one=self._said(left), other=self._said(right))
            case nodes.Compare(expr=expr, ops=[nodes.Operand(op=operator, expr=other)]):
                return self._compared(operator, self._said(expr), self._said(other))
        return self._named(node)

    def _compared(self, operator: str, one: str, other: str) -> str:
        wordings = {
            "eq": self.words.equals,
            "ne": self.words.differs,
            "in": self.words.among,
            "notin": self.words.is_not.format(what=self.words.among),
        }
        signs = {"lt": "<", "lteq": "≤", "gt": ">", "gteq": "≥"}
        wording = wordings.get(operator) or f"{{one}} {signs[operator]} {{other}}"
        return wording.format(one=one, other=other)

    def _named(self, node: nodes.Node) -> str:
        """What a word stands for."""
        if isinstance(node, nodes.Filter) and node.node is not None:
            return self._named(node.node)
        path = path_of(node) or ""
        fact = fact_of(path).replace("_", " ")
        if path.endswith(".date"):
            return self.words.date_of.format(what=fact) if fact else path
        if path.endswith(".year") and fact:
            return self.words.year_of.format(what=fact)
        return fact or self.words.labels.get(path) or self.reckoning.values.words.get(path) or path
