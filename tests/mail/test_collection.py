"""What the rules make of real mail: the promises about it, held over every sample there is."""

import pytest

from outreach.domain.replies import REPLIES, ReplyKind
from tests.mail.collection import KEPT_ASIDE, KNOWN, TABLE, Sample, samples, table

EVERYTHING = samples()


def share(some: list[bool]) -> float:
    return sum(some) / len(some)


@pytest.mark.parametrize("folder", [*KNOWN, *KEPT_ASIDE])
def test_nineteen_of_twenty_bounces_are_recognised(folder: str) -> None:
    bounces = [one for one in samples(folder) if one.kind is ReplyKind.BOUNCE]
    assert not bounces or share([one.heard.kind is ReplyKind.BOUNCE for one in bounces]) >= 0.95


@pytest.mark.parametrize("one", [one for one in EVERYTHING if not one.automatic], ids=lambda one: one.name)
def test_no_persons_mail_is_taken_for_a_machines(one: Sample) -> None:
    assert not REPLIES[one.heard.kind].automatic, one.heard.rule


@pytest.mark.parametrize("folder", [*KNOWN, *KEPT_ASIDE])
def test_nine_of_ten_machines_mails_are_recognised_and_all_that_the_rules_were_mended_for(folder: str) -> None:
    machines = [one for one in samples(folder) if one.automatic]
    least = 0.9 if folder == KEPT_ASIDE[-1] else 1.0
    assert not machines or share([REPLIES[one.heard.kind].automatic for one in machines]) >= least


@pytest.mark.parametrize("one", [one for one in EVERYTHING if not one.suppresses], ids=lambda one: one.name)
def test_nothing_suppresses_that_does_not_say_that_an_address_is_dead(one: Sample) -> None:
    assert not one.would_suppress


@pytest.mark.parametrize("folder", [*KNOWN, *KEPT_ASIDE])
def test_the_new_text_is_cut_exactly_from_the_quoted_in_nine_of_ten(folder: str) -> None:
    texts = [one for one in samples(folder) if one.text is not None]
    assert not texts or share([one.cut_exactly for one in texts]) >= 0.9


def test_nobody_is_opted_out_who_did_not_ask_for_it() -> None:
    opted_out = [one for one in EVERYTHING if one.heard.kind is ReplyKind.OPT_OUT]
    assert opted_out
    assert [one.name for one in opted_out if one.kind is not ReplyKind.OPT_OUT] == []


def test_a_last_day_of_absence_is_right_or_not_said() -> None:
    said = [one for one in EVERYTHING if one.heard.until]
    assert said
    assert [one.name for one in said if str(one.heard.until) != one.until] == []


def test_the_address_that_failed_is_the_right_one() -> None:
    failed = [one for one in EVERYTHING if one.kind is ReplyKind.BOUNCE and one.recipient and one.heard.failures]
    assert failed
    assert [one.name for one in failed if one.recipient.lower() not in one.heard.failures[0].recipients] == []


def test_the_table_says_what_the_rules_make_of_each_mail_now() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(), "write it anew: python -m tests.mail.collection"
