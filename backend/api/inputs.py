"""Request bodies to uploads: limits while streaming, JSON or a form, nothing on disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import BinaryIO, TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from backend.api.encoding import decode_base64
from backend.api.pipeline import Upload
from backend.api.problems import (
    InvalidRequest,
    MalformedRequest,
    TooManyImages,
    UnsupportedMediaType,
    UploadStalled,
    in_words,
)
from backend.api.schemas import BatchRequest, ClassifyRequest, LegacyRequest, Sent
from backend.api.service import Service
from backend.images import TooManyBytes
from backend.settings import Settings

OVERHEAD = 64 * 1024  # field names, boundaries, a file name
MAX_TEXT_FIELDS, MAX_TEXT_FIELD = 10, 16 * 1024
MAX_JSON_VALUES = 100_000  # parsed, each takes up to half a kilobyte while nothing else runs
STALLED_AFTER_S = 30.0  # without a byte: what has arrived takes memory from other clients
FORM = "multipart/form-data"
_BOOL = TypeAdapter(bool)  # as pydantic reads text: true, false, 1, 0, on, off, yes, no

S = TypeVar("S", bound=Sent)


class _InMemory(MultiPartParser):
    """Bodies are bounded, so pictures never touch a disk."""

    spool_max_size = 1 << 62

    def on_part_begin(self) -> None:
        super().on_part_begin()
        # Not what the client says: Python also knows codecs that fail or that make surrogates.
        self._charset = "utf-8"


def max_body(settings: Settings) -> int:
    """Bytes of body that one picture of `max_bytes` can need: base64 with escaped line breaks."""
    return settings.max_bytes * 4 // 3 * 80 // 76 + OVERHEAD


async def single(request: Request, service: Service) -> Upload:
    """The one picture of `POST /v1/classify`."""
    if _media_type(request) == FORM:
        form = await _form(request, service, service.settings.max_bytes + OVERHEAD, max_files=1)
        return _files(form, "file")[0]
    body = await _json(request, service, max_body(service.settings))
    return _of_json(await service.pipeline.on_thread(lambda: _parsed(ClassifyRequest, body)))


async def legacy(request: Request, service: Service) -> Upload:
    """The one picture of `POST /`, in the old service's way."""
    body = await _json(request, service, max_body(service.settings))
    return Upload(None, lambda: decode_base64(_parsed(LegacyRequest, body).bytes_data))


async def batch(request: Request, service: Service) -> list[Upload]:
    """The pictures of `POST /v1/classify/batch`, in order."""
    most, most_bytes = service.settings.batch_images, service.settings.max_batch_bytes
    if _media_type(request) == FORM:
        form = await _form(request, service, most_bytes, max_files=most)
        return _files(form, "files")
    body = await _json(request, service, most_bytes)
    sent = await service.pipeline.on_thread(lambda: _parsed(BatchRequest, body))
    if len(sent.images) > most:
        raise TooManyImages(f"{len(sent.images)} pictures in one request; the limit is {most}.")
    return [
        _of_json(ClassifyRequest(image=one) if isinstance(one, str) else one) for one in sent.images
    ]


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _of_json(sent: ClassifyRequest) -> Upload:
    return Upload(sent.filename, lambda: decode_base64(sent.image), sent.explain)


async def _limited(request: Request, service: Service, most: int) -> AsyncGenerator[bytes, None]:
    """The body in pieces, never more than `most` bytes of it.

    What comes after a refusal is read and thrown away by the server: the connection stays usable.
    """
    announced = request.headers.get("content-length", "")
    refusal = TooManyBytes(f"The request is larger than {most:,} bytes. Send a smaller file.")
    if announced.isdecimal() and int(announced) > most:
        raise refusal
    arrived = 0
    async with aclosing(request.stream()) as stream:
        while piece := await _next(stream):  # the last one is empty
            arrived += len(piece)
            if arrived > most:
                raise refusal
            service.hold(request, len(piece))
            yield piece


async def _next(stream: AsyncGenerator[bytes, None]) -> bytes:
    try:
        async with asyncio.timeout(STALLED_AFTER_S):
            return await anext(stream, b"")
    except TimeoutError:
        raise UploadStalled(
            f"Nothing has arrived for {STALLED_AFTER_S:g} s. Check the connection, then try again."
        ) from None


async def _json(request: Request, service: Service, most: int) -> bytearray:
    if _media_type(request) != "application/json":
        raise UnsupportedMediaType("Send JSON (Content-Type: application/json) or a form.")
    body, values = bytearray(), 0
    async with aclosing(_limited(request, service, most)) as pieces:
        async for piece in pieces:
            body += piece
            values += sum(map(piece.count, (b"[", b"{", b",")))  # or fewer
            if values > MAX_JSON_VALUES:
                raise InvalidRequest(f"The body has more than {MAX_JSON_VALUES:,} values.")
    return body


def _parsed(model: type[S], body: bytearray) -> S:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        if details[0]["type"] == "json_invalid":
            raise MalformedRequest("The body is not JSON.") from None
        raise InvalidRequest(in_words(details)) from None


async def _form(request: Request, service: Service, most: int, max_files: int) -> FormData:
    async with aclosing(_limited(request, service, most)) as pieces:
        parser = _InMemory(
            request.headers,
            pieces,
            max_files=max_files,
            max_fields=MAX_TEXT_FIELDS,
            max_part_size=MAX_TEXT_FIELD,
        )
        try:
            return await parser.parse()
        except MultiPartException as error:
            if error.message.startswith("Too many files"):
                raise TooManyImages(
                    f"More than {max_files} in one request; /v1/classify/batch takes "
                    f"{service.settings.batch_images}."
                ) from error
            raise MalformedRequest(f"The form cannot be read: {error.message}") from error


def _files(form: FormData, field: str) -> list[Upload]:
    files = [part for part in form.getlist(field) if isinstance(part, UploadFile)]
    if not files:
        raise InvalidRequest(f"The form has no file in the field `{field}`.")
    explain = _flag(form, "explain")
    return [Upload(part.filename, _whole(part.file), explain) for part in files]


def _whole(file: BinaryIO) -> Callable[[], bytes]:
    """Reads a file from its start, as often as asked."""

    def read() -> bytes:
        file.seek(0)
        return file.read()

    return read


def _flag(form: FormData, field: str) -> bool:
    try:
        return _BOOL.validate_python(form.get(field, False))
    except ValidationError:
        raise InvalidRequest(f"The form's field `{field}` must be true or false.") from None
