"""Makes a picture of a page small: 256 colours, which is what pages of ours have but for the edges of letters."""

import base64
import struct
import zlib
from typing import Final

from playwright.sync_api import Page

_REDUCE: Final = """async (source) => {
  const image = new Image();
  image.src = "data:image/png;base64," + source;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const dots = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer);
  const often = new Map();
  for (const dot of dots) often.set(dot, (often.get(dot) || 0) + 1);
  const colours = [...often].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 256).map(([dot]) => dot);
  const parts = (dot) => [dot & 255, (dot >> 8) & 255, (dot >> 16) & 255];
  const near = new Map(colours.map((dot, place) => [dot, place])), palette = colours.map(parts);
  const nearest = (dot) => {
    const [r, g, b] = parts(dot);
    let best = 0, least = Infinity;
    palette.forEach(([x, y, z], place) => {
      const far = (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2;
      if (far < least) [best, least] = [place, far];
    });
    near.set(dot, best);
    return best;
  };
  const places = Uint8Array.from(dots, (dot) => near.get(dot) ?? nearest(dot));
  let text = "";
  for (let at = 0; at < places.length; at += 32768) text += String.fromCharCode(...places.subarray(at, at + 32768));
  return [image.width, image.height, palette.flat(), btoa(text)];
}"""


def compact(page: Page, png: bytes) -> bytes:
    """The same picture as a PNG with a palette. ``page`` is any page; its browser does the work."""
    width, height, palette, packed = page.evaluate(_REDUCE, base64.b64encode(png).decode())
    dots = base64.b64decode(packed)
    rows = b"".join(b"\0" + dots[at : at + width] for at in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"PLTE", bytes(palette))
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG (ISO/IEC 15948, 5.3)."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
