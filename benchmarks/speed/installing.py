"""Gets the rivals, once, each in the version that is written down: under build/, away from our own packages."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
BUILT = HERE.parent.parent / "build" / "rivals"
PYTHON_LIST, NODE_LIST = HERE / "rivals.txt", HERE / "rivals" / "package.json"
MODULES = BUILT / "node_modules"
MINUTES = 5


class NotInstalledError(Exception):
    """Why a rival cannot take part."""


def rivals_python() -> str:
    """The Python that has the rivals."""
    venv = BUILT / "venv"
    python = venv / "bin" / "python"
    if _is_new(PYTHON_LIST):
        _do([sys.executable, "-m", "venv", "--clear", str(venv)])
        pip = [
            str(python),
            "-m",
            "pip",
            "--disable-pip-version-check",
            "install",
            "--quiet",
            "--only-binary",
            ":all:",
        ]
        _do([*pip, "-r", str(PYTHON_LIST)])
        _is_done(PYTHON_LIST)
    return str(python)


def rivals_node() -> str:
    """The Node.js that has the rivals in ``MODULES``."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None:
        raise NotInstalledError("there is no Node.js on this machine")
    if _is_new(NODE_LIST):
        if npm is None:
            raise NotInstalledError("there is no npm on this machine")
        BUILT.mkdir(parents=True, exist_ok=True)
        shutil.copy(NODE_LIST, BUILT / "package.json")
        quietly = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        _do([npm, "install", *quietly], cwd=BUILT)
        _is_done(NODE_LIST)
    return node


def versions() -> dict[str, str]:
    """The rivals that have a version of their own."""
    python = dict(line.split("==") for line in PYTHON_LIST.read_text(encoding="utf-8").split())
    node: dict[str, str] = json.loads(NODE_LIST.read_text(encoding="utf-8"))["dependencies"]
    named = ("mailmerge", "django-post_office", "Django", "Jinja2", "sqlmodel", "aiosmtplib")
    return {**{name: python[name] for name in named}, **node, **_said("node", "--version"), **_postfix()}


def _postfix() -> dict[str, str]:
    said = _said("/usr/sbin/postconf", "-h", "mail_version")
    return {"postfix": next(iter(said.values()))} if said else {}


def _said(program: str, *words: str) -> dict[str, str]:
    try:
        done = subprocess.run([program, *words], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return {}
    return {program: done.stdout.strip()}


def _is_new(wanted: Path) -> bool:
    done = BUILT / f"{wanted.name}.installed"
    return not done.exists() or done.read_bytes() != wanted.read_bytes()


def _is_done(wanted: Path) -> None:
    shutil.copy(wanted, BUILT / f"{wanted.name}.installed")


def _do(command: list[str], cwd: Path | None = None) -> None:
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=MINUTES * 60, check=False)
    except (OSError, subprocess.TimeoutExpired) as trouble:
        raise NotInstalledError(f"{Path(command[0]).name}: {trouble}") from trouble
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "it does not say why").splitlines()[-1]
        raise NotInstalledError(last)
