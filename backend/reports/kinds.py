"""The kinds of document that a report can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from backend.reports import archive, pdf, tables
from backend.reports.entries import Report

Format = Literal["pdf", "zip", "csv", "json"]


@dataclass(frozen=True)
class Kind:
    """One kind of document.

    Attributes:
        drawn: it shows the pictures.
        write: gives the document whole, or in pieces where it can be large.
    """

    media_type: str
    drawn: bool
    write: Callable[[Report], bytes | Iterable[bytes]]


KINDS: dict[Format, Kind] = {
    "pdf": Kind("application/pdf", True, pdf.written),
    "zip": Kind("application/zip", True, archive.zipped),
    "csv": Kind("text/csv; charset=utf-8", False, tables.csv_written),
    "json": Kind("application/json", False, tables.json_written),
}
