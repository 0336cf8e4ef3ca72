"""What people write is understood from their new text alone, in seven languages."""

# ruff: noqa: E501  what people and programs write is as long as it is

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.replies import ReplyKind
from outreach.reading.phrases import VOCABULARIES
from tests.reading.mails import kind_of, mail, understood

QUOTED = "\n\nOn 03/02/2027 10:12, Rosa wrote:\n> Please sign.\n> Yes, add us: what others wrote.\n> Reply STOP to unsubscribe.\n"


def said() -> list[tuple[str, str]]:
    rows, kind = [], ""
    for line in (Path(__file__).parent / "said.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif line and not line.startswith("#"):
            rows.append((kind, line.replace("\\n", "\n")))
    return rows


@pytest.mark.parametrize(("kind", "text"), said())
def test_what_somebody_says_is_understood_above_a_quoted_invitation(kind: str, text: str) -> None:
    assert kind_of(text + QUOTED) == kind


@pytest.mark.parametrize(
    "word",
    ["STOP", "Désabonner", "abbestellen", "Отписаться", "إلغاء الاشتراك", "baja", "cancelar", "Unsubscribe."],
)
def test_a_word_alone_opts_out(word: str) -> None:
    assert kind_of(f"{word}\n\nSent from my iPhone{QUOTED}") is ReplyKind.OPT_OUT
    assert kind_of(f"Hello,\n\n{word}\n\nRegards\nAda{QUOTED}") is ReplyKind.OPT_OUT


@pytest.mark.parametrize(
    "subject", ["unsubscribe", "STOP", "=?iso-8859-1?Q?D=E9sabonner?=", "=?utf-8?B?0L7RgtC/0LjRgdCw0YLRjNGB0Y8=?="]
)
def test_an_empty_mail_opts_out_by_its_subject(subject: str) -> None:
    assert kind_of("\n", subject=subject) is ReplyKind.OPT_OUT


@pytest.mark.parametrize("subject", ["Re: unsubscribe", "AW: STOP", "Please sign", "", "Stop the war: a letter"])
def test_a_subject_that_was_answered_or_says_more_never_opts_out(subject: str) -> None:
    assert kind_of("\n", subject=subject) is ReplyKind.OTHER


def test_a_subject_counts_for_nothing_where_the_text_says_yes() -> None:
    assert kind_of("Yes, add us.", subject="STOP") is ReplyKind.SIGNS


@pytest.mark.parametrize(
    "footer",
    [
        "-- \nAda\nTo unsubscribe from our list, click here.",
        "Best regards,\nAda\n\nThis e-mail is confidential. To opt out of our list, please remove yourself or unsubscribe here.",
        "_______________________________________________\nCoalition mailing list\nTo unsubscribe: https://lists.example",
        "If you no longer wish to receive our newsletter, unsubscribe here: https://tide.example",
    ],
)
def test_a_footer_that_speaks_of_unsubscribing_opts_nobody_out(footer: str) -> None:
    assert kind_of(f"Yes, please add us.\n\n{footer}") is ReplyKind.SIGNS


def test_a_reading_says_what_a_coordinator_needs() -> None:
    found = understood(
        mail("Ja, wir sind dabei.\n\nAda\n\nAm 03.02.2027 um 10:12 schrieb Rosa:\n> Bitte unterzeichnen.")
    )
    assert (found.kind, found.rule, found.language) == (ReplyKind.SIGNS, "agreement de", "de")
    assert found.new_text == "Ja, wir sind dabei.\n\nAda"
    assert 0 < found.confidence < 1


@pytest.mark.parametrize(
    "text",
    [
        "Dear webmaster, your site could rank higher: guaranteed backlinks from $99. Reply YES and we start today!",
        "Dear Sir, yes we are ready to sign the contract for 20 containers. Please send price and payment terms.",
        "Guten Tag, wir unterschreiben gern einen Wartungsvertrag für Ihre Webseite, schon ab 49 Euro im Monat.",
        "Предлагаем продвижение вашего сайта, цена от 5000 руб. Ответьте «Да», и мы подпишем договор.",
    ],
)
def test_an_offer_out_of_the_blue_signs_nothing_and_the_same_words_in_an_answer_might(text: str) -> None:
    assert understood(mail(text)).rule.startswith("unsolicited offer")
    assert not understood(replace(mail(text), answers=("<ours@coast.example>",))).rule.startswith("unsolicited")


def test_a_form_that_is_filled_in_signs_and_a_refusal_in_it_does_not() -> None:
    assert kind_of("Organisation: Tide Trust\nCountry: Malta\nLogo: yes, no problem") is ReplyKind.SIGNS
    assert kind_of("Organisation: Tide Trust\nCountry: Malta\nWe cannot sign.") is ReplyKind.DECLINES


OFFICIALS = [
    (
        "acknowledgement",
        "On behalf of the Minister I acknowledge receipt of your letter of 3 February.\n\nJo Vale\nPrivate Secretary",
    ),
    (
        "acknowledgement",
        "Your letter has been forwarded to the competent department and will be answered in due course.\n\nMinistry of Justice",
    ),
    ("acknowledgement", "J'accuse réception de votre lettre.\n\nCordialement,\nLe chef de cabinet"),
    ("acknowledgement", "Acuso recibo de su carta, que será debidamente estudiada.\n\nEmbajada de Norlandia"),
    (
        "acknowledgement",
        "Hiermit bestätige ich den Eingang Ihres Schreibens.\n\nIm Auftrag\nReferat 214, Bundesministerium",
    ),
    ("acknowledgement", "Acusamos a receção da sua carta.\n\nGabinete do Ministro"),
    ("acknowledgement", "Подтверждаем получение вашего письма.\n\nАппарат министра"),
    ("acknowledgement", "نؤكد استلام رسالتكم وستحظى بالاهتمام.\n\nمكتب الوزير"),
    (
        "answer",
        "In reply to your letter: the Government shares your concern. The Ministry has decided to open 800 visas.\n\nMinister of Home Affairs",
    ),
    (
        "answer",
        "En réponse à votre lettre, le Gouvernement partage cette préoccupation et a décidé d'agir. Le ministre soutient votre appel.\n\nLe directeur de cabinet",
    ),
    ("answer", "Die Bundesregierung teilt Ihr Anliegen. Ich werde mich für die Richtlinie einsetzen.\n\nMdB"),
    (
        "answer",
        "В ответ на ваше письмо: правительство разделяет эту озабоченность. Принят закон.\n\nМинистерство иностранных дел",
    ),
]


@pytest.mark.parametrize(("kind", "text"), OFFICIALS)
def test_an_official_acknowledges_or_answers(kind: str, text: str) -> None:
    assert kind_of(text) == kind


def test_what_an_organisation_acknowledges_is_no_officials_acknowledgement() -> None:
    assert kind_of("I acknowledge receipt of your invitation.\n\nAda\nTide Trust") is ReplyKind.OTHER


def test_every_language_has_phrases_in_every_group() -> None:
    for known in VOCABULARIES:
        empty = [name for name in known.__dataclass_fields__ if not getattr(known, name)]
        assert not empty, f"{known.code} has none in {empty}"


@given(st.text(max_size=400))
def test_whatever_is_written_has_some_kind(text: str) -> None:
    assert understood(mail(text.encode("utf-8", "replace"))).kind in ReplyKind


@pytest.mark.parametrize(
    "text",
    [
        "please add us " * 70_000,
        "no we not sign the\n" * 50_000,
        "On 3 Feb 2027 at 10:12:\n" * 40_000,
        "> a\nb\n\n" * 60_000,
        "a@" * 300_000,
    ],
)
def test_a_monstrous_text_takes_no_more_than_a_moment(text: str) -> None:
    started = time.perf_counter()
    understood(mail(text))
    assert time.perf_counter() - started < 5
