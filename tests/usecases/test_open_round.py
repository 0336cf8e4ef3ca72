"""A round of approval asks the organisations that signed the earlier letter, and nobody else."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from outreach.domain.correspondence import LetterKind, RoundKind
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.store.database import Database
from outreach.store.membership import members_of
from outreach.store.rounds import answer_behind
from outreach.store.tables import Addressee, Letter
from outreach.usecases.launch_call import launch_call
from outreach.usecases.name_member import name_member
from outreach.usecases.open_round import open_round
from tests import make, rounds
from tests.rounds import HOME, THEN


def test_a_response_is_a_draft_letter_to_who_wrote_with_a_round_of_its_name(sqlite: Database) -> None:
    with sqlite.changing() as session:
        made = rounds.drafted(session, make.house(sqlite))
        letter = session.get_one(Letter, made.call.letter_id)
        assert (letter.slug, letter.kind, made.call.round) == ("response", LetterKind.RESPONSE, RoundKind.APPROVAL)
        assert answer_behind(session, letter) == made.answer
        posts = session.exec(select(Addressee.post_id).where(Addressee.letter_id == letter.id)).all()
        assert posts == [made.answer.post_id]


def test_members_are_the_organisations_whose_confirmed_signature_stands_there(sqlite: Database) -> None:
    with sqlite.changing() as session:
        made = rounds.drafted(session, make.house(sqlite))
        asked = {body.name: member.contact_id for member, body in members_of(session, made.call)}
        assert set(asked) == set(HOME.values())  # no individual, and nobody who was only invited
        assert asked["Quiet House"] is None
        assert asked["Harbour Light"] == made.contacts["one"].id


def test_a_part_of_them_can_be_chosen_and_a_name_that_did_not_sign_is_refused(sqlite: Database) -> None:
    with sqlite.changing() as session:
        made = rounds.drafted(session, make.house(sqlite), without=("night ferry",))
        assert [body.name for _, body in members_of(session, made.call)] == [
            "Harbour Light",
            "Lantern Coast",
            "Quiet House",
        ]
        earlier = session.get_one(Letter, made.earlier.letter_id)
        again = open_round(
            session, made.call, earlier, only=("Quiet House",), now=THEN, by="Rosa", house=made.house
        )
        assert (again.members, again.nobody_to_ask) == (1, ("Quiet House",))
        with pytest.raises(Refusal, match="Abrigo Austral has not signed earlier"):
            open_round(session, made.call, earlier, only=("Abrigo Austral",), now=THEN, by="Rosa", house=made.house)
        with pytest.raises(Refusal, match="is left to be asked"):
            open_round(
                session, made.call, earlier, without=tuple(HOME.values()), now=THEN, by="R", house=made.house
            )


def test_of_two_that_go_by_one_name_the_one_that_was_chosen_is_asked(sqlite: Database) -> None:
    with sqlite.changing() as session:
        made = rounds.drafted(session, make.house(sqlite))
        bodies = {body.name: (member.signature_id or 0, body) for member, body in members_of(session, made.call)}
        number, _ = bodies["Harbour Light"]
        bodies["Quiet House"][1].acronym = "Harbour Light"
        earlier = session.get_one(Letter, made.earlier.letter_id)
        open_round(session, made.call, earlier, only=(number,), now=THEN, by="Rosa", house=made.house)
        assert [body.name for _, body in members_of(session, made.call)] == ["Harbour Light"]
        with pytest.raises(Refusal, match="has not signed earlier"):
            open_round(session, made.call, earlier, only=(number + 1000,), now=THEN, by="Rosa", house=made.house)


def test_only_the_members_contacts_are_invited_and_nobody_who_opted_out(database: Database) -> None:
    with database.changing() as session:
        made = rounds.drafted(session, make.house(database))
        make.suppression(session, made.contacts["three"])
        done = launch_call(session, made.call, now=THEN, by="Rosa", house=made.house)
        assert done.invitations == 2
        assert made.mails(MessageKind.INVITATION) == ["one", "two"]


def test_whom_nobody_knew_is_asked_at_once_when_staff_name_a_contact(sqlite: Database) -> None:
    with sqlite.changing() as session:
        made = rounds.opened(session, make.house(sqlite))
        make.contact(session, made.house, "four@four.example", basis="")
        named = name_member(
            session, made.call, made.member("four"), "Four@four.example", now=THEN, by="Rosa", house=made.house
        )
        assert named.asked
        assert made.mails(MessageKind.INVITATION) == ["one", "two", "three", "four"]
        again = name_member(
            session, made.call, made.member("four"), "four@four.example", now=THEN, by="Rosa", house=made.house
        )
        assert not again.asked
        with pytest.raises(Refusal, match="is no contact's address"):
            name_member(
                session, made.call, made.member("four"), "no@four.example", now=THEN, by="R", house=made.house
            )


def test_whoever_is_asked_no_more_gets_no_reminder(sqlite: Database) -> None:
    with sqlite.changing() as session:
        made = rounds.opened(session, make.house(sqlite))
        make.contact(session, made.house, "new@one.example", basis="")
        name_member(
            session, made.call, made.member("one"), "new@one.example", now=THEN, by="Rosa", house=made.house
        )
        make.submitted(session, now=THEN)
        left = rounds.reminded(made, THEN + timedelta(days=13))
        assert left == ["new", "three", "two"]


def test_a_letter_without_a_letter_that_it_answers_asks_nobody(sqlite: Database) -> None:
    with sqlite.changing() as session:
        made = rounds.drafted(session, make.house(sqlite))
        made.answer.addressee_id = None
        with pytest.raises(Refusal, match="Nobody has said which letter answer"):
            rounds.respond(made, slug="another")
        assert session.exec(select(Letter).where(col(Letter.slug) == "another")).first() is None
