"""Reads a call's files from a workspace folder, and writes them back."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import tomlkit

from outreach.adapters.tables import read_table
from outreach.domain.addresses import parse_address
from outreach.domain.call_files import (
    CallFile,
    LetterFile,
    call_table,
    read_call_table,
    read_letter,
    write_letter,
)
from outreach.domain.contact_columns import Field
from outreach.domain.contact_rows import map_header
from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import CALL_KINDS, MessageKind


def read_call(path: Path, templates: Path) -> CallFile:
    """The call in a TOML file, with the letters beside it and the mail templates.

    Templates stand in ``email/`` beside the file if there is such a folder, otherwise in ``templates/email``.
    Raises InvalidInput with the file and what is wrong.
    """
    text = _read(path)
    try:
        call = read_call_table(tomllib.loads(text))
    except RecursionError:
        raise InvalidInput(f"{path} nests lists or tables too deep to be a call.") from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{path} is not valid TOML: {error}.") from error
    except InvalidInput as refusal:
        raise InvalidInput(*(f"{path}: {reason}" for reason in refusal.reasons)) from refusal
    folder = path.parent / "email"
    return replace(
        call,
        letters=_letters(call, path.parent),
        texts=dict(_texts(folder if folder.is_dir() else templates / "email")),
        excluded=tuple(_already_invited(call, path.parent)),
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8 text; save it as UTF-8.") from error


def _beside(folder: Path, name: str, key: str) -> Path:
    """The place of a file that the call's file names. InvalidInput for a name that no file can have."""
    try:
        path = (folder / name).resolve()
        path.exists()
    except (OSError, ValueError, RuntimeError) as error:
        raise InvalidInput(f"{key}: {name[:60]!r} is not the name of a file.") from error
    return path


def _letters(call: CallFile, folder: Path) -> dict[str, LetterFile]:
    letters = {}
    for language in call.languages:
        path = _beside(folder, f"{call.letter}.{language}.md", "letter")
        if not path.is_file():
            raise InvalidInput(f"{path} is missing: the call's languages name {language!r}.")
        try:
            letters[language] = read_letter(_read(path))
        except InvalidInput as refusal:
            raise InvalidInput(f"{path}: {refusal}") from refusal
    return letters


def _texts(folder: Path) -> Iterator[tuple[tuple[MessageKind, str], str]]:
    """Every template in the folder, by kind and language (``reminder.fr.md``)."""
    if not folder.is_dir():
        raise InvalidInput(f"{folder} is missing: it holds the mail templates.")
    kinds = {kind.value: kind for kind in MessageKind}
    for path in sorted(folder.glob("*.md")):
        kind, _, language = path.stem.rpartition(".")
        if kind not in kinds:
            raise InvalidInput(f"{path}: a template is named KIND.LANGUAGE.md, with a kind of {', '.join(kinds)}.")
        if kinds[kind] in CALL_KINDS:
            yield (kinds[kind], language), _read(path)


def read_call_texts(templates: Path) -> dict[tuple[MessageKind, str], str]:
    """The workspace's sample mails of a call, by kind and language. InvalidInput where there are none."""
    return dict(_texts(templates / "email"))


def _already_invited(call: CallFile, folder: Path) -> Iterator[str]:
    """The addresses in the file that the audience names, as identity keys."""
    if not call.audience.already_invited:
        return
    path = _beside(folder, call.audience.already_invited, "audience.already_invited")
    if not path.is_file():
        raise InvalidInput(f"{path} is missing: audience.already_invited names it.")
    table = read_table(path)
    column = map_header(table.header, {}).fields[Field.EMAIL]
    for row in table.rows:
        cells = getattr(row, "cells", ())
        if column < len(cells) and cells[column].strip():
            try:
                yield parse_address(cells[column]).key
            except InvalidInput as refusal:
                raise InvalidInput(f"{path}, row {row.number}: {refusal}") from refusal


def write_call(call: CallFile, folder: Path) -> Path:
    """Write the call into ``folder`` (its TOML, letters and mails); the path of the TOML file.

    Reading it again gives the same call. Raises InvalidInput when the folder cannot be written to.
    """
    path = folder / f"{call.slug}.toml"
    files = {path: tomlkit.dumps(call_table(call))}
    files |= {folder / f"{call.letter}.{lang}.md": write_letter(text) for lang, text in call.letters.items()}
    files |= {folder / "email" / f"{kind.value}.{lang}.md": source for (kind, lang), source in call.texts.items()}
    try:
        # An empty folder would say that the call has no mails; without one the workspace's are taken.
        (folder / "email" if call.texts else folder).mkdir(parents=True, exist_ok=True)
        for target, text in files.items():
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{folder} cannot be written to: {error.strerror}.") from error
    return path
