"""Reads what a page of the console posts: lines, choices, and files."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData, UploadFile

from outreach.domain.row_numbers import row_number

LARGEST_UPLOAD = 32 * 1024 * 1024
MOST_FIELDS = 1000
MOST_FILES = 10
UNREADABLE = 400


@dataclass(frozen=True, slots=True)
class Form:
    """The values of a form, and its files."""

    data: FormData

    def line(self, name: str) -> str:
        """A value without the blanks around it; "" where there is none."""
        value = self.data.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def text(self, name: str) -> str:
        """A text of several lines, each ended by one line feed (HTML sends two characters)."""
        value = self.data.get(name, "")
        return value.replace("\r\n", "\n") if isinstance(value, str) else ""

    def all(self, name: str) -> list[str]:
        """The values of choices that bear one name."""
        return [value for value in self.data.getlist(name) if isinstance(value, str)]

    def checked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.line(name))

    def number(self, name: str) -> int | None:
        """A whole number that a row can have; None for anything else."""
        return row_number(self.line(name))

    def files(self, name: str) -> list[UploadFile]:
        """The files that were chosen; an empty choice is none."""
        return [value for value in self.data.getlist(name) if isinstance(value, UploadFile) and value.filename]


async def _form(request: Request) -> AsyncIterator[Form]:
    try:
        data = await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS)
    except HTTPException:
        raise
    except Exception as error:
        raise HTTPException(UNREADABLE) from error
    try:
        yield Form(data)
    finally:
        await data.close()


AtForm = Annotated[Form, Depends(_form)]
"""The form of a deed; it is read after the room has let the person in, never before."""
