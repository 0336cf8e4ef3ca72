import pytest

from outreach.domain.errors import InvalidInput, Refusal
from outreach.store.database import Database
from outreach.store.documents import LARGEST, content_of, keep_document, plain_name
from tests.make import NOON


def test_a_document_comes_back_byte_for_byte(sqlite: Database) -> None:
    with sqlite.changing() as session:
        kept = keep_document(session, "scan.pdf", "application/pdf", b"%PDF-1.7 \0\xff", now=NOON, by="Rosa")
        assert content_of(session, kept.id or 0) == b"%PDF-1.7 \0\xff"
        assert (kept.size, len(kept.sha256)) == (11, 64)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\scans\\letter.pdf", "letter.pdf"),
        ("a.csv\0.exe", "a.csv.exe"),
        ("CON", "document"),
        ("nul.txt", "document"),
        ("", "document"),
        ("...", "document"),
        ("r\u00e9sum\u00e9\u202efdp.exe", "r\u00e9sum\u00e9fdp.exe"),
        ('a"b\r\nX: y.pdf', "a-b X- y.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_the_name_of_a_file_is_made_plain(given: str, kept: str) -> None:
    assert plain_name(given) == kept


def test_an_empty_file_and_one_that_is_too_large_are_refused_by_name(sqlite: Database) -> None:
    with sqlite.changing() as session:
        with pytest.raises(InvalidInput, match=r"empty\.pdf is empty"):
            keep_document(session, "empty.pdf", "application/pdf", b"", now=NOON, by="Rosa")
        with pytest.raises(InvalidInput, match="25 MB are the most"):
            keep_document(session, "a.pdf", "application/pdf", bytes(LARGEST + 1), now=NOON, by="Rosa")
        with pytest.raises(Refusal, match="no document 7"):
            content_of(session, 7)
