"""The routes about the service itself: the model, its health, what problems mean."""

from __future__ import annotations

from fastapi import APIRouter

from backend.api import problems
from backend.api.documented import refusals
from backend.api.schemas import (
    Alive,
    LimitsReply,
    MissingExpert,
    ModelReply,
    ProblemKind,
    Ready,
)
from backend.api.service import Loaded
from backend.images import FORMATS, MIN_SIDE

MEDIA_TYPES = [f"image/{name.lower()}" for name in FORMATS]

router = APIRouter(tags=["service"])


@router.get("/v1/model", operation_id="getModel", summary="The model card and the limits")
async def model(service: Loaded) -> ModelReply:
    """Which model serves, which experts are loaded or missing, and what a client may send."""
    detector, settings = service.pipeline.detector, service.settings
    return ModelReply(
        name=detector.card.name,
        version=detector.card.version,
        engine=settings.engine,
        experts=sorted(detector.experts),
        missing=[
            MissingExpert(name=name, reason=reason) for name, reason in detector.missing.items()
        ],
        limits=LimitsReply(
            min_side=MIN_SIDE,
            formats=MEDIA_TYPES,
            max_images=settings.batch_images,
            **settings.model_dump(include={"max_bytes", "max_pixels", "max_batch_bytes"}),
        ),
        card=detector.card,
    )


@router.get("/livez", operation_id="isAlive", summary="Does the process answer?")
async def livez() -> Alive:
    """200 as long as the process answers; restart it otherwise."""
    return Alive()


@router.get(
    "/readyz",
    operation_id="isReady",
    summary="Is the model warm?",
    responses=refusals(problems.NotReady),
)
async def readyz(service: Loaded) -> Ready:
    """200 when pictures are judged; send no traffic otherwise. Scale on the queue depth."""
    service.require_ready()
    admission = service.pipeline.admission
    return Ready(queue_depth=admission.admitted, queue_limit=admission.most)


@router.get(
    "/problems/{slug}",
    operation_id="getProblem",
    summary="What a problem type means",
    responses=refusals(problems.NotFound, problems.InvalidRequest),
)
async def problem(slug: str) -> ProblemKind:
    """The explanation that the `type` of every problem refers to."""
    for kind in problems.KINDS.values():
        if kind.slug == slug:
            return ProblemKind(
                type=kind.type, title=kind.title, status=kind.status, meaning=kind.meaning
            )
    raise problems.NotFound(f"There is no problem type “{slug}”.")
