"""In an ODT, the letterhead, the address and the date in frames at their places, and the marks for folding."""

from typing import Any

from lxml import etree

from outreach.adapters.press import envelope, pandoc
from outreach.adapters.press.envelope import Place
from outreach.adapters.press.looks import APART, MARGIN
from outreach.adapters.press.opendocument_names import add, put, qualified
from outreach.ports.press import AddressedPaper

_FRAME, _MARK, _ANCHOR, _COPY, _ADDRESS = "EnvelopeFrame", "FoldMark", "EnvelopeAnchor", "FirstCopy", "AddressLine"


def put_in_envelope(automatic: Any, body: Any, paper: AddressedPaper) -> None:
    """What stands above the letter comes to its place on the sheet, and the letter begins below it."""
    place, size = envelope.address_place(paper.address)
    _styles(automatic, size)
    frames = (
        ("Letterhead", (pandoc.SENDER, pandoc.CONTACT), envelope.LETTERHEAD),
        ("Address", (pandoc.ADDRESS,), place),
        ("Date", (pandoc.BESIDE,), envelope.BESIDE),
    )
    above = [
        _frame(name, lines, where)
        for name, styles, where in frames
        if (lines := [line for line in body if line.get(qualified("text:style-name")) in styles])
    ]
    if paper.fold_marks:
        above += map(_mark, envelope.marks())
    anchor = etree.Element(qualified("text:p"))
    body.insert(0, put(anchor, {"text:style-name": _ANCHOR}))
    anchor.extend(above)
    _room_above_the_copies(automatic, body)
    for line in body.iter(qualified("text:p")):
        if line.get(qualified("text:style-name")) == pandoc.ADDRESS:
            line.set(qualified("text:style-name"), _ADDRESS)


def _styles(automatic: Any, size: float) -> None:
    """How frames and marks lie on the page, and how large the address is."""
    on_page = {
        "style:horizontal-pos": "from-left",
        "style:horizontal-rel": "page",
        "style:vertical-pos": "from-top",
        "style:vertical-rel": "page",
        "style:wrap": "run-through",
    }
    frame = _style(automatic, _FRAME, "graphic", "Frame")
    add(
        frame,
        "style:graphic-properties",
        {**on_page, "fo:border": "none", "fo:padding": "0mm", "draw:fill": "none"},
    )
    mark = _style(automatic, _MARK, "graphic", "Graphics")
    add(
        mark,
        "style:graphic-properties",
        {**on_page, "draw:stroke": "solid", "svg:stroke-width": "0.2mm", "svg:stroke-color": "#808080"},
    )
    line = _style(automatic, _ADDRESS, "paragraph", pandoc.ADDRESS)
    points = f"{size:g}pt"
    add(line, "style:text-properties", {"fo:font-size": points, "style:font-size-complex": points})
    # A frame belongs to the paragraph that it is in; in one that runs from the right, LibreOffice would mirror it.
    anchor = _style(automatic, _ANCHOR, "paragraph", "Standard")
    room = {
        "fo:margin-top": f"{envelope.BODY_TOP - MARGIN:g}mm",
        "fo:margin-bottom": "0mm",
        "fo:line-height": "1pt",
    }
    add(anchor, "style:paragraph-properties", {**room, "style:writing-mode": "lr-tb"})
    add(anchor, "style:text-properties", {"fo:font-size": "1pt"})


def _frame(name: str, lines: list[Any], place: Place) -> Any:
    frame = _at(etree.Element(qualified("draw:frame")), place, name)
    frame.set(qualified("draw:style-name"), _FRAME)
    box = add(frame, "draw:text-box", {"fo:min-height": f"{place.height:g}mm"})
    box.extend(lines)
    return frame


def _at(shape: Any, place: Place, name: str) -> Any:
    return put(
        shape,
        {
            "draw:name": name,
            "text:anchor-type": "paragraph",
            "svg:x": f"{place.left:g}mm",
            "svg:y": f"{place.top:g}mm",
            "svg:width": f"{place.width:g}mm",
        },
    )


def _mark(place: Place) -> Any:
    return put(
        etree.Element(qualified("draw:line")),
        {
            "draw:style-name": _MARK,
            "text:anchor-type": "paragraph",
            "svg:x1": f"{place.left:g}mm",
            "svg:x2": f"{place.left + place.width:g}mm",
            "svg:y1": f"{place.top:g}mm",
            "svg:y2": f"{place.top:g}mm",
        },
    )


def _room_above_the_copies(automatic: Any, body: Any) -> None:
    first = next((line for line in body if line.get(qualified("text:style-name")) == pandoc.COPY), None)
    if first is not None:
        style = _style(automatic, _COPY, "paragraph", pandoc.COPY)
        add(style, "style:paragraph-properties", {"fo:margin-top": f"{APART}pt"})
        first.set(qualified("text:style-name"), _COPY)


def _style(automatic: Any, name: str, family: str, parent: str) -> Any:
    named = {"style:name": name, "style:family": family, "style:parent-style-name": parent}
    return add(automatic, "style:style", named)
