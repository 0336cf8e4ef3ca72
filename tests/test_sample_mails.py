"""What the sample's mails about a signature say, and what they keep to themselves."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from outreach.domain.kinds import ABOUT_A_SIGNATURE, MessageKind
from outreach.rendering.content import Content
from outreach.rendering.grammar import examine
from outreach.rendering.templates import Template, compile_template
from tests.rendering.samples import values

ROOT = Path(__file__).parent.parent
LANGUAGES = ("en", "fr", "es", "ar")
UNCONFIRMED = (MessageKind.CONFIRMATION, MessageKind.CONFIRMATION_REMINDER)
TO_SIGNATORIES = [kind for kind in ABOUT_A_SIGNATURE if kind not in UNCONFIRMED]
CHANGED = MessageKind.SIGNATURE_CHANGED
NAMING = [kind for kind in TO_SIGNATORIES if kind is not MessageKind.LETTER_CHANGED]
LINE = "Phare du Canal (PC)"
CONFIDENCE = {"en": "in confidence", "fr": "confidentielle", "es": "confidencial", "ar": "سرّية"}
CANARY = "ZZCANARY"

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def source(kind: MessageKind, language: str) -> str:
    return (ROOT / f"templates/email/{kind}.{language}.md").read_text(encoding="utf-8")


@cache
def template(kind: MessageKind, language: str) -> Template:
    return compile_template(source(kind, language), kind, language)


def mail(
    kind: MessageKind,
    language: str,
    visibility: str = "public",
    *,
    individual: bool = False,
    withdrawn: bool = False,
    change: dict[str, Any] | None = None,
    signatories: dict[str, str] | None = None,
    canary: str = "",
) -> Content:
    """The mail that a signatory gets; a ``canary`` is all that is known of the person by name."""
    given = values(**dict.fromkeys(("name", "given_name", "organisation", "role"), canary))
    line = LINE if visibility == "public" else "—"
    given["signature"] = {
        "name": line, "line": line, "organisation": not individual, "public": visibility == "public",
        "addressee": visibility == "addressee", "counted": visibility == "counted", "withdrawn": withdrawn,
    }  # fmt: skip
    given["change"] |= {"before": canary or "Phare du Kanal", **(change or {})}
    given["signatories"] |= signatories or {}
    return template(kind, language).render(given)


def paragraphs(content: Content) -> set[str]:
    return {" ".join(part.split()) for part in content.text.split("\n\n")}


@pytest.mark.parametrize("individual", [False, True])
@pytest.mark.parametrize("withdrawn", [False, True])
@pytest.mark.parametrize("visibility", ["public", "addressee", "counted"])
@pytest.mark.parametrize("kind", ABOUT_A_SIGNATURE)
def test_every_mail_about_a_signature_has_its_words_for_every_signatory(
    kind: MessageKind, language: str, visibility: str, *, withdrawn: bool, individual: bool
) -> None:
    content = mail(kind, language, visibility, individual=individual, withdrawn=withdrawn)
    assert content.subject
    assert "—" not in content.text
    assert not [part for part in content.text.split("\n\n") if not part.strip()]


@pytest.mark.parametrize("visibility", ["addressee", "counted"])
@pytest.mark.parametrize("kind", ABOUT_A_SIGNATURE)
def test_a_name_that_is_not_public_stands_in_no_mail_not_even_as_a_greeting(
    kind: MessageKind, language: str, visibility: str
) -> None:
    content = mail(kind, language, visibility, canary=CANARY, change={"published": True})
    assert CANARY not in content.subject + content.text + content.html


def test_a_withdrawn_name_does_not_stand_in_the_mail_that_says_so(language: str) -> None:
    content = mail(CHANGED, language, withdrawn=True, canary=CANARY)
    assert not [name for name in (CANARY, LINE) if name in content.subject + content.text + content.html]


@pytest.mark.parametrize("kind", NAMING)
def test_a_public_signatory_reads_the_line_that_is_printed(kind: MessageKind, language: str) -> None:
    assert LINE in mail(kind, language).text


@pytest.mark.parametrize("kind", TO_SIGNATORIES)
def test_every_mail_to_a_signatory_leads_to_the_page_where_a_signature_is_changed(
    kind: MessageKind, language: str
) -> None:
    assert "https://sign.example/s/1" in mail(kind, language).text
    assert "https://sign.example/s/1" in mail(kind, language, "counted", withdrawn=True).text


@pytest.mark.parametrize("kind", [MessageKind.RECEIPT, MessageKind.THANK_YOU, MessageKind.RELEASED])
def test_the_three_ways_to_be_named_are_told_apart(kind: MessageKind, language: str) -> None:
    assert len({mail(kind, language, visibility).text for visibility in ("public", "addressee", "counted")}) == 3


def test_an_organisation_and_a_person_are_thanked_differently(language: str) -> None:
    assert mail(MessageKind.RECEIPT, language).text != mail(MessageKind.RECEIPT, language, individual=True).text


def test_a_confirmation_says_how_long_its_link_serves(language: str) -> None:
    assert "30" in mail(MessageKind.CONFIRMATION, language).text


def test_the_reminder_of_a_confirmation_names_the_deadline(language: str) -> None:
    assert "Friday at 2 am" in mail(MessageKind.CONFIRMATION_REMINDER, language).text


def test_a_correction_shows_the_line_before_and_now(language: str) -> None:
    text = mail(CHANGED, language).text
    assert text.index("Phare du Kanal") < text.index(LINE)


def test_a_change_that_leaves_the_line_shows_it_once(language: str) -> None:
    assert mail(CHANGED, language, change={"before": LINE, "published": True}).text.count(LINE) == 1


def test_a_name_that_was_not_public_is_not_called_a_line(language: str) -> None:
    assert "—" not in mail(CHANGED, language, change={"before": "—"}).text


def test_a_signatory_reads_who_made_the_change_and_what_staff_say_about_it(language: str) -> None:
    own = mail(CHANGED, language)
    staff = mail(CHANGED, language, change={"by_staff": True, "text": "The statute writes it *so*."})
    assert "The statute writes it" in staff.text
    assert len(paragraphs(own) ^ paragraphs(staff)) > 4


@pytest.mark.parametrize(("visibility", "withdrawn"), [("public", True), ("addressee", False), ("counted", False)])
def test_who_leaves_the_list_is_told_honestly_of_copies_that_are_out(
    language: str, visibility: str, *, withdrawn: bool
) -> None:
    before = mail(CHANGED, language, visibility, withdrawn=withdrawn)
    after = mail(CHANGED, language, visibility, withdrawn=withdrawn, change={"published": True})
    assert len(paragraphs(after) - paragraphs(before)) == 1


def test_a_withdrawal_is_seen_in_the_subject(language: str) -> None:
    assert mail(CHANGED, language, withdrawn=True).subject != mail(CHANGED, language).subject


def test_a_release_names_the_count_of_the_edition_and_a_figure_that_stays_true(language: str) -> None:
    counts = {"all": "275", "named": "271", "organisations": "262", "individuals": "9", "more_than": "250"}
    text = mail(MessageKind.RELEASED, language, signatories=counts).text
    assert all(text.count(figure) == 1 for figure in ("271", "275", "250"))


def test_a_release_of_a_list_with_every_name_has_one_count(language: str) -> None:
    counts = {"all": "12", "named": "12", "organisations": "12", "individuals": "0", "more_than": "0"}
    text = mail(MessageKind.RELEASED, language, signatories=counts).text
    assert text.count("12") == 1
    assert " 0" not in text


def test_only_who_is_named_is_offered_a_post_in_the_own_name(language: str) -> None:
    kit = "https://sign.example/k/1"
    assert kit in mail(MessageKind.RELEASED, language).text
    assert kit not in mail(MessageKind.RELEASED, language, "addressee").text
    assert kit not in mail(MessageKind.RELEASED, language, "counted").text


@pytest.mark.parametrize("kind", [MessageKind.INVITATION, MessageKind.REMINDER, MessageKind.LAST_CALL])
def test_who_is_asked_to_sign_hears_of_the_choice_not_to_be_named(kind: MessageKind, language: str) -> None:
    """The three words stand in the pages too; here it is enough that the sentence is there."""
    said = {"en": "just counted", "fr": "simplement compté", "es": "simplemente se cuenta", "ar": "دون ذكر الاسم"}
    assert said[language] in source(kind, language)


@pytest.mark.parametrize("kind", ABOUT_A_SIGNATURE)
def test_a_mail_of_a_signature_needs_nothing_that_may_be_unknown(kind: MessageKind, language: str) -> None:
    required = examine(source(kind, language), kind).required
    assert not {name for name in required if name.startswith(("contact.", "signatories.", "change.text"))}


@pytest.mark.parametrize("kind", [MessageKind.INVITATION, MessageKind.RECEIPT, MessageKind.THANK_YOU])
def test_what_is_said_of_the_publication_is_not_said_of_a_letter_in_confidence(
    kind: MessageKind, language: str
) -> None:
    given = values()
    public = paragraphs(template(kind, language).render(given))
    given["letter"]["private"] = True
    private = paragraphs(template(kind, language).render(given))
    assert any(CONFIDENCE[language] in one for one in private - public)
    assert public - private
