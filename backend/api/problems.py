"""Every refusal as an RFC 9457 problem: our exceptions, one table, one way to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Scope

from backend import images
from backend.api.admission import Overloaded
from backend.api.schemas import Problem

MEDIA_TYPE = "application/problem+json"
CLIENT_CLOSED_REQUEST = 499


class ApiError(Exception):
    """A request that is refused; the message is a sentence for the person who sent it."""

    def __init__(self, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class BadBase64(ApiError):
    """The text is not base64."""


class MalformedRequest(ApiError):
    """The body cannot be parsed at all."""


class InvalidRequest(ApiError):
    """The body can be parsed and is not what is asked for."""


class UnsupportedMediaType(ApiError):
    """Neither JSON nor a form."""


class UploadStalled(ApiError):
    """The body has stopped arriving."""


class TooManyImages(ApiError):
    """More pictures in one request than a batch may hold."""


class Unauthorized(ApiError):
    """No API key, or a wrong one."""


class RateLimited(ApiError):
    """More requests than one client may send."""


class NotReady(ApiError):
    """The model is not warm yet, or the service is stopping."""


class NotFound(ApiError):
    """There is nothing at this address."""


class MethodNotAllowed(ApiError):
    """There is something at this address, for another method."""


class InternalError(ApiError):
    """A fault of ours; details are in the log only."""


@dataclass(frozen=True)
class Kind:
    """One row of the problem table."""

    slug: str
    status: int
    title: str
    meaning: str

    @property
    def type(self) -> str:
        return f"/problems/{self.slug}"


_INVALID = (
    "The body is not what this address asks for, or (status 400) cannot be parsed. See /docs."
)
_NO_PICTURE = "Nothing in the request can be read as a picture of any kind."
KINDS: dict[type[Exception], Kind] = {
    BadBase64: Kind(
        "bad-base64", 400, "Not base64",
        "The text is not base64. Send the bytes of the picture file in base64 (a data: URL, line "
        "breaks, missing padding and the URL-safe alphabet are fine), or send the file as a form.",
    ),
    InvalidRequest: Kind("invalid-request", 422, "Invalid request", _INVALID),
    MalformedRequest: Kind("invalid-request", 400, "Invalid request", _INVALID),
    UnsupportedMediaType: Kind(
        "unsupported-media-type", 415, "Unsupported media type",
        "Send JSON (Content-Type: application/json) or a form (multipart/form-data).",
    ),
    UploadStalled: Kind(
        "upload-stalled", 408, "Upload stalled",
        "The body stopped arriving before its end. Check the connection and send it again.",
    ),
    images.EmptyImage: Kind(
        "empty-image", 422, "Empty picture",
        "The picture has no bytes. Choose the file again.",
    ),
    images.NotAnImage: Kind("not-an-image", 422, "Not a picture", _NO_PICTURE),
    images.UnsupportedFormat: Kind(
        "unsupported-format", 415, "Unsupported picture format",
        "This is a picture or document of a kind that is not judged here. Send JPEG, PNG, WebP, "
        "AVIF, HEIC or GIF.",
    ),
    images.TruncatedImage: Kind(
        "truncated-image", 422, "Damaged picture",
        "The picture is cut off or damaged. Save or download it again.",
    ),
    images.TooManyBytes: Kind(
        "too-many-bytes", 413, "Too many bytes",
        "The file or the request is larger than GET /v1/model allows. Send a smaller file.",
    ),
    images.TooManyPixels: Kind(
        "too-many-pixels", 413, "Too many pixels",
        "Width times height exceeds what GET /v1/model allows. Send a smaller copy.",
    ),
    images.TooSmall: Kind(
        "too-small", 422, "Too small",
        "The picture has too few pixels for any judgement. Send a larger original.",
    ),
    TooManyImages: Kind(
        "too-many-images", 413, "Too many pictures",
        "One request holds more pictures than GET /v1/model allows. Send several requests.",
    ),
    Unauthorized: Kind(
        "unauthorized", 401, "API key needed",
        "This service asks for a key: Authorization: Bearer <key>, or X-API-Key: <key>.",
    ),
    NotFound: Kind("not-found", 404, "Not found", "There is nothing at this address. See /docs."),
    MethodNotAllowed: Kind(
        "method-not-allowed", 405, "Method not allowed",
        "This address exists for another HTTP method, which the header Allow names. See /docs.",
    ),
    RateLimited: Kind(
        "rate-limited", 429, "Too many requests",
        "You have asked too often. Try again after the seconds in the header Retry-After.",
    ),
    Overloaded: Kind(
        "overloaded", 503, "Overloaded",
        "As many pictures are waiting as the service admits. Try again after the seconds in the "
        "header Retry-After.",
    ),
    NotReady: Kind(
        "not-ready", 503, "Not ready",
        "The service is starting or stopping. Try again in a moment.",
    ),
    InternalError: Kind(
        "internal-error", 500, "Internal error",
        "A fault of the service, not of the request. Its log has the details under the request id.",
    ),
}  # fmt: skip
_OF_STATUS: dict[int, type[ApiError]] = {
    400: MalformedRequest,
    401: Unauthorized,
    404: NotFound,
    405: MethodNotAllowed,
    415: UnsupportedMediaType,
}


def kind_of(error: Exception) -> Kind:
    """The row for an exception; anything unknown is an internal error."""
    for cls in type(error).__mro__:
        if cls in KINDS:
            return KINDS[cls]
    return KINDS[InternalError]


def problem_of(error: Exception, instance: str, request_id: str) -> Problem:
    """An exception as it is told to the client; of unknown ones nothing is told."""
    kind = kind_of(error)
    known = kind.status != KINDS[InternalError].status
    return Problem(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=str(error) if known else kind.meaning,
        instance=instance,
        request_id=request_id,
        retry_after=getattr(error, "retry_after", None),
    )


def problem_response(scope: Scope, error: Exception, headers: dict[str, str]) -> Response:
    """The reply to a refused request."""
    problem = problem_of(error, quote(scope["path"]), scope["state"]["request_id"])
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, UploadStalled):
        headers["Connection"] = "close"  # the rest may never come
    scope["state"]["problem"] = problem.type
    body = problem.model_dump_json(exclude_none=True)
    return Response(body, problem.status, headers, media_type=MEDIA_TYPE)


async def _on_own_error(request: Request, error: Exception) -> Response:
    return problem_response(request.scope, error, {})


async def _on_http_exception(request: Request, error: Exception) -> Response:
    """Starlette's and FastAPI's own errors: no route, wrong method."""
    assert isinstance(error, HTTPException)
    other = MalformedRequest if error.status_code < 500 else InternalError
    cls = _OF_STATUS.get(error.status_code, other)
    sentence = KINDS[cls].meaning
    return problem_response(request.scope, cls(sentence), dict(error.headers or {}))


async def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return problem_response(request.scope, InvalidRequest(in_words(error.errors())), {})


async def _on_disconnect(request: Request, error: Exception) -> Response:
    """Nobody reads this; the status tells the log and the metrics what happened."""
    return Response(status_code=CLIENT_CLOSED_REQUEST)


def in_words(errors: Any) -> str:
    """Pydantic's list of errors as one sentence, without what was sent."""
    first = errors[0]
    # The members of a union appear by their class name, which tells a client nothing.
    place = ".".join(str(part) for part in first["loc"] if not str(part)[:1].isupper())
    return f"{place}: {first['msg']}." if place else f"{first['msg']}."


def install(app: FastAPI) -> None:
    """Make every error of the application a problem."""
    for cls in (ApiError, images.ImageError, Overloaded):
        app.add_exception_handler(cls, _on_own_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
