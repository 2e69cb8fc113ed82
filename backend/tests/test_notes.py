"""Pictures that are unfit for a verdict: said so, judged, and never accused."""

from __future__ import annotations

import io
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image, ImageDraw

from backend.detector.card import Bands
from backend.detector.notes import label
from backend.tests.pictures import encoded


def _verdict(client: httpx.Client, data: bytes) -> dict[str, Any]:
    reply = client.post("/v1/classify", files={"file": ("picture", data)})
    assert reply.status_code == 200, reply.text
    verdict: dict[str, Any] = reply.json()
    return verdict


def _screenshot() -> Image.Image:
    image = Image.new("RGB", (800, 600), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 800, 60), fill=(32, 64, 128))
    for line in range(12):
        draw.text((40, 90 + 36 * line), "Settings, accounts and notifications " * 2, fill="black")
    return image


@pytest.mark.parametrize(
    ("note", "data"),
    [
        ("low-detail", encoded(Image.new("RGB", (400, 300), (120, 90, 60)), "PNG")),
        ("screenshot-like", encoded(_screenshot(), "PNG")),
    ],
)
def test_a_picture_that_shows_next_to_nothing_is_uncertain_and_says_why(
    client: httpx.Client, note: str, data: bytes
) -> None:
    verdict = _verdict(client, data)
    assert verdict["image"]["notes"] == [note]
    assert verdict["label"] == "uncertain"
    assert any(s["code"] == f"note-{note}" for s in verdict["summary"]["statements"])


def test_compression_is_read_from_the_file_and_named(client: httpx.Client, photo: bytes) -> None:
    assert _verdict(client, photo)["image"]["notes"] == []
    image = Image.open(io.BytesIO(photo)).convert("RGB")
    verdict = _verdict(client, encoded(image, "JPEG", quality=12))
    assert verdict["image"]["notes"] == ["heavily-compressed"]
    assert verdict["label"] == "uncertain"
    assert _verdict(client, encoded(image, "JPEG", quality=60))["image"]["notes"] == []


def test_a_small_blank_picture_has_both_notes(client: httpx.Client) -> None:
    data = encoded(Image.fromarray(np.full((40, 40, 3), 200, np.uint8)), "PNG")
    assert _verdict(client, data)["image"]["notes"] == ["small", "low-detail"]


def test_a_probability_is_put_in_words_unless_a_note_forbids() -> None:
    bands = Bands(real_below=0.3, ai_above=0.7)
    assert [label(p, bands, ["small"]) for p in (0.1, 0.5, 0.9)] == ["real", "uncertain", "ai"]
    assert {label(p, bands, ["low-detail"]) for p in (0.1, 0.5, 0.9)} == {"uncertain"}
