"""Fonts for text in any script, from packages of which only the data files are used.

Open Sans (Apache 2.0) sets what we write ourselves; Noto Sans (OFL 1.1), Noto Emoji (OFL 1.1) and
WenQuanYi Micro Hei (Apache 2.0; Chinese, Japanese, Korean) set what Open Sans lacks.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from fontTools.ttLib import TTFont

_OPEN_SANS = ("ttf-opensans", "ttf_opensans/ttf")
_NOTO = ("manimgx-fonts", "manimgx_fonts")
_CJK = ("paperang-p2-fonts-cjk", "paperang_p2_fonts_cjk/fonts")
# In the order in which they are asked; emoji last, since that font has digits too.
_NOTO_FAMILIES = (
    "NotoSans", "NotoSansArabic", "NotoSansHebrew", "NotoSansDevanagari", "NotoSansBengali",
    "NotoSansGurmukhi", "NotoSansGujarati", "NotoSansOriya", "NotoSansTamil", "NotoSansTelugu",
    "NotoSansKannada", "NotoSansMalayalam", "NotoSansSinhala", "NotoSansThai", "NotoSansLao",
    "NotoSansMyanmar", "NotoSansKhmer", "NotoSansGeorgian", "NotoSansArmenian",
    "NotoSansEthiopic",
)  # fmt: skip


def _path(package: tuple[str, str], file: str) -> Path:
    """A file of an installed package, whose code is not run."""
    name, folder = package
    return Path(str(distribution(name).locate_file(folder))) / file


REGULAR = _path(_OPEN_SANS, "OpenSans-Regular.ttf")
SEMIBOLD = _path(_OPEN_SANS, "OpenSans-SemiBold.ttf")
# By the name under which a document knows them.
FALLBACKS = {
    **{family.lower(): _path(_NOTO, f"{family}[wght].ttf") for family in _NOTO_FAMILIES},
    "wenquanyi": _path(_CJK, "wqy-microhei.ttc"),
    "notosanssymbols": _path(_NOTO, "NotoSansSymbols[wght].ttf"),
    "notoemoji": _path(_NOTO, "NotoEmoji[wght].ttf"),
}


@cache
def coverage(path: Path) -> frozenset[int]:
    """The code points that a font has glyphs for."""
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())


def fallback(character: str) -> str | None:
    """The fallback font that has a character, if any has."""
    return next((n for n, path in FALLBACKS.items() if ord(character) in coverage(path)), None)


def is_covered(character: str) -> bool:
    """Whether any font has the character."""
    return ord(character) in coverage(REGULAR) or fallback(character) is not None
