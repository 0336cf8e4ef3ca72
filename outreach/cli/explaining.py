"""What a mail would be taken for, as one JSON object a line; nothing is stored."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from outreach.cli.harmless import json_text
from outreach.domain.errors import InvalidInput
from outreach.domain.replies import REPLIES, ReplyKind
from outreach.reading.rules import Failure, Understood
from outreach.reading.understanding import hear


def explained(paths: list[Path]) -> Iterator[str]:
    """A line for each mail. InvalidInput: a path that is none."""
    for path in _mails(paths):
        try:
            content = path.read_bytes()
        except OSError as error:
            raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error
        heard = hear(content)
        said = {"file": str(path), **_said(heard.understood)}
        if heard.note:
            said["note"] = heard.note
        yield json_text(said)


def _mails(paths: list[Path]) -> Iterator[Path]:
    """The files that are named, and in each folder those that end in .eml, or all if none does (a Maildir's)."""
    for path in paths:
        if path.is_dir():
            files = sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
            yield from [one for one in files if one.suffix == ".eml"] or files
        elif path.is_file():
            yield path
        else:
            raise InvalidInput(f"{path} is neither a file nor a folder.")


def _said(understood: Understood) -> dict[str, Any]:
    said: dict[str, Any] = {
        "kind": understood.kind.value,
        "rule": understood.rule,
        "confidence": round(understood.confidence, 2),
        "automatic": REPLIES[understood.kind].automatic,
    }
    if understood.kind is ReplyKind.COMPLAINT:
        named = [address for one in understood.failures for address in one.recipients]
        return said | {"recipient": named[0] if named else "", "would_suppress": True}
    if understood.failures:
        said |= _failed(understood.failures[0])
    if len(understood.failures) > 1:
        said["failures"] = [_failed(one) for one in understood.failures]
    if understood.until is not None:
        said["until"] = understood.until.isoformat()
    if not REPLIES[understood.kind].automatic:
        said["language"] = understood.language
        said["new_text"] = understood.new_text
    if understood.signer is not None:
        signer = understood.signer
        said["signer"] = {
            "name": signer.name,
            "title": signer.title,
            "organisation": signer.organisation,
            "country": signer.country,
        }
    return said


def _failed(failure: Failure) -> dict[str, Any]:
    """``would_suppress``: if the report also proves that it answers a mail of ours."""
    return {
        "recipient": failure.recipients[0] if failure.recipients else "",
        "status": failure.status,
        "reason": failure.reason.value,
        "would_suppress": failure.suppresses,
        "diagnostic": failure.diagnostic,
    }
