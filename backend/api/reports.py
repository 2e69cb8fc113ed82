"""The route that gives a document to keep: PDF, ZIP, CSV or JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from backend.api import inputs, problems
from backend.api.documented import body, reference, refusals
from backend.api.pipeline import Pipeline, Upload
from backend.api.schemas import BatchRequest, ReportReply
from backend.api.service import Admitted
from backend.api.verdicts import ADMISSION, while_connected
from backend.reports.entries import Report, entry
from backend.reports.kinds import KINDS, Format
from backend.reports.names import safe_name

router = APIRouter(tags=["verdicts"])


@router.post(
    "/v1/report",
    operation_id="report",
    summary="Judge many pictures and get a document to keep",
    response_class=Response,
    responses={
        200: {
            "description": "The document, named in `Content-Disposition`.",
            "content": {
                "application/pdf": {"schema": {"type": "string", "format": "binary"}},
                "application/zip": {"schema": {"type": "string", "format": "binary"}},
                "text/csv": {"schema": {"type": "string"}},
                "application/json": {"schema": reference(ReportReply)},
            },
        },
        **refusals(*ADMISSION, problems.TooManyImages),
    },
    openapi_extra=body(BatchRequest, "files", many=True),
)
async def report(
    request: Request,
    service: Admitted,
    format: Annotated[
        Format,
        Query(
            description="`pdf`: pictures, heat maps, verdicts, evidence and limits. `zip`: the "
            "files as sent, with PDF, CSV and JSON. `csv`: a line a picture. `json`: everything."
        ),
    ] = "pdf",
) -> Response:
    """Send pictures as for a batch. Nothing is kept: the document is made in memory and sent.

    A picture that cannot be judged is in the document with its problem.
    """
    uploads = await inputs.batch(request, service)
    await service.guard.count(request, len(uploads) - 1)
    kind = KINDS[format]
    request_id = request.scope["state"]["request_id"]
    judging = gathered(service.pipeline, uploads, kind.drawn, request.url.path, request_id)
    made = await while_connected(request, judging)
    printing = asyncio.get_running_loop().run_in_executor(service.press, kind.write, made)
    document = await while_connected(request, printing)
    headers = {"Content-Disposition": _disposition(made, format)}
    if isinstance(document, bytes):
        return Response(document, headers=headers, media_type=kind.media_type)
    return StreamingResponse(document, headers=headers, media_type=kind.media_type)


async def gathered(
    pipeline: Pipeline, uploads: Sequence[Upload], drawn: bool, instance: str, request_id: str
) -> Report:
    """Judge pictures for a report; of each only the verdict and small copies are kept.

    Args:
        drawn: make those copies.
    """
    entries = []
    explained = [replace(upload, explain=True) for upload in uploads]
    async with aclosing(pipeline.lines(explained, instance, request_id)) as lines:
        async for line in lines:
            read = uploads[line.index].read
            work = partial(entry, line, read, pipeline.limits, drawn)
            entries.append(await pipeline.on_thread(work))
    return Report(
        entries=tuple(sorted(entries, key=lambda one: one.number)),
        card=pipeline.detector.card,
        missing=dict(pipeline.detector.missing),
        created=datetime.now(UTC),
    )


def _disposition(made: Report, format: Format) -> str:
    """A name for the download: of its picture if there is one, else of the day (RFC 6266)."""
    plain = f"real-or-ai-{made.created:%Y-%m-%d}.{format}"
    full = plain
    if len(made.entries) == 1:
        stem = safe_name(made.entries[0].filename, "").rpartition(".")[0]
        full = f"real-or-ai {stem}.{format}" if stem else plain
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(full, safe='')}"
