"""Several sign for one organisation: it counts once, strangers hide nobody, genuine words outlive false ones."""

from datetime import timedelta

import pytest
from sqlmodel import select

from outreach.domain.editions import CopyKind
from outreach.domain.errors import Refusal
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import SignatureState
from outreach.queries.kits import kit_of
from outreach.store.editions import FOR_ADDRESSEE, copies_naming, copy_went_out, counts_now, list_now
from outreach.store.tables import Contact, EditionCopy, Signature
from outreach.usecases.accept_signature import reject_signature
from outreach.usecases.change_signature import withdraw_signature
from outreach.usecases.confirm_signature import confirm_signature
from outreach.usecases.invalidate_signatures import invalidate_signatures
from outreach.usecases.merge_signatures import merge_signatures, unmerge_signature
from outreach.usecases.release_call import release_call
from tests import make
from tests.make import NOON
from tests.usecases.listed import Listed

ORGANISATION = SignatureKind.ORGANISATION
CONFIRMED, MERGED = SignatureState.CONFIRMED, SignatureState.MERGED
NAME = "Quay Choir"


def somebody(listed: Listed, address: str) -> Contact:
    """A person of whom nobody knows to whom she belongs."""
    return make.contact(listed.session, listed.house, address, tags=())


def confirms(listed: Listed, person: Contact, visibility: Visibility = Visibility.PUBLIC) -> Signature:
    """She signs for the Quay Choir, and her mailbox confirms."""
    given = make.signature(
        listed.session,
        listed.call,
        person,
        kind=ORGANISATION,
        state=SignatureState.PENDING,
        name=NAME,
        visibility=visibility,
    )
    confirm_signature(listed.session, given, now=NOON, house=listed.house)
    return given


def shown(listed: Listed) -> list[str]:
    return [entry.line for entry in list_now(listed.session, listed.call)]


def test_a_stranger_who_signs_in_its_name_hides_no_organisation(listed: Listed) -> None:
    genuine = confirms(listed, somebody(listed, "office@quaychoir.example"))
    false = confirms(listed, somebody(listed, "otto@gmail.com"), Visibility.COUNTED)
    assert (genuine.state, false.state) == (CONFIRMED, MERGED)
    assert shown(listed) == [NAME]
    assert counts_now(listed.session, listed.call).named == 1
    assert ["signed for one organisation" in told for told in listed.alerts()] == [True]


def test_a_colleague_of_the_same_house_hides_it(listed: Listed) -> None:
    confirms(listed, somebody(listed, "office@quaychoir.example"))
    confirms(listed, somebody(listed, "cem@quaychoir.example"), Visibility.ADDRESSEE)
    assert [entry.visibility for entry in list_now(listed.session, listed.call)] == [Visibility.ADDRESSEE]
    counts = counts_now(listed.session, listed.call)
    assert (counts.named, counts.unnamed) == (0, 1)
    assert listed.alerts() == []


def test_what_two_colleagues_wish_is_theirs_again_when_they_are_said_to_be_two(listed: Listed) -> None:
    confirms(listed, somebody(listed, "office@quaychoir.example"))
    second = confirms(listed, somebody(listed, "cem@quaychoir.example"), Visibility.COUNTED)
    unmerge_signature(listed.session, second, now=NOON, house=listed.house, by="Rosa")
    assert shown(listed) == [NAME, ""]


def test_two_that_staff_merge_are_shown_as_the_stricter_wishes(listed: Listed) -> None:
    first = listed.signed("Quay Choir", ORGANISATION)
    second = listed.signed("The Quay Choir", ORGANISATION, visibility=Visibility.COUNTED)
    merge_signatures(listed.session, second, first, now=NOON, house=listed.house, by="Rosa")
    assert shown(listed) == [""]


@pytest.mark.parametrize("verb", ["rejected", "withdrawn"])
def test_a_genuine_signature_does_not_go_with_the_false_one_it_was_merged_into(listed: Listed, verb: str) -> None:
    false = confirms(listed, somebody(listed, "otto@gmail.com"))
    genuine = confirms(listed, somebody(listed, "office@quaychoir.example"))
    assert (false.state, genuine.state) == (CONFIRMED, MERGED)
    if verb == "rejected":
        reject_signature(listed.session, false, now=NOON, house=listed.house, by="Rosa")
    else:
        withdraw_signature(listed.session, false, now=NOON, house=listed.house)
    assert (genuine.state, genuine.merged_into_id) == (CONFIRMED, None)
    assert [entry.signature_id for entry in list_now(listed.session, listed.call)] == [genuine.id]
    assert any("counts in its place" in told for told in listed.alerts())


def test_nobody_brings_back_a_name_that_its_own_people_took_away(listed: Listed) -> None:
    own = confirms(listed, listed.person("Idris", NAME, domain="quaychoir.example"))
    false = confirms(listed, somebody(listed, "otto@gmail.com"))
    withdraw_signature(listed.session, own, now=NOON, house=listed.house)
    assert false.state is MERGED
    assert shown(listed) == []


def test_after_the_sign_off_what_counts_again_waits_for_the_next_edition(listed: Listed) -> None:
    false = confirms(listed, somebody(listed, "otto@gmail.com"))
    genuine = confirms(listed, somebody(listed, "office@quaychoir.example"))
    listed.signed("Ana Ruiz")
    listed.sign_off()
    reject_signature(listed.session, false, now=NOON, house=listed.house, by="Rosa")
    assert (listed.newest().number, listed.names()) == (2, ["Ana Ruiz"])
    assert genuine.state is CONFIRMED
    listed.sign_off()
    assert listed.names() == [NAME, "Ana Ruiz"]


def test_many_that_are_invalidated_after_the_sign_off_make_one_edition(listed: Listed) -> None:
    for number in range(5):
        listed.signed(f"Forged {number}")
    listed.signed("Ana Ruiz")
    listed.sign_off()
    done = invalidate_signatures(
        listed.session, listed.call, name="forged*", reason="forged", now=NOON, house=listed.house, by="Rosa"
    )
    assert (done, listed.newest().number, listed.names()) == (5, 2, ["Ana Ruiz"])


def test_what_is_on_the_page_after_the_release_is_noted_as_a_copy(listed: Listed) -> None:
    ana, zoe = listed.signed("Ana Ruiz"), None
    listed.sign_off()
    release_call(listed.session, listed.call, now=NOON, by="Rosa", house=listed.house)
    zoe = listed.signed("Zoe Late")
    listed.sign_off(NOON + timedelta(days=1))
    assert withdraw_signature(listed.session, zoe, now=NOON, house=listed.house).copies == 1
    assert withdraw_signature(listed.session, ana, now=NOON, house=listed.house).copies >= 2
    pages = listed.session.exec(select(EditionCopy).where(EditionCopy.kind == CopyKind.PAGE)).all()
    assert len(pages) == len(listed.editions()) == 4


def test_a_kit_is_for_whom_the_edition_names(listed: Listed) -> None:
    ana = listed.signed("Ana Ruiz")
    listed.sign_off()
    late = listed.signed("Yan Unlisted")
    assert b"Ana Ruiz" in kit_of(listed.session, ana, listed.house).posts[0].text.encode()
    with pytest.raises(Refusal, match="not named in the list"):
        kit_of(listed.session, late, listed.house)


def test_a_link_from_before_a_rejection_confirms_nothing(listed: Listed) -> None:
    ana = listed.signed("Ana Ruiz", wider=Visibility.PUBLIC, visibility=Visibility.COUNTED)
    reject_signature(listed.session, ana, now=NOON, house=listed.house, by="Rosa")
    confirm_signature(listed.session, ana, now=NOON, house=listed.house, revision=1)
    assert (ana.state, ana.visibility, ana.wider) == (SignatureState.REJECTED, Visibility.COUNTED, None)


def test_the_kit_of_a_colleague_whose_entry_was_merged_is_the_organisations(listed: Listed) -> None:
    confirms(listed, somebody(listed, "office@quaychoir.example"))
    colleague = confirms(listed, somebody(listed, "cem@quaychoir.example"))
    listed.sign_off()
    assert colleague.state is MERGED
    assert NAME in kit_of(listed.session, colleague, listed.house).posts[0].text


def test_a_copy_names_only_whom_it_shows(listed: Listed) -> None:
    ana = listed.signed("Ana Ruiz", visibility=Visibility.ADDRESSEE)
    edition = listed.sign_off()
    for kind, detail in (
        (CopyKind.PAGE, "/letters/x"),
        (CopyKind.FILE, "pdf"),
        (CopyKind.FILE, f"pdf, {FOR_ADDRESSEE}"),
    ):
        copy_went_out(listed.session, edition, kind, detail=detail, by="Rosa", now=NOON)
    listed.session.flush()
    assert [copy.detail for _, copy in copies_naming(listed.session, ana)] == [f"pdf, {FOR_ADDRESSEE}"]
