"""What a running application holds, and how routes get at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from backend.api.admission import Overloaded
from backend.api.guard import Guard
from backend.api.pipeline import Pipeline
from backend.api.problems import NotReady
from backend.settings import Settings

_KEYS = "Only where the service has keys (`DETECTOR_API_KEYS`)."
_BEARER = HTTPBearer(auto_error=False, description=_KEYS)
_KEY_HEADER = APIKeyHeader(name="X-API-Key", auto_error=False, description=_KEYS)


@dataclass
class Service:
    """One loaded model with everything around it.

    Attributes:
        why_not_ready: None once the model is warm.
        held_bytes: sizes of all request bodies that are in memory.
        press: the one thread on which reports are made, so that they never crowd out verdicts.
    """

    settings: Settings
    guard: Guard
    pipeline: Pipeline
    why_not_ready: str | None = "The model is warming up."
    held_bytes: int = 0
    press: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="report")
    )

    def hold(self, request: Request, size: int) -> None:
        """Count bytes of a request's body as held in memory until it is answered.

        Raises:
            Overloaded: all bodies together would exceed `max_held_bytes`.
        """
        if self.held_bytes + size > self.settings.max_held_bytes:
            raise Overloaded(retry_after=2)
        self.held_bytes += size
        request.state.held_bytes += size

    def require_ready(self) -> None:
        """Refuse until the model is warm.

        Raises:
            NotReady: not yet, or no longer.
        """
        if self.why_not_ready:
            raise NotReady(self.why_not_ready, retry_after=1)

    async def stop(self) -> None:
        """Finish what is in work and end all threads."""
        await self.pipeline.batcher.stop()
        self.pipeline.threads.shutdown(cancel_futures=True)
        self.press.shutdown(cancel_futures=True)


def loaded(request: Request) -> Service:
    """The service, warm or not."""
    service: Service = request.app.state.service
    return service


async def admitted(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
    key: Annotated[str | None, Security(_KEY_HEADER)],
) -> AsyncIterator[Service]:
    """The warm service, for a client who may ask; decided before any of the body is read.

    Raises:
        Unauthorized: API keys are set and the client has none.
        RateLimited: the client has asked too often.
        NotReady: the model is not warm.
    """
    service = loaded(request)
    service.guard.check_key(bearer.credentials if bearer else key)
    service.require_ready()
    await service.guard.count(request, 1)
    request.state.held_bytes = 0
    try:
        yield service
    finally:
        service.held_bytes -= request.state.held_bytes


Loaded = Annotated[Service, Depends(loaded)]
Admitted = Annotated[Service, Depends(admitted)]
