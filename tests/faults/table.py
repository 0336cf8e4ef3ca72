"""Writes docs/reliability.md: the head by hand, then each fault with the tests that show it.

``python -m tests.faults.table`` writes it anew; a test checks that it is up to date.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.catalogue import FAULTS, Fault

ROOT = Path(__file__).parent.parent.parent
HEAD = Path(__file__).with_name("reliability-head.md")
PAGE = ROOT / "docs" / "reliability.md"
_ROWS = re.compile(r"_f(\d\d)(?=_)")
BOTH = frozenset({"SQLite", "PostgreSQL"})
DATABASES: Final = {
    "database": BOTH,
    "url": BOTH,
    "workspace": BOTH,
    "sqlite": frozenset({"SQLite"}),
    "sqlite_url": frozenset({"SQLite"}),
    "migrated_file": frozenset({"SQLite"}),
    "postgresql": frozenset({"PostgreSQL"}),
    "postgresql_url": frozenset({"PostgreSQL"}),
}
NEEDED: Final = {
    "smtp_sink": ("smtp-sink",),
    "small_disk": ("root",),
    "under_strace": ("strace",),
    "mailstack": ("Postfix", "Dovecot", "root"),
}
"""What a test needs that uses one of these."""


@dataclass(frozen=True)
class Shown:
    """A test that shows rows: where it is, its sentence, and what it runs on and needs."""

    file: str
    sentence: str
    rows: tuple[str, ...]
    databases: frozenset[str]
    needs: tuple[str, ...]
    torture: str
    """Whether only `make torture` runs it, or more of it; empty when `make test` runs all."""


def shown() -> list[Shown]:
    """Every test that shows a row, by its name or by its mark."""
    return [each for path in sorted((ROOT / "tests").rglob("test_*.py")) for each in _in_file(path)]


def _in_file(path: Path) -> Iterator[Shown]:
    functions = [
        node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)
    ]
    needed = NEEDED | {node.name: tuple(_asked_for(node)) for node in functions}
    for node in functions:
        if not node.name.startswith("test_"):
            continue
        rows = tuple(f"F{int(number)}" for number in _ROWS.findall(node.name.removeprefix("test")))
        rows += tuple(_marked(node))
        if rows:
            arguments = {each.arg for each in node.args.args}
            on = arguments | set(_parametrized(node))
            names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} | arguments
            yield Shown(
                path.relative_to(ROOT).as_posix(),
                _ROWS.sub("", node.name.removeprefix("test")).strip("_").replace("_", " "),
                rows,
                frozenset().union(*(DATABASES.get(each, frozenset()) for each in on)),
                tuple(sorted({*_asked_for(node), *(part for name in names for part in needed.get(name, ()))})),
                _torture(node),
            )


def _parametrized(node: ast.FunctionDef) -> Iterator[str]:
    """The words among the parameters: a fixture may be asked for by such a name."""
    for decorator in node.decorator_list:
        for each in ast.walk(decorator):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                yield each.value


def _torture(node: ast.FunctionDef) -> str:
    marks = [ast.unparse(each) for each in node.decorator_list]
    if "pytest.mark.torture" in marks:
        return "only in `make torture`"
    return "more of it in `make torture`" if any("torture" in each for each in marks) else ""


def _marked(node: ast.FunctionDef) -> Iterator[str]:
    for each in node.decorator_list:
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "pytest.mark.shows":
            yield from (ast.literal_eval(row) for row in each.args)


def _asked_for(node: ast.FunctionDef) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "needs":
            words = (part.value for part in each.args if isinstance(part, ast.Constant))
            yield from (word for word in words if isinstance(word, str))


def page() -> str:
    """The whole of docs/reliability.md."""
    by_row: dict[str, list[Shown]] = defaultdict(list)
    for each in shown():
        for row in each.rows:
            by_row[row].append(each)
    return HEAD.read_text(encoding="utf-8") + "".join(_chapter(fault, by_row[fault.row]) for fault in FAULTS)


def _chapter(fault: Fault, tests: list[Shown]) -> str:
    lines = [f"\n### {fault.row}: {fault.what}\n", f"\nExpected: {fault.expected}.\n\n"]
    if fault.instead:
        lines.append(f"Here: {fault.instead}.\n\n")
    lines += [f"- {_said(each)}\n" for each in tests]
    return "".join(lines)


def _said(each: Shown) -> str:
    facts = [f"`{each.file}`"]
    if each.databases:
        facts.append(" and ".join(sorted(each.databases, reverse=True)))
    if each.needs:
        facts.append(f"needs {', '.join(each.needs)}")
    if each.torture:
        facts.append(each.torture)
    return f"{each.sentence} ({'; '.join(facts)})"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
