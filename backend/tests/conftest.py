"""One real service with the real model for the whole session."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

from backend.api import logs
from backend.app import create_app
from backend.detector.detector import Detector, load_detector
from backend.settings import Settings
from backend.tests.pictures import encoded
from backend.tests.serving import serving, wait_until_ready


@pytest.fixture(scope="session", autouse=True)
def _quiet_logs() -> None:
    logs.configure("error")


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A real photograph as JPEG, 640 x 427."""
    return encoded(Image.fromarray(load_sample_image("china.jpg")), "JPEG", quality=90)


@pytest.fixture(scope="session")
def detector() -> Detector:
    return load_detector(Settings().models)


@pytest.fixture(scope="session")
def client(detector: Detector) -> Iterator[httpx.Client]:
    """A client of the real service, over HTTP."""
    with serving(create_app(Settings(), detector)) as client:
        wait_until_ready(client)
        yield client
