"""IPTC's digital source types, as XMP and Content Credentials declare them.

Vocabulary: https://cv.iptc.org/newscodes/digitalsourcetype/, with C2PA's additions.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["ai", "ai-edited", "camera", "edited"]

_KINDS: dict[str, Kind] = {
    "trainedalgorithmicmedia": "ai",
    "trainedalgorithmicdata": "ai",
    "compositewithtrainedalgorithmicmedia": "ai-edited",
    "compositesynthetic": "ai-edited",
    "digitalcapture": "camera",
    "computationalcapture": "camera",
    "compositecapture": "camera",
    "negativefilm": "camera",
    "positivefilm": "camera",
    "algorithmicallyenhanced": "edited",
    "algorithmicmedia": "edited",
    "composite": "edited",
    "datadrivenmedia": "edited",
    "digitalart": "edited",
    "digitalcreation": "edited",
    "humanedits": "edited",
    "minorhumanedits": "edited",
    "screencapture": "edited",
    "softwareimage": "edited",
    "virtualrecording": "edited",
}


def term(uri: str) -> str:
    """The last part of a type's URI or QCode, which is its name."""
    return uri.strip().rstrip("/").replace(":", "/").rpartition("/")[2]


def kind_of(uri: str) -> Kind | None:
    """What a digital source type says about the origin; None where it is unknown."""
    return _KINDS.get(term(uri).lower())
