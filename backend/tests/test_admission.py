"""Admission: a bounded number of places, fair to those who wait and to those who do not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from backend.api.admission import Admission, Overloaded
from backend.detector.batching import Batcher
from backend.tests.serving import FakeDetector


@asynccontextmanager
async def admission(most: int, seconds_a_picture: float = 0.1) -> AsyncIterator[Admission]:
    batcher = Batcher(FakeDetector().classify, max_cost=1)
    batcher.seconds_a_picture = seconds_a_picture
    yield Admission(batcher, most)
    await batcher.stop()


def test_beyond_the_limit_callers_are_refused_until_a_place_is_free() -> None:
    async def test() -> None:
        async with admission(2) as places:
            async with places.now(), places.now():
                with pytest.raises(Overloaded):
                    await places.now().__aenter__()
            async with places.now():
                assert places.admitted == 1
            assert places.admitted == 0

    asyncio.run(test())


@pytest.mark.parametrize(("seconds", "expected"), [(0.001, 1), (0.5, 4), (100, 60)])
def test_retry_after_follows_recent_speed(seconds: float, expected: int) -> None:
    async def test() -> None:
        async with admission(8, seconds) as places, AsyncExitStack() as stack:
            for _ in range(8):
                await stack.enter_async_context(places.now())
            with pytest.raises(Overloaded) as refusal:
                await places.now().__aenter__()
            assert refusal.value.retry_after == expected

    asyncio.run(test())


def test_patient_callers_wait_their_turn_and_leave_half_of_the_places() -> None:
    async def test() -> None:
        leave = asyncio.Event()

        async def patient(places: Admission) -> None:
            async with places.in_turn():
                await leave.wait()

        async with admission(4) as places, asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(patient(places))
            await asyncio.sleep(0.01)
            assert places.admitted == 2
            async with places.now(), places.now():
                assert places.admitted == 4
            leave.set()

    asyncio.run(test())
