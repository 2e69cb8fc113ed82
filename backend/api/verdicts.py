"""The routes that judge pictures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from backend import images
from backend.api import inputs, problems
from backend.api.admission import Overloaded
from backend.api.documented import body, reference, refusals
from backend.api.schemas import (
    BatchLine,
    BatchRequest,
    Classification,
    ClassifyRequest,
    LegacyReply,
    LegacyRequest,
)
from backend.api.service import Admitted

T = TypeVar("T")

ADMISSION = (
    problems.MalformedRequest,
    problems.Unauthorized,
    problems.UploadStalled,
    problems.UnsupportedMediaType,
    problems.InvalidRequest,
    images.TooManyBytes,
    problems.RateLimited,
    problems.NotReady,
    problems.InternalError,
)
_PICTURE = (
    problems.BadBase64,
    images.EmptyImage,
    images.NotAnImage,
    images.TruncatedImage,
    images.TooSmall,
    images.UnsupportedFormat,
    images.TooManyPixels,
    problems.TooManyImages,
    Overloaded,
)
NDJSON = "application/x-ndjson"

router = APIRouter(tags=["verdicts"])


@router.post(
    "/v1/classify",
    operation_id="classify",
    summary="Judge one picture",
    response_description="The verdict.",
    responses=refusals(*ADMISSION, *_PICTURE),
    openapi_extra=body(ClassifyRequest, "file"),
)
async def classify(request: Request, service: Admitted) -> Classification:
    """Send the picture as base64 in JSON or as `file` of a form; get a calibrated verdict."""
    upload = await inputs.single(request, service)
    return await while_connected(request, service.pipeline.judge(upload))


@router.post(
    "/v1/classify/batch",
    operation_id="classifyBatch",
    summary="Judge many pictures",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "One JSON line per picture, in the order in which they finish.",
            "content": {NDJSON: {"schema": reference(BatchLine)}},
        },
        **refusals(*ADMISSION, problems.TooManyImages),
    },
    openapi_extra=body(BatchRequest, "files", many=True),
)
async def classify_batch(request: Request, service: Admitted) -> StreamingResponse:
    """Send pictures as JSON or as `files` of a form; get a line for each as it finishes.

    A picture that cannot be judged has a `problem` on its line and costs the others nothing.
    """
    uploads = await inputs.batch(request, service)
    await service.guard.count(request, len(uploads) - 1)
    request_id = request.scope["state"]["request_id"]
    lines = service.pipeline.lines(uploads, request.url.path, request_id)
    return StreamingResponse(_ndjson(lines), media_type=NDJSON)


@router.post(
    "/",
    operation_id="classifyLegacy",
    summary="Judge one picture, in the old service's words",
    response_description="The verdict, as the old service put it.",
    responses=refusals(*ADMISSION, *_PICTURE),
    openapi_extra=body(LegacyRequest),
)
async def classify_legacy(request: Request, service: Admitted) -> LegacyReply:
    """For clients of the service that this one replaces: 1 and the probability mean *real*."""
    upload = await inputs.legacy(request, service)
    verdict = await while_connected(request, service.pipeline.judge(upload))
    real = 1 - verdict.probability
    return LegacyReply(result_resnet=1 if real >= 0.5 else 0, proba_resnet=real)


async def _ndjson(lines: AsyncIterator[BatchLine]) -> AsyncIterator[str]:
    async for line in lines:
        absent = {name for name in ("filename", "result", "problem") if getattr(line, name) is None}
        yield line.model_dump_json(exclude=absent) + "\n"


async def while_connected(request: Request, work: Awaitable[T]) -> T:
    """Do the work unless the client goes away first; then it is cancelled."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(request.receive())  # the body is read: next is a disconnect
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
