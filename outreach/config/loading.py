"""Reads a workspace's settings from config.toml, the secrets folder and the environment."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from outreach.config.describing import PREFIX, Setting, every_setting, sections
from outreach.config.settings import Settings
from outreach.domain.errors import InvalidInput
from outreach.domain.zones import shown

CONFIG_FILE = "config.toml"
SECRETS_FOLDER = "secrets"


@dataclass(frozen=True, slots=True)
class _Given:
    """A value that somebody gave for a setting, and the place where it stands."""

    setting: Setting
    value: Any
    place: str


_Found = Iterator[_Given | str]
"""What is read from a source: values, and sentences about what is wrong."""


def load_settings(folder: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the workspace in ``folder``.

    The environment (``OUTREACH_SMTP__HOST``) goes before the secrets folder (``secrets/smtp__password``), which
    goes before ``config.toml``. Raises InvalidInput with one sentence for each thing that is wrong.
    """
    path = folder / CONFIG_FILE
    found = [*_in_file(path), *_in_secrets(folder / SECRETS_FOLDER), *_in_environment(environment)]
    wrong = [each for each in found if isinstance(each, str)]
    given = {(each.setting.section, each.setting.name): each for each in found if isinstance(each, _Given)}
    values: dict[str, dict[str, Any]] = {section: {} for section in sections()}
    for (section, name), each in given.items():
        values[section][name] = each.value
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        wrong += [_sentence(path, given, dict(item)) for item in error.errors()]
    if wrong:
        raise InvalidInput(*wrong)
    return settings


def _in_file(path: Path) -> _Found:
    for section, table in _read(path).items():
        if section not in sections():
            yield f"{path}: there is no section [{section}].{_meant(section, list(sections()))}"
        elif not isinstance(table, dict):
            yield f"{path}: {section} is a section: write [{section}] on a line, and its keys on lines below it."
        else:
            yield from _in_table(path, section, table)


def _in_table(path: Path, section: str, table: dict[str, Any]) -> _Found:
    for name, value in table.items():
        setting = every_setting().get((section, name))
        if setting is None:
            yield f"{path}: {_unknown(section, name)}"
        elif setting.secret or (setting.key == "database.url" and _holds_password(value)):
            secret = setting if setting.secret else every_setting()[section, "password"]
            yield (
                f"{path}: {secret.key} is a secret and may not stand in the file; put it into "
                f"{path.parent / SECRETS_FOLDER / secret.file} or into {secret.variable} in the environment."
            )
        else:
            yield _Given(setting, value, f"{path}: {setting.key}")


def _in_secrets(folder: Path) -> _Found:
    """One file for each value, as secret stores and container engines give them; other files are not ours."""
    try:
        for path in sorted(folder.glob("*__*")):
            section, _, name = path.name.partition("__")
            setting = every_setting().get((section, name))
            if setting is None:
                yield f"{path}: {_unknown(section, name)}"
            else:
                text = path.read_text(encoding="utf-8").rstrip("\r\n")
                yield _Given(setting, setting.read(text), str(path))
    except UnicodeDecodeError:
        yield f"{path} is not a text in UTF-8."
    except OSError as error:
        yield f"{error.filename or folder} cannot be read: {error.strerror or error}."


def _in_environment(environment: Mapping[str, str]) -> _Found:
    """What begins with OUTREACH_ and names a section and a key; OUTREACH_WORKSPACE and its like are not ours."""
    for variable, text in environment.items():
        section, parted, name = variable.upper().removeprefix(PREFIX).lower().partition("__")
        if not variable.upper().startswith(PREFIX) or not parted:
            continue
        setting = every_setting().get((section, name))
        if setting is None:
            yield f"{variable} in the environment: {_unknown(section, name)}"
        else:
            yield _Given(setting, setting.read(text), f"{variable} in the environment")


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise InvalidInput(
            f"There is no workspace in {path.parent}: {CONFIG_FILE} is missing. "
            f"'outreach init {path.parent}' makes a new one."
        )
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{path} is not valid TOML: {error}. A key looks like port = 587, a text has quotes."
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not a text in UTF-8; save it as UTF-8.") from error
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror or error}.") from error


def _holds_password(url: Any) -> bool:
    try:
        return bool(urlsplit(str(url)).password)
    except ValueError:
        return False


def _sentence(path: Path, given: Mapping[tuple[str, str], _Given], error: dict[str, Any]) -> str:
    """What is wrong with one setting: where it stands, the value, what is allowed, what it is for."""
    loc = tuple(error["loc"])
    own = str(error["ctx"]["error"]) if error["type"] == "value_error" else ""
    if loc not in given:  # the values of a section contradict each other
        return f"{path}: in [{loc[0]}], {own}"
    each = given[loc]
    if own:
        return f"{each.place}: {own}"
    shows = "" if each.setting.secret else f" is {_shown(each.value)};"
    return f"{each.place}{shows} it must be {each.setting.allowed}. {each.setting.meaning}"


def _shown(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return shown(value)
        case dict():
            return "a table"
        case list():
            return "a list"
    return str(value)[:60]


def _unknown(section: str, name: str) -> str:
    if section not in sections():
        return f"there is no section {section}.{_meant(section, list(sections()))}"
    names = list(sections()[section].model_fields)
    return f"there is no setting {section}.{name}.{_meant(name, names, section + '.')}"


def _meant(given: str, known: list[str], before: str = "") -> str:
    close = get_close_matches(given.lower(), known, n=1)
    if close:
        return f" Did you mean {before}{close[0]}?"
    return f" There are: {', '.join(known)}."
