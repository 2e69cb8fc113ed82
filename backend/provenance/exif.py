"""EXIF: which camera, when, and what software wrote. Positions (GPS) are never read.

Only the wanted tags are looked at, each within strict bounds: lying offsets, loops and huge counts
cost nothing. Layout: TIFF 6.0 section 2, Exif 2.32 sections 4.6.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from backend.provenance.generators import generator_named, names_editor, recipe_in
from backend.provenance.signal import Signal, absent, clean, kept

_TAGS = {
    0x010E: "description",
    0x010F: "make",
    0x0110: "model",
    0x0131: "software",
    0x0132: "changed",
    0x013B: "artist",
    0x9003: "taken",
    0x9286: "comment",
    0x9C9C: "xp-comment",
    0xA433: "lens-make",
    0xA434: "lens",
}
_EXIF_IFD = 0x8769
_SIZES = {1: 1, 2: 1, 4: 4, 7: 1}  # bytes, text, long, undefined
_MAX_ENTRIES = 1000
_MAX_NAME = 80  # a longer make or model names no camera
_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")


def read(raw: bytes | None) -> Signal:
    """The signal of an EXIF block.

    Raises:
        ValueError: it is malformed.
    """
    if raw is None:
        return absent("exif")
    fields = _fields(raw.removeprefix(b"Exif\0\0"))
    for name, text in fields.items():
        if recipe := recipe_in(text):
            details = kept({"tool": recipe.tool} | recipe.details)
            return Signal("exif", "found", "exif-generator", "ai", details)
        if name in ("make", "model", "software", "artist") and (tool := generator_named(text)):
            return Signal("exif", "found", "exif-generator", "ai", kept({"tool": tool}))
    make, model, software = (clean(fields.get(n, "")) for n in ("make", "model", "software"))
    details = kept(
        {
            "make": make,
            "model": model,
            "lens": fields.get("lens"),
            "taken": _time(fields.get("taken", "")),
            "software": software,
        }
    )
    if (make or model) and max(len(make), len(model)) <= _MAX_NAME:
        named = model if model.lower().startswith(make.lower()) else f"{make} {model}"
        return Signal("exif", "found", "exif-camera", "camera", kept({"camera": named}) | details)
    if names_editor(software):
        details |= kept({"tool": software})
        return Signal("exif", "found", "exif-software", "edited", details)
    return Signal("exif", "found", "exif-other", None, details)


def _fields(tiff: bytes) -> dict[str, str]:
    """The texts of the wanted tags.

    Raises:
        ValueError: an offset leads out of the block or back to where it came from.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        raise ValueError("no TIFF header")
    try:
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        fields: dict[str, str] = {}
        for tag, kind, value in _entries(tiff, order, start):
            if tag == _EXIF_IFD and kind == 4:
                (inner,) = struct.unpack(order + "I", value[:4])
                if inner == start:
                    raise ValueError("loop")
                for inner_tag, _, inner_value in _entries(tiff, order, inner):
                    _add(fields, inner_tag, inner_value, order)
            _add(fields, tag, value, order)
    except struct.error as error:
        raise ValueError("cut off") from error
    return fields


def _entries(tiff: bytes, order: str, start: int) -> Iterator[tuple[int, int, bytes]]:
    """Tag, type and raw value of the wanted entries of one directory."""
    (count,) = struct.unpack_from(order + "H", tiff, start)
    if count > _MAX_ENTRIES:
        raise ValueError("too many entries")
    seen = set()
    for at in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind, length = struct.unpack_from(order + "HHI", tiff, at)
        if (tag not in _TAGS and tag != _EXIF_IFD) or kind not in _SIZES or tag in seen:
            continue
        seen.add(tag)
        size = length * _SIZES[kind]
        place = at + 8 if size <= 4 else struct.unpack_from(order + "I", tiff, at + 8)[0]
        if place + size > len(tiff):
            raise ValueError("value outside the block")
        yield tag, kind, tiff[place : place + size]


def _add(fields: dict[str, str], tag: int, value: bytes, order: str) -> None:
    name = _TAGS.get(tag)
    if name is None:
        return
    if name.startswith("xp-"):  # Windows writes UTF-16, little-endian whatever the block's order
        text = value.decode("utf-16-le", "replace")
    elif name == "comment":
        text = _comment(value, order)
    else:
        text = value.decode("utf-8", "replace")
    if text := text.strip("\0 "):
        fields.setdefault(name, text)


def _comment(value: bytes, order: str) -> str:
    """UserComment: eight bytes that name the encoding, then the text."""
    if value.startswith(b"UNICODE\0"):
        body = value[8:]
        # Programs disagree about the byte order; Latin text has its zeros on one side.
        swapped = body[:200:2].count(0) > body[1:200:2].count(0)
        encoding = "utf-16-be" if swapped else "utf-16-le"
        return body.decode(encoding, "replace")
    return value[8:].decode("utf-8", "replace")


def _time(text: str) -> str | None:
    """An EXIF time as people write it: 2020-05-04 18:39:11."""
    match = _TIME.match(text)
    return "{}-{}-{} {}".format(*match.groups()) if match else None
