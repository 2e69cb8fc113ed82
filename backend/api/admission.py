"""How many pictures are in work at once; beyond it callers are told when to come back."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from backend.detector.batching import Batcher

MAX_RETRY_AFTER_S = 60


class Overloaded(Exception):
    """As much is in work as allowed; refused before anything was spent on it.

    Attributes:
        retry_after: seconds after which trying again makes sense.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"The service is busy. Try again in {retry_after} s.")
        self.retry_after = retry_after


class Admission:
    """Places for pictures, held from before decoding until the verdict.

    Args:
        batcher: its recent speed tells when a place should be free again.
        most: number of places.
    """

    def __init__(self, batcher: Batcher, most: int) -> None:
        self.most = most
        self.admitted = 0
        self._batcher = batcher
        self._places = asyncio.Semaphore(most)
        # Patient callers hold at most half of the places, so they cannot crowd out the others.
        self._patient = asyncio.Semaphore(max(1, most // 2))

    @asynccontextmanager
    async def now(self) -> AsyncIterator[None]:
        """Hold a place, if there is one now.

        Raises:
            Overloaded: there is none.
        """
        if self._places.locked():
            estimate = math.ceil(self.admitted * self._batcher.seconds_a_picture)
            raise Overloaded(max(1, min(MAX_RETRY_AFTER_S, estimate)))
        async with self._place():
            yield

    @asynccontextmanager
    async def in_turn(self) -> AsyncIterator[None]:
        """Hold a place, waiting until there is one."""
        async with self._patient, self._place():
            yield

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        async with self._places:
            self.admitted += 1
            try:
                yield
            finally:
                self.admitted -= 1
