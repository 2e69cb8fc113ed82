"""The report as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import re
from typing import get_args

from backend.api.schemas import (
    Classification,
    ModelReference,
    Problem,
    ReportedPicture,
    ReportReply,
    SignalReply,
)
from backend.reports.entries import Entry, Report
from backend.reports.names import readable

_SOURCES: tuple[str, ...] = get_args(SignalReply.model_fields["source"].annotation)
# Where a spreadsheet might begin to read a formula (also in full-width signs): at the start of a
# cell, and after whatever another country's settings take for the end of one.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"(^|[;,|\t])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def csv_written(report: Report) -> bytes:
    """One line a picture, with a header; UTF-8 with the mark that spreadsheets look for.

    Text that a spreadsheet could take for a formula gets an apostrophe; names as they came are in
    the JSON.
    """
    rows = [_row(report, entry) for entry in report.entries]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def json_written(report: Report) -> bytes:
    """Everything, as one `ReportReply`."""
    card = report.card
    document = ReportReply(
        created=report.created.isoformat(timespec="seconds"),
        model=ModelReference(name=card.name, version=card.version, missing=sorted(report.missing)),
        limits=list(card.limits),
        pictures=[_picture(entry) for entry in report.entries],
    )
    return document.model_dump_json(indent=2).encode() + b"\n"


def _picture(entry: Entry) -> ReportedPicture:
    outcome = entry.outcome
    return ReportedPicture(
        number=entry.number,
        filename=entry.filename,
        bytes=entry.size,
        sha256=entry.sha256,
        result=outcome if isinstance(outcome, Classification) else None,
        problem=outcome if isinstance(outcome, Problem) else None,
    )


def _row(report: Report, entry: Entry) -> dict[str, str | int | float | None]:
    result = entry.outcome if isinstance(entry.outcome, Classification) else None
    problem = entry.outcome if isinstance(entry.outcome, Problem) else None
    alone = {one.name: one.probability for one in result.experts} if result else {}
    marks = {str(one.source): one for one in result.provenance.signals} if result else {}
    return {
        "number": entry.number,
        "filename": _inert(entry.filename),
        "verdict": result.label if result else "not-judged",
        "probability": _rounded(result.probability if result else None),
        "real_below": result.bands.real_below if result else None,
        "ai_above": result.bands.ai_above if result else None,
        "summary": _inert(result.summary.text if result else None),
        **{f"alone_{name}": _rounded(alone.get(name)) for name in sorted(report.card.experts)},
        **{f"mark_{source}": _mark(marks.get(source)) for source in _SOURCES},
        "format": result.image.format if result else None,
        "width": result.image.width if result else None,
        "height": result.image.height if result else None,
        "notes": " ".join(result.image.notes) if result else None,
        "bytes": entry.size,
        "sha256": entry.sha256,
        "problem": problem.type.rpartition("/")[2] if problem else None,
        "problem_detail": _inert(problem.detail if problem else None),
        "verdict_id": result.id if result else None,
        "model": report.card.name,
        "model_version": report.card.version,
        "created": report.created.isoformat(timespec="seconds"),
    }


def _mark(signal: SignalReply | None) -> str | None:
    return f"{signal.status} ({signal.code})" if signal else None


def _rounded(probability: float | None) -> float | None:
    return None if probability is None else round(probability, 4)


def _inert(text: str | None) -> str | None:
    """Text that no spreadsheet runs, on one line."""
    return None if text is None else _FORMULA.sub(r"\1\2'", readable(text))
