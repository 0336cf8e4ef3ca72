"""In a DOCX, the letterhead, the address and the date in frames at their places, and the marks for folding."""

from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from outreach.adapters.press import envelope, pandoc
from outreach.adapters.press.envelope import Place
from outreach.adapters.press.looks import APART, MARGIN
from outreach.ports.press import AddressedPaper

_AFTER_KEPT: Final = ("w:widowControl", "w:numPr", "w:suppressLineNumbers", "w:pBdr", "w:shd", "w:tabs",
    "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct", "w:autoSpaceDE",
    "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing",
    "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap",
    "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange")  # fmt: skip
"""What may follow a frame among the properties of a paragraph (ISO/IEC 29500-1, 17.3.1.26)."""


def styled(document: Any, style: str) -> list[Paragraph]:
    """The paragraphs of a style of ours, found without looking into each of thousands."""
    found = document.element.body.xpath(f"w:p[w:pPr/w:pStyle/@w:val='{style}']")
    return [Paragraph(element, document) for element in found]


def put_in_envelope(document: Any, paper: AddressedPaper) -> None:
    """What stands above the letter comes to its place on the sheet, and the letter begins below it."""
    place, size = envelope.address_place(paper.address)
    for style, where in (
        (pandoc.SENDER, envelope.LETTERHEAD),
        (pandoc.CONTACT, envelope.LETTERHEAD),
        (pandoc.ADDRESS, place),
        (pandoc.BESIDE, envelope.BESIDE),
    ):
        for line in styled(document, style):
            _frame(line, where)
    if pandoc.ADDRESS in document.styles:
        document.styles[pandoc.ADDRESS].font.size = Pt(size)
    first = (styled(document, pandoc.REFERENCE) or styled(document, pandoc.SUBJECT))[0]
    anchor = first.insert_paragraph_before()
    anchor.paragraph_format.space_before = Mm(envelope.BODY_TOP - MARGIN)
    anchor.paragraph_format.space_after, anchor.paragraph_format.line_spacing = Pt(0), Pt(1)
    _run_forwards(anchor)
    for line in styled(document, pandoc.COPY)[:1]:
        line.paragraph_format.space_before = Pt(APART)
    if paper.fold_marks:
        header = document.sections[0].first_page_header
        _run_forwards(header.paragraphs[0])
        for mark in envelope.marks():
            _mark(header, mark)


def _run_forwards(anchor: Any) -> None:
    """A frame belongs to the paragraph after it; by one that runs from the right, LibreOffice would mirror it."""
    forwards = OxmlElement("w:bidi")
    forwards.set(qn("w:val"), "0")
    shape = anchor._p.get_or_add_pPr()  # noqa: SLF001
    shape.insert_element_before(forwards, *_AFTER_KEPT[_AFTER_KEPT.index("w:bidi") + 1 :])


def _frame(line: Any, place: Place, *, exactly: bool = False) -> Any:
    """The paragraph stands at its place on the page; one after another at the same place are one frame."""
    frame = OxmlElement("w:framePr")
    for key, value in {
        "w": str(Mm(place.width).twips),
        "h": str(max(1, Mm(place.height).twips)),
        "hRule": "exact" if exactly else "atLeast",
        "wrap": "around",
        "vAnchor": "page",
        "hAnchor": "page",
        "x": str(Mm(place.left).twips),
        "y": str(Mm(place.top).twips),
    }.items():
        frame.set(qn(f"w:{key}"), value)
    shape = line._p.get_or_add_pPr()  # noqa: SLF001  python-docx has no frames
    shape.insert_element_before(frame, *_AFTER_KEPT)
    return shape


def _mark(header: Any, place: Place) -> None:
    """A line as the upper border of an empty frame."""
    line = header.paragraphs[0].insert_paragraph_before()
    shape = _frame(line, place, exactly=True)
    border, upper = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for key, value in {"val": "single", "sz": "4", "space": "0", "color": "808080"}.items():
        upper.set(qn(f"w:{key}"), value)
    border.append(upper)
    shape.insert_element_before(border, *_AFTER_KEPT[4:])
    line.paragraph_format.line_spacing = Pt(1)
