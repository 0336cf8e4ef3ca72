"""What a stranger's machine gets: pinned packages, a wheel that is whole, and nothing of anybody else's."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import outreach
from outreach.adapters.house_texts import read_house_texts
from outreach.domain.replies import ReplyKind

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUN: list[str] = PROJECT["project"]["dependencies"]
EXTRA: list[str] = PROJECT["project"]["optional-dependencies"]["postgresql"]
DEV: list[str] = PROJECT["dependency-groups"]["dev"]
PIN: list[str] = PROJECT["dependency-groups"]["pin"]
SHIPPED = {
    "config.toml",
    "contacts/README.md",
    "contacts/contacts.csv",
    "contacts/facts.csv",
    "contacts/officials.csv",
    *(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.*")),
}

FROM_A_WHEEL = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from outreach.adapters.house_texts import read_house_texts
from outreach.reading.understanding import hear
print(hear(b"From: idris@harbourlight.example\\n\\nPlease remove me from your list.").understood.kind)
for kind, language in sorted(read_house_texts(Path(sys.argv[1], "no", "templates"))):
    print(kind, language)
"""


def pins(name: str) -> dict[str, str]:
    """The version of each package that a requirements file pins."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    found = re.findall(r"(?m)^([\w.-]+)(?:\[[^]]*\])?==([^\s;]+)", text)
    return {canonicalize_name(package): version for package, version in found}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    """The wheel of a checkout in which a coordinator keeps her own contacts, and a database."""
    source, into = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("wheel")
    for name in ("outreach", "templates", "contacts", "tests", "requirements"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("config.toml", "pyproject.toml", ".gitignore"):
        shutil.copy(ROOT / name, source / name)
    (source / "README.md").write_text("# Outreach\n")
    (source / "contacts" / "our-members.csv").write_text("email\nrosa@lanterncoast.example\n")
    (source / "outreach.db").write_text("rows")
    return ZipFile(next(WheelBuilder(str(source)).build(directory=str(into))))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes(path: Path) -> None:
    text = re.sub(r"(?m)^\s*#.*\n", "", path.read_text(encoding="utf-8"))
    for entry in text.replace("\\\n", " ").splitlines():
        assert re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==\S+( ; .+?)?(\s+--hash=sha256:[0-9a-f]{64})+", entry.strip())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_requirements_name_no_registry(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host|^-[if] ", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "asked"), [("run.txt", RUN), ("dev.txt", RUN + EXTRA + DEV), ("uv.txt", PIN)], ids=lambda x: str(x)[:7]
)
def test_what_the_project_asks_for_is_what_is_pinned(name: str, asked: list[str]) -> None:
    pinned = pins(name)
    for requirement in map(Requirement, asked):
        assert pinned[canonicalize_name(requirement.name)] in requirement.specifier, "run 'make pin'"


def test_a_machine_that_runs_it_gets_what_was_tested() -> None:
    assert pins("run.txt").items() <= pins("dev.txt").items()


def test_every_package_that_is_imported_is_asked_for() -> None:
    asked = {canonicalize_name(Requirement(each).name) for each in RUN + EXTRA}
    known = packages_distributions()
    for path in (ROOT / "outreach").rglob("*.py"):
        for package in imported(path) - sys.stdlib_module_names - {"outreach"}:
            distributions = {canonicalize_name(each) for each in known.get(package, [package])}
            assert distributions & asked, f"{path.relative_to(ROOT)} imports {package}"


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def test_the_wheel_has_the_whole_sample_workspace_and_no_one_elses_contacts(wheel: ZipFile) -> None:
    prefix = "outreach/sample/"
    sample = {name.removeprefix(prefix) for name in wheel.namelist() if name.startswith(prefix)}
    assert sample == SHIPPED
    for name in SHIPPED:
        assert wheel.read(prefix + name) == (ROOT / name).read_bytes()


def test_the_wheel_holds_the_package_and_nothing_else(wheel: ZipFile) -> None:
    files = {path for path in (ROOT / "outreach").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    names = {name for name in wheel.namelist() if not name.startswith("outreach/sample/")}
    assert {str(path.relative_to(ROOT)) for path in files} <= names
    assert {name.partition("/")[0] for name in names} == {"outreach", f"outreach-{outreach.__version__}.dist-info"}


def test_an_installed_copy_reads_its_own_phrases_and_mail_templates(wheel: ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    command = [sys.executable, "-I", "-c", FROM_A_WHEEL, str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603  our own
    understood, *texts = done.stdout.splitlines()
    assert understood == ReplyKind.OPT_OUT
    assert texts == [f"{kind} {language}" for kind, language in sorted(read_house_texts(tmp_path / "none"))]
    assert texts


def test_the_wheel_brings_the_command(wheel: ZipFile) -> None:
    entry = wheel.read(f"outreach-{outreach.__version__}.dist-info/entry_points.txt").decode()
    assert "outreach = outreach.cli:main" in entry


def test_make_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"(?m)^\.PHONY: (.+)$", text)
    assert targets is not None
    assert set(targets[1].split()) == set(re.findall(r"(?m)^([a-z]+):.*## ", text))
