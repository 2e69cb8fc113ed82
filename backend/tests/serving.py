"""A real server on a free port, in a thread of this process; a detector that costs nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
import uvicorn
from fastapi import FastAPI

from backend.__main__ import SERVER_OPTIONS
from backend.app import create_app
from backend.detector.card import Bands, load_card
from backend.detector.detector import ExpertScore, Verdict, Views
from backend.images import Pixels
from backend.settings import Settings


@contextmanager
def serving(app: FastAPI) -> Iterator[httpx.Client]:
    """A client of the app, over a real socket; the app is ready."""
    config = uvicorn.Config(app, port=0, **SERVER_OPTIONS)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server has not started"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        yield client
    server.should_exit = True
    thread.join(timeout=15)
    assert not thread.is_alive(), "the server has not stopped"


def wait_until_ready(client: httpx.Client) -> None:
    deadline = time.monotonic() + 60
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < deadline, client.get("/readyz").text
        time.sleep(0.02)


@dataclass
class FakeDetector:
    """Stands in for `Detector`: the mean brightness is the probability.

    Attributes:
        seconds: what one batch takes.
        batches: sizes of the batches that were classified.
        poison: a brightness (0 to 255) that makes the model fail.
    """

    seconds: float = 0.0
    poison: int | None = None
    warm_seconds: float = 0.0
    batches: list[int] = field(default_factory=list)
    judged: list[float] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    experts: dict[str, Any] = field(default_factory=lambda: {"traces": None, "tiny": None})
    card: Any = field(default_factory=lambda: load_card(Settings().models))

    def views(
        self, native: Pixels, whole: Pixels | None = None, jpeg_quality: float | None = None
    ) -> Views:
        return Views({"traces": native[None, :16, :16]}, notes=())

    def classify(self, batch: Sequence[Views]) -> list[Verdict]:
        self.batches.append(len(batch))
        time.sleep(self.seconds)
        means = [float(np.mean(views.by_expert["traces"])) for views in batch]
        if self.poison is not None and any(abs(mean - self.poison) < 1 for mean in means):
            raise RuntimeError("a secret from inside")
        self.judged.extend(means)
        return [_verdict(mean / 255) for mean in means]

    def warm(self) -> None:
        time.sleep(self.warm_seconds)


def _verdict(probability: float) -> Verdict:
    bands = Bands(real_below=0.3, ai_above=0.7)
    experts = (ExpertScore("traces", probability, maps=()),)
    return Verdict(bands.label(probability), probability, bands, experts, notes=())


def app_around(detector: Any, **settings: Any) -> FastAPI:
    """The app around a fake detector, which has what the app uses of `Detector` and no more."""
    return create_app(Settings(**settings), detector)


@contextmanager
def serving_fake(detector: FakeDetector, **settings: Any) -> Iterator[httpx.Client]:
    """A ready service around a fake detector."""
    with serving(app_around(detector, **settings)) as client:
        wait_until_ready(client)
        yield client
