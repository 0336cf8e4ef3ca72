"""The names of OpenDocument's elements and attributes, and elements with them (ODF 1.3, part 3)."""

from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

_OPEN: Final = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES: Final = {
    "draw": f"{_OPEN}:drawing:1.0",
    "office": f"{_OPEN}:office:1.0",
    "style": f"{_OPEN}:style:1.0",
    "text": f"{_OPEN}:text:1.0",
    "fo": f"{_OPEN}:xsl-fo-compatible:1.0",
    "svg": f"{_OPEN}:svg-compatible:1.0",
    "meta": f"{_OPEN}:meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def qualified(prefixed: str) -> str:
    """A name such as ``text:p`` as lxml writes it."""
    prefix, _, name = prefixed.partition(":")
    return f"{{{_SPACES[prefix]}}}{name}"


def put(element: Any, attributes: Mapping[str, str]) -> Any:
    """The element, with these attributes; their names have their prefix."""
    for key, value in attributes.items():
        element.set(qualified(key), value)
    return element


def add(parent: Any, tag: str, attributes: Mapping[str, str]) -> Any:
    """A new last child with these attributes."""
    return put(etree.SubElement(parent, qualified(tag)), attributes)
