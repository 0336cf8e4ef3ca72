"""Reads a workspace's settings from config.toml, the environment and the secrets folder."""

import os
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from outreach.config.settings import Section, Settings
from outreach.domain.errors import InvalidInput

CONFIG_FILE = "config.toml"
SECRETS_FOLDER = "secrets"
PREFIX = "OUTREACH_"


def load_settings(folder: Path) -> Settings:
    """The settings of the workspace in ``folder``.

    The environment (``OUTREACH_SMTP__HOST``) goes before the secrets folder (``secrets/smtp__password``), which
    goes before ``config.toml``. Raises InvalidInput with one sentence for each thing that is wrong.
    """
    path = folder / CONFIG_FILE
    values = _read(path)
    _refuse_secrets(path, values)
    try:
        loaded = _sources(folder, values)()
    except ValidationError as error:
        sentences = (_sentence(path, dict(item)) for item in error.errors())
        raise InvalidInput(*dict.fromkeys(sentences)) from None
    return Settings.model_validate(loaded.model_dump())


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise InvalidInput(
            f"There is no workspace in {path.parent}: {CONFIG_FILE} is missing. "
            f"'outreach init {path.parent}' makes a new one."
        )
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} is not valid TOML: {error}.") from error


def _refuse_secrets(path: Path, values: dict[str, Any]) -> None:
    for key in sorted(Settings.secret_keys):
        section, name = key.split(".")
        table = values.get(section)
        if isinstance(table, dict) and name in table:
            raise InvalidInput(
                f"{path}: {key} is a secret and may not stand in the file; put it into "
                f"{SECRETS_FOLDER}/{section}__{name} or into {PREFIX}{section.upper()}__{name.upper()}."
            )


def _sources(folder: Path, values: dict[str, Any]) -> type[BaseSettings]:
    """A settings class that reads this folder's three sources, the strongest first."""

    class Sources(Settings, BaseSettings):
        model_config = SettingsConfigDict(
            frozen=True,
            extra="forbid",
            env_prefix=PREFIX,
            env_nested_delimiter="__",
            secrets_dir=folder / SECRETS_FOLDER,
            secrets_dir_missing="ok",
        )

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the framework's signature
            env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return (
                EnvSettingsSource(settings_cls),
                NestedSecretsSettingsSource(file_secret_settings, secrets_prefix="", secrets_nested_delimiter="__"),
                InitSettingsSource(settings_cls, values),
            )

    return Sources


def _sentence(path: Path, error: dict[str, Any]) -> str:
    """What is wrong with one key: the file (or the variable), the key, the value, what is allowed."""
    keys = [str(part) for part in error["loc"]]
    key = ".".join(keys)
    variable = PREFIX + "__".join(keys).upper()
    place = f"{variable} in the environment" if variable in os.environ else f"{path}: {key}"
    if error["type"] == "extra_forbidden":
        return f"{path}: there is no setting {key}.{_meant(keys)}"
    value = "" if key in Settings.secret_keys or isinstance(error["input"], dict) else f" is {error['input']!r}:"
    message = str(error["msg"]).removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    return f"{place}{value} {message}.{_allowed(keys)}"


def _meant(keys: list[str]) -> str:
    table: type[Section] = Settings
    for key in keys[:-1]:
        field = table.model_fields.get(key)
        if field is None or not isinstance(field.annotation, type):
            return ""
        table = field.annotation
    close = get_close_matches(keys[-1], table.model_fields, n=1)
    if close:
        return f" Did you mean {'.'.join([*keys[:-1], close[0]])}?"
    return f" Allowed are: {', '.join(sorted(table.model_fields))}."


def _allowed(keys: list[str]) -> str:
    field = Settings.model_fields.get(keys[0])
    for key in keys[1:]:
        if field is None or not (isinstance(field.annotation, type) and issubclass(field.annotation, Section)):
            return ""
        field = field.annotation.model_fields.get(key)
    return f" {field.description}" if field is not None and field.description else ""
