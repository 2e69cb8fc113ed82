"""The report as a ZIP: the pictures as they came, beside PDF, CSV and JSON."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping

from backend.api.schemas import Classification
from backend.reports import pdf, tables
from backend.reports.entries import Entry, Report
from backend.reports.names import safe_name, unique_names

FOLDER = "pictures"
_SUFFIXES = {
    "JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "AVIF": ".avif", "HEIF": ".heic", "GIF": ".gif",
}  # fmt: skip


def zipped(report: Report) -> Iterator[bytes]:
    """The archive in pieces, so that no second copy of all pictures is ever in memory.

    The documents are made before the first piece is asked for.
    """
    documents = {
        "report.pdf": pdf.written(report),
        "report.csv": tables.csv_written(report),
        "report.json": tables.json_written(report),
    }
    return _pieces(report, documents)


class _Sink(io.RawIOBase):
    """A file that can only be written to; what was written is taken away piece by piece."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    # The base class takes any buffer, which has no length that mypy knows; zipfile writes bytes.
    def write(self, data: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]
        self._written += data
        return len(data)

    def taken(self) -> bytes:
        piece = bytes(self._written)
        self._written.clear()
        return piece


def _pieces(report: Report, documents: Mapping[str, bytes]) -> Iterator[bytes]:
    sink = _Sink()
    there = [entry for entry in report.entries if entry.sha256]
    names = unique_names(_name(entry) for entry in there)
    with zipfile.ZipFile(sink, "w") as archive:
        for name, document in documents.items():
            archive.writestr(_info(report, name, zipfile.ZIP_DEFLATED), document)
            yield sink.taken()
        for entry, name in zip(there, names, strict=True):
            info = _info(report, f"{FOLDER}/{name}", zipfile.ZIP_STORED)
            archive.writestr(info, entry.read())
            yield sink.taken()
    yield sink.taken()


def _name(entry: Entry) -> str:
    outcome = entry.outcome
    suffix = _SUFFIXES.get(outcome.image.format, "") if isinstance(outcome, Classification) else ""
    return safe_name(entry.filename, f"picture {entry.number}{suffix}")


def _info(report: Report, name: str, compression: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, report.created.timetuple()[:6])
    info.compress_type = compression
    info.external_attr = 0o644 << 16
    return info
