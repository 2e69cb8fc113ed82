"""Around every request: its id, one log line, and an answer even when the code is at fault."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.api.metrics import Metrics
from backend.api.problems import problem_response

HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = structlog.get_logger()


def request_id_of(scope: Scope) -> str:
    """The client's own id where it is harmless, else a new one."""
    sent = Headers(scope=scope).get(HEADER, "")
    return sent if _SANE.fullmatch(sent) else uuid.uuid4().hex


class RequestContext:
    """Outermost: puts `X-Request-ID` on every reply and logs one line, without the query."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        start = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_with_id)
            finally:
                self._report(scope, status, time.perf_counter() - start)

    def _report(self, scope: Scope, status: int, seconds: float) -> None:
        problem = scope["state"].get("problem")
        if problem:
            self._metrics.refusals.labels(problem.rpartition("/")[2]).inc()
        log.info(
            "request",
            method=scope["method"],
            path=scope["path"],
            status=status,
            duration_ms=round(seconds * 1000, 1),
            problem=problem,
        )


class UnexpectedErrors:
    """Answers an unforeseen exception with a problem that tells the client nothing inside."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched_send)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            log.exception("unexpected error")
            await problem_response(scope, error, {})(scope, receive, send)
