"""IPTC-IIM: the caption data of press pictures, which some generators fill.

Layout: Photoshop image resources (Adobe, "Image Resource Blocks") that hold IPTC-IIM 4.2 data sets.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from backend.provenance.generators import (
    generator_named,
    names_ai_edit,
    names_editor,
    recipe_in,
)
from backend.provenance.signal import Signal, absent, kept

_IIM_RESOURCE = 0x0404
_WANTED = {65: "software", 80: "byline", 110: "credit", 115: "source", 120: "caption"}


def read(raw: bytes | None) -> Signal:
    """The signal of Photoshop image resources, or of bare IPTC-IIM.

    Raises:
        ValueError: they are malformed.
    """
    if raw is None:
        return absent("iptc")
    iim = raw if raw.startswith(b"\x1c") else _resource(raw, _IIM_RESOURCE)
    if not iim:
        return absent("iptc")
    fields: dict[str, str] = {}
    for number, value in _data_sets(iim):
        if number in _WANTED:
            fields.setdefault(_WANTED[number], value.decode("utf-8", "replace"))
    software, credit = fields.get("software", ""), fields.get("credit", "")
    details = kept({"software": software, "credit": credit})
    if names_ai_edit(credit):
        return Signal("iptc", "found", "iptc-ai-edited", "edited", kept({"tool": credit}) | details)
    if recipe := recipe_in(fields.get("caption", "")):
        details |= kept({"tool": recipe.tool} | recipe.details)
        return Signal("iptc", "found", "iptc-generator", "ai", details)
    for name in ("software", "credit", "byline", "source"):
        if tool := generator_named(fields.get(name, "")):
            details |= kept({"tool": tool})
            return Signal("iptc", "found", "iptc-generator", "ai", details)
    if names_editor(software):
        return Signal(
            "iptc", "found", "iptc-software", "edited", kept({"tool": software}) | details
        )
    return Signal("iptc", "found", "iptc-other", None, details)


def _resource(raw: bytes, wanted: int) -> bytes:
    """The data of one image resource; empty where it is absent."""
    at = 0
    while at + 12 <= len(raw):
        signature, number, name_length = struct.unpack_from(">4sHB", raw, at)
        if signature != b"8BIM":
            raise ValueError("no image resource")
        at += 6 + (1 + name_length + 1) // 2 * 2  # a name of even length, its count included
        if at + 4 > len(raw):
            raise ValueError("cut off")
        (size,) = struct.unpack_from(">I", raw, at)
        at += 4
        if at + size > len(raw):
            raise ValueError("cut off")
        if number == wanted:
            return raw[at : at + size]
        at += size + size % 2
    return b""


def _data_sets(iim: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and value of each data set of record 2."""
    at = 0
    while at + 5 <= len(iim) and iim[at] == 0x1C:
        _, record, number, size = struct.unpack_from(">BBBH", iim, at)
        at += 5
        if size & 0x8000 or at + size > len(iim):  # extended sizes are for pictures, not for text
            raise ValueError("cut off")
        if record == 2:
            yield number, iim[at : at + size]
        at += size
    if iim[at:].strip(b"\0"):
        raise ValueError("no data set")
