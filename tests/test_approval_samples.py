"""The sample mails of approval rounds are there in every language, and say the same."""

import re

import pytest

from outreach.domain.kinds import KINDS, OWN_KINDS, MessageKind
from outreach.rendering.grammar import check, examine
from outreach.rendering.source import split_source
from tests.make import ROOT

LANGUAGES = ("en", "fr", "es", "ar")
WRITTEN = (*OWN_KINDS, MessageKind.LETTER_CHANGED)
"""A public call's mail about a changed letter asks for a signature; a round's asks for an answer."""
MAILS = [(kind, language) for kind in WRITTEN for language in LANGUAGES]
STANDS_IN = re.compile(r"{{.*?}}|{%.*?%}")


def mail(kind: MessageKind, language: str) -> str:
    return (ROOT / f"templates/approval/{kind}.{language}.md").read_text(encoding="utf-8")


def test_every_mail_of_a_round_is_there_in_every_language() -> None:
    there = {path.name for path in ROOT.glob("templates/approval/*.md")}
    assert there == {f"{kind}.{language}.md" for kind, language in MAILS}


@pytest.mark.parametrize(("kind", "language"), MAILS)
def test_a_mail_of_a_round_has_no_fault_and_needs_nothing_that_may_be_unknown(
    kind: MessageKind, language: str
) -> None:
    text = mail(kind, language)
    assert check(text, kind) == []
    required = examine(text, kind).required
    assert not [name for name in required if name.startswith(("contact.", "release."))]
    assert len(STANDS_IN.sub("", split_source(text)[0].subject)) < 70


@pytest.mark.parametrize("kind", WRITTEN)
def test_all_languages_of_a_mail_offer_the_same_links(kind: MessageKind) -> None:
    offered = [
        {name for name in examine(mail(kind, language), kind).used if name.startswith("links.")}
        for language in LANGUAGES
    ]
    assert all(links == offered[0] for links in offered)
    assert "links.individual" not in offered[0]
    # Only what has been published has a page that everybody can open.
    assert ("links.letter" in offered[0]) == (kind is MessageKind.RELEASED)
    assert "links.organisation" in offered[0] or not KINDS[kind].asks


@pytest.mark.parametrize("kind", WRITTEN)
def test_french_punctuation_never_begins_a_line(kind: MessageKind) -> None:
    assert not re.search(r"« | [»:;?!]", STANDS_IN.sub("x", mail(kind, "fr")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_confirmed_nothing_reads_no_word_of_another(language: str) -> None:
    used = examine(mail(MessageKind.CONFIRMATION, language), MessageKind.CONFIRMATION).used
    assert not [name for name in used if name.startswith(("contact.", "signature."))]
