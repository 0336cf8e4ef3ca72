from datetime import UTC, date, datetime
from email.utils import format_datetime

import pytest

from outreach.domain.replies import ReplyKind
from outreach.reading.absence_dates import begins_later, last_day
from outreach.reading.absences import absence
from outreach.reading.mail import read_mail
from outreach.reading.rules import Understood

TODAY = date(2027, 2, 4)

DAYS = [
    ("I am away until 8 March 2027.", "2027-03-08"),
    ("I am out and will be back on Tuesday 9 March 2027.", "2027-03-08"),
    ("back in the office on March 9th, 2027", "2027-03-08"),
    ("I will not be back until 9 March.", "2027-03-08"),
    ("out from 1 February to 14 February 2027", "2027-02-14"),
    ("away between 1 and 8 March", "2027-03-08"),
    ("I am away until the end of March", "2027-03-31"),
    ("(returning 08.03.2027)", "2027-03-07"),
    ("Je suis absente du 1er au 8 mars 2027.", "2027-03-08"),
    ("Je serai de retour au bureau le mardi 9 mars.", "2027-03-08"),
    ("absent jusqu'au 8 mars inclus", "2027-03-08"),
    ("Ich bin bis einschließlich 08.03.2027 nicht im Büro", "2027-03-08"),
    ("ab dem 22. Februar wieder erreichbar.", "2027-02-21"),
    ("vom 01.03.-08.03.2027 abwesend", "2027-03-08"),
    ("bis 8.3. im Urlaub", "2027-03-08"),
    ("Am 9. März bin ich wieder im Büro", "2027-03-08"),
    ("Estaré fuera del 1 al 8 de marzo de 2027.", "2027-03-08"),
    ("A partir del 9 de marzo estaré de vuelta", "2027-03-08"),
    ("hasta el 2027-02-12 (incluido).", "2027-02-12"),
    ("Estou ausente e regresso a 1 de março de 2027.", "2027-02-28"),
    ("de férias até 8 de março", "2027-03-08"),
    ("أنا في إجازة حتى 28 فبراير 2027", "2027-02-28"),
    ("لغاية ٢٠ شباط ٢٠٢٧", "2027-02-20"),
    ("سأعود يوم ٩ آذار ٢٠٢٧", "2027-03-08"),
    ("حتى ٨ كانون الثاني ٢٠٢٨", "2028-01-08"),
    ("من 1 إلى 8 مارس 2027", "2027-03-08"),
    ("Я в отпуске с 1 по 14 февраля 2027 г.", "2027-02-14"),
    ("Вернусь 9 марта 2027 года", "2027-03-08"),
    ("буду на месте с 9 марта", "2027-03-08"),
]
NO_DAYS = [
    "I was away until 2 February",
    "away until 8 March 2029",
    "I am out of office on 9 March",
    "Ab dem 1. März bin ich im Urlaub.",
    "Open 24/7 until 17.00",
    "I am available until 5 March",
    "The deadline is 26 February 2027.",
    "until 99/99/2027",
    "away until 31 February",
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_the_last_day_is_read_in_seven_languages(text: str, day: str) -> None:
    assert last_day(text, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize("text", NO_DAYS)
def test_no_day_is_better_than_a_wrong_one(text: str) -> None:
    assert last_day(text, TODAY) is None


def test_a_day_without_year_is_the_next_one() -> None:
    assert last_day("away until 3 January", date(2026, 12, 20)) == date(2027, 1, 3)
    assert last_day("away until 3 January", TODAY) is None
    assert last_day("away until 3 January", None) is None


def test_month_and_day_are_told_apart_by_the_writers_country_or_not_at_all() -> None:
    assert last_day("until 03/08/2027", TODAY, month_first=True) == date(2027, 3, 8)
    assert last_day("until 03/08/2027", TODAY, month_first=False) == date(2027, 8, 3)
    assert last_day("until 03/08/2027", TODAY, month_first=None) is None
    assert last_day("until 02/19/2027", TODAY, month_first=None) == date(2027, 2, 19)


@pytest.mark.parametrize("text", ["out from 1 March until 8 March", "du 10 au 12 février", "ab dem 20. Februar"])
def test_an_absence_that_has_not_begun_is_announced_by_a_person(text: str) -> None:
    assert begins_later(text, TODAY)
    assert not begins_later("I am out from 1 February to 14 February", TODAY)


def mail(
    text: str, subject: str = "Re: Please sign", more: str = "", to: str = "calls@coast.example"
) -> Understood | None:
    when = format_datetime(datetime(2027, 2, 4, 12, tzinfo=UTC))
    head = f"From: Ana <ana@office.example>\nTo: {to}\nDate: {when}\nSubject: {subject}\n{more}"
    return absence(read_mail(f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode()))


def test_headers_and_words_make_an_absence_with_its_last_day_and_language() -> None:
    found = mail("Je suis en congé jusqu'au 8 mars.", more="Auto-Submitted: auto-replied\n")
    assert found is not None
    assert (found.kind, found.until, found.language) == (ReplyKind.OUT_OF_OFFICE, date(2027, 3, 8), "fr")


def test_an_absence_without_any_header_is_known_by_its_words() -> None:
    assert mail("Thank you for your email. I am on leave until 3 May 2027 and not checking mail.") is not None
    assert mail("Ich bin bis 8.3. im Urlaub.", subject="Abwesenheitsnotiz") is not None


@pytest.mark.parametrize(
    "text", ["Gone fishing! Back 9 March.", "Не на работе до 8 марта.", "Bin unterwegs, ab 9.3. wieder da."]
)
def test_a_machines_answer_with_a_last_day_is_an_absence_whatever_its_words(text: str) -> None:
    found = mail(text, more="Auto-Submitted: auto-replied\n")
    assert found is not None
    assert found.until == date(2027, 3, 8)


def test_a_person_who_has_left_is_not_away_until_a_day() -> None:
    assert mail("Ana no longer works here since 1 March.", more="Auto-Submitted: auto-replied\n") is None


@pytest.mark.parametrize(
    "text",
    [
        "I was out of the office last week, sorry - yes, sign us.",
        "I am away until 8 March, but please add us to the list.",
        "I'm on leave until Monday; our board will look at it then.",
        "I will be out of the office from 1 March until 8 March with no access to e-mail.",
        "This is not an automatic reply, but I am on leave until 8 March.",
    ],
)
@pytest.mark.parametrize("subject", ["Re: Please sign", "Out of office next week", "Automatic reply: Please sign"])
def test_a_person_who_writes_about_an_absence_is_no_machine(text: str, subject: str) -> None:
    assert mail(text, subject=subject) is None


def test_a_return_alone_is_no_absence_unless_a_machine_shows() -> None:
    text = "Thanks for your message. I will get back to you when I return from Geneva on 12 February."
    assert mail(text) is None
    assert mail(text, more="Auto-Submitted: auto-replied\n") is not None


def test_who_greets_one_of_us_by_name_is_no_machine() -> None:
    text = "Hi Rosa, thank you for your message. I am on leave until 8 March; write to pieter@office.example."
    assert mail(text, to='"Rosa Lindqvist" <calls@coast.example>') is None
