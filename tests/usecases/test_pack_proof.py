"""The proof pack holds all that is on record of a letter, the same bytes each time, and no name too many."""

import csv
import hashlib
import io
import json
from datetime import timedelta

from sqlmodel import select

from outreach.domain.correspondence import AnswerKind, DraftAnswer, RoundKind
from outreach.domain.officials import Way
from outreach.domain.replies import ReplyKind
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import CallState, MessageState, SignatureState
from outreach.ports.press import Manuscript, PrintFormat
from outreach.queries.proof import proof_files
from outreach.rendering.archives import unpacked
from outreach.rendering.proofs import write_pack
from outreach.store.documents import keep_document
from outreach.store.tables import (
    Attempt,
    Delivery,
    LetterDocument,
    Organisation,
    Reply,
    RoundAnswer,
    RoundMember,
    Signature,
)
from outreach.usecases.enquire import enquire
from outreach.usecases.pack_proof import pack_proof
from outreach.usecases.sign_off import sign_off
from outreach.usecases.withdraw_answer import withdraw_answer
from tests import make
from tests.exchange import LATER, WENT, Exchange, scan

CANARY, FOR_ADDRESSEE_ONLY = "ZZCANARY-7f3", "Harbour for the Addressee"


class PlainPress:
    """Prints a manuscript as the words that it holds."""

    def typeset(self, manuscript: Manuscript, form: PrintFormat) -> bytes:
        return f"{form}: {manuscript}".encode()


def signed_off(exchange: Exchange) -> None:
    """Three organisations have signed, one of them for the addressee only, one counted; the letter went so."""
    session = exchange.session
    for name, visibility in (
        ("Quay House", Visibility.PUBLIC),
        (FOR_ADDRESSEE_ONLY, Visibility.ADDRESSEE),
        (CANARY, Visibility.COUNTED),
    ):
        make.signature(session, exchange.call, name=name, visibility=visibility)
    exchange.call.state, exchange.call.closed_at = CallState.CLOSED, WENT - timedelta(days=1)
    edition = sign_off(session, exchange.call, now=WENT, by="Rosa", house=exchange.house).edition
    pdf = keep_document(session, "safe.pdf", "application/pdf", b"%PDF as it went", now=WENT, by="Rosa")
    for to in (exchange.to_chile, exchange.to_kenya):
        to.edition_id, to.document_id = edition.id, pdf.id
    session.flush()


def packed(exchange: Exchange, *, public: bool = False) -> bytes:
    written = io.BytesIO()
    files = proof_files(exchange.session, exchange.letter, press=PlainPress(), house=exchange.house, public=public)
    made = write_pack(exchange.letter.slug, files, written, public=public)
    pack_proof(exchange.session, exchange.letter, made, public=public, now=LATER, by="Rosa")
    return written.getvalue()


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"))))


def test_every_file_stands_in_the_index_with_its_digest(exchange: Exchange) -> None:
    signed_off(exchange)
    files = unpacked(packed(exchange))
    index = json.loads(files["index.json"])
    assert index["letter"] == "safe-passage"
    assert [one["path"] for one in index["files"]] == [
        name for name in files if name not in ("README.txt", "index.json")
    ]
    for one in index["files"]:
        assert (one["size"], one["sha256"]) == (
            len(files[one["path"]]),
            hashlib.sha256(files[one["path"]]).hexdigest(),
        )
        assert one["path"] in files["README.txt"].decode()


def test_the_same_record_gives_the_same_bytes(exchange: Exchange) -> None:
    signed_off(exchange)
    exchange.logs(documents=[scan(exchange.session)])
    assert packed(exchange) == packed(exchange), "although the log says that the first was made"
    (event, _) = exchange.events("pack_proof")
    assert (event.by, event.facts["public"]) == ("Rosa", False)


def test_the_letter_as_it_went_and_its_official_are_in_it(exchange: Exchange) -> None:
    signed_off(exchange)
    files = unpacked(packed(exchange))
    assert files["for-the-addressee/officials/chile-geneva.pdf"] == b"%PDF as it went"
    official = json.loads(files["for-the-addressee/officials/chile-geneva.json"])
    assert official["form_of_address"] == "Her Excellency Ms. Vera Fuentes"
    (edition,) = table(files, "editions.csv")
    assert (edition["edition"], edition["named"], edition["not_named"], edition["unchanged"]) == (
        "1",
        "1",
        "2",
        "yes",
    )
    chile = table(files, "officials.csv")[0]
    assert (chile["post"], chile["stands"], chile["edition"]) == ("chile-geneva", "sent", "1")
    assert chile["letter_sha256"] == hashlib.sha256(b"%PDF as it went").hexdigest()


def test_deliveries_have_what_the_server_said_and_what_proves_them(exchange: Exchange) -> None:
    session = exchange.session
    asked = enquire(session, exchange.to_chile, Way.MAIL, now=LATER, by="Rosa", house=exchange.house)
    session.add(
        Attempt(
            message_id=asked.message_id or 0,
            at=LATER,
            state=MessageState.SENT,
            reason="accepted",
            detail="250 2.0.0 ok",
        )
    )
    proof = keep_document(session, "stamped copy.png", "image/png", b"\x89PNG", now=LATER, by="Rosa")
    session.add(
        Delivery(
            addressee_id=exchange.to_kenya.id or 0,
            way=Way.HAND,
            by="Rosa",
            at=LATER,
            on=LATER.date(),
            proof_id=proof.id,
            note="=1+1",
        )
    )
    session.flush()
    files = unpacked(packed(exchange))
    lines = table(files, "deliveries.csv")
    assert [(line["post"], line["kind"], line["way"]) for line in lines] == [
        ("chile-geneva", "letter", "mail"),
        ("kenya-geneva", "letter", "mail"),
        ("chile-geneva", "enquiry", "mail"),
        ("kenya-geneva", "letter", "hand"),
    ]
    assert lines[2]["address"] == "mission-chl@geneva.example"
    assert lines[2]["message_id"].startswith("<")
    assert lines[3]["note"] == "'=1+1", "no spreadsheet computes it"
    assert files[f"proofs/{proof.id}-stamped copy.png"] == b"\x89PNG"
    assert [one["server_said"] for one in table(files, "attempts.csv")] == ["250 2.0.0 ok"]


def test_answers_are_in_it_with_their_files_and_the_log_keeps_those_withdrawn(exchange: Exchange) -> None:
    kept = exchange.logs(AnswerKind.ACKNOWLEDGEMENT, documents=[scan(exchange.session)])
    gone = exchange.logs(summary="Another letter's.")
    number = gone.id
    withdraw_answer(exchange.session, gone, now=LATER, by="Idris", house=exchange.house)
    exchange.logs(addressee=exchange.to_kenya, post=exchange.kenya)
    files = unpacked(packed(exchange))
    assert [one["kind"] for one in table(files, "answers.csv")] == ["acknowledgement", "answer"]
    (scanned,) = [name for name in files if name.startswith(f"answers/{kept.id}/")]
    assert files[scanned] == b"%PDF-1.7 a scan"
    assert ("Idris", "withdraw_answer", str(number)) in [
        (one["by"], one["verb"], one["number"]) for one in table(files, "log.csv")
    ]


def test_who_is_only_counted_is_named_in_no_file(exchange: Exchange) -> None:
    signed_off(exchange)
    approved(exchange)
    for public in (True, False):
        files = unpacked(packed(exchange, public=public))
        assert [name for name, content in files.items() if CANARY in name or CANARY.encode() in content] == []


def test_whom_only_the_addressee_may_see_is_named_in_marked_files_only(exchange: Exchange) -> None:
    signed_off(exchange)
    approved(exchange)
    files = unpacked(packed(exchange))
    naming = {name for name, content in files.items() if FOR_ADDRESSEE_ONLY.encode() in content}
    assert "for-the-addressee/edition-1-en.pdf" in naming
    assert {name.partition("/")[0] for name in naming} == {"for-the-addressee"}
    public = unpacked(packed(exchange, public=True))
    assert not [name for name in public if name.startswith("for-the-addressee") or "approvals" in name]
    assert not [name for name, content in public.items() if FOR_ADDRESSEE_ONLY.encode() in content]
    assert b"Quay House" in public["letter/edition-1-en.pdf"]


def test_no_file_that_others_made_is_in_the_public_pack(exchange: Exchange) -> None:
    session = exchange.session
    quoted = f"Thank you.\n> signed: {FOR_ADDRESSEE_ONLY}".encode()
    mail = keep_document(session, f"{FOR_ADDRESSEE_ONLY}.eml", "message/rfc822", quoted, now=LATER, by="Rosa")
    stamped = scan(session, f"{FOR_ADDRESSEE_ONLY}.pdf", quoted + b" stamped")
    answer = exchange.logs(documents=[mail])
    delivery = Delivery(addressee_id=exchange.to_kenya.id or 0, way=Way.HAND, by="Rosa", at=LATER, on=LATER.date())
    delivery.proof_id = stamped.id
    session.add(delivery)
    session.flush()
    public = unpacked(packed(exchange, public=True))
    naming = [name for name, content in public.items() if FOR_ADDRESSEE_ONLY.encode() in name.encode() + content]
    assert naming == []
    assert [tuple(one.values()) for one in table(public, "left-out.csv")] == [
        ("delivery", str(delivery.id), str(stamped.id), stamped.sha256),
        ("answer", str(answer.id), str(mail.id), mail.sha256),
    ]
    assert b"left-out.csv" in public["README.txt"]
    whole = unpacked(packed(exchange))
    assert whole[f"answers/{answer.id}/{mail.id}-{mail.name}"] == quoted
    assert whole[f"proofs/{stamped.id}-{stamped.name}"] == quoted + b" stamped"
    assert "left-out.csv" not in whole


def test_the_words_of_a_mail_are_not_in_the_public_pack(exchange: Exchange) -> None:
    answer = exchange.logs(summary=f"On behalf of {FOR_ADDRESSEE_ONLY} you wrote")
    mail = Reply(at=LATER, kind=ReplyKind.ANSWER, first_kind=ReplyKind.ANSWER, post_id=exchange.chile.id)
    exchange.session.add(mail)
    exchange.session.flush()
    answer.reply_id = mail.id
    exchange.logs(addressee=exchange.to_kenya, post=exchange.kenya, summary="By post.")
    told = {
        public: [one["summary"] for one in table(unpacked(packed(exchange, public=public)), "answers.csv")]
        for public in (True, False)
    }
    assert told == {True: ["", "By post."], False: [answer.summary, "By post."]}


def approved(exchange: Exchange) -> None:
    """Three organisations have said something of a draft, each as it is named under the letter."""
    session = exchange.session
    exchange.call.round = RoundKind.APPROVAL
    for name, visibility in (
        ("Quay House", Visibility.PUBLIC),
        (FOR_ADDRESSEE_ONLY, Visibility.ADDRESSEE),
        (CANARY, Visibility.COUNTED),
    ):
        body = Organisation(name=name, name_key=name.casefold(), created_at=LATER)
        session.add(body)
        session.flush()
        earlier = make.signature(session, exchange.call, key=f"earlier {name}", name=name, visibility=visibility)
        member = {"call_id": exchange.call.id or 0, "organisation_id": body.id or 0}
        session.add(RoundMember(**member, signature_id=earlier.id))
        session.add(
            RoundAnswer(
                **member,
                letter_version=1,
                answer=DraftAnswer.APPROVES,
                comment=f"So says {name}.",
                by=name,
                at=LATER,
            )
        )
    session.flush()


def test_what_organisations_said_of_a_draft_is_told_of_all_and_named_of_some(exchange: Exchange) -> None:
    approved(exchange)
    files = unpacked(packed(exchange))
    assert [one["organisation"] for one in table(files, "approvals.csv")] == [
        "Quay House",
        "(not named)",
        "(not named)",
    ]
    marked = table(files, "for-the-addressee/approvals.csv")
    assert [one["organisation"] for one in marked] == ["Quay House", FOR_ADDRESSEE_ONLY, "(not named)"]
    assert [one["answer"] for one in marked] == ["approves"] * 3


def test_whoever_is_counted_as_one_with_somebody_only_counted_is_named_nowhere(exchange: Exchange) -> None:
    session = exchange.session
    approved(exchange)
    earlier = [session.get_one(Signature, member.signature_id) for member in session.exec(select(RoundMember))]
    (quay,) = [one for one in earlier if one.name == "Quay House"]
    ours, colleagues = (make.contact(session, exchange.house, f"{name}@quay.example") for name in ("vera", "amina"))
    quay.contact_id = ours.id
    wish = make.signature(
        session, exchange.call, colleagues, state=SignatureState.MERGED, visibility=Visibility.COUNTED, name="Quay"
    )
    wish.merged_into_id = quay.id
    session.flush()
    files = unpacked(packed(exchange))
    for name in ("approvals.csv", "for-the-addressee/approvals.csv"):
        assert "Quay House" not in [one["organisation"] for one in table(files, name)]
        assert b"Quay House" not in files[name], "its comment and whoever made it are not told either"


def test_of_one_that_has_signed_nothing_only_the_addressee_learns_until_it_says_otherwise(
    exchange: Exchange,
) -> None:
    session = exchange.session
    approved(exchange)
    member = session.exec(select(RoundMember)).first()
    assert member is not None
    member.signature_id = None
    session.flush()

    def named(name: str) -> bool:
        return "Quay House" in [one["organisation"] for one in table(unpacked(packed(exchange)), name)]

    assert (named("approvals.csv"), named("for-the-addressee/approvals.csv")) == (False, True)
    own = make.signature(session, exchange.call, key="own page", name="Quay House")
    own.organisation_id = member.organisation_id
    session.flush()
    assert (named("approvals.csv"), named("for-the-addressee/approvals.csv")) == (True, True)


def test_attachments_have_names_of_our_own_making(exchange: Exchange) -> None:
    session = exchange.session
    kept = keep_document(session, "../../etc/passwd", "text/plain", b"x", now=LATER, by="Rosa")
    session.add(LetterDocument(letter_id=exchange.letter.id or 0, document_id=kept.id or 0, position=1))
    session.flush()
    files = unpacked(packed(exchange))
    assert files[f"attachments/{kept.id}-passwd"] == b"x"
    assert not [name for name in files if ".." in name or name.startswith("/")]


def test_a_letter_that_nobody_signed_off_has_a_pack_too(exchange: Exchange) -> None:
    files = unpacked(packed(exchange))
    assert table(files, "editions.csv") == []
    assert [one["verb"] for one in table(files, "log.csv")] == ["create_call"]


def test_what_is_about_another_letter_is_not_in_it(exchange: Exchange) -> None:
    other = make.call(exchange.session, exchange.house, slug="other-letter")
    exchange.session.flush()
    assert other.letter_id != exchange.letter.id
    exchange.logs(addressee=None, summary="To no letter.")
    files = unpacked(packed(exchange))
    assert table(files, "answers.csv") == []
    assert not [name for name, content in files.items() if b"other-letter" in content]
    assert SignatureKind.ORGANISATION.value not in table(files, "log.csv")[0]["facts"]
