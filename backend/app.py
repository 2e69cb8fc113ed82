"""The application: built from settings, alive between start and stop of its lifespan."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from prometheus_fastapi_instrumentator import Instrumentator
from starlette.middleware.cors import CORSMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from backend.api import about, problems, reports, verdicts
from backend.api.admission import Admission
from backend.api.context import HEADER, RequestContext, UnexpectedErrors
from backend.api.documented import Documented, install_docs
from backend.api.guard import Guard
from backend.api.metrics import Metrics
from backend.api.pipeline import Pipeline
from backend.api.service import Service
from backend.detector.batching import Batcher
from backend.detector.card import ModelError
from backend.detector.detector import Detector, load_detector
from backend.images import Limits
from backend.settings import Settings

API_VERSION = "1.0.0"
DESCRIPTION = (
    "Was this picture made by AI? Send a picture, get a calibrated probability and a word for it: "
    "`ai`, `real` or `uncertain`. No picture is kept or logged. Every refusal is an RFC 9457 "
    "problem, every reply carries `X-Request-ID`."
)
# A picture of 50 megapixels takes half a gigabyte while it is decoded, a whole one if it has
# transparency; whatever the number of cores.
MAX_DECODING_THREADS = 4

log = structlog.get_logger()


def create_app(settings: Settings, detector: Detector | None = None) -> FastAPI:
    """Build the application.

    Args:
        detector: serve this one instead of loading what `settings` name.
    """
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = start(settings, detector or _load(settings), metrics)
        app.state.service = service
        warming = asyncio.create_task(_warm(service))
        yield
        service.why_not_ready = "The service is stopping."
        await asyncio.gather(warming, return_exceptions=True)
        await service.stop()

    app = Documented(
        title="Real-or-AI",
        version=API_VERSION,
        description=DESCRIPTION,
        servers=[{"url": "."}],  # relative to the document, so it holds behind a proxy's prefix too
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.include_router(verdicts.router)
    app.include_router(reports.router)
    app.include_router(about.router)
    problems.install(app)
    install_docs(app)
    _add_middleware(app, settings, metrics)
    return app


def start(settings: Settings, detector: Detector, metrics: Metrics) -> Service:
    """Everything that runs while the application does; needs a running event loop."""
    batcher = Batcher(
        detector.classify,
        max_cost=settings.max_batch_pixels,
        wait_s=settings.batch_wait_ms / 1000,
    )
    admission = Admission(batcher, settings.max_queue)
    metrics.queue_depth.set_function(lambda: admission.admitted)
    threads = min(MAX_DECODING_THREADS, os.cpu_count() or 1)
    pipeline = Pipeline(
        detector=detector,
        batcher=batcher,
        admission=admission,
        limits=Limits(settings.max_bytes, settings.max_pixels),
        threads=ThreadPoolExecutor(threads, thread_name_prefix="decode"),
        metrics=metrics,
        trust_anchors=settings.trust_anchors,
    )
    return Service(settings, Guard(settings), pipeline)


def _load(settings: Settings) -> Detector:
    try:
        return load_detector(settings.models, settings.experts, settings.engine, settings.threads)
    except ModelError as error:
        log.critical("the model cannot be loaded", reason=str(error))
        raise


async def _warm(service: Service) -> None:
    """Make the service ready, or leave it unready with the reason."""
    pipeline = service.pipeline
    try:
        await pipeline.batcher.run(pipeline.detector.warm)
    except Exception:
        service.why_not_ready = "The model cannot run; the log says why."
        log.exception("warming failed")
    else:
        service.why_not_ready = None
        log.info("ready", model=pipeline.detector.card.version, missing=pipeline.detector.missing)


def _add_middleware(app: FastAPI, settings: Settings, metrics: Metrics) -> None:
    """From the innermost to the outermost."""
    app.add_middleware(UnexpectedErrors)
    instrumentator = Instrumentator(registry=metrics.registry)
    instrumentator.instrument(app).expose(
        app,
        tags=["service"],
        operation_id="getMetrics",
        summary="Figures for Prometheus",
        response_class=PlainTextResponse,
    )
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["*"],
            expose_headers=[HEADER, "Retry-After", "Content-Disposition"],
        )
    app.add_middleware(RequestContext, metrics=metrics)
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
