"""One picture from bytes to verdict: admitted, decoded on a thread, judged in a batch."""

from __future__ import annotations

import asyncio
import base64
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TypeVar

import numpy as np
import structlog

from backend import words
from backend.api.admission import Admission
from backend.api.evidence import provenance_reply, summary_reply
from backend.api.metrics import Metrics
from backend.api.problems import kind_of, problem_of
from backend.api.schemas import (
    BandsReply,
    BatchLine,
    BoxReply,
    Classification,
    ExpertReply,
    ExplanationReply,
    ImageReply,
    MapReply,
    ModelReference,
    TimingsReply,
)
from backend.detector.batching import Answer, Batcher
from backend.detector.detector import Detector, Views
from backend.detector.explanation import Explanation
from backend.images import Limits, decode
from backend.provenance import reading
from backend.provenance.signal import Signal

# Pictures of one batch request that are in work at once: enough to keep the model busy, few enough
# that other clients' pictures are never far behind.
IN_WORK_A_REQUEST = 4
# Of logits in replies: their mean stays within 0.00005 of the exact one.
DECIMALS = 4

T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True)
class Upload:
    """A picture as it arrived.

    Attributes:
        read: gives the file's bytes; runs on a decoding thread.
        explain: whether to say where in the picture the verdict comes from.
    """

    filename: str | None
    read: Callable[[], bytes]
    explain: bool = False


@dataclass(frozen=True)
class Prepared:
    """A decoded picture: its file and its views are kept, not its pixels."""

    data: bytes
    views: Views
    width: int
    height: int
    format: str
    bytes: int
    decode_s: float


@dataclass(frozen=True)
class Pipeline:
    """Everything that a picture passes through.

    Attributes:
        threads: the bounded pool on which all parsing and decoding happens.
        trust_anchors: certificates in PEM that signers of Content Credentials are checked against.
    """

    detector: Detector
    batcher: Batcher
    admission: Admission
    limits: Limits
    threads: ThreadPoolExecutor
    metrics: Metrics
    trust_anchors: str | None = None

    async def on_thread(self, work: Callable[[], T]) -> T:
        """Run work that would block the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, work)

    async def judge(self, upload: Upload) -> Classification:
        """Judge one picture.

        Raises:
            Overloaded: there is no place for it now.
            ImageError: it cannot be judged.
            ApiError: it cannot be read from the request.
        """
        async with self.admission.now():
            return await self._classify(upload)

    async def _classify(self, upload: Upload) -> Classification:
        start = time.perf_counter()
        prepared = await self.on_thread(lambda: self._prepare(upload))
        # Read beside the model pass, so that it delays nothing where a core is free.
        marks = asyncio.ensure_future(
            self.on_thread(lambda: reading.read(prepared.data, self.trust_anchors))
        )
        answer = await self.batcher.classify(prepared.views)
        total_s = time.perf_counter() - start
        queue_s = max(0.0, total_s - prepared.decode_s - answer.inference_s)
        self.metrics.decode.observe(prepared.decode_s)
        self.metrics.queue.observe(queue_s)
        self.metrics.inference.observe(answer.inference_s)
        self.metrics.verdicts.labels(answer.verdict.label).inc()
        timings = TimingsReply(
            decode=_milliseconds(prepared.decode_s),
            queue=_milliseconds(queue_s),
            inference=_milliseconds(answer.inference_s),
            total=_milliseconds(total_s),
        )
        explanation = None
        if upload.explain:
            explanation = await self.on_thread(lambda: self._explain(prepared, answer))
        return self._reply(prepared, answer, await marks, timings, explanation)

    async def lines(
        self, uploads: Sequence[Upload], instance: str, request_id: str
    ) -> AsyncGenerator[BatchLine, None]:
        """Judge many pictures, each reported as it finishes; a bad one costs only itself."""
        in_work = asyncio.Semaphore(IN_WORK_A_REQUEST)

        async def line(index: int, upload: Upload) -> BatchLine:
            try:
                async with in_work, self.admission.in_turn():
                    result = await self._classify(upload)
            except Exception as error:
                kind = kind_of(error)
                self.metrics.refusals.labels(kind.slug).inc()
                if kind.status == 500:
                    log.exception("picture failed", index=index)
                problem = problem_of(error, f"{instance}#{index}", request_id)
                return BatchLine(index=index, filename=upload.filename, problem=problem)
            return BatchLine(index=index, filename=upload.filename, result=result)

        tasks = [asyncio.create_task(line(i, upload)) for i, upload in enumerate(uploads)]
        try:
            for finished in asyncio.as_completed(tasks):
                yield await finished
        finally:  # also when the client has gone
            for task in tasks:
                task.cancel()

    def _prepare(self, upload: Upload) -> Prepared:
        start = time.perf_counter()
        data = upload.read()
        picture = decode(data, self.limits)
        views = self.detector.views(picture.pixels, jpeg_quality=picture.jpeg_quality)
        seconds = time.perf_counter() - start
        return Prepared(
            data, views, picture.width, picture.height, picture.format, picture.bytes, seconds
        )

    def _explain(self, prepared: Prepared, answer: Answer) -> ExplanationReply:
        return explanation_reply(
            self.detector.explain(answer.verdict, prepared.width, prepared.height)
        )

    def _reply(
        self,
        prepared: Prepared,
        answer: Answer,
        signals: Sequence[Signal],
        timings: TimingsReply,
        explanation: ExplanationReply | None,
    ) -> Classification:
        verdict, card, missing = answer.verdict, self.detector.card, sorted(self.detector.missing)
        return Classification(
            id=uuid.uuid4().hex,
            label=verdict.label,
            probability=verdict.probability,
            bands=BandsReply(**verdict.bands.model_dump()),
            model=ModelReference(name=card.name, version=card.version, missing=missing),
            experts=[
                ExpertReply(name=expert.name, probability=expert.probability)
                for expert in verdict.experts
            ],
            image=ImageReply(
                width=prepared.width,
                height=prepared.height,
                format=prepared.format,
                bytes=prepared.bytes,
                notes=list(verdict.notes),
            ),
            provenance=provenance_reply(signals),
            summary=summary_reply(words.summarise(verdict, card, missing, signals)),
            explanation=explanation,
            timings_ms=timings,
        )


def explanation_reply(explanation: Explanation) -> ExplanationReply:
    """An explanation as it travels."""
    png = base64.b64encode(explanation.heatmap_png).decode("ascii")
    return ExplanationReply(
        maps=[
            MapReply(
                expert=one.expert,
                view=one.place.view,
                box=BoxReply(**asdict(one.place.box)),
                logits=np.round(one.map.logits.astype(np.float64), DECIMALS).tolist(),
                share=one.map.share,
                rest=one.map.rest,
            )
            for one in explanation.maps
        ],
        heatmap_png=f"data:image/png;base64,{png}",
    )


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)
