"""Where a round stands, as staff read it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from outreach.domain.correspondence import DraftAnswer
from outreach.domain.replies import ReplyKind
from outreach.domain.rounds import Standing
from outreach.domain.signatures import Visibility
from outreach.domain.states import SignatureState
from outreach.queries.rounds import counts_of, round_now
from outreach.store.database import Database
from outreach.store.tables import Signature
from outreach.usecases.accept_signature import accept_signature
from outreach.usecases.change_signature import withdraw_signature
from tests import inbound, make, rounds
from tests.rounds import THEN, Round

YES, BUT, CHANGE, NO = DraftAnswer


@pytest.fixture
def asked(sqlite: Database) -> Iterator[Round]:
    with sqlite.changing() as session:
        yield rounds.opened(session, make.house(sqlite))


def standings(asked: Round) -> dict[str, Standing]:
    names = {name: who for who, name in rounds.HOME.items()}
    return {names[line.organisation]: line.standing for line in round_now(asked.session, asked.call)}


def test_everybody_stands_where_the_record_says(asked: Round) -> None:
    make.suppression(asked.session, asked.contacts["three"])
    asked.says("one", BUT, "Gladly.")
    asked.says("two", NO)
    assert standings(asked) == {
        "one": Standing.APPROVED,
        "two": Standing.DECLINED,
        "three": Standing.NOT_ASKED,
        "four": Standing.NOT_ASKED,
    }
    lines = round_now(asked.session, asked.call)
    assert counts_of(lines) == {"approved": 1, "declined": 1, "cannot be asked": 2}
    assert [line.not_asked for line in lines] == ["", "", "opted out", "nobody to ask"]
    assert (lines[0].comment, lines[0].version) == ("Gladly.", 1)


def test_who_cannot_be_asked_may_have_answered_all_the_same(asked: Round) -> None:
    asked.says("four", YES, contact=None, by="Rosa", evidence="by telephone")
    assert standings(asked)["four"] is Standing.APPROVED


def test_a_changed_draft_leaves_nobody_approved(asked: Round) -> None:
    asked.says("one", YES)
    asked.says("two", CHANGE, "Ask for a meeting.")
    asked.says("three", NO)
    asked.amends()
    assert standings(asked) == {
        "one": Standing.ASKED_AGAIN,
        "two": Standing.ASKED_AGAIN,
        "three": Standing.DECLINED,
        "four": Standing.NOT_ASKED,
    }


def test_late_and_taken_back_are_no_approvals(asked: Round) -> None:
    signature = asked.says("one", YES).signature
    withdraw_signature(asked.session, signature, now=THEN, house=asked.house)
    asked.says("two", YES, now=asked.call.deadline_at + timedelta(minutes=1))
    assert (standings(asked)["one"], standings(asked)["two"]) == (Standing.TOOK_BACK, Standing.LATE)


def test_who_answers_by_mail_waits_for_a_person_and_is_named_to_nobody_new(asked: Round) -> None:
    invitation = next(
        one for one in make.messages(asked.session) if one.contact_id == asked.contacts["two"].id and one.sent_at
    )
    raw = inbound.written(
        "two@two.example",
        "Dear all, please add us: Lantern Coast signs this letter.",
        to=inbound.answer_to(invitation, asked.house),
    )
    reply = inbound.arrived(asked.session, asked.house, raw, at=THEN)
    assert reply.kind is ReplyKind.SIGNS
    (line,) = [one for one in round_now(asked.session, asked.call) if one.standing is Standing.PROPOSED]
    assert line.visibility is Visibility.ADDRESSEE
    proposed = asked.session.get_one(Signature, line.signature)
    accept_signature(
        asked.session, proposed, now=THEN, house=asked.house, by="Rosa", evidence="she telephoned as well"
    )
    assert proposed.state in (SignatureState.CONFIRMED, SignatureState.PENDING)
    assert (proposed.name, proposed.visibility) == ("Lantern Coast", Visibility.ADDRESSEE)


def test_a_refusal_by_mail_is_one(asked: Round) -> None:
    rounds.logged(asked, "one", ReplyKind.DECLINES)
    assert standings(asked)["one"] is Standing.DECLINED
