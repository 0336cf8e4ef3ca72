"""What an office writes: that the letter arrived, under which number, or an answer; and what came with it."""

from email.message import EmailMessage

import pytest

from outreach.domain.replies import ReplyKind
from outreach.reading.enclosures import LARGEST_ORNAMENT, enclosures
from outreach.reading.mail import read_mail
from outreach.reading.offices import from_an_office, reference_in
from outreach.reading.rules import Understood
from outreach.reading.understanding import hear, understand

SAYS = [
    (
        "We acknowledge receipt of your letter, registered under reference MFA/UN/2018-117.",
        ReplyKind.ACKNOWLEDGEMENT,
        "MFA/UN/2018-117",
    ),
    (
        "Dear Ms. Lind,\n\nThe Mission acknowledges receipt of your letter. Our reference: X/Y/2018.",
        ReplyKind.ACKNOWLEDGEMENT,
        "X/Y/2018",
    ),
    ("Your email has been registered. Ref. Ares(2018)1234567.", ReplyKind.ACKNOWLEDGEMENT, "Ares(2018)1234567"),
    (
        "Nous accusons réception de votre lettre, enregistrée sous le numéro 2018/0412-B.",
        ReplyKind.ACKNOWLEDGEMENT,
        "2018/0412-B",
    ),
    (
        "Madame,\n\nNous accusons bonne réception de votre courrier (N/Réf. : DGM/118/2018).",
        ReplyKind.ACKNOWLEDGEMENT,
        "DGM/118/2018",
    ),
    ("Acusamos recibo de su carta, registrada con el número 3321/2018.", ReplyKind.ACKNOWLEDGEMENT, "3321/2018"),
    (
        "Se acusa recibo de su escrito. Referencia: SRE-2018-55. Ha sido trasladado al departamento competente.",
        ReplyKind.ACKNOWLEDGEMENT,
        "SRE-2018-55",
    ),
    ("نؤكد لكم استلام رسالتكم، وقد سجلت برقم 118/2018.", ReplyKind.ACKNOWLEDGEMENT, "118/2018"),
    ("تلقينا رسالتكم. المرجع: 2018-44", ReplyKind.ACKNOWLEDGEMENT, "2018-44"),
    ("Excellency, we acknowledge receipt of your letter.", ReplyKind.ACKNOWLEDGEMENT, ""),
    (
        "Thank you for your letter. My Government shares your concern. Our delegation has raised the matter.",
        ReplyKind.ANSWER,
        "",
    ),
    ("See attached.", ReplyKind.ANSWER, ""),
    ("", ReplyKind.ANSWER, ""),
    ("Yes, please add us.", ReplyKind.ANSWER, ""),
    ("We cannot support this.", ReplyKind.ANSWER, ""),
    (
        "With reference to your letter of 20 June (your reference safe-passage/chile-2) we will come back.",
        ReplyKind.ANSWER,
        "",
    ),
]


def mail(text: str, subject: str = "Re: Safe passage") -> bytes:
    written = EmailMessage()
    written["From"], written["To"], written["Subject"] = "mission@geneva.example", "calls@net.example", subject
    written.set_content(text)
    return written.as_bytes()


@pytest.mark.parametrize(("text", "kind", "reference"), SAYS)
def test_an_office_acknowledges_or_answers_and_gives_its_number(text: str, kind: ReplyKind, reference: str) -> None:
    read = read_mail(mail(text))
    assert from_an_office(read, understand(read)).kind is kind
    assert reference_in(read) == reference


def test_a_number_in_the_subject_is_one_and_ours_is_not() -> None:
    assert reference_in(read_mail(mail("Received.", "Your letter [ref. 2018-77]"))) == "2018-77"
    read = read_mail(mail("Received. Reference: safe-passage-2027/chile"))
    assert reference_in(read, ["Safe-Passage-2027/chile"]) == ""


def test_what_is_quoted_gives_no_number() -> None:
    text = "Thank you.\n\nOn Monday Rosa wrote:\n> Our reference: LC/1/2027\n> Please answer.\n"
    assert reference_in(read_mail(mail(text))) == ""


@pytest.mark.parametrize("number", ["", "Your case number is 2018-5512."])
def test_a_machines_receipt_acknowledges_only_with_a_number(number: str) -> None:
    written = mail(f"Thank you for your message. It has been received. {number}")
    raw = b"Auto-Submitted: auto-replied\n" + written
    read = read_mail(raw)
    understood = understand(read)
    assert understood.kind is ReplyKind.AUTOMATIC_ANSWER
    kind = ReplyKind.ACKNOWLEDGEMENT if number else ReplyKind.AUTOMATIC_ANSWER
    assert from_an_office(read, understood).kind is kind


@pytest.mark.parametrize("kind", [ReplyKind.BOUNCE, ReplyKind.OUT_OF_OFFICE, ReplyKind.RECEIPT, ReplyKind.OPT_OUT])
def test_what_machines_say_and_a_wish_for_no_more_stay_what_they_are(kind: ReplyKind) -> None:
    understood = Understood(kind, "any", 1.0)
    assert from_an_office(read_mail(mail("Reference: 12/2018")), understood) is understood


def test_what_could_not_be_read_is_for_a_person() -> None:
    heard = hear(b"Subject: x\n" + b"X: y\n" * 100_000 + b"\nHello")
    assert from_an_office(heard.mail, heard.understood).kind is ReplyKind.OTHER


def test_the_files_of_a_mail_are_those_that_somebody_attached() -> None:
    written = EmailMessage()
    written.set_content("See attached.")
    written.add_alternative("<p>See attached.<img src='cid:logo'></p>", subtype="html")
    written.get_payload()[1].add_related(b"a logo", "image", "png", cid="<logo>")  # type: ignore[index,union-attr]
    written.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="../../x.pdf")
    written.add_attachment(
        b"x" * LARGEST_ORNAMENT, maintype="image", subtype="jpeg", filename="résumé\u202efdp.exe"
    )
    written.add_attachment("a note", filename="note.txt")
    found = [
        (one.name, one.media_type, len(one.content)) for one in enclosures(read_mail(written.as_bytes()).message)
    ]
    assert found == [
        ("../../x.pdf", "application/pdf", 8),
        ("résumé\u202efdp.exe", "image/jpeg", LARGEST_ORNAMENT),
        ("note.txt", "text/plain", 7),
    ]


@pytest.mark.parametrize(
    "head",
    [
        'Content-Type: application/pdf; name="=?x-unknown?b?AAAA?="\n',
        "Content-Type: application/pdf\nContent-Disposition: attachment; filename*=x-none''%ff%fe\n",
        "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n",
        "Content-Type: application/pdf\nContent-Disposition: attachment; filename*0*=a; filename*7=b\n",
    ],
)
def test_a_file_whose_name_or_encoding_lies_is_kept(head: str) -> None:
    (one,) = enclosures(read_mail(f"MIME-Version: 1.0\n{head}\n%PDF!!\n".encode()).message)
    assert one.media_type == "application/pdf"
    assert one.content
