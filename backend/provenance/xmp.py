"""XMP: the digital source type that IPTC defines, AI fields, and the program that wrote it.

Only the picture's own properties are read, not those of documents it was made from. Document type
definitions are refused, so nothing can be expanded, and no tree is built: size and depth of a
packet cost nothing beyond the one pass over at most `_MAX_BYTES`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from backend.provenance.generators import (
    generator_named,
    names_ai_edit,
    names_editor,
    recipe_in,
)
from backend.provenance.signal import PointsTo, Signal, absent, kept
from backend.provenance.source_types import kind_of, term

_MAX_BYTES = 1024 * 1024
_MAX_DEPTH = 50
_MAX_VALUE = 10_000
# expat joins namespace and name as they stand.
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IPTC_EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_TIFF = "http://ns.adobe.com/tiff/1.0/"
_DC = "http://purl.org/dc/elements/1.1/"
_WANTED = {
    _IPTC_EXT + "DigitalSourceType": "source-type",
    _IPTC_EXT + "DigitalSourcetype": "source-type",  # IPTC's own early spelling
    _IPTC_EXT + "AISystemUsed": "ai-system",
    _IPTC_EXT + "AIPromptInformation": "prompt",
    _XMP + "CreatorTool": "software",
    _PHOTOSHOP + "Credit": "credit",
    _TIFF + "Make": "make",
    _TIFF + "Model": "model",
    _DC + "description": "description",
}


def read(raw: bytes | None) -> Signal:
    """The signal of an XMP packet.

    Raises:
        ValueError: it is malformed, too large, or declares a document type.
    """
    if raw is None:
        return absent("xmp")
    properties = _properties(raw)
    code, points_to, tool = _judged(properties)
    shown = ("source-type", "software", "credit", "make", "model", "prompt")
    details = {name: properties.get(name) for name in shown}
    if uri := properties.get("source-type"):
        details["source-type"] = term(uri)
    if recipe := recipe_in(properties.get("description", "")):
        details |= recipe.details
    return Signal("xmp", "found", code, points_to, kept({"tool": tool} | details))


def _judged(properties: dict[str, str]) -> tuple[str, PointsTo | None, str | None]:
    """Code, what it points to, and the tool, from the clearest mark to the vaguest."""
    kind = kind_of(properties.get("source-type", ""))
    software, credit = properties.get("software", ""), properties.get("credit", "")
    tool = properties.get("ai-system") or generator_named(software) or generator_named(credit)
    if recipe := recipe_in(properties.get("description", "")):
        tool = tool or recipe.tool
    if kind == "ai":
        return "xmp-ai", "ai", tool
    if kind == "ai-edited" or names_ai_edit(credit):
        return "xmp-ai-edited", "edited", tool
    if tool:
        return "xmp-generator", "ai", tool
    if kind == "camera":
        return "xmp-camera", "camera", None
    if kind == "edited":
        return "xmp-edited", "edited", None
    if names_editor(software):
        return "xmp-software", "edited", software
    return "xmp-other", None, None


def _properties(raw: bytes) -> dict[str, str]:
    """The wanted properties that the packet gives its picture."""
    if len(raw) > _MAX_BYTES:
        raise ValueError("too large")
    packet = _Packet()
    parser = expat.ParserCreate(namespace_separator="")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = packet.start
    parser.CharacterDataHandler = packet.text
    parser.EndElementHandler = packet.end
    try:
        parser.Parse(raw.strip(b"\0 \r\n\t"), True)
    except (expat.ExpatError, LookupError) as error:
        raise ValueError("no readable XML") from error
    return packet.properties


def _refuse(*_: Any) -> None:
    raise ValueError("a document type definition")


@dataclass
class _Packet:
    """Takes the properties of the picture from a stream of elements.

    A property is an attribute of a description directly inside `rdf:RDF`, or a child of it: with a
    resource, with text, or with a list whose first entry counts.
    """

    properties: dict[str, str] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    value: str = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.path) == _MAX_DEPTH:
            raise ValueError("too deep")
        self.path.append(tag)
        if self._inside() == 0:
            for name, value in attributes.items():
                self._keep(name, value)
        elif self._inside() == 1:
            self.value = attributes.get(_RDF + "resource", "")

    def text(self, text: str) -> None:
        inside = self._inside()
        if inside == 1 or (inside and inside > 1 and self.path[-1] == _RDF + "li"):
            self.value = (self.value + text)[:_MAX_VALUE]

    def end(self, tag: str) -> None:
        inside = self._inside()
        if inside == 1 or (inside == 3 and tag == _RDF + "li"):
            self._keep(self.path[-inside], self.value)
            self.value = ""
        self.path.pop()

    def _inside(self) -> int | None:
        """How deep inside a description of the picture we are; None outside."""
        for place in (1, 2):  # rdf:RDF is the root, or inside x:xmpmeta
            if self.path[place - 1 : place + 1] == [_RDF + "RDF", _RDF + "Description"]:
                return len(self.path) - place - 1
        return None

    def _keep(self, tag: str, value: str) -> None:
        if tag in _WANTED and value.strip():
            self.properties.setdefault(_WANTED[tag], value.strip())
