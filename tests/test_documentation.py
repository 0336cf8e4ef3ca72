"""What there is stands in the documentation, and what stands there is so."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer

from outreach.cli.root import app
from outreach.domain.bounces import DEAD, BounceReason
from outreach.domain.contact_rows import Basis
from outreach.domain.desk.doubts import DoubtReason
from outreach.domain.desk.likeness import Likeness
from outreach.domain.editions import CopyKind
from outreach.domain.health import Check
from outreach.domain.judging import ACCOUNT_RESTS
from outreach.domain.kinds import WORKSPACE_KINDS, MessageKind
from outreach.domain.listings import Listing, Order
from outreach.domain.lists.signature_columns import IGNORE
from outreach.domain.lists.signature_columns import Field as SignatureField
from outreach.domain.replies import REPLIES, Channel, MatchedBy, ReplyKind
from outreach.domain.signatures import Origin, Visibility
from outreach.domain.states import (
    ADDRESSEE_MOVES,
    CALL_MOVES,
    MAILING_MOVES,
    MESSAGE_MOVES,
    REPLY_MOVES,
    SIGNATURE_MOVES,
    CallState,
    MailingState,
    MessageState,
    ReplyState,
    SignatureState,
)
from outreach.domain.tasks import TASK_MOVES, TaskState, TaskVerb
from outreach.queries.desk import CLAIMED
from outreach.rendering.announcements import WORDS
from outreach.rendering.grammar import FILTERS, VOCABULARY
from outreach.rendering.letters.vocabulary import COUNT_WORDS, LETTER_WORDS
from outreach.store import audiences, wanted
from outreach.store.addressees import Standing
from outreach.store.tables import SuppressionReason
from outreach.usecases.ask_to_confirm import TOO_MANY
from outreach.usecases.issue_erratum import HELD
from outreach.usecases.render_letter import LetterFormat
from tests.cli.conftest import every_command

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("contacts/*.md")])
TEXTS = {path: path.read_text(encoding="utf-8") for path in PAGES}
MANUAL = "\n".join(TEXTS[path] for path in PAGES if path.name == "README.md" or path.parent.name == "docs")
COORDINATOR = "\n".join(TEXTS[ROOT / "docs" / name] for name in ("coordinator.md", "reference.md"))
"""What coordinators are told: the guide that they read, and the reference in which they look things up."""
DEVELOPER = TEXTS[ROOT / "docs/developer.md"]

GROUP: Any = typer.main.get_command(app)
COMMANDS: dict[tuple[str, ...], Any] = {(): GROUP, **dict(every_command(GROUP))}
LEAVES = [words for words, command in COMMANDS.items() if not hasattr(command, "list_commands")]
OF_EVERY_COMMAND = {"--help", "-h"}
REASONS = {
    *(value for name, value in vars(wanted).items() if name.isupper() and isinstance(value, str)),
    audiences.NO_BASIS,
    audiences.EXCLUDED,
    ACCOUNT_RESTS,
    HELD,
    TOO_MANY,
    *re.findall(
        r'Verdict\(MessageState\.\w+, "([^"]+)"', (ROOT / "outreach/domain/judging.py").read_text(encoding="utf-8")
    ),
}


def options_of(command: Any) -> set[str]:
    """How the options of a command are written."""
    return {
        option for one in command.params if one.param_type_name == "option" for option in one.opts
    } | OF_EVERY_COMMAND


def takes_a_value(command: Any, option: str) -> bool:
    return any(option in one.opts and not one.is_flag for one in command.params)


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_command_is_documented(words: tuple[str, ...]) -> None:
    assert f"outreach {' '.join(words)}" in MANUAL


@pytest.mark.parametrize(
    "option", sorted(set().union(*map(options_of, COMMANDS.values())) - {"-h", "-w"}), ids=str.strip
)
def test_every_option_is_documented(option: str) -> None:
    assert re.search(rf"{option}\b", MANUAL)


@pytest.mark.parametrize(
    "word",
    [
        *CallState,
        *MailingState,
        *MessageState,
        *SignatureState,
        *ReplyState,
        *Standing,
        *TaskState,
        *SuppressionReason,
        *Channel,
        *Origin,
    ],
    ids=repr,
)
def test_every_state_suppression_channel_and_origin_is_explained_to_coordinators(word: str) -> None:
    assert f"`{word}`" in COORDINATOR


@pytest.mark.parametrize(
    ("name", "moves"),
    [
        ("call", CALL_MOVES),
        ("mailing", MAILING_MOVES),
        ("message", MESSAGE_MOVES),
        ("signature", SIGNATURE_MOVES),
        ("reply", REPLY_MOVES),
        ("addressee", ADDRESSEE_MOVES),
        ("task", TASK_MOVES),
    ],
)
def test_a_diagram_has_the_moves_that_are_allowed_and_says_what_brings_each_about(
    name: str, moves: Mapping[str, frozenset[str]]
) -> None:
    diagram = DEVELOPER.partition(f'state "{name}" as ')[2].partition("```")[0]
    drawn = {(start, end) for start, end, said in re.findall(r"(\w+) --> (\w+): (\w.*)", diagram) if said}
    drawn = {(start.replace("_", "-"), end.replace("_", "-")) for start, end in drawn}  # what a diagram can name
    assert drawn == {(str(start), str(end)) for start, ends in moves.items() for end in ends}


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_reason_is_explained_to_coordinators(reason: str) -> None:
    assert reason in COORDINATOR


def table_under(heading: str) -> dict[str, list[str]]:
    """The rows below the table's heading, by the word in their first column."""
    below = COORDINATOR.partition(f"\n{heading}\n")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in below.splitlines()[1:]]
    return {first.strip("`"): rest for first, *rest in rows if first.startswith("`")}


def test_every_kind_of_mail_is_explained_to_coordinators() -> None:
    assert set(table_under("| kind | to whom, and when |")) == set(MessageKind)


@pytest.mark.parametrize("kind", WORKSPACE_KINDS)
def test_a_kind_whose_text_is_the_workspaces_is_said_to_be(kind: MessageKind) -> None:
    last = list(table_under("| kind | to whom, and when |"))[-4:]
    (said,) = re.findall(r"(?s)The last four of these.*?belong to\s+the\s+workspace", COORDINATOR)
    assert kind in last or f"`{kind}`" in said


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("| choice | who sees the name |", Visibility),
        ("| why | what it means |", [*DoubtReason, CLAIMED]),
        ("| likeness | what it means |", Likeness),
        ("| copy | what went out |", CopyKind),
        ("| task | what it does |", TaskVerb),
        ("| format | what it is good for |", LetterFormat),
        ("| line | what it says | if it is left out |", Listing().table()),
        ("| word in a post | what stands there |", WORDS),
    ],
)
def test_a_table_explains_to_coordinators_all_there_is_in_its_order(heading: str, words: Iterable[str]) -> None:
    assert list(table_under(heading)) == [str(word) for word in words]


def test_every_finding_of_the_doctor_is_explained_to_operators_in_its_order() -> None:
    below = TEXTS[ROOT / "docs/operator.md"].partition("\n| finding | what is looked at | what to do |\n")[2]
    rows = below.partition("\n\n")[0].splitlines()[1:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [str(check) for check in Check]


@pytest.mark.parametrize("order", Order)
def test_every_order_of_a_list_is_explained_to_coordinators(order: str) -> None:
    assert f'`"{order}"`' in table_under("| line | what it says | if it is left out |")["order"][0]


@pytest.mark.parametrize("word", COUNT_WORDS)
def test_every_figure_that_a_letter_may_hold_is_explained_to_coordinators(word: str) -> None:
    assert f"{{{{ signatories.{word} }}}}" in COORDINATOR


@pytest.mark.parametrize("word", LETTER_WORDS)
def test_every_word_of_a_letter_stands_there_with_its_meaning(word: str) -> None:
    assert f"| `{word.replace('*', 'NAME')}` | {LETTER_WORDS[word].sentence} |\n" in COORDINATOR


@pytest.mark.parametrize("field", [*SignatureField, IGNORE])
def test_every_field_of_a_list_of_signatures_is_named(field: str) -> None:
    assert f"`{field}`" in COORDINATOR.partition("### By telephone, by post, from a list")[2].partition("\n## ")[0]


@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_a_post_stands_there_with_its_meaning(word: str) -> None:
    assert f"| `{word}` | {WORDS[word].sentence} |\n" in COORDINATOR


def test_every_kind_of_reply_is_explained_to_coordinators_and_whether_it_waits() -> None:
    kinds = table_under("| kind | what it is | what follows | waits |")
    assert {kind: waits == "yes" for kind, (_, _, waits) in kinds.items()} == {
        kind: REPLIES[kind].waits for kind in ReplyKind
    }


def test_every_reason_of_a_bounce_is_explained_to_coordinators_and_whether_the_address_is_dead() -> None:
    reasons = table_under("| reason | what it means | the address |")
    assert {reason: not after.startswith("stays") for reason, (_, after) in reasons.items()} == {
        reason: reason in DEAD for reason in BounceReason
    }


def test_every_way_of_matching_a_reply_is_explained_to_coordinators_the_surest_first() -> None:
    ways = list(table_under("| known by | what it means |"))
    assert ways == [str(way) for way in MatchedBy]


@pytest.mark.parametrize("word", VOCABULARY)
def test_every_template_word_stands_there_with_its_meaning(word: str) -> None:
    assert f"| `{word}` | {VOCABULARY[word].sentence} |\n" in COORDINATOR


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_is_explained_to_coordinators(name: str) -> None:
    assert re.search(rf"^\| .*`{name}[`(].* \|", COORDINATOR, re.MULTILINE)


@pytest.mark.parametrize("basis", Basis)
def test_every_basis_is_documented(basis: str) -> None:
    assert f"`{basis}`" in COORDINATOR


@pytest.mark.parametrize(
    "target", re.findall(r"(?m)^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"))
)
def test_every_make_target_is_documented(target: str) -> None:
    assert f"`make {target}`" in DEVELOPER


def links() -> Iterator[tuple[Path, str]]:
    for path, text in TEXTS.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text)):
            if not re.match(r"[a-z]+:", target):
                yield path, target


def without_code(text: str) -> str:
    return re.sub(r"(?m)^ {4}.*$|`[^`\n]*`", "", text)


@pytest.mark.parametrize(("page", "target"), sorted(set(links())), ids=lambda value: getattr(value, "name", value))
def test_a_link_leads_somewhere(page: Path, target: str) -> None:
    name, _, anchor = target.partition("#")
    path = (page.parent / name).resolve() if name else page
    assert path.exists()
    if anchor:
        assert anchor in {slug(title) for title in re.findall(r"(?m)^#+ (.+)$", TEXTS[path])}


def slug(title: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def shown_commands() -> Iterator[tuple[str, str]]:
    """Each ``outreach ...`` of a block or a line of code, with the page that shows it."""
    for path, text in TEXTS.items():
        blocks = "\n".join(re.findall(r"(?m)^ {4}.*$", text))
        inline = re.findall(r"`([^`]+)`", re.sub(r"(?m)^ {4}.*$|^```[\s\S]*?^```", "", text))
        for line in [*blocks.splitlines(), *inline]:
            for command in re.findall(r"(?:^|[\s$/;(])outreach ((?:-|[a-z]).*)", re.sub(r"\s+", " ", line)):
                if looks_typed(line):
                    yield path.name, re.split(r" (?:#|&&|<|>|\|) ?|[;)’]| {2}", command)[0].strip()


def looks_typed(line: str) -> bool:
    """Whether the line is a command and not a sentence about one."""
    return bool(re.match(r"\s*(?:\$ |alias |ExecStart=|\S*/)?(?:\S*/)?outreach ", line)) or ":  outreach " in line


@pytest.mark.parametrize(("page", "command"), sorted(set(shown_commands())))
def test_a_command_that_is_shown_exists_with_its_options(page: str, command: str) -> None:
    words = shlex.split(command)
    path: tuple[str, ...] = ()
    while words:
        word = words.pop(0)
        here = COMMANDS[path]
        if word.startswith("-") and word != "-":
            assert word in options_of(here)
            if takes_a_value(here, word):
                words.pop(0)
        elif hasattr(here, "list_commands"):
            path = (*path, word)
            assert path in COMMANDS


def test_the_pages_show_commands_at_all() -> None:
    assert len(set(shown_commands())) > 40


ELSEWHERE = re.compile(
    r"/(work|tmp|root)/|\bpypi\b|\bissue \d|language model|\bLLM\b|\bAI\b|assistant",
    re.IGNORECASE,
)
ROWS = re.compile(r"\b[BF]\d{1,2}\b")
"""Rows of a table, which only the page that has the table may name."""


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_speaks_of_the_product_and_not_of_the_place_where_it_was_made(page: Path) -> None:
    assert ELSEWHERE.findall(TEXTS[page]) == []
    assert page.name == "reliability.md" or ROWS.findall(TEXTS[page]) == []
