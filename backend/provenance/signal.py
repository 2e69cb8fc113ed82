"""What one kind of mark says about a picture's origin."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Source = Literal["c2pa", "exif", "xmp", "iptc", "png-text"]
Status = Literal["found", "absent", "invalid", "not-checked"]
PointsTo = Literal["ai", "camera", "edited"]
Details = dict[str, str | list[str]]

# Longest text that is passed on from a file, in characters, and most entries of a list.
MAX_TEXT, MAX_PROMPT, MAX_LIST = 200, 1000, 20


@dataclass(frozen=True)
class Signal:
    """One source of marks, read.

    Attributes:
        code: stable name of what was found; `backend.words` has its sentence.
        points_to: what the mark says; None where it says nothing about the origin.
        details: what the mark says, as read, shortened and cleaned; names as in `words.DETAILS`.
    """

    source: Source
    status: Status
    code: str
    points_to: PointsTo | None = None
    details: Details = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        """The details that are single texts: what a sentence can mention."""
        return {name: value for name, value in self.details.items() if isinstance(value, str)}


def absent(source: Source) -> Signal:
    """There is no such mark."""
    return Signal(source, "absent", f"{source}-absent")


def invalid(source: Source) -> Signal:
    """There is such a mark, and it is damaged."""
    return Signal(source, "invalid", f"{source}-invalid")


def clean(text: str, most: int = MAX_TEXT) -> str:
    """One readable line: no control, formatting or unpaired characters, and an end."""
    # Ten times what is kept bounds the work without cutting a text that is mostly spaces short.
    seen = (
        " " if c.isspace() else c
        for c in text[: most * 10]
        if c.isspace() or not unicodedata.category(c).startswith("C")
    )
    line = " ".join("".join(seen).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def kept(details: Mapping[str, str | Iterable[str] | None]) -> Details:
    """Details as they may be passed on: cleaned, bounded, without empty ones."""
    result: Details = {}
    for name, value in details.items():
        if value is None:
            continue
        if isinstance(value, str):
            if line := clean(value, MAX_PROMPT if name.endswith("prompt") else MAX_TEXT):
                result[name] = line
        else:
            lines = list(dict.fromkeys(filter(None, (clean(entry) for entry in value))))
            if lines:
                result[name] = lines[:MAX_LIST]
    return result
