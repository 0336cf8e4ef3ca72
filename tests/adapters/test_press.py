import io
import re
import unicodedata
import zipfile
from typing import Any

import pytest
from docx import Document
from lxml import etree
from pypdf import PdfReader

from outreach.adapters.press.printing import PrintingPress
from outreach.ports.press import PressTrouble, PrintFormat
from outreach.rendering.letters.manuscript import manuscript
from outreach.rendering.publication import GroupHeading, Publication
from tests.rendering.letters.samples import HOSTILE, THE_271, WORLDWIDE, delivered, group, publication

PRESS = PrintingPress()
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
MARKS = "\u200e\u200f"
CHINESE = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
OUR_SCRIPTS = (*WORLDWIDE[:3], *WORLDWIDE[-1:])

EVERYTHING = (
    """##

# Top *em* `code` **strong**

###### Deep

- one
  1. two

     > quoted

***

```
code #panic("x")
    <tags>
```

Hard\\
break [js](javascript:alert(1)) <b>raw</b> ![p](https://p.example/p.png) []() [](https://x.example)

"""
    f"https://very.example/{'long/' * 60}\n\n{'W' * 300}\n\n-\n\n1.\n"
)


def bare(text: str) -> str:
    """The text in NFC and without white space: what must be the same in print."""
    return "".join(unicodedata.normalize("NFC", text).split())


def pdf(letter: Publication, form: PrintFormat = PrintFormat.PDF) -> PdfReader:
    return PdfReader(io.BytesIO(PRESS.typeset(manuscript(letter), form)))


def words_of(paper: PdfReader) -> str:
    """All its text but heads and feet, without white space."""
    pages = (re.sub(r"Edition1·2March2027\d+/\d+$", "", bare(page.extract_text())) for page in paper.pages)
    return "".join(pages)


def test_the_271_names_stand_in_the_pdf_in_their_order() -> None:
    text = words_of(pdf(publication(*THE_271)))
    assert "Signedby271organisations." in text
    place = text.index("Signedby271organisations.")
    for number, name in enumerate(THE_271, 1):
        line = bare(f"{number}.{name}")
        assert line in text[place:], name
        place = text.index(line, place) + len(line)


def test_a_pdf_is_tagged_and_says_what_it_is_and_in_which_language() -> None:
    paper = pdf(publication("Ada House", language="fr", title="Un passage sûr"))
    root: Any = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    assert "/StructTreeRoot" in root
    assert paper.metadata is not None
    assert (paper.metadata.title, paper.metadata.author) == ("Un passage sûr", "Lantern Coast Network")
    assert b"pdfuaid" in root["/Metadata"].get_data()


MILLIMETRE = 72 / 25.4


def places(paper: PdfReader) -> dict[str, tuple[int, int]]:
    """Where each text of the first page begins, in millimetres from its left and its top."""
    found: dict[str, tuple[int, int]] = {}

    def see(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        x, y = cm[0] * tm[4] + cm[4], cm[3] * tm[5] + cm[5]
        found.setdefault(text.strip(), (round(x / MILLIMETRE), round(297 - y / MILLIMETRE)))

    paper.pages[0].extract_text(visitor_text=see)
    return found


def strokes(paper: PdfReader) -> set[float]:
    """How far from the top the lines at the left edge of the first page are, in millimetres."""
    found: set[float] = set()

    def see(operator: bytes, _: Any, cm: list[float], __: object) -> None:
        if operator == b"l" and cm[4] < 10 * MILLIMETRE:
            found.add(round(297 - cm[5] / MILLIMETRE, 1))

    paper.pages[0].extract_text(visitor_operand_before=see)
    return found


def test_an_address_shows_in_the_window_of_its_envelope() -> None:
    at = places(pdf(delivered("Ada House")))
    assert at["H.E. Ms Vera Sol"] == (25, 65)
    assert 80 < at["SWITZERLAND"][1] < 90
    assert at["Lantern Coast Network"][1] < 30
    assert at["Safe passage for people at sea"][1] > 98


@pytest.mark.parametrize("lines", [("A long line of an address " * 4,) * 9, ("W" * 300,), ("Line",) * 30])
def test_a_long_address_stays_in_the_window(lines: tuple[str, ...]) -> None:
    at = places(pdf(delivered("Ada House", lines=lines)))
    in_window = {text: at for text, at in at.items() if any(text and text in line for line in lines)}
    assert in_window
    assert all(45 <= down <= 91 for _, down in in_window.values())


def test_fold_marks_stand_at_the_edge_if_they_are_wanted() -> None:
    assert strokes(pdf(delivered("Ada House", fold_marks=True))) == {105.0, 148.5, 210.0}
    assert strokes(pdf(delivered("Ada House"))) == set()


@pytest.mark.parametrize("form", [PrintFormat.PDF, PrintFormat.DOCX, PrintFormat.ODT])
def test_all_that_a_delivered_letter_carries_is_printed(form: PrintFormat) -> None:
    text = printed(delivered("Ada House"), form)
    for line in ("We ask you to keep", "Excellency,", "Copy: Ministry of Foreign Affairs, Santiago", *CARRIED):
        assert bare(line) in text, line
    assert bare("To: Member States") not in text
    assert text.index("Excellency,") < text.index("Respectfully,") < text.index("AdaHouse") < text.index("Copy:")


CARRIED = (
    "H.E. Ms Vera Sol",
    "SWITZERLAND",
    "12 Quay Street, 1000 Brussels, Belgium",
    "2 March 2027",
    "Our reference: safe-passage/chl-gva",
    "Your letter of 20 June 2018, reference GVA/18/7",
    "Safe passage for people at sea",
)


def test_a_delivered_letter_ends_with_its_copies_in_one_column_however_long_its_list_is() -> None:
    letter = delivered(*THE_271, copies=("Ministry", "Parliament"))
    for form in (PrintFormat.PDF, PrintFormat.DOCX, PrintFormat.ODT):
        text = printed(letter, form)
        assert text.index(bare(THE_271[-1])) < text.index("Copy:Ministry")
    sections = word(letter).sections
    columns = [section._sectPr.xpath("string(w:cols/@w:num)") for section in sections]
    assert columns == ["", "2", ""]


@pytest.mark.parametrize("form", [PrintFormat.DOCX, PrintFormat.ODT])
def test_in_office_documents_too_the_address_shows_in_the_window(form: PrintFormat) -> None:
    archive = zipfile.ZipFile(io.BytesIO(PRESS.typeset(manuscript(delivered("Ada House", fold_marks=True)), form)))
    if form is PrintFormat.DOCX:
        body = archive.read("word/document.xml").decode()
        frame = re.search(r'"InsideAddress"/><w:framePr [^>]*w:x="(\d+)" w:y="(\d+)"', body)
        assert frame is not None
        assert [round(int(twips) / 1440 * 25.4, 1) for twips in frame.groups()] == [25.0, 62.7]
        header = "".join(archive.read(name).decode() for name in archive.namelist() if "/header" in name)
        assert header.count("<w:framePr ") == 3
    else:
        body = archive.read("content.xml").decode()
        assert re.search(r'draw:name="Address"[^>]* svg:x="25mm" svg:y="62.7mm"', body)
        assert body.count("<draw:line ") == 3


def printed(letter: Publication, form: PrintFormat) -> str:
    """All its text, without white space."""
    if form is PrintFormat.PDF:
        return words_of(pdf(letter))
    archive = zipfile.ZipFile(io.BytesIO(PRESS.typeset(manuscript(letter), form)))
    name = "word/document.xml" if form is PrintFormat.DOCX else "content.xml"
    return bare("".join(etree.fromstring(archive.read(name)).itertext()))


def test_a_pdf_keeps_its_links() -> None:
    paper = pdf(publication("Ada House"))
    links = {
        note.get_object()["/A"]["/URI"] for page in paper.pages for note in page.get("/Annots", ()) if "/A" in note
    }
    assert {"https://coast.example/log?a=1&b=2", "https://sign.example/letters/safe-passage"} <= links


def test_every_page_has_its_number() -> None:
    paper = pdf(publication(*THE_271))
    for number, page in enumerate(paper.pages, 1):
        assert f"{number} / {len(paper.pages)}" in page.extract_text()


def test_hostile_names_are_nothing_but_text() -> None:
    names = [name for name in HOSTILE if not CHINESE.search(name)]
    text = words_of(pdf(publication(*names)))
    for name in names:
        assert bare(name) in text


def test_names_in_the_scripts_of_our_own_fonts_are_printed_on_any_machine() -> None:
    text = words_of(pdf(publication(*OUR_SCRIPTS)))
    for name in OUR_SCRIPTS[2:]:  # pypdf gives right-to-left text in the order of the eye
        assert bare(name) in text


def test_names_in_other_scripts_are_printed_in_the_machine_s_fonts() -> None:
    try:
        text = words_of(pdf(publication(*WORLDWIDE)))
    except PressTrouble as missing:
        pytest.skip(str(missing))
    for name in ("人权观察（示例）", "인권단체 예시", "የሰብአዊ መብት ማህበር"):
        assert bare(name) in text


def test_a_letter_prints_the_same_each_time() -> None:
    letter = manuscript(publication(*THE_271[:20], *OUR_SCRIPTS))
    assert PRESS.typeset(letter, PrintFormat.PDF) == PRESS.typeset(letter, PrintFormat.PDF)


def test_a_name_that_no_font_can_show_is_refused_by_its_name() -> None:
    with pytest.raises(PressTrouble) as refusal:
        pdf(publication("Ada", "Bo \U0010fff0", "\U0010fff1 Cy"))
    assert "all letters of “Bo \U0010fff0”, “\U0010fff1 Cy”. Install" in str(refusal.value)
    assert "apt install fonts-noto-core" in str(refusal.value)


def test_a_press_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(PressTrouble, match=r"was stopped after 0\.001 seconds"):
        PrintingPress(0.001).typeset(manuscript(publication("Ada")), PrintFormat.PDF)


def test_many_are_set_in_order_each_as_by_itself_and_one_that_cannot_be_set_keeps_none_of_the_others() -> None:
    sheets = [manuscript(publication(name)) for name in ("Ada", "Bo \U0010fff0", "Cy")]
    first, second, third = PRESS.typeset_many(sheets, PrintFormat.PDF)
    assert isinstance(second, PressTrouble)
    assert "“Bo \U0010fff0”" in str(second)
    assert (first, third) == tuple(PRESS.typeset(sheets[place], PrintFormat.PDF) for place in (0, 2))


def test_a_press_that_is_too_slow_for_each_says_so_of_each() -> None:
    slow = PrintingPress(0.001).typeset_many([manuscript(publication("Ada"))] * 2, PrintFormat.PDF)
    assert ["was stopped after" in str(one) for one in slow] == [True, True]


@pytest.mark.parametrize("form", [PrintFormat.DOCX, PrintFormat.BOOK])
def test_many_are_made_in_the_other_forms_too(form: PrintFormat) -> None:
    sheets = [manuscript(publication(name)) for name in ("Ada", "Bo")]
    assert list(PRESS.typeset_many(sheets, form)) == [PRESS.typeset(sheet, form) for sheet in sheets]


def test_an_arabic_letter_runs_from_the_right() -> None:
    paper = pdf(publication(WORLDWIDE[0], "Ada House", language="ar", title="عبور آمن", body="أصحاب السعادة،"))
    root: Any = paper.trailer["/Root"]
    assert root["/Lang"] == "ar"
    assert "Ada House" in paper.pages[0].extract_text()


def test_a_draft_says_so_on_every_page() -> None:
    paper = pdf(publication(*THE_271, edition=0, embargo="Tuesday"))
    for page in paper.pages:
        assert "Draft, not signed off · Not for publication before Tuesday" in page.extract_text()


def test_a_list_of_nobody_is_printed_too() -> None:
    assert "Nobodyhassignedyet." in words_of(pdf(publication()))


def test_groups_stand_under_their_headings_without_numbers_if_so_wished() -> None:
    groups = (
        group(["Ada"], GroupHeading.INITIATORS),
        group(["Bo", "Cy"], GroupHeading.COUNTRY, first=2, country="KE"),
        group(["Di"], GroupHeading.NO_COUNTRY, first=4),
    )
    text = words_of(pdf(publication(groups=groups, numbered=False)))
    assert text.endswith("InitiatorsAdaKenyaBoCyNocountrygivenDi")


@pytest.mark.parametrize("form", list(PrintFormat))
@pytest.mark.parametrize("language", ["ar", "zh-Hant", "sr-Latn-RS", "xx"])
def test_whatever_markdown_an_author_writes_can_be_printed(form: PrintFormat, language: str) -> None:
    letter = publication("Ada", body=EVERYTHING, language=language, title="Title " * 50)
    assert PRESS.typeset(manuscript(letter), form)


def test_a_letter_with_nothing_in_it_can_be_printed() -> None:
    empty = publication(body="", title="", addressee="", dated="", workspace="", organisers=(), url="", digest="")
    assert "safe-passage" in words_of(pdf(empty))


def test_a_signature_book_has_a_title_page_and_numbered_pages_for_thousands() -> None:
    names = [f"House of {number}" for number in range(1000)]
    paper = pdf(publication(*names), PrintFormat.BOOK)
    cover = bare(paper.pages[0].extract_text())
    assert "Signaturestotheletter" in cover
    assert "Signedby1,000organisations." in cover
    assert "House" not in cover
    assert f"3 / {len(paper.pages)}" in paper.pages[2].extract_text()
    assert bare("1000. House of 999") in words_of(paper)


def test_a_book_that_is_handed_to_an_office_names_it_on_its_title_page_with_the_day_and_our_number() -> None:
    letter = delivered("Ada House", "Sol House")
    cover = bare(pdf(letter, PrintFormat.BOOK).pages[0].extract_text())
    assert letter.addressed is not None
    for line in (*letter.addressed.lines, letter.date_line, letter.our_reference):
        assert bare(line) in cover


def word(letter: Publication) -> Any:
    return Document(io.BytesIO(PRESS.typeset(manuscript(letter), PrintFormat.DOCX)))


def signatories_of(document: Any) -> list[str]:
    return [line.text for line in document.paragraphs if line.style.name == "Signatory"]


def open_text(letter: Publication) -> etree._Element:
    archive = PRESS.typeset(manuscript(letter), PrintFormat.ODT)
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(archive)).read("content.xml"))


def open_signatories(letter: Publication) -> list[str]:
    lines = open_text(letter).iter(f"{{{TEXT}}}p")
    return [
        "".join(map(str, line.itertext())) for line in lines if line.get(f"{{{TEXT}}}style-name") == "Signatory"
    ]


@pytest.mark.parametrize("names", [THE_271, HOSTILE, WORLDWIDE])
def test_office_documents_hold_every_name_byte_for_byte(names: tuple[str, ...]) -> None:
    letter = publication(*names)
    for found in (signatories_of(word(letter)), open_signatories(letter)):
        assert [name.strip(MARKS) for name in found] == list(names)


def test_their_sentence_counts_what_they_list() -> None:
    document = word(publication(*THE_271))
    assert "Signed by 271 organisations." in [line.text for line in document.paragraphs]
    assert len(signatories_of(document)) == 271


def test_a_word_document_has_its_list_in_two_columns_and_its_pages_numbered() -> None:
    document = word(publication(*THE_271))
    letter, names = document.sections
    assert [one._sectPr.xpath("w:cols/@w:num") for one in (letter, names)] == [[], ["2"]]
    feet = letter.first_page_footer._element.xml + letter.footer._element.xml
    assert feet.count('w:instr="PAGE"') == feet.count('w:instr="NUMPAGES"') == 2
    assert letter.page_width.mm == pytest.approx(210, abs=0.1)


def test_a_short_list_needs_no_columns() -> None:
    assert len(word(publication("Ada", "Bo")).sections) == 1


def test_a_word_document_says_what_it_is_and_in_which_language() -> None:
    document = word(publication("Ada", language="pt-BR", title="Passagem segura"))
    facts = document.core_properties
    assert (facts.title, facts.author, facts.language) == ("Passagem segura", "Lantern Coast Network", "pt-BR")
    assert document.styles.element.xpath("w:docDefaults//w:lang/@w:val") == ["pt-BR"]
    assert "Carta assinada por 1 organização." in [line.text for line in document.paragraphs]


def test_a_word_document_keeps_its_links() -> None:
    links = {
        relation.target_ref for relation in word(publication("Ada")).part.rels.values() if relation.is_external
    }
    assert links == {"https://coast.example/log?a=1&b=2", "https://sign.example/letters/safe-passage"}


def test_an_arabic_document_runs_from_the_right_and_a_latin_name_in_it_from_the_left() -> None:
    document = word(publication("@SUM(1)", WORLDWIDE[0], language="ar", title="عبور", body="أصحاب السعادة،"))
    assert document.styles.element.xpath("w:docDefaults/w:pPrDefault/w:pPr/w:bidi")
    assert signatories_of(document) == ["\u200e@SUM(1)\u200e", WORLDWIDE[0]]


@pytest.mark.parametrize("form", [PrintFormat.DOCX, PrintFormat.ODT])
def test_office_documents_are_the_same_bytes_each_time_and_hold_no_macro(form: PrintFormat) -> None:
    letter = manuscript(publication(*THE_271))
    content = PRESS.typeset(letter, form)
    assert content == PRESS.typeset(letter, form)
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert not [
        name for name in names if "vba" in name.lower() or "basic" in name.lower() or "script" in name.lower()
    ]


def test_an_open_document_has_its_list_in_a_section_of_two_columns() -> None:
    content = etree.tostring(open_text(publication(*THE_271)), encoding="unicode")
    assert content.count("<text:section ") == 1
    assert 'fo:column-count="2"' in content
