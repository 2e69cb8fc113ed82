"""Text from strangers made fit to be shown, and file names fit for any file system."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

MAX_NAME_BYTES = 150  # file systems allow 255, and a folder's name is to fit before it
_FORBIDDEN = dict.fromkeys(map(ord, '<>:"|?*'), "_")
_RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{port}{digit}" for port in ("com", "lpt") for digit in range(10)
}
# Join or keep apart letters and emoji, and have no looks of their own.
JOINERS = "\u200c\u200d\ufe0e\ufe0f"
# Control, format, surrogate, private and unassigned characters, line and paragraph separators.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def is_seen(character: str) -> bool:
    """Whether a character has looks of its own, or shapes its neighbours' and nothing else."""
    return character in JOINERS or unicodedata.category(character) not in _UNSEEN


def code_point(character: str) -> str:
    """A character that cannot be shown, as its number: `[U+202E]`."""
    return f"[U+{ord(character):04X}]"


def readable(text: str) -> str:
    """Text in which nothing is hidden.

    Letters and accents are composed (macOS sends them apart); what has no looks of its own, such as
    a mark that turns the direction of writing, is shown as its code point.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(c if is_seen(c) else code_point(c) for c in composed)


def safe_name(filename: str | None, otherwise: str) -> str:
    """One part of a path that every file system takes: no folders, no devices, nothing hidden.

    Args:
        otherwise: the name when nothing of `filename` is left.
    """
    name = (filename or "").replace("\\", "/").rpartition("/")[2]
    name = unicodedata.normalize("NFC", name).translate(_FORBIDDEN)
    name = "".join(c for c in name if is_seen(c)).strip(" .")
    if not name:
        return otherwise
    path = PurePosixPath(name)
    if path.stem.partition(".")[0].strip().lower() in _RESERVED:
        path = PurePosixPath(f"_{name}")
    suffix = path.suffix if len(path.suffix.encode()) <= 12 else ""
    stem = path.name[: len(path.name) - len(suffix)]
    room = MAX_NAME_BYTES - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + suffix


def unique_names(names: Iterable[str]) -> Iterator[str]:
    """The names in order, repeated ones numbered: `a.jpg`, `A (2).jpg`."""
    taken: set[str] = set()
    for name in names:
        path = PurePosixPath(name)
        stem, number, chosen = name[: len(name) - len(path.suffix)], 1, name
        while chosen.casefold() in taken:
            number += 1
            chosen = f"{stem} ({number}){path.suffix}"
        taken.add(chosen.casefold())
        yield chosen
