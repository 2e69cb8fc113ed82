"""Where marks may stand: metadata found by walking a picture file's own structure.

Only what lies inside a valid structure is found; bytes that merely look like a mark, or that were
appended behind the picture, are not. Work and memory are bounded whatever a file claims.

Layouts: JPEG (ITU-T T.81 annex B, Exif 2.32, XMP part 3), PNG (third edition), WebP container
(RFC 9649), GIF89a. HEIF and AVIF are walked by the libraries that decode them.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from PIL import Image

from backend.images import ISO_FORMATS
from backend.provenance.signal import Source

# More than any mark needs: the largest known are workflows of node-based generators.
MAX_BYTES = 2 * 1024 * 1024
MAX_TEXTS, MAX_TEXT_BYTES = 100, 4 * MAX_BYTES  # of one PNG, decompressed
MAX_PARTS = 100_000

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EXIF_PREFIX = b"Exif\0\0"
_XMP_PREFIX = b"http://ns.adobe.com/xap/1.0/\0"
_PHOTOSHOP_PREFIX = b"Photoshop 3.0\0"
_XMP_KEYWORD = "XML:com.adobe.xmp"


@dataclass
class Marks:
    """Raw metadata of one picture file.

    Attributes:
        exif: a TIFF structure, possibly behind the bytes `Exif 0 0`.
        xmp: an XMP packet.
        iptc: Photoshop image resources, which hold IPTC-IIM.
        texts: keyword and text of PNG's text chunks.
        damaged: what is there and cannot be read: broken or larger than `MAX_BYTES`.
        room: how many bytes of text may still be decompressed.
    """

    exif: bytes | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    texts: list[tuple[str, str]] = field(default_factory=list)
    damaged: set[Source] = field(default_factory=set)
    room: int = MAX_TEXT_BYTES

    def keep(self, source: Literal["exif", "xmp", "iptc"], data: bytes) -> None:
        """Keep the first mark of a source."""
        if len(data) > MAX_BYTES:
            self.damaged.add(source)
        elif getattr(self, source) is None:
            setattr(self, source, data)


def find(data: bytes) -> Marks:
    """The metadata of a picture file; empty where it is no picture or holds none."""
    marks = Marks()
    if data.startswith(b"\xff\xd8"):
        _jpeg(data, marks)
    elif data.startswith(PNG_SIGNATURE):
        _png(data, marks)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        _webp(data, marks)
    elif data[:6] in (b"GIF87a", b"GIF89a"):
        _gif(data, marks)
    elif data[4:8] == b"ftyp":
        _iso_media(data, marks)
    return marks


def _jpeg(data: bytes, marks: Marks) -> None:
    photoshop = b""
    for marker, body in _jpeg_segments(data):
        if marker == 0xE1 and body.startswith(_EXIF_PREFIX):
            marks.keep("exif", body)
        elif marker == 0xE1 and body.startswith(_XMP_PREFIX):
            marks.keep("xmp", body[len(_XMP_PREFIX) :])
        elif marker == 0xED and body.startswith(_PHOTOSHOP_PREFIX):
            # Long resources go on in the next segment.
            photoshop = (photoshop + body[len(_PHOTOSHOP_PREFIX) :])[: MAX_BYTES + 1]
    if photoshop:
        marks.keep("iptc", photoshop)


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and body of every segment before the picture data."""
    at = 2
    for _ in range(MAX_PARTS):
        if at + 4 > len(data) or data[at] != 0xFF:
            return
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker in (0xD9, 0xDA):  # end of the picture, start of its data
            return
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:  # these stand alone
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if length < 2 or at + 2 + length > len(data):
            return
        yield marker, data[at + 4 : at + 2 + length]
        at += 2 + length


def _png(data: bytes, marks: Marks) -> None:
    at = len(PNG_SIGNATURE)
    for _ in range(MAX_PARTS):
        if at + 12 > len(data):
            return
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data) or (kind == b"IHDR") != (at == len(PNG_SIGNATURE)) or kind == b"IEND":
            return
        if kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf"):
            body = data[at + 8 : end - 4]
            source: Source = "exif" if kind == b"eXIf" else "png-text"
            if body.startswith(_XMP_KEYWORD.encode()):
                source = "xmp"
            if zlib.crc32(kind + body) != struct.unpack_from(">I", data, end - 4)[0]:
                marks.damaged.add(source)
            elif kind == b"eXIf":
                marks.keep("exif", body)
            else:
                _png_text(kind, body, source, marks)
        at = end


def _png_text(kind: bytes, body: bytes, source: Source, marks: Marks) -> None:
    if marks.room <= 0:
        marks.damaged.add(source)
        return
    try:
        keyword, text = _keyword_and_text(kind, body)
    except (ValueError, zlib.error):
        marks.room -= MAX_BYTES  # that much may have been decompressed
        marks.damaged.add(source)
        return
    marks.room -= len(text)
    if keyword == _XMP_KEYWORD:
        marks.keep("xmp", text)
    elif keyword.startswith("Raw profile type "):
        _raw_profile(keyword.rpartition(" ")[2], text, marks)
    elif len(text) > MAX_BYTES or len(marks.texts) == MAX_TEXTS:
        marks.damaged.add("png-text")
    else:
        encoding = "utf-8" if kind == b"iTXt" or _is_utf8(text) else "latin-1"
        marks.texts.append((keyword, text.decode(encoding, "replace")))


def _keyword_and_text(kind: bytes, body: bytes) -> tuple[str, bytes]:
    """Split a text chunk.

    Raises:
        ValueError, zlib.error: it is malformed, or larger than `MAX_BYTES` when decompressed.
    """
    raw_keyword, nul, rest = body.partition(b"\0")
    if not nul or not 1 <= len(raw_keyword) <= 79:
        raise ValueError("no keyword")
    keyword = raw_keyword.decode("latin-1")
    if kind == b"tEXt":
        return keyword, rest
    if kind == b"zTXt":
        return keyword, _inflated(rest[1:])
    compressed, _, tail = rest[:1] == b"\1", rest[1:2], rest[2:]
    parts = tail.split(b"\0", 2)  # language, translated keyword, text
    if len(parts) < 3:
        raise ValueError("no text")
    return keyword, _inflated(parts[2]) if compressed else parts[2]


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    text = inflater.decompress(data, MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        raise ValueError("too large")
    return text


def _raw_profile(name: str, text: bytes, marks: Marks) -> None:
    """Metadata as hexadecimal text, as ImageMagick writes it: name, length, digits."""
    for source in ("exif", "xmp", "iptc"):
        if name == source:
            try:
                _, _, digits = text.split(None, 2)
                marks.keep(source, bytes.fromhex(digits.decode("ascii")))
            except ValueError:
                marks.damaged.add(source)


def _is_utf8(text: bytes) -> bool:
    """Many programs write UTF-8 where PNG asks for Latin-1."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _webp(data: bytes, marks: Marks) -> None:
    end = min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    at = 12
    for _ in range(MAX_PARTS):
        if at + 8 > end:
            return
        kind, length = struct.unpack_from("<4sI", data, at)
        if at + 8 + length > end:
            return
        if kind == b"EXIF":
            marks.keep("exif", data[at + 8 : at + 8 + length])
        elif kind == b"XMP ":
            marks.keep("xmp", data[at + 8 : at + 8 + length])
        at += 8 + length + length % 2


def _gif(data: bytes, marks: Marks) -> None:
    """XMP stands in an application extension, the packet itself in place of its sub-blocks."""
    try:
        at = 13 + _colour_table(data[10])
        for _ in range(MAX_PARTS):
            if data[at] == 0x2C:  # a frame: descriptor, its own colours, code size, data
                at = _behind_blocks(data, at + 11 + _colour_table(data[at + 9]))
            elif data[at : at + 14] == b"\x21\xff\x0bXMP DataXMP":
                # A run of falling bytes behind the packet makes it look like sub-blocks.
                end = data.index(b"\x01\xff\xfe\xfd", at + 14)
                return marks.keep("xmp", data[at + 14 : end])
            elif data[at] == 0x21:
                at = _behind_blocks(data, at + 2)
            else:
                return None
    except (IndexError, ValueError):  # the file ends too early
        return None


def _colour_table(flags: int) -> int:
    """Bytes of the colour table that these flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _behind_blocks(data: bytes, at: int) -> int:
    """The place behind a chain of sub-blocks."""
    for _ in range(MAX_PARTS):
        if not data[at]:
            break
        at += 1 + data[at]
    return at + 1


def _iso_media(data: bytes, marks: Marks) -> None:
    try:
        with Image.open(io.BytesIO(data), formats=ISO_FORMATS) as image:
            info = image.info
    except Exception:  # decoders raise whatever they like; the pixels have been decoded elsewhere
        return
    if exif := info.get("exif"):
        marks.keep("exif", exif)
    if xmp := info.get("xmp"):
        marks.keep("xmp", xmp)
