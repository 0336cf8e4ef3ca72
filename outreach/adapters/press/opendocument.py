"""A document for LibreOffice (ODT, ODF 1.3): pandoc's structure in our page and styles, the list in columns."""

import re
from typing import Any, Final

from lxml import etree

from outreach.adapters.press import pandoc
from outreach.adapters.press.looks import (
    ACCENT,
    APART,
    BETWEEN_COLUMNS,
    FAINT,
    LOOKS,
    MARGIN,
    PARAGRAPH,
    TIGHT,
    Look,
    hanging,
)
from outreach.adapters.press.opendocument_envelope import put_in_envelope
from outreach.adapters.press.opendocument_names import add, put, qualified
from outreach.ports.press import Manuscript
from outreach.rendering.archives import packed, unpacked

_OWN_NAMES: Final = {"Block Text": "Quotations"}
_LOOKS: Final = {
    **{_OWN_NAMES.get(name, name): look for name, look in LOOKS.items()},
    "Text body": PARAGRAPH,
    "First paragraph": PARAGRAPH,
    "Footer": Look(size=9, colour=FAINT),
    "Header": Look(size=9, colour=FAINT),
}
_LONG_AGO: Final = "1980-01-01T00:00:00Z"
_COLUMNS, _ADDRESSED, _CLOSING = "SignatoryColumns", "LastAddressee", "FirstColophon"


def typeset_odt(manuscript: Manuscript, seconds: float) -> bytes:
    """An ODT of the manuscript, without macros and without anything that is fetched from elsewhere."""
    files = unpacked(pandoc.convert(manuscript, "odt", seconds))
    for name, change in (("styles.xml", _styles), ("content.xml", _content), ("meta.xml", _meta)):
        tree = etree.fromstring(files[name])
        change(tree, manuscript)
        files[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
    return packed(files, stored="mimetype")


def _meta(tree: Any, manuscript: Manuscript) -> None:
    facts = tree.find(qualified("office:meta"))
    for old in list(facts):
        facts.remove(old)
    said = {
        "dc:title": manuscript.title,
        "dc:language": manuscript.language,
        "meta:initial-creator": manuscript.author,
        "meta:creation-date": _LONG_AGO,
        "dc:date": _LONG_AGO,
    }
    for name, value in said.items():
        _add(facts, name).text = value


def _styles(tree: Any, manuscript: Manuscript) -> None:
    named = tree.find(qualified("office:styles"))
    for name, look in _LOOKS.items():
        _dress(named, name, look)
    _defaults(tree, manuscript)
    link = named.find(f"*[@{qualified('style:name')}='Internet_20_link']/{qualified('style:text-properties')}")
    if link is not None:
        link.set(qualified("fo:color"), f"#{ACCENT.lower()}")
    _page(tree, manuscript)


def _dress(named: Any, name: str, look: Look) -> None:
    """The look, in place of whatever the style came with."""
    key = name.replace(" ", "_20_")
    style = named.find(f"{qualified('style:style')}[@{qualified('style:name')}='{key}']")
    if style is None:
        style = _add(named, "style:style", name=key, family="paragraph")
        style.set(qualified("style:parent-style-name"), "Standard")
    for old in list(style):
        if old.tag in {qualified("style:paragraph-properties"), qualified("style:text-properties")}:
            style.remove(old)
    shape = {
        "fo:margin-top": f"{look.before}pt",
        "fo:margin-bottom": f"{look.after}pt",
        "fo:margin-left": "0mm" if name != "Quotations" else "10mm",
        "fo:keep-with-next": "always" if look.kept else "auto",
        "fo:keep-together": "always" if look.kept or name == pandoc.SIGNATORY else "auto",
        "fo:orphans": "2",
        "fo:widows": "2",
    }
    weight = "bold" if look.bold else "normal"
    letters = {"fo:color": f"#{look.colour.lower()}"}
    for script in ("", "-asian", "-complex"):
        space = "style" if script else "fo"
        letters[f"{space}:font-size{script}"] = f"{look.size}pt"
        letters[f"{space}:font-weight{script}"] = weight
        letters[f"style:font-name{script}"] = look.font
    put(_add(style, "style:paragraph-properties"), shape)
    put(_add(style, "style:text-properties"), letters)


def _defaults(tree: Any, manuscript: Manuscript) -> None:
    """The language of everything, and the fonts by name."""
    language, _, rest = manuscript.language.partition("-")
    country = rest[-2:].upper() if re.fullmatch(r"(?:[A-Za-z]{4}-)?[A-Za-z]{2}", rest) else "none"
    for letters in tree.iter(qualified("style:text-properties")):
        if letters.getparent().tag == qualified("style:default-style"):
            for script in ("", "-complex"):
                space = "style" if script else "fo"
                put(letters, {f"{space}:language{script}": language, f"{space}:country{script}": country})
    for shape in tree.iter(qualified("style:paragraph-properties")):
        if shape.getparent().tag == qualified("style:default-style"):
            side = "right" if manuscript.direction == "rtl" else "left"  # LibreOffice takes "start" for left
            put(shape, {"style:writing-mode": _written(manuscript), "fo:text-align": side})
    faces = tree.find(qualified("office:font-face-decls"))
    for font in sorted({look.font for look in _LOOKS.values()}):
        if faces.find(f"*[@{qualified('style:name')}='{font}']") is None:
            face = _add(faces, "style:font-face", name=font)
            face.set("{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}font-family", f"'{font}'")


def _page(tree: Any, manuscript: Manuscript) -> None:
    """A4 with our margins, the mark on every page, the title from the second on, and “3 / 12” at the foot."""
    automatic = tree.find(qualified("office:automatic-styles"))
    layout = automatic.find(f"{qualified('style:page-layout')}/{qualified('style:page-layout-properties')}")
    put(
        layout,
        {
            "fo:page-width": "210mm",
            "fo:page-height": "297mm",
            **{f"fo:margin-{side}": f"{MARGIN}mm" for side in ("left", "right")},
            **{f"fo:margin-{side}": "12mm" for side in ("top", "bottom")},
            "style:writing-mode": _written(manuscript),
        },
    )
    for name in ("style:header-style", "style:footer-style"):
        style = layout.getparent().find(qualified(name))
        for old in list(style):
            style.remove(old)
        gap = {"fo:min-height": "13mm", "fo:margin-bottom" if "header" in name else "fo:margin-top": "6mm"}
        put(_add(style, "style:header-footer-properties"), gap)
    line = _add(automatic, "style:style", name="FootLine", family="paragraph")
    line.set(qualified("style:parent-style-name"), "Footer")
    stops = _add(_add(line, "style:paragraph-properties"), "style:tab-stops")
    put(_add(stops, "style:tab-stop"), {"style:position": f"{210 - 2 * MARGIN}mm", "style:type": "right"})
    master = tree.find(f"{qualified('office:master-styles')}/{qualified('style:master-page')}")
    for old in list(master):
        master.remove(old)
    _head_and_foot(master, manuscript)


def _written(manuscript: Manuscript) -> str:
    return "rl-tb" if manuscript.direction == "rtl" else "lr-tb"


def _head_and_foot(master: Any, manuscript: Manuscript) -> None:
    titled = " · ".join(part for part in (manuscript.mark, manuscript.title) if part)
    _paragraph(_add(master, "style:header"), "Header").text = titled
    # The first page of a delivered letter begins with the letterhead, and has the mark below its title.
    _paragraph(_add(master, "style:header-first"), "Header").text = "" if manuscript.paper else manuscript.mark
    for name in ("style:footer", "style:footer-first"):
        line = _paragraph(_add(master, name), "FootLine")
        line.text = manuscript.running
        _add(line, "text:tab")
        page = _add(line, "text:page-number")
        page.set(qualified("text:select-page"), "current")
        page.text, page.tail = "1", " / "
        _add(line, "text:page-count").text = "1"


def _paragraph(parent: Any, style: str) -> Any:
    line = _add(parent, "text:p")
    line.set(qualified("text:style-name"), style)
    return line


def _content(tree: Any, manuscript: Manuscript) -> None:
    automatic = tree.find(qualified("office:automatic-styles"))
    body = tree.find(f"{qualified('office:body')}/{qualified('office:text')}")
    styles = [line.get(qualified("text:style-name")) for line in body]
    for place, other, parent, side in (
        (_last(styles, pandoc.ADDRESSEE), _ADDRESSED, pandoc.ADDRESSEE, "bottom"),
        (styles.index(pandoc.COLOPHON) if pandoc.COLOPHON in styles else None, _CLOSING, pandoc.COLOPHON, "top"),
    ):
        if place is not None:
            style = _add(automatic, "style:style", name=other, family="paragraph")
            style.set(qualified("style:parent-style-name"), parent)
            put(_add(style, "style:paragraph-properties"), {f"fo:margin-{side}": f"{APART}pt"})
            body[place].set(qualified("text:style-name"), other)
    _space_the_lists(automatic)
    _hang_the_names(tree, automatic, manuscript)
    if pandoc.in_columns(manuscript):
        _put_in_columns(automatic, body, manuscript, (_last(styles, pandoc.COUNT) or 0) + 1)
    if manuscript.paper:
        put_in_envelope(automatic, body, manuscript.paper)


def _space_the_lists(automatic: Any) -> None:
    """Items of the letter's own lists stand apart as in Word; pandoc has them touch each other and what follows."""
    for style in automatic.findall(qualified("style:style")):
        if style.get(qualified("style:list-style-name")):
            for old in style.findall(qualified("style:paragraph-properties")):
                style.remove(old)
            shape = etree.Element(qualified("style:paragraph-properties"))
            put(shape, {"fo:margin-top": "0pt", "fo:margin-bottom": f"{TIGHT.after}pt"})
            style.insert(0, shape)


def _last(styles: list[str], style: str) -> int | None:
    return max((place for place, one in enumerate(styles) if one == style), default=None)


def _hang_the_names(tree: Any, automatic: Any, manuscript: Manuscript) -> None:
    """Names stand behind their numbers; pandoc's lists of names get our distance, other lists keep pandoc's."""
    figures = len(str(sum(len(section.names) for section in manuscript.sections)))
    inset = f"{hanging(figures):g}pt"
    ours = {
        line.getparent().getparent().get(qualified("text:style-name"))
        for line in tree.iter(qualified("text:p"))
        if line.get(qualified("text:style-name")) == pandoc.SIGNATORY
    }
    for style in automatic.findall(qualified("text:list-style")):
        if style.get(qualified("style:name")) in ours:
            for level in style.iter(qualified("style:list-level-label-alignment")):
                put(
                    level,
                    {"fo:margin-left": inset, "fo:text-indent": f"-{inset}", "text:list-tab-stop-position": inset},
                )
            for level in style.iter(qualified("style:list-level-properties")):
                level.set(qualified("fo:text-align"), "start")


def _put_in_columns(automatic: Any, body: Any, manuscript: Manuscript, first: int) -> None:
    style = _add(automatic, "style:style", name=_COLUMNS, family="section")
    shape = _add(style, "style:section-properties")
    shape.set(qualified("text:dont-balance-text-columns"), "false")
    shape.set(qualified("style:writing-mode"), _written(manuscript))
    columns = _add(shape, "style:columns")
    put(columns, {"fo:column-count": "2", "fo:column-gap": f"{BETWEEN_COLUMNS}mm"})
    below = {pandoc.COPY, pandoc.COLOPHON, _CLOSING}
    lines = [line for line in list(body)[first:] if line.get(qualified("text:style-name")) not in below]
    section = etree.Element(qualified("text:section"))
    put(section, {"text:style-name": _COLUMNS, "text:name": _COLUMNS})
    body.insert(first, section)
    section.extend(lines)
    if manuscript.paper:
        # LibreOffice leaves most of a page empty after a section that fills the one before; not after such a line.
        body.insert(first + 1, put(etree.Element(qualified("text:p")), {"text:style-name": "Standard"}))


def _add(parent: Any, tag: str, **style: str) -> Any:
    """A new last child; ``style`` are attributes in the namespace of styles."""
    return add(parent, tag, {f"style:{key}": value for key, value in style.items()})
