"""Many callers, one model: what waits goes through as one batch the moment the model is free."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from backend.detector.detector import Verdict, Views

Classify = Callable[[Sequence[Views]], list[Verdict]]


@dataclass(frozen=True)
class Answer:
    """A verdict, and the seconds that the model took for its batch."""

    verdict: Verdict
    inference_s: float


@dataclass(eq=False)
class _Waiting:
    views: Views
    future: asyncio.Future[Answer]


class Batcher:
    """Collects single pictures into batches for one model.

    Args:
        classify: the model, called on one worker thread only.
        max_cost: most pixels (`Views.cost`) in one batch; a picture above it goes alone.
        wait_s: how long an idle model waits for company; 0 on CPUs, where it gains nothing.

    Attributes:
        seconds_a_picture: what one picture has recently taken of the model.
    """

    def __init__(self, classify: Classify, max_cost: int, wait_s: float = 0) -> None:
        self._classify = classify
        self._max_cost = max_cost
        self._wait_s = wait_s
        self._waiting: deque[_Waiting] = deque()
        self._wake = asyncio.Event()
        self._stopping = False
        self.seconds_a_picture = 0.1
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="model")
        self._task = asyncio.create_task(self._serve())

    async def classify(self, views: Views) -> Answer:
        """Wait for the model and its verdict. A caller that is cancelled costs no model time."""
        waiting = _Waiting(views, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._wake.set()
        return await waiting.future

    async def run(self, work: Callable[[], None]) -> None:
        """Run something else on the model's thread, such as warming it."""
        await asyncio.get_running_loop().run_in_executor(self._worker, work)

    async def stop(self) -> None:
        """Answer whoever waits, then end."""
        self._stopping = True
        self._wake.set()
        await self._task
        self._worker.shutdown()

    async def _serve(self) -> None:
        while True:
            await self._wake.wait()
            if self._wait_s and not self._stopping:
                await asyncio.sleep(self._wait_s)
            self._wake.clear()
            while batch := self._take():
                await self._answer(batch)
            if self._stopping:
                return

    def _take(self) -> list[_Waiting]:
        """The next batch, in order of arrival; whoever has gone is skipped."""
        batch: list[_Waiting] = []
        cost = 0
        while self._waiting:
            following = self._waiting[0]
            if following.future.done():
                self._waiting.popleft()
                continue
            cost += following.views.cost
            if batch and cost > self._max_cost:
                break
            batch.append(self._waiting.popleft())
        return batch

    async def _answer(self, batch: list[_Waiting]) -> None:
        start = time.perf_counter()
        try:
            loop = asyncio.get_running_loop()
            views = [waiting.views for waiting in batch]
            verdicts = await loop.run_in_executor(self._worker, self._classify, views)
            answered = list(zip(batch, verdicts, strict=True))
        except Exception as error:
            if len(batch) == 1:
                _settle(batch[0], error)
                return
            # One of them makes the model fail: alone, it fails alone.
            for waiting in batch:
                if not waiting.future.done():
                    await self._answer([waiting])
            return
        seconds = time.perf_counter() - start
        self.seconds_a_picture += 0.2 * (seconds / len(batch) - self.seconds_a_picture)
        for waiting, verdict in answered:
            _settle(waiting, Answer(verdict, seconds))


def _settle(waiting: _Waiting, outcome: Answer | Exception) -> None:
    if waiting.future.done():  # cancelled while the model ran
        return
    if isinstance(outcome, Answer):
        waiting.future.set_result(outcome)
    else:
        waiting.future.set_exception(outcome)
