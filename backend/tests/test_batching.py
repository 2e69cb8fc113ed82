"""The batcher: what waits goes as one batch, who has gone is skipped, who fails fails alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import numpy as np
import pytest

from backend.detector.batching import Answer, Batcher
from backend.detector.detector import Detector, Verdict, Views
from backend.images import decode
from backend.tests import pictures
from backend.tests.serving import FakeDetector

COST = 16 * 16


def views(brightness: int = 128) -> Views:
    return Views({"traces": np.full((1, 16, 16, 3), brightness, np.uint8)}, notes=())


class Gate:
    """A model that waits for permission, so that tests decide when it is busy."""

    def __init__(self, fake: FakeDetector) -> None:
        self.fake = fake
        self.open = threading.Event()
        self.entered = threading.Event()

    def classify(self, batch: Sequence[Views]) -> list[Verdict]:
        self.entered.set()
        assert self.open.wait(10)
        return self.fake.classify(batch)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


async def busy(gate: Gate, batcher: Batcher) -> asyncio.Task[Answer]:
    """Occupy the model with one picture."""
    first = asyncio.create_task(batcher.classify(views()))
    await asyncio.to_thread(gate.entered.wait, 10)
    return first


def test_what_waits_is_classified_as_one_batch_up_to_the_cost_limit() -> None:
    async def test() -> None:
        gate = Gate(FakeDetector())
        batcher = Batcher(gate.classify, max_cost=4 * COST)
        first = await busy(gate, batcher)
        rest = [asyncio.create_task(batcher.classify(views(i))) for i in range(10)]
        await asyncio.sleep(0)
        gate.open.set()
        answers = await asyncio.gather(first, *rest)
        await batcher.stop()
        assert gate.fake.batches == [1, 4, 4, 2]
        assert [round(a.verdict.probability * 255) for a in answers[1:]] == list(range(10))

    run(test)


def test_a_picture_above_the_cost_limit_goes_alone() -> None:
    async def test() -> None:
        fake = FakeDetector()
        batcher = Batcher(fake.classify, max_cost=1)
        await asyncio.gather(*(batcher.classify(views()) for _ in range(3)))
        await batcher.stop()
        assert fake.batches == [1, 1, 1]

    run(test)


def test_an_idle_model_can_wait_for_company() -> None:
    async def test() -> None:
        fake = FakeDetector()
        batcher = Batcher(fake.classify, max_cost=10 * COST, wait_s=0.2)
        early = asyncio.create_task(batcher.classify(views()))
        await asyncio.sleep(0.05)
        await asyncio.gather(early, batcher.classify(views()))
        await batcher.stop()
        assert fake.batches == [2]

    run(test)


def test_a_cancelled_caller_is_skipped() -> None:
    async def test() -> None:
        gate = Gate(FakeDetector())
        batcher = Batcher(gate.classify, max_cost=10 * COST)
        first = await busy(gate, batcher)
        gone = asyncio.create_task(batcher.classify(views(10)))
        stays = asyncio.create_task(batcher.classify(views(20)))
        await asyncio.sleep(0)
        gone.cancel()
        first.cancel()
        await asyncio.sleep(0)
        gate.open.set()
        await stays
        await batcher.stop()
        assert gate.fake.batches == [1, 1]
        assert 10 not in gate.fake.judged

    run(test)


def test_a_picture_that_makes_the_model_fail_fails_alone() -> None:
    async def test() -> None:
        gate = Gate(FakeDetector(poison=99))
        batcher = Batcher(gate.classify, max_cost=10 * COST)
        first = await busy(gate, batcher)
        tasks = [asyncio.create_task(batcher.classify(views(b))) for b in (10, 99, 30)]
        await asyncio.sleep(0)
        gate.open.set()
        await first
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        await batcher.stop()
        assert isinstance(outcomes[0], Answer)
        assert isinstance(outcomes[1], RuntimeError)
        assert isinstance(outcomes[2], Answer)

    run(test)


def test_the_recent_speed_is_measured() -> None:
    async def test() -> None:
        batcher = Batcher(FakeDetector(seconds=0.3).classify, max_cost=1)
        for _ in range(4):
            await batcher.classify(views())
        assert 0.15 < batcher.seconds_a_picture < 0.3
        await batcher.stop()

    run(test)


def test_stopping_answers_whoever_waits() -> None:
    async def test() -> None:
        fake = FakeDetector(seconds=0.05)
        batcher = Batcher(fake.classify, max_cost=1)
        tasks = [asyncio.create_task(batcher.classify(views())) for _ in range(5)]
        await asyncio.sleep(0)
        await batcher.stop()
        assert all(isinstance(answer, Answer) for answer in await asyncio.gather(*tasks))

    run(test)


def test_scores_of_a_picture_do_not_depend_on_its_batch_mates(detector: Detector) -> None:
    sizes = [(300, 300), (640, 480), (32, 32), (1200, 900), (130, 700), (64, 64)]
    batch = [
        detector.views(decode(pictures.jpeg(width, height, seed=i)).pixels)
        for i, (width, height) in enumerate(sizes)
    ]
    alone = [detector.classify([one])[0].probability for one in batch]
    together = [verdict.probability for verdict in detector.classify(batch)]
    backwards = [verdict.probability for verdict in detector.classify(batch[::-1])][::-1]
    assert together == pytest.approx(alone, abs=1e-5)
    assert backwards == pytest.approx(alone, abs=1e-5)
