"""The routes about the service, request ids, and what every reply has in common."""

from __future__ import annotations

import time

import httpx
import pytest
from PIL import Image

from backend.api.problems import KINDS, Kind
from backend.tests import pictures
from backend.tests.serving import FakeDetector, app_around, serving, serving_fake, wait_until_ready
from backend.tests.test_classify import assert_problem


def test_the_model_route_tells_a_client_what_it_needs(client: httpx.Client) -> None:
    model = client.get("/v1/model").json()
    assert model["experts"] == ["appearance", "tiny", "traces"]
    assert model["missing"] == []
    assert model["engine"] == "onnx"
    assert model["limits"]["max_bytes"] == 20 * 1024 * 1024
    assert model["limits"]["max_pixels"] == 50_000_000
    assert model["limits"]["max_images"] == 100
    assert "image/heif" in model["limits"]["formats"]
    assert model["card"]["version"] == model["version"]


def test_alive_and_ready(client: httpx.Client) -> None:
    assert client.get("/livez").json() == {"status": "alive"}
    ready = client.get("/readyz").json()
    assert ready == {"status": "ready", "queue_depth": 0, "queue_limit": 64}


def test_until_the_model_is_warm_the_service_is_alive_but_not_ready() -> None:
    app = app_around(FakeDetector(warm_seconds=1.5))
    with serving(app) as client:
        assert client.get("/livez").status_code == 200
        assert_problem(client.get("/readyz"), "not-ready", 503)
        reply = client.post("/v1/classify", files={"file": pictures.jpeg()})
        assert_problem(reply, "not-ready", 503)
        assert reply.headers["retry-after"] == "1"
        wait_until_ready(client)
        assert client.post("/v1/classify", files={"file": pictures.jpeg()}).status_code == 200


def test_a_model_that_cannot_run_is_never_ready() -> None:
    class Broken(FakeDetector):
        def warm(self) -> None:
            raise RuntimeError("no device")

    app = app_around(Broken())
    with serving(app) as client:
        time.sleep(0.2)
        problem = assert_problem(client.get("/readyz"), "not-ready", 503)
        assert "log" in problem["detail"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: f"{kind.slug}-{kind.status}")
def test_every_problem_type_is_explained_at_its_own_address(
    client: httpx.Client, kind: Kind
) -> None:
    explanation = client.get(kind.type).json()
    assert explanation["type"] == kind.type
    assert explanation["title"] == kind.title
    assert explanation["meaning"]
    assert kind.status == explanation["status"] or f"status {kind.status}" in explanation["meaning"]


def test_unknown_addresses_and_methods_are_problems(client: httpx.Client) -> None:
    assert_problem(client.get("/nowhere"), "not-found", 404)
    assert_problem(client.get("/problems/nothing"), "not-found", 404)
    reply = client.put("/v1/classify")
    assert_problem(reply, "method-not-allowed", 405)
    assert reply.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/livez"), ("GET", "/nowhere"), ("DELETE", "/v1/model"), ("POST", "/v1/classify")],
)
def test_every_reply_carries_a_request_id(client: httpx.Client, method: str, path: str) -> None:
    given = client.request(method, path, headers={"X-Request-ID": "abc-123"})
    assert given.headers["x-request-id"] == "abc-123"
    ids = {client.request(method, path).headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize("bad", [b"", b"a b", b"x" * 65, b'quote"', b"\xfc"])
def test_a_strange_request_id_is_replaced(client: httpx.Client, bad: bytes) -> None:
    reply = client.get("/livez", headers=[(b"X-Request-ID", bad)])
    assert len(reply.headers["x-request-id"]) == 32


def test_a_fault_of_ours_is_an_internal_error_without_details() -> None:
    with serving_fake(FakeDetector(poison=0)) as client:
        black = pictures.encoded(Image.new("RGB", (32, 32)), "PNG")
        reply = client.post("/v1/classify", files={"file": black})
        assert_problem(reply, "internal-error", 500)
        assert "secret" not in reply.text
        assert client.post("/v1/classify", files={"file": pictures.jpeg()}).status_code == 200


def test_metrics_count_verdicts_and_refusals(client: httpx.Client, photo: bytes) -> None:
    client.post("/v1/classify", files={"file": photo})
    client.post("/v1/classify", files={"file": b"no picture"})
    text = client.get("/metrics").text
    for name in (
        "detector_decode_seconds_bucket",
        "detector_queue_seconds_bucket",
        "detector_inference_seconds_bucket",
        "detector_queue_depth 0.0",
        'detector_verdicts_total{label="',
        'detector_refusals_total{type="not-an-image"}',
        'http_requests_total{handler="/v1/classify",method="POST",status="2xx"}',
    ):
        assert name in text


def test_the_docs_page_finds_the_document_relative_to_itself(client: httpx.Client) -> None:
    assert "url: 'openapi.json'" in client.get("/docs").text
    assert client.get("/openapi.json").json()["info"]["title"] == "Real-or-AI"


def test_the_docs_page_needs_no_internet(client: httpx.Client) -> None:
    assert "//" not in client.get("/docs").text.replace("<!--", "").split("<script>")[0]
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"):
        assert client.get(f"/docs/assets/{asset}").status_code == 200
