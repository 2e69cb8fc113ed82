"""The report as a PDF: an overview, a section for each picture, and the limits of the model."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from backend.api.schemas import BandsReply, Classification, Problem, SignalReply
from backend.detector.explanation import TOWARDS_AI, TOWARDS_REAL
from backend.reports.entries import Drawing, Entry, Report
from backend.reports.paper import (
    INK,
    LINE,
    MARGIN,
    MUTED,
    SMALL,
    SUNKEN,
    TEXT,
    TINY,
    Colour,
    Paper,
)
from backend.words import percent

GUTTER = 6.0  # millimetres between columns
PICTURE_HEIGHT = 62.0  # most that a picture takes of its page
ROW, THUMBNAIL = 11.0, 8.5  # of the overview
MOST_VALUE, MOST_VALUES = 400, 12  # of what a mark in the file says


@dataclass(frozen=True)
class Look:
    """How a verdict looks: never by its colour alone."""

    word: str
    short: str
    strong: Colour
    middle: Colour
    soft: Colour


LOOKS = {
    "ai": Look("Likely AI-made", "likely AI-made", (90, 63, 184), (207, 196, 242), (240, 237, 251)),
    "uncertain": Look(
        "Uncertain: it cannot be told", "uncertain", (127, 84, 6), (236, 214, 163), (249, 241, 223)
    ),
    "real": Look(
        "Likely a real picture", "likely real", (11, 106, 87), (174, 220, 207), (230, 243, 239)
    ),
}
NOT_JUDGED = Look(
    "Could not be checked", "not checked", (163, 52, 31), (240, 200, 190), (251, 236, 232)
)

SOURCES = {
    "c2pa": "Content Credentials (C2PA)",
    "exif": "Camera data (EXIF)",
    "xmp": "XMP data",
    "iptc": "Caption data (IPTC)",
    "png-text": "Text in PNG",
}
STATUSES = {"found": "Found", "invalid": "Invalid", "not-checked": "Not checked"}
GROUPS = {
    "for-ai": "Speaks for AI",
    "for-real": "Speaks against AI",
    "caution": "Keep in mind",
    "not-checked": "Not checked",
}


def written(report: Report) -> bytes:
    """The whole document. The same report gives the same bytes."""
    paper = Paper(_title(report), f"Real-or-AI report, {_date(report)}", report.created)
    links = [paper.add_link(page=1) for _ in report.entries]  # until the sections are there
    _overview(paper, report, links)
    for entry, link in zip(report.entries, links, strict=True):
        _section(paper, report, entry, link)
    _about(paper, report)
    return bytes(paper.output())


def _title(report: Report) -> str:
    many = len(report.entries)
    return (
        "Was this picture made by AI?" if many == 1 else f"Were these {many} pictures made by AI?"
    )


def _date(report: Report) -> str:
    """Such as `26 November 2026`."""
    return f"{report.created.day} {report.created:%B %Y}"


def _name(entry: Entry) -> str:
    return entry.filename or f"Picture {entry.number}, sent without a name"


def _look(entry: Entry) -> Look:
    if isinstance(entry.outcome, Classification):
        return LOOKS[entry.outcome.label]
    return NOT_JUDGED


# --- the overview


def _overview(paper: Paper, report: Report, links: Sequence[int]) -> None:
    paper.add_page()
    paper.start_section("Overview")
    paper.style(SMALL, MUTED)
    paper.paragraph("Real-or-AI report", gap=2)
    paper.style(22, INK, bold=True)
    paper.paragraph(_title(report), gap=2)
    paper.style(TEXT, MUTED)
    card = report.card
    paper.paragraph(
        f"{_date(report)}, {report.created:%H:%M %Z}. Judged by the model {card.name} "
        f"{card.version}, from the pixels alone; marks in the files are reported beside it.",
        gap=6,
    )
    _counts(paper, report)
    for entry, link in zip(report.entries, links, strict=True):
        _row(paper, entry, link)
    paper.set_y(paper.y + 4)
    paper.need(22)
    top = paper.y
    paper.style(SMALL, MUTED)
    paper.set_xy(MARGIN, top)
    paper.paragraph(
        "A probability from pixels is not proof. Real pictures are sometimes called AI, and AI "
        "pictures real; editing, screenshots and strong compression shift it. Never use a verdict "
        "as the only evidence. The last page says what the model cannot do."
    )


def _counts(paper: Paper, report: Report) -> None:
    """A tile for each verdict, and a bar with their shares."""
    tiles = [(report.count(label), look) for label, look in LOOKS.items()]
    if report.not_judged:
        tiles.append((report.not_judged, NOT_JUDGED))
    gap, height, top = 4.0, 19.0, paper.y
    width = (paper.epw - gap * (len(tiles) - 1)) / len(tiles)
    for place, (count, look) in enumerate(tiles):
        x = MARGIN + place * (width + gap)
        paper.box(x, top, width, height, look.soft, True)
        paper.set_xy(x + 4, top + 2.5)
        paper.style(18, look.strong, bold=True)
        paper.paragraph(str(count), width - 6)
        paper.set_x(x + 4)
        paper.style(SMALL, look.strong)
        paper.paragraph(look.short, width - 6)
    paper.set_xy(MARGIN, top + height + 4)
    x = MARGIN
    for count, look in tiles:
        width = paper.epw * count / len(report.entries)
        paper.box(x, paper.y, width, 1.6, look.strong, False)
        x += width
    paper.set_xy(MARGIN, paper.y + 6)


def _row(paper: Paper, entry: Entry, link: int) -> None:
    """One picture of the overview; a tap leads to its section."""
    paper.need(ROW)
    top, look = paper.y, _look(entry)
    middle = top + ROW / 2 - 2.4
    paper.set_draw_color(*LINE)
    paper.set_line_width(0.2)
    paper.line(MARGIN, top, paper.w - MARGIN, top)
    paper.style(SMALL, MUTED)
    paper.set_xy(MARGIN, middle)
    paper.cell(8, 4.8, str(entry.number), align="R")
    box = (MARGIN + 11, top + (ROW - THUMBNAIL) / 2, 12.0, THUMBNAIL)
    if entry.drawing:
        _placed(paper, entry.drawing.picture, box, "", centred=True)
    else:
        paper.box(*box, SUNKEN, True)
    paper.style(TEXT, INK)
    paper.set_xy(MARGIN + 26, middle)
    paper.cell(86, 4.8, paper.one_line(_name(entry), 84))
    paper.style(TEXT, look.strong, bold=True)
    paper.set_x(MARGIN + 114)
    paper.cell(36, 4.8, look.short)
    if isinstance(entry.outcome, Classification):
        paper.cell(20, 4.8, f"{percent(entry.outcome.probability)}%", align="R")
    paper.link(MARGIN, top, paper.epw, ROW, link)
    paper.set_xy(MARGIN, top + ROW)


# --- one picture


def _section(paper: Paper, report: Report, entry: Entry, link: int) -> None:
    paper.add_page()
    paper.set_link(link, page=paper.page)
    paper.start_section(paper.one_line(f"{entry.number}. {_name(entry)}", 200))
    paper.style(SMALL, MUTED)
    paper.paragraph(f"Picture {entry.number} of {len(report.entries)}", gap=0.5)
    paper.style(14, INK, bold=True)
    paper.paragraph(_name(entry), gap=4, most=300)
    if isinstance(entry.outcome, Classification):
        _verdict(paper, entry.outcome)
        if entry.drawing:
            _pictures(paper, entry, entry.drawing, entry.outcome)
        _words(paper, entry.outcome)
        _evidence(paper, entry.outcome.provenance.signals)
    else:
        _problem(paper, entry.outcome)
    _facts(paper, entry)


def _verdict(paper: Paper, result: Classification) -> None:
    """The verdict in a word and a colour, and where its probability lies between the bands."""
    look = LOOKS[result.label]
    top, height = paper.y, 32.0
    paper.box(MARGIN, top, paper.epw, height, look.soft, True)
    paper.set_xy(MARGIN + 6, top + 4)
    paper.style(15, look.strong, bold=True)
    paper.cell(110, 8, look.word)
    paper.cell(paper.epw - 122, 8, f"{percent(result.probability)}%", align="R")
    paper.set_xy(MARGIN + 116, top + 11)
    paper.style(SMALL, MUTED)
    paper.cell(paper.epw - 122, 4, "chance of AI", align="R")
    _scale(paper, MARGIN + 6, top + 18, paper.epw - 12, result.probability, result.bands)
    paper.set_xy(MARGIN, top + height + 5)


def _scale(
    paper: Paper, x: float, y: float, width: float, probability: float, bands: BandsReply
) -> None:
    """A bar from 0 to 100 % in three bands, each with its word, and a mark at the probability."""
    edges = (0.0, bands.real_below, bands.ai_above, 1.0)
    words = (("real", "real"), ("uncertain", "uncertain"), ("ai", "AI-made"))
    for start, end, (label, word) in zip(edges[:-1], edges[1:], words, strict=True):
        paper.box(x + width * start, y, width * (end - start), 3, LOOKS[label].middle, False)
        paper.style(TINY, MUTED)
        paper.set_xy(x + width * start, y + 3.8)
        paper.cell(width * (end - start), 3.5, word, align="C")
    for edge in edges[1:-1]:
        paper.set_xy(x + width * edge - 8, y + 6.8)
        paper.cell(16, 3.5, f"{edge:.0%}", align="C")
    at = x + width * probability
    paper.box(at - 0.45, y - 1.2, 0.9, 4.8, INK, False)


def _pictures(paper: Paper, entry: Entry, drawing: Drawing, result: Classification) -> None:
    """The picture and, beside it, the heat map over it."""
    half = (paper.epw - GUTTER) / 2
    shown = f"The picture {_name(entry)}"
    paper.need(PICTURE_HEIGHT + 14)
    top = paper.y
    box = (MARGIN, top, half if drawing.heat else paper.epw, PICTURE_HEIGHT)
    bottom = top + _placed(paper, drawing.picture, box, shown)
    image = result.image
    opinions = ", ".join(f"{one.name} {percent(one.probability)}%" for one in result.experts)
    paper.style(TINY, MUTED)
    paper.set_xy(MARGIN, bottom + 2)
    paper.paragraph(
        f"{image.format}, {image.width} x {image.height} pixels, {image.bytes:,} bytes", half
    )
    paper.set_xy(MARGIN, bottom + 6)
    paper.paragraph(f"Each check alone: {opinions}", half)
    if drawing.heat:
        box = (MARGIN + half + GUTTER, top, half, PICTURE_HEIGHT)
        said = f"Heat map over {_name(entry)}: where the picture looks AI-made and where real."
        _placed(paper, drawing.heat, box, said)
        _legend(paper, MARGIN + half + GUTTER, bottom + 2)
    paper.set_xy(MARGIN, bottom + 12)


def _legend(paper: Paper, x: float, y: float) -> None:
    """What the colours of a heat map mean, and what they do not."""
    steps, width, bar = 24, 30.0, 22.0
    paper.style(TINY, MUTED)
    paper.set_xy(x, y)
    paper.cell(bar, 3.5, "looks real")
    for step in range(steps):
        place = x + 15 + width * step / steps
        paper.box(place, y + 0.7, width / steps + 0.1, 2.2, _heat(step / (steps - 1)), False)
    paper.set_xy(x + 15 + width + 1.5, y)
    paper.cell(bar, 3.5, "looks AI-made")
    paper.set_xy(x, y + 4)
    paper.paragraph("Each place's part in the verdict. It does not show what was edited.", 82)


def _heat(share: float) -> Colour:
    """The heat map's colours, from real (0) to AI (1)."""
    end, weight = (TOWARDS_REAL, 1 - 2 * share) if share < 0.5 else (TOWARDS_AI, 2 * share - 1)
    red, green, blue = (round(245 + (part - 245) * weight) for part in end)
    return red, green, blue


def _words(paper: Paper, result: Classification) -> None:
    """Verdict and evidence in plain words."""
    statements = result.summary.statements
    lead = [one.text for one in statements if one.role in ("verdict", "certainty")]
    if lead:
        paper.style(TEXT + 1, INK)
        paper.paragraph(" ".join(lead), gap=3)
    for role, heading in GROUPS.items():
        texts = [one.text for one in statements if one.role == role]
        if texts:
            _labelled(paper, heading, texts)
    if statements:
        paper.set_y(paper.y + 2)


def _labelled(paper: Paper, label: str, texts: Sequence[str], size: float = TEXT) -> None:
    """A label in the left column, paragraphs beside it."""
    column = 38.0
    paper.style(size, INK)
    paper.need(paper.line_height() * 2)
    top, page = paper.y, paper.page
    paper.style(size, MUTED)
    paper.set_xy(MARGIN, top)
    paper.paragraph(label, column - 3)
    after_label = paper.y
    paper.set_xy(MARGIN + column, top)
    paper.style(size, INK)
    for text in texts:
        paper.set_x(MARGIN + column)
        paper.paragraph(text, gap=0.8)
    same_page = paper.page == page
    paper.set_xy(MARGIN, (max(paper.y, after_label) if same_page else paper.y) + 1)


def _evidence(paper: Paper, signals: Sequence[SignalReply]) -> None:
    """What the file says about its own origin, every source with its status."""
    if not signals:
        return
    _heading(paper, "Marks in the file")
    for signal in signals:
        if signal.status == "absent":
            continue
        texts = [f"{STATUSES[signal.status]}. {signal.summary}"]
        if signal.details:
            texts.append(_details(signal))
        _labelled(paper, SOURCES[signal.source], texts, SMALL + 0.5)
    absent = [SOURCES[signal.source] for signal in signals if signal.status == "absent"]
    if absent:
        _labelled(paper, "Absent", [", ".join(absent)], SMALL + 0.5)


def _details(signal: SignalReply) -> str:
    """What a mark says, as read; long values are cut."""
    said = []
    for name, value in list(signal.details.items())[:MOST_VALUES]:
        values = [value] if isinstance(value, str) else value
        text = "; ".join(" ".join(one.split()) for one in values)
        if len(text) > MOST_VALUE:
            text = f"{text[:MOST_VALUE]}… (cut; whole in the JSON report)"
        said.append(f"{name}: {text}")
    return "  ·  ".join(said)


def _problem(paper: Paper, problem: Problem) -> None:
    look = NOT_JUDGED
    top, height = paper.y, 26.0
    paper.box(MARGIN, top, paper.epw, height, look.soft, True)
    paper.set_xy(MARGIN + 6, top + 4)
    paper.style(15, look.strong, bold=True)
    paper.cell(paper.epw - 12, 8, look.word)
    paper.set_xy(MARGIN + 6, top + 13)
    paper.style(TEXT, INK)
    paper.paragraph(f"{problem.title}. {problem.detail}", paper.epw - 12, most=400)
    paper.set_xy(MARGIN, max(paper.y + 4, top + height) + 5)


def _facts(paper: Paper, entry: Entry) -> None:
    """What identifies the file and the verdict."""
    facts = []
    if entry.sha256:
        facts.append(("SHA-256 of the file", entry.sha256))
    if isinstance(entry.outcome, Classification):
        model = entry.outcome.model
        facts.append(("Verdict by", f"{model.name} {model.version}, {entry.outcome.id}"))
    else:
        facts.append(
            ("Size of the file", "unknown" if entry.size is None else f"{entry.size:,} bytes")
        )
    paper.need(8 + 5.5 * len(facts))
    _heading(paper, "File and verdict")
    for label, text in facts:
        _labelled(paper, label, [text], SMALL + 0.5)


# --- the model


def _about(paper: Paper, report: Report) -> None:
    card = report.card
    paper.add_page()
    paper.start_section("About this report")
    paper.style(18, INK, bold=True)
    paper.paragraph("About this report", gap=4)
    paper.style(TEXT, INK)
    paper.paragraph(
        "The chance of AI is a calibrated probability: of many pictures that get 80%, about 80 in "
        "100 were made by AI, if they are like the pictures the model was measured on and half of "
        "all are AI-made. It comes from the pixels alone. What a file says about itself is "
        "reported beside it and never mixed in.",
        gap=2,
    )
    paper.paragraph(
        "Between the two values on a picture's scale the report says “uncertain” instead of "
        "guessing. They were chosen so that few real pictures are called AI, and differ for very "
        "small pictures.",
        gap=2,
    )
    _heading(paper, "Limits of the model")
    for limit in card.limits:
        _bullet(paper, limit)
    paper.set_y(paper.y + 2)
    _heading(paper, "Model")
    _labelled(paper, "Name and version", [f"{card.name} {card.version}, made {card.created}"])
    _labelled(paper, "Calibration", [card.calibration])
    for name, reason in report.missing.items():
        _labelled(paper, f"Missing: {name}", [reason])
    _heading(paper, "Checking a file")
    paper.style(TEXT, INK)
    paper.paragraph(
        "The SHA-256 of a file changes with every change to it. Whoever holds the same file gets "
        "the same value, for example with “sha256sum picture.jpg” or “Get-FileHash picture.jpg”. "
        "The service keeps neither pictures nor reports.",
    )


def _heading(paper: Paper, text: str) -> None:
    paper.need(20)
    paper.set_xy(MARGIN, paper.y + 2)
    paper.style(11, INK, bold=True)
    paper.paragraph(text, gap=1.5)


def _bullet(paper: Paper, text: str) -> None:
    paper.style(TEXT, INK)
    paper.need(paper.line_height() * 2)
    paper.set_x(MARGIN)
    paper.cell(5, paper.line_height(), "•")
    paper.paragraph(text, gap=1)
    paper.set_x(MARGIN)


def _placed(
    paper: Paper,
    jpeg: bytes,
    box: tuple[float, float, float, float],
    alt_text: str,
    centred: bool = False,
) -> float:
    """Put a picture into a box (left, top, width, height in millimetres), whole and undistorted.

    Returns:
        the height it takes.
    """
    x, y, most_width, most_height = box
    with Image.open(io.BytesIO(jpeg)) as image:
        width, height = image.size
    scale = min(most_width / width, most_height / height)
    w, h = width * scale, height * scale
    if centred:
        x, y = x + (most_width - w) / 2, y + (most_height - h) / 2
    paper.image(io.BytesIO(jpeg), x, y, w, h, alt_text=alt_text or None)
    return h
