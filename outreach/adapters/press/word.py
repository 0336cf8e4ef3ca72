"""A document for Word (DOCX, ISO/IEC 29500): pandoc's structure in our page and styles, the list in columns."""

import copy
import io
from datetime import UTC, datetime
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from outreach.adapters.press import pandoc
from outreach.adapters.press.looks import (
    ACCENT,
    APART,
    BETWEEN_COLUMNS,
    FAINT,
    LOOKS,
    MARGIN,
    PARAGRAPH,
    TEXT_FONT,
    TIGHT,
    Look,
    hanging,
)
from outreach.adapters.press.word_envelope import put_in_envelope, styled
from outreach.ports.press import Manuscript
from outreach.rendering.archives import packed, unpacked

_LOOKS: Final = {**LOOKS, "Body Text": PARAGRAPH, "First Paragraph": PARAGRAPH, "Compact": TIGHT}
_TWENTIETHS: Final = 20
_SMALL: Final = 9
_LONG_AGO: Final = datetime(1980, 1, 1, tzinfo=UTC)


def typeset_docx(manuscript: Manuscript, seconds: float) -> bytes:
    """A DOCX of the manuscript, without macros and without anything that is fetched from elsewhere."""
    document: Any = Document(io.BytesIO(pandoc.convert(manuscript, "docx", seconds)))
    _say_what_it_is(document, manuscript)
    for name, look in _LOOKS.items():
        if name in document.styles:
            _dress(document.styles[name], look)
    _defaults(document, manuscript)
    _page(document.sections[-1], manuscript)
    if manuscript.direction == "rtl":
        document.sections[-1]._sectPr.insert_element_before(_element("w:bidi"), "w:rtlGutter", "w:docGrid")  # noqa: SLF001
    if pandoc.in_columns(manuscript):
        _break_before_the_list(document)
        if manuscript.paper:
            _break_after_the_list(document)
    if manuscript.paper:
        put_in_envelope(document, manuscript.paper)
    _hang_the_names(document, manuscript)
    _set_apart(document)
    written = io.BytesIO()
    document.save(written)
    return packed(unpacked(written.getvalue()))


def _say_what_it_is(document: Any, manuscript: Manuscript) -> None:
    facts = document.core_properties
    facts.title, facts.author, facts.language = manuscript.title[:255], manuscript.author[:255], manuscript.language
    facts.created = facts.modified = _LONG_AGO


def _dress(style: ParagraphStyle, look: Look) -> None:
    """The look, in place of whatever the style came with."""
    for part in ("w:pPr", "w:rPr"):
        for old in style.element.findall(qn(part)):
            style.element.remove(old)
    shape, font = style.paragraph_format, style.font
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.keep_with_next, shape.keep_together = look.kept, look.kept or style.name == pandoc.SIGNATORY
    shape.widow_control = True
    font.name, font.size, font.bold = look.font, Pt(look.size), look.bold
    font.color.rgb = RGBColor.from_string(look.colour)
    fonts = style.element.rPr.rFonts
    for script in ("w:cs", "w:eastAsia"):
        fonts.set(qn(script), look.font)
    font.cs_bold = look.bold
    _size_of_other_scripts(style.element.rPr, look.size)
    if style.name and style.name.startswith("Heading "):
        style.element.get_or_add_pPr().append(_element("w:outlineLvl", val=str(int(style.name[-1]) - 1)))


def _size_of_other_scripts(letters: Any, points: float) -> None:
    """Word has a size of its own for scripts such as Arabic (ISO/IEC 29500-1, 17.3.2.39)."""
    size = _element("w:szCs", val=str(round(points * 2)))
    letters.insert_element_before(size, "w:highlight", "w:u", "w:effect", "w:rtl", "w:cs", "w:lang")


def _defaults(document: Any, manuscript: Manuscript) -> None:
    """The language of everything, and the side from which paragraphs run."""
    spoken = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    for script in ("w:val", "w:bidi", "w:eastAsia"):
        spoken.set(qn(script), manuscript.language)
    if manuscript.direction == "rtl":
        document.styles.element.find(f".//{qn('w:pPrDefault')}/{qn('w:pPr')}").insert(0, _element("w:bidi"))
    link = document.styles["Hyperlink"]
    link.font.color.rgb, link.font.underline = RGBColor.from_string(ACCENT), True


def _set_apart(document: Any) -> None:
    """Room below what stands above the letter, and above what closes it."""
    for line in styled(document, pandoc.ADDRESSEE)[-1:]:
        line.paragraph_format.space_after = Pt(APART)
    for line in styled(document, pandoc.COLOPHON)[:1]:
        line.paragraph_format.space_before = Pt(APART)


def _page(section: Any, manuscript: Manuscript) -> None:
    section.different_first_page_header_footer = True
    # The first page of a delivered letter begins with the letterhead, and has the mark below its title.
    _head(section.first_page_header, "" if manuscript.paper else manuscript.mark)
    _head(section.header, " · ".join(part for part in (manuscript.mark, manuscript.title) if part))
    for foot in (section.first_page_footer, section.footer):
        _foot(foot, manuscript.running)
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
    section.header_distance = section.footer_distance = Mm(12)


def _head(header: Any, text: str) -> None:
    _small(header.paragraphs[0].add_run(text))


def _foot(footer: Any, text: str) -> None:
    """What is printed, and at the other end of the line “3 / 12”."""
    line = footer.paragraphs[0]
    line.paragraph_format.tab_stops.add_tab_stop(Mm(210 - 2 * MARGIN), alignment=WD_TAB_ALIGNMENT.RIGHT)
    _small(line.add_run(f"{text}\t"))
    _field(line, "PAGE")
    _small(line.add_run(" / "))
    _field(line, "NUMPAGES")


def _small(run: Any) -> Any:
    run.font.size, run.font.color.rgb, run.font.name = Pt(_SMALL), RGBColor.from_string(FAINT), TEXT_FONT
    run._r.rPr.rFonts.set(qn("w:cs"), TEXT_FONT)  # noqa: SLF001  python-docx knows Latin fonts only
    _size_of_other_scripts(run._r.rPr, _SMALL)  # noqa: SLF001
    return run


def _field(line: Any, code: str) -> None:
    """A figure that the office program computes."""
    run = _small(line.add_run("1"))
    field = _element("w:fldSimple", instr=code)
    run._r.addprevious(field)  # noqa: SLF001  python-docx has no fields
    field.append(run._r)  # noqa: SLF001


def _break_before_the_list(document: Any) -> None:
    """The letter ends a section of one column; the names are one of two."""
    last = document.sections[-1]._sectPr  # noqa: SLF001  python-docx has no columns
    first = copy.deepcopy(last)
    before = styled(document, pandoc.COUNT)[-1]
    before._p.get_or_add_pPr().append(first)  # noqa: SLF001
    last.insert_element_before(
        _element("w:type", val="continuous"), *("w:pgSz", "w:pgMar", "w:cols", "w:bidi", "w:docGrid")
    )
    for title in last.findall(qn("w:titlePg")):
        last.remove(title)
    gap = str(round(BETWEEN_COLUMNS / 25.4 * 72 * _TWENTIETHS))
    for old in last.findall(qn("w:cols")):
        last.remove(old)
    last.insert_element_before(_element("w:cols", num="2", space=gap), *("w:bidi", "w:docGrid"))


def _break_after_the_list(document: Any) -> None:
    """The names end their section; what comes below them is one column again."""
    last = document.sections[-1]._sectPr  # noqa: SLF001
    styled(document, pandoc.SIGNATORY)[-1]._p.get_or_add_pPr().append(copy.deepcopy(last))  # noqa: SLF001
    for old in last.findall(qn("w:cols")):
        last.remove(old)


def _hang_the_names(document: Any, manuscript: Manuscript) -> None:
    """Names stand behind their numbers, however long the name and the number are."""
    figures = len(str(sum(len(section.names) for section in manuscript.sections))) if manuscript.numbered else 0
    inset = str(round(hanging(figures) * _TWENTIETHS))
    for shape in document.element.body.iter(qn("w:pPr")):
        if shape.pStyle is not None and shape.pStyle.val == pandoc.SIGNATORY:
            shape.insert_element_before(
                _element("w:ind", left=inset, hanging=inset), *("w:contextualSpacing", "w:jc", "w:rPr", "w:sectPr")
            )


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
