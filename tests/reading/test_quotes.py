"""Only what the person wrote in this mail is new; everything that it quotes is cut."""

# ruff: noqa: E501  what people and programs write is as long as it is

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.reading.bodies import Body, readable
from outreach.reading.quotes import new_text
from tests.reading.mails import parts

ATTRIBUTIONS = [
    "On Wed, Feb 3, 2027 at 10:12 AM Rosa Lindqvist <calls@lanterncoast.example> wrote:",
    "On Wed, Feb 3, 2027 at 10:12 AM Rosa Lindqvist\n<calls@lanterncoast.example> wrote:",
    "On Wednesday, 3 February 2027 at 10:12:33 CET, Rosa Lindqvist of the Lantern Coast\nNetwork and others\n<calls@lanterncoast.example> wrote:",
    "On 03/02/2027 10:12, Rosa Lindqvist wrote:",
    "Quoting Rosa Lindqvist <calls@lanterncoast.example>:",
    "Rosa Lindqvist <calls@lanterncoast.example> writes:",
    "Le 3 févr. 2027 à 10:12, Rosa Lindqvist <calls@lanterncoast.example> a écrit :",
    "Le mer. 3 févr. 2027 à 10:12, Rosa Lindqvist <calls@lanterncoast.example> a\nécrit\u00a0:",
    "El mié, 3 feb 2027 a las 10:12, Rosa (<calls@lanterncoast.example>) escribió:",
    "El 3/2/27 a las 10:12, Rosa Lindqvist escribió:",
    "Am 03.02.2027 um 10:12 schrieb Rosa Lindqvist:",
    "Am Mi., 3. Feb. 2027 um 10:12 Uhr schrieb Rosa Lindqvist <\ncalls@lanterncoast.example>:",
    "Zitat von Rosa Lindqvist <calls@lanterncoast.example>:",
    "Em qua., 3 de fev. de 2027 às 10:12, Rosa <calls@lanterncoast.example> escreveu:",
    "Em 03/02/2027 10:12, Rosa Lindqvist escreveu:",
    "ср, 3 февр. 2027 г. в 10:12, Rosa Lindqvist <calls@lanterncoast.example>:",
    "3 февраля 2027 г., в 10:12, Rosa Lindqvist <calls@lanterncoast.example> написал(а):",
    "03.02.2027 10:12, Rosa Lindqvist пишет:",
    "Среда, 3 февраля 2027, 10:12 +03:00 от Rosa Lindqvist <calls@lanterncoast.example>:",
    "\u202bفي الأربعاء، 3 فبراير 2027 في 10:12 ص تمت كتابة ما يلي بواسطة \u202aRosa\u202c\u200f <\u202acalls@lanterncoast.example\u202c\u200f>:\u202c",
    "في ٣ فبراير ٢٠٢٧، الساعة ١٠:١٢ ص، كتب Rosa Lindqvist <calls@lanterncoast.example>:",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_goes_with_the_quote_below_it(attribution: str) -> None:
    text = f"Yes, add us.\n\nAda\n\n{attribution}\n\n> You are invited.\n> Reply STOP to unsubscribe.\n"
    assert new_text(Body(text)) == "Yes, add us.\n\nAda"


@pytest.mark.parametrize("attribution", [found for found in ATTRIBUTIONS if "10:12" in found])
def test_a_plain_attribution_cuts_even_a_quote_without_marks(attribution: str) -> None:
    text = f"Yes, add us.\n\nAda\n\n{attribution}\n\nYou are invited.\n\nReply STOP to unsubscribe.\n"
    assert new_text(Body(text)) == "Yes, add us.\n\nAda"


HEADINGS = [
    "-----Original Message-----\nFrom: Rosa\nSent: Wednesday\nTo: Ada\nSubject: Please sign",
    "________________________________\nFrom: Rosa <calls@lanterncoast.example>\nSent: 3 February 2027 10:12\nTo: Ada\nSubject: Please sign",
    "From: Rosa <calls@lanterncoast.example>\nDate: Wed, 3 Feb 2027 10:12\nTo: Ada\nSubject: Please sign",
    "*From:* Rosa <calls@lanterncoast.example>\n*Sent:* Wednesday\n*To:* Ada\n*Subject:* Please sign",
    "De : Rosa <calls@lanterncoast.example>\nEnvoyé : mercredi 3 février 2027 10:12\nÀ : Ada\nObjet : Veuillez signer",
    "-----Message d'origine-----\nDe : Rosa\nEnvoyé : mercredi\nÀ : Ada\nObjet : Veuillez signer",
    '----- Mail original -----\nDe: "Rosa" <calls@lanterncoast.example>\nÀ: "Ada"\nEnvoyé: Mercredi 3 Février 2027 10:12:00\nObjet: x',
    "De: Rosa <calls@lanterncoast.example>\nEnviado el: miércoles, 3 de febrero de 2027 10:12\nPara: Ada\nAsunto: Firme",
    "-------- Mensaje original --------\nDe: Rosa\nFecha: 3/2/27 10:12\nPara: Ada\nAsunto: Firme",
    "Von: Rosa <calls@lanterncoast.example>\nGesendet: Mittwoch, 3. Februar 2027 10:12\nAn: Ada\nBetreff: Bitte",
    "-----Ursprüngliche Nachricht-----\nVon: Rosa\nGesendet: Mittwoch\nAn: Ada\nBetreff: Bitte",
    'Gesendet: Mittwoch, 03. Februar 2027 um 10:12 Uhr\nVon: "Rosa" <calls@lanterncoast.example>\nAn: Ada\nBetreff: Bitte',
    "De: Rosa <calls@lanterncoast.example>\nEnviado: 3 de fevereiro de 2027 10:12\nPara: Ada\nAssunto: Assine",
    "-----Mensagem original-----\nDe: Rosa\nEnviada em: quarta-feira\nPara: Ada\nAssunto: Assine",
    "От: Rosa <calls@lanterncoast.example>\nОтправлено: 3 февраля 2027 г. 10:12\nКому: Ada\nТема: Подпишите",
    "-------- Исходное сообщение --------\nОт: Rosa\nДата: 03.02.2027 10:12\nКому: Ada\nТема: Подпишите",
    "\u200fمن: Rosa <calls@lanterncoast.example>\nتم الإرسال: الأربعاء، 3 فبراير 2027 10:12\nإلى: Ada\nالموضوع: وقعوا",
    "---------- Forwarded message ---------\nFrom: Rosa <calls@lanterncoast.example>\nDate: Wed, Feb 3, 2027\nSubject: x\nTo: Ada",
    "Begin forwarded message:\n\nFrom: Rosa <calls@lanterncoast.example>\nSubject: x\nDate: 3 February 2027\nTo: Ada",
    "-------- Weitergeleitete Nachricht --------\nBetreff: x\nDatum: Wed, 3 Feb 2027\nVon: Rosa\nAn: Ada",
    "________________________________\nFrån: Rosa <calls@lanterncoast.example>\nSkickat: den 3 februari 2027 10:12\nTill: Ada\nÄmne: x",
    ">>> Rosa Lindqvist <calls@lanterncoast.example> 03.02.2027 10:12 >>>",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_header_block_begins_another_mail(heading: str) -> None:
    text = (
        f"Yes, add us.\n\nAda\nSent from my iPhone\n\n{heading}\n\nYou are invited.\n\nReply STOP to unsubscribe.\n"
    )
    assert new_text(Body(text)) == "Yes, add us.\n\nAda\nSent from my iPhone"


def test_answers_between_the_quotes_are_joined_by_an_empty_line() -> None:
    text = "On 03/02/2027 10:12, Rosa wrote:\n> Name?\nTide Trust\n\n> Country?\n\nIreland\n\n> > Older\n> Bye\n\nAda\n"
    assert new_text(Body(text)) == "Tide Trust\n\nIreland\n\nAda"


def test_an_answer_below_the_quote_is_new() -> None:
    assert new_text(Body("Rosa wrote:\n> Please sign.\n\nYes, we do.\n")) == "Yes, we do."
    below = "-----Original Message-----\nFrom: Rosa\nSubject: x\n\n> Please sign.\n\nYes, we do.\n"
    assert new_text(Body(below)) == "Yes, we do."


def test_the_rest_of_a_quoted_line_that_a_program_broke_is_quoted() -> None:
    text = "Yes.\n\n> We ask all governments to open safe and legal ways for people who\nflee.\n> Thank you.\n"
    assert new_text(Body(text)) == "Yes."


def test_a_mailing_lists_footer_is_not_the_persons() -> None:
    footer = "_______________________________________________\nCoalition mailing list\nTo unsubscribe: https://lists.example\n"
    assert new_text(Body(f"We sign.\n\nAda\n\n{footer}")) == "We sign.\n\nAda"


OWN_WORDS = [
    "On 3 March the minister wrote to us:\nhe will not come.",
    "Name: Tide Trust\nCountry: Ireland\nEmail: ada@tide.example\nContact: Ada",
    "We sign.\n\n-- \nAda Holm\nTide Trust",
    "From Monday on I am back: please wait.",
    'The sentence should read:\n\n"all people"',
]


@pytest.mark.parametrize("text", OWN_WORDS)
def test_what_looks_like_a_quote_and_is_none_stays(text: str) -> None:
    assert new_text(Body(text)) == "\n".join(line.rstrip() for line in text.split("\n"))


def test_the_structure_of_the_html_tells_a_quote_that_no_word_does() -> None:
    plain = "Selvfølgelig, vi er med.\n\nRosa Lindqvist hilste:\n\nYou are invited to sign this letter."
    page = "<div>Selvfølgelig, vi er med.</div><blockquote type=cite>Rosa Lindqvist hilste:<p>You are invited to sign this letter.</p></blockquote>"
    assert new_text(readable(parts(("text/plain", plain), ("text/html", page)))) == "Selvfølgelig, vi er med."


def test_a_phones_signature_stays_above_the_mail_that_it_answers() -> None:
    page = (
        "<div>Oui, ajoutez-nous.</div><div id=ms-outlook-mobile-body-separator-line><br></div>"
        "<div id=ms-outlook-mobile-signature>Obtenir Outlook pour iOS</div>"
        "<div id=mail-editor-reference-message-container><div id=divRplyFwdMsg><b>De :</b> Rosa</div>Signez !</div>"
    )
    assert new_text(readable(parts(("text/html", page)))) == "Oui, ajoutez-nous.\n\nObtenir Outlook pour iOS"


def test_a_lists_footer_goes_and_the_signature_above_it_stays() -> None:
    footer = "_______________________________________________\nTo unsubscribe send a mail to x@lists.example"
    assert new_text(Body(f"We sign.\n\n-- \nAda Holm\n\n{footer}")) == "We sign.\n\n--\nAda Holm"
    assert new_text(Body("We sign.\n\n-- \nTo unsubscribe: https://lists.example")) == "We sign."


LINES = st.sampled_from(
    [
        "> old",
        ">> older",
        "On 3 Feb 2027 10:12, Rosa wrote:",
        "From: Rosa",
        "Sent: now",
        "yes",
        "",
        "-- ",
        "----",
        "a:",
        "\u202b>",
    ]
)


@given(st.lists(st.one_of(LINES, st.text(max_size=30)), max_size=30))
def test_new_text_never_raises_and_never_holds_a_quoted_line(lines: list[str]) -> None:
    found = new_text(Body("\n".join(lines), "\n".join(reversed(lines))))
    assert not any(line.lstrip("\u202b ").startswith(">") for line in found.split("\n"))
    assert found == found.rstrip()
