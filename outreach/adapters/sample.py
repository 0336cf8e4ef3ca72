"""The sample workspace: where it lies, and how a new workspace is made of it."""

import shutil
import tempfile
from pathlib import Path

import outreach
from outreach.domain.errors import Refusal

COPIED = ("config.toml", "templates", "contacts")
SECRETS = "secrets"
IGNORED = ("outreach.db*", ".outreach-generation*", "outbox/", "secrets/")
ABOUT_SECRETS = """\
One file for each secret, with nothing in it but the secret:

    smtp__password      the password of the mail account
    database__password  the password of the PostgreSQL user

Whoever reads these files can send mail in your name: keep them to yourself, and out of backups that others hold.
"""


def sample_folder() -> Path:
    """The folder with the sample's config.toml, templates/ and contacts/: in the package, or the repository."""
    package = Path(outreach.__file__).parent
    shipped = package / "sample"
    return shipped if shipped.is_dir() else package.parent


def make_workspace(folder: Path) -> None:
    """Make ``folder`` a new workspace out of the sample; what else is in it stays as it is.

    Raises Refusal if part of a workspace is there already, or if the folder cannot be written to; nothing is
    half done then.
    """
    taken = [name for name in (*COPIED, SECRETS) if (folder / name).exists() or (folder / name).is_symlink()]
    if taken:
        raise Refusal(
            f"{folder} already holds {', '.join(taken)}; a new workspace would overwrite that. Take another folder."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-workspace-", dir=folder) as staged:
            _copy_sample(Path(staged))
            for name in (*COPIED, SECRETS):
                (Path(staged) / name).rename(folder / name)
        _ignore(folder / ".gitignore")
    except OSError as error:
        raise Refusal(f"No workspace can be made in {folder}: {error.strerror or error}.") from error


def _copy_sample(into: Path) -> None:
    sample = sample_folder()
    for name in COPIED:
        if (sample / name).is_dir():
            shutil.copytree(sample / name, into / name, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(sample / name, into / name)
    secrets = into / SECRETS
    secrets.mkdir(mode=0o700)
    (secrets / "README").write_text(ABOUT_SECRETS, encoding="utf-8")


def _ignore(path: Path) -> None:
    """Keep what must not be published out of git, whatever else is kept out already."""
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = [line for line in IGNORED if line not in known.splitlines()]
    if lines:
        gap = "" if known.endswith("\n") or not known else "\n"
        path.write_text(known + gap + "\n".join(lines) + "\n", encoding="utf-8")
