"""Reads a letter from its files, one for each language, named NAME.LANGUAGE.md."""

from pathlib import Path

from outreach.domain.call_files import LetterFile, read_letter
from outreach.domain.errors import InvalidInput


def read_letters(path: Path) -> tuple[str, dict[str, LetterFile]]:
    """The letter's name, and its text in the language of ``path``, then in all for which a file stands beside it.

    Raises InvalidInput with the file that is not named so, cannot be read, or is not written as a letter is.
    """
    name, language = _named(path)
    if not name or not language or path.suffix != ".md":
        raise InvalidInput(f"{path.name} must be named NAME.LANGUAGE.md, such as open-ports.en.md.")
    beside = sorted(one for one in path.parent.glob("*.md") if _named(one)[0] == name and _named(one)[1])
    others = [one for one in beside if one.name != path.name]
    return name, {_named(one)[1]: _letter(one) for one in (path, *others)}


def _named(path: Path) -> tuple[str, str]:
    name, _, language = path.stem.rpartition(".")
    return name, language


def _letter(path: Path) -> LetterFile:
    try:
        return read_letter(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8 text; save it as UTF-8.") from error
    except InvalidInput as refusal:
        raise InvalidInput(f"{path}: {refusal}") from refusal
