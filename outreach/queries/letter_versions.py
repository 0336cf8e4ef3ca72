"""The versions of a letter that people have signed, and in what each differs from the one before."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from outreach.rendering.letters.differences import Piece, differences
from outreach.store.tables import Letter, LetterText


@dataclass(frozen=True, slots=True)
class LetterVersion:
    """One version: ``changes`` are the paragraphs that differ from the one before, by language.

    ``substance``: who had signed the version before was asked again.
    """

    number: int
    languages: tuple[str, ...]
    changes: dict[str, list[tuple[Piece, ...]]]
    newest_substance: bool


def letter_versions(session: Session, letter: Letter) -> list[LetterVersion]:
    """All versions, the newest first."""
    texts: dict[int, dict[str, LetterText]] = {}
    for text in session.exec(
        select(LetterText).where(LetterText.letter_id == letter.id).order_by(col(LetterText.language))
    ):
        texts.setdefault(text.version, {})[text.language] = text
    return [
        LetterVersion(
            number,
            tuple(texts[number]),
            {
                language: differences(_whole(texts[number - 1][language]), _whole(text))
                for language, text in texts[number].items()
                if language in texts.get(number - 1, {})
            },
            newest_substance=number == letter.substance,
        )
        for number in sorted(texts, reverse=True)
    ]


def _whole(text: LetterText) -> str:
    return "\n\n".join([text.title, text.addressee, *text.asks, text.body])
