"""A sheet of paper: sizes, colours, fonts for any script, and what text and shapes are set with."""

from __future__ import annotations

from datetime import datetime

from fpdf import FPDF
from fpdf.enums import TextDirection
from fpdf.prefs import ViewerPreferences

from backend.reports import fonts
from backend.reports.names import JOINERS, code_point, readable

Colour = tuple[int, int, int]

MARGIN, TOP, BOTTOM = 20.0, 16.0, 19.0  # millimetres
LEADING = 1.4
TEXT, SMALL, TINY = 9.5, 8.0, 7.0  # points
MM_A_POINT = 25.4 / 72

INK: Colour = (28, 27, 24)
MUTED: Colour = (92, 89, 79)
LINE: Colour = (222, 219, 211)
SUNKEN: Colour = (246, 245, 241)

_FAMILY = "opensans"
# Stands for the number of pages until it is known; no text can hold it, see `names.readable`.
_PAGES = "\ue000" * 3  # as wide as the number may get
_CUT = "… (cut)"


class Paper(FPDF):
    """An A4 document. Text goes through `printable`, so that nothing in it is lost or hidden.

    Args:
        title: for the reader's window and the outline.
        footer: stands at the foot of every page, before the page's number.
    """

    def __init__(self, title: str, footer: str, created: datetime) -> None:
        super().__init__(format="A4")
        self._footer = footer
        self._last_fallback: str | None = None
        self.set_margins(MARGIN, TOP)
        self.c_margin = 0  # text starts where boxes do
        self.set_auto_page_break(True, BOTTOM)
        self.add_font(_FAMILY, "", fonts.REGULAR)
        self.add_font(_FAMILY, "B", fonts.SEMIBOLD)
        # File names keep the order of a left-to-right page, whatever their script.
        self.set_text_shaping(True, direction=TextDirection.LTR)
        self.alias_nb_pages(_PAGES)
        self.set_title(title)
        self.set_lang("en")
        self.set_creator("Real-or-AI")
        self.set_producer("Real-or-AI with fpdf2")
        self.set_creation_date(created)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    def footer(self) -> None:
        """What fpdf2 puts at the foot of every page."""
        self.set_y(-BOTTOM + 7)
        self.style(TINY, MUTED)
        self.cell(self.epw / 2, 4, self._footer)
        self.cell(self.epw / 2, 4, f"Page {self.page_no()} of {_PAGES}", align="R")

    def get_fallback_font(self, char: str, style: str = "") -> str | None:
        """What fpdf2 asks when the current font lacks a character; loads fonts as needed."""
        last = self._last_fallback
        if last and ord(char) in fonts.coverage(fonts.FALLBACKS[last]):
            return last  # a run is not broken without need: joiners, digits of emoji
        name = fonts.fallback(char)
        if name and name not in self.fonts:
            self.add_font(name, "", fonts.FALLBACKS[name])
        self._last_fallback = name
        return name

    def style(self, size: float = TEXT, colour: Colour = INK, bold: bool = False) -> None:
        """Set font size (points), colour and weight."""
        self.set_font(_FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)

    def paragraph(
        self, text: str, width: float | None = None, *, gap: float = 0, most: int = 2000
    ) -> None:
        """Set text from the current place, wrapped; the next line starts at the same `x`.

        Args:
            width: millimetres; up to the margin if not given.
            gap: millimetres below.
            most: characters that are set; the rest is cut and that is said.
        """
        left = self.x
        cut = text if len(text) <= most else text[:most] + _CUT
        height = self.font_size_pt * MM_A_POINT * LEADING
        width = width or self.w - MARGIN - left
        self.multi_cell(width, height, printable(cut), align="L", new_x="LEFT", new_y="NEXT")
        self.set_xy(left, self.y + gap)

    def one_line(self, text: str, width: float) -> str:
        """Text shortened in its middle until it fits on a line of `width` millimetres."""
        text = printable(text if len(text) <= 400 else f"{text[:200]}…{text[-200:]}")
        if self.get_string_width(text) <= width:
            return text
        fits, short = 0, len(text)
        while short - fits > 1:
            middle = (fits + short) // 2
            if self.get_string_width(_shortened(text, middle)) <= width:
                fits = middle
            else:
                short = middle
        return _shortened(text, fits)

    def line_height(self) -> float:
        """Millimetres of one line of `paragraph`."""
        return self.font_size_pt * MM_A_POINT * LEADING

    def need(self, height: float) -> None:
        """Go on on a new page unless there is room for `height` millimetres."""
        if self.will_page_break(height):
            self.add_page()

    def box(self, x: float, y: float, w: float, h: float, colour: Colour, round_: bool) -> None:
        """A filled rectangle, with round corners or not."""
        self.set_fill_color(*colour)
        self.rect(x, y, w, h, "F", round_corners=round_, corner_radius=1.8)

    def rule(self, gap: float = 3) -> None:
        """A hairline over the width of the page, `gap` millimetres above and below it."""
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        self.line(MARGIN, self.y + gap, self.w - MARGIN, self.y + gap)
        self.set_xy(MARGIN, self.y + 2 * gap)


def _shortened(text: str, kept: int) -> str:
    """The first and last characters of a text, `kept` in all."""
    end = kept // 2
    return f"{text[: kept - end]}…{text[len(text) - end :]}"


def printable(text: str) -> str:
    """Readable text, of which what no font has is shown as code points."""
    shown = readable(text)
    return "".join(c if c in JOINERS or fonts.is_covered(c) else code_point(c) for c in shown)
