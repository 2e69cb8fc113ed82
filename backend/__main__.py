"""The command line: `python -m backend serve | classify | report | openapi`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table
from typer.core import TyperCommand

if TYPE_CHECKING:  # `classify` starts without the web framework, `--help` without the model
    from backend.detector.detector import Detector, Verdict
    from backend.images import Limits
    from backend.provenance.signal import Signal
    from backend.reports.entries import Report
    from backend.settings import Settings
    from backend.words import Statement

PICTURE_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".heif", ".gif"}
NOT_ALL_JUDGED, CANNOT_START = 1, 2
STYLES = {"ai": "bold red", "real": "bold green", "uncertain": "bold yellow"}

SERVER_OPTIONS: dict[str, Any] = {
    "log_config": None,  # ours writes JSON lines, one per request
    "access_log": False,
    "proxy_headers": False,  # DETECTOR_TRUSTED_PROXIES decides, see backend/app.py
    "server_header": False,
    "lifespan": "on",
    "timeout_graceful_shutdown": 8,
}

cli = typer.Typer(add_completion=False, no_args_is_help=True, help="Was this picture made by AI?")
errors = Console(stderr=True)


class _ListsSettings(TyperCommand):
    """A command whose help ends with every environment variable."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Add the settings."""
        from backend.settings import described

        super().format_help(ctx, formatter)
        typer.echo(" Environment variables, with their defaults:\n")
        for name, default, meaning in described():
            typer.echo(f" {name}={default}\n     {meaning}")


@cli.command(cls=_ListsSettings)
def serve(
    host: Annotated[str | None, typer.Option(help="Instead of DETECTOR_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Instead of DETECTOR_PORT.")] = None,
) -> None:
    """Serve the API until told to stop (Ctrl-C or TERM)."""
    import uvicorn

    from backend.api import logs
    from backend.app import create_app

    settings = _settings(host=host, port=port)
    logs.configure(settings.log_level)
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, **SERVER_OPTIONS)


@cli.command()
def classify(
    paths: Annotated[list[Path], typer.Argument(help="Pictures, or folders with pictures.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per picture.")] = False,
) -> None:
    """Judge pictures. Exit code 0: all judged; 1: some could not be; 2: cannot start."""
    from backend.api import logs
    from backend.images import Limits

    logs.configure("warning")
    settings = _settings()
    limits = Limits(settings.max_bytes, settings.max_pixels)
    files = list(_files(paths))
    if not files:
        errors.print("There are no pictures there.", style="red")
        raise typer.Exit(NOT_ALL_JUDGED)
    detector = _load(settings)
    show = len(files) > 1 and errors.is_terminal
    rows = track(files, "Judging", console=errors, transient=True) if show else files
    anchors = settings.trust_anchors
    results = ((path, _judged(detector, path, limits, anchors)) for path in rows)
    bad = _print_lines(results) if as_json else _print_table(results)
    if bad:
        raise typer.Exit(NOT_ALL_JUDGED)


@cli.command()
def report(
    paths: Annotated[list[Path], typer.Argument(help="Pictures, or folders with pictures.")],
    output: Annotated[
        Path, typer.Option(help="File to write; its end says what: .pdf, .zip, .csv or .json.")
    ] = Path("report.pdf"),
) -> None:
    """Judge pictures and write a document to keep. Exit codes as for `classify`."""
    from backend.api import logs
    from backend.reports.kinds import KINDS

    logs.configure("warning")
    settings = _settings()
    kind = next((KINDS[one] for one in KINDS if output.suffix.lower() == f".{one}"), None)
    if kind is None:
        errors.print(f"{output}: let the name end in .pdf, .zip, .csv or .json.", markup=False)
        raise typer.Exit(CANNOT_START)
    if not output.parent.is_dir():
        errors.print(f"{output}: there is no folder for it.", markup=False)
        raise typer.Exit(CANNOT_START)
    files = list(_files(paths))
    if not files:
        errors.print("There are no pictures there.", style="red")
        raise typer.Exit(NOT_ALL_JUDGED)
    detector = _load(settings)
    with errors.status(f"Judging {len(files)} picture(s)"):
        made = asyncio.run(_gathered(settings, detector, files, kind.drawn))
        document = kind.write(made)
        try:
            with output.open("wb") as file:
                file.writelines([document] if isinstance(document, bytes) else document)
        except OSError as error:
            errors.print(f"{output} cannot be written: {error.strerror}.", markup=False)
            raise typer.Exit(CANNOT_START) from error
    errors.print(f"{output}: {len(files)} picture(s), {made.not_judged} not judged.", markup=False)
    if made.not_judged:
        raise typer.Exit(NOT_ALL_JUDGED)


@cli.command()
def openapi(
    output: Annotated[Path, typer.Option(help="File to write.")] = Path("docs/openapi.json"),
) -> None:
    """Write the OpenAPI document, the same for the same code."""
    output.write_text(openapi_text(), encoding="utf-8")


def openapi_text() -> str:
    """The OpenAPI document as sorted JSON."""
    from backend.app import create_app
    from backend.settings import Settings

    document = create_app(Settings.model_construct()).openapi()
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _settings(**overrides: Any) -> Settings:
    from backend.settings import SettingsError, load_settings

    try:
        return load_settings(**overrides)
    except SettingsError as error:
        errors.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(CANNOT_START) from error


def _load(settings: Settings) -> Detector:
    from backend.detector.card import ModelError
    from backend.detector.detector import load_detector

    try:
        return load_detector(settings.models, settings.experts, settings.engine, settings.threads)
    except ModelError as error:
        errors.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(CANNOT_START) from error


def _files(paths: list[Path]) -> Iterator[Path]:
    """Every path that is no folder, and what has a picture's suffix inside folders."""
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.suffix.lower() in PICTURE_SUFFIXES)
            yield from sorted(p for p in inside if p.is_file())
        else:
            yield path


@dataclass(frozen=True)
class _Judged:
    """One picture's verdict, the marks of its file, and both in words."""

    verdict: Verdict
    signals: tuple[Signal, ...]
    statements: tuple[Statement, ...]


def _judged(
    detector: Detector, path: Path, limits: Limits, trust_anchors: str | None
) -> _Judged | str:
    """What is found about a picture, or the sentence that says why there is no verdict."""
    from backend import words
    from backend.images import ImageError, decode
    from backend.provenance.reading import read

    try:
        with path.open("rb") as file:
            data = file.read(limits.max_bytes + 1)
        picture = decode(data, limits)
    except ImageError as error:
        return str(error)
    except OSError as error:
        return f"The file cannot be read: {error.strerror}."
    views = detector.views(picture.pixels, jpeg_quality=picture.jpeg_quality)
    verdict = detector.classify([views])[0]
    signals = read(data, trust_anchors)
    missing = sorted(detector.missing)
    return _Judged(verdict, signals, words.summarise(verdict, detector.card, missing, signals))


async def _gathered(
    settings: Settings, detector: Detector, files: list[Path], drawn: bool
) -> Report:
    """What the service's own pipeline says about files."""
    from backend.api.metrics import Metrics
    from backend.api.pipeline import Upload
    from backend.api.reports import gathered
    from backend.app import start

    service = start(settings, detector, Metrics())
    uploads = [
        Upload(_shown(path.name), partial(_read, path, settings.max_bytes)) for path in files
    ]
    try:
        return await gathered(service.pipeline, uploads, drawn, "report", uuid.uuid4().hex)
    finally:
        await service.stop()


def _shown(path: Path | str) -> str:
    """A path as text: one that is not UTF-8 can be shown all the same."""
    return os.fsencode(path).decode(errors="backslashreplace")


def _read(path: Path, most: int) -> bytes:
    from backend.images import NotAnImage, TooManyBytes

    try:
        if path.stat().st_size > most:
            raise TooManyBytes(f"The file has more than {most:,} bytes.")
        return path.read_bytes()
    except OSError as error:
        raise NotAnImage(f"The file cannot be read: {error.strerror}.") from error


def _print_lines(results: Iterator[tuple[Path, _Judged | str]]) -> int:
    from backend.api.evidence import provenance_reply, summary_reply

    bad = 0
    for path, outcome in results:
        line: dict[str, Any] = {"path": str(path)}
        if isinstance(outcome, str):
            bad += 1
            line["error"] = outcome
        else:
            verdict = outcome.verdict
            line["label"] = verdict.label
            line["probability"] = verdict.probability
            line["experts"] = {expert.name: expert.probability for expert in verdict.experts}
            line["notes"] = verdict.notes
            line["provenance"] = provenance_reply(outcome.signals).model_dump()
            line["summary"] = summary_reply(outcome.statements).model_dump()
        print(json.dumps(line), flush=True)
    return bad


def _print_table(results: Iterator[tuple[Path, _Judged | str]]) -> int:
    from backend.words import percent

    bad = 0
    table = Table("Verdict", "P(AI)", "Experts", "Marks")
    table.add_column("Picture", overflow="fold")
    judged = []
    for path, outcome in results:
        if isinstance(outcome, str):
            bad += 1
            table.add_row("[dim]not judged[/]", "", escape(outcome), "", escape(_shown(path)))
        else:
            verdict = outcome.verdict
            judged.append(outcome)
            table.add_row(
                f"[{STYLES[verdict.label]}]{verdict.label}[/]",
                f"{percent(verdict.probability)}%",
                ", ".join(f"{e.name} {percent(e.probability)}%" for e in verdict.experts),
                ", ".join(s.code for s in outcome.signals if s.status != "absent"),
                escape(_shown(path)),
            )
    console = Console()
    console.print(table)
    if len(judged) == 1 and not bad:
        _print_words(console, judged[0])
    return bad


def _print_words(console: Console, judged: _Judged) -> None:
    """The summary, and what the marks say as written in the file."""
    from backend.words import DETAILS

    for statement in judged.statements:
        console.print(f"- {statement.text}", markup=False, highlight=False)
    for signal in judged.signals:
        for name, value in signal.details.items():
            text = value if isinstance(value, str) else ", ".join(value)
            line = f"{signal.source}: {DETAILS[name]}: {text}"
            console.print(line, markup=False, highlight=False)


if __name__ == "__main__":
    sys.exit(cli())
