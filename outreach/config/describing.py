"""What there is to set: each setting's key, what is allowed, its default and its meaning, read off the tables."""

from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from annotated_types import Ge, Gt, Le
from pydantic import SecretStr, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from outreach.config.forms import Form
from outreach.config.settings import Section, Settings

PREFIX = "OUTREACH_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, ``section.name``; ``allowed`` goes on after "it must be"; ``default`` is as TOML writes it."""

    section: str
    name: str
    kind: Any
    allowed: str
    default: str
    meaning: str

    @property
    def key(self) -> str:
        """Its name in sentences: ``smtp.port``."""
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        """The environment variable that goes before the file: ``OUTREACH_SMTP__PORT``."""
        return f"{PREFIX}{self.section}__{self.name}".upper()

    @property
    def file(self) -> str:
        """The file in the secrets folder that goes before the file: ``smtp__port``."""
        return f"{self.section}__{self.name}"

    @property
    def secret(self) -> bool:
        """Whether it may not stand in config.toml, and is never shown."""
        return self.kind is SecretStr

    def read(self, text: str) -> Any:
        """The value that a text from the environment or a file stands for; the text itself if it is none."""
        if self.kind not in (bool, int, float):
            return text
        try:
            return TypeAdapter(self.kind).validate_python(text.strip())
        except ValidationError:
            return text


@cache
def sections() -> dict[str, type[Section]]:
    """The tables of config.toml by name, in their order."""
    return {name: field.annotation for name, field in Settings.model_fields.items()}  # type: ignore[misc]


@cache
def every_setting() -> dict[tuple[str, str], Setting]:
    """All settings by section and name, in the order of config.toml."""
    return {
        (section, name): Setting(
            section, name, field.annotation, _allowed(field), _default(field.default), field.description or ""
        )
        for section, table in sections().items()
        for name, field in table.model_fields.items()
    }


def _allowed(field: FieldInfo) -> str:
    for form in field.metadata:
        if isinstance(form, Form):
            return form.says
    if field.annotation is bool:
        return "true or false"
    if field.annotation is SecretStr:
        return "a secret"
    if choices := get_args(field.annotation):
        *most, last = (f'"{choice}"' for choice in choices)
        return f"{', '.join(most)} or {last}"
    return ("a whole number" if field.annotation is int else "a number") + _bounds(field.metadata)


def _bounds(metadata: list[Any]) -> str:
    words = ""
    for bound in metadata:
        match bound:
            case Ge(ge=least):
                words += f" from {least}"
            case Gt(gt=least):
                words += f" above {least}"
            case Le(le=most):
                words += f" to {most}" if " from" in words else f", at most {most}"
    return words


def _default(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case SecretStr() | "":
            return '""'
        case str():
            return f'"{value}"'
    return str(value)
