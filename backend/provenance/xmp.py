"""XMP: the digital source type that IPTC defines, AI fields, and the program that wrote it.

Only the picture's own properties are read, not those of documents it was made from. Document type
definitions are refused, so nothing can be expanded; packets beyond `_MAX_BYTES` are not parsed.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from backend.provenance.generators import (
    generator_named,
    names_ai_edit,
    names_editor,
    recipe_in,
)
from backend.provenance.signal import PointsTo, Signal, absent, kept
from backend.provenance.source_types import kind_of, term

_MAX_BYTES = 1024 * 1024
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_IPTC_EXT = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_TIFF = "{http://ns.adobe.com/tiff/1.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
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
    try:
        root = fromstring(raw.strip(b"\0 \r\n\t"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError) as error:
        raise ValueError("no readable XML") from error
    properties: dict[str, str] = {}
    rdf = root if root.tag == _RDF + "RDF" else root.find(_RDF + "RDF")
    for description in rdf.findall(_RDF + "Description") if rdf is not None else ():
        given = list(description.attrib.items())
        given += [(child.tag, _text(child)) for child in description]
        for tag, text in given:
            if tag in _WANTED and text.strip():
                properties.setdefault(_WANTED[tag], text.strip())
    return properties


def _text(element: Element) -> str:
    """A property's value: a resource, plain text, or the first entry of a list."""
    if resource := element.get(_RDF + "resource"):
        return resource
    entry = next(element.iter(_RDF + "li"), element)
    return entry.text or ""
