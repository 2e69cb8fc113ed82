"""`POST /v1/classify/batch`: a line per picture as it finishes."""

from __future__ import annotations

import base64
import json
import threading
import time
import tracemalloc
from typing import Any

import httpx
import pytest

from backend.tests import pictures
from backend.tests.serving import FakeDetector, serving_fake
from backend.tests.test_classify import assert_problem

BATCH = "/v1/classify/batch"


def lines_of(reply: httpx.Response) -> list[dict[str, Any]]:
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in reply.text.splitlines()]


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_one_bad_file_never_costs_the_others(client: httpx.Client, photo: bytes) -> None:
    files = [
        ("files", ("a.jpg", photo)),
        ("files", ("b.jpg", b"no picture")),
        ("files", ("c.png", pictures.png(200, 150))),
    ]
    lines = lines_of(client.post(BATCH, files=files))
    by_index = {line["index"]: line for line in lines}
    assert sorted(by_index) == [0, 1, 2]
    assert [by_index[i]["filename"] for i in range(3)] == ["a.jpg", "b.jpg", "c.png"]
    assert "result" in by_index[0]
    assert "problem" not in by_index[0]
    assert by_index[1]["problem"]["type"] == "/problems/not-an-image"
    assert by_index[1]["problem"]["instance"] == f"{BATCH}#1"
    assert by_index[2]["result"]["image"]["format"] == "PNG"
    assert lines[0]["index"] == 1, "the refusal is quicker than any verdict"


def test_json_takes_texts_and_objects(client: httpx.Client, photo: bytes) -> None:
    images = [text(photo), {"image": text(pictures.png()), "filename": "b.png"}, "!!"]
    lines = sorted(lines_of(client.post(BATCH, json={"images": images})), key=lambda x: x["index"])
    assert "filename" not in lines[0]
    assert lines[1]["filename"] == "b.png"
    assert lines[2]["problem"]["type"] == "/problems/bad-base64"


def test_the_verdict_is_that_of_a_single_request(client: httpx.Client, photo: bytes) -> None:
    alone = client.post("/v1/classify", files={"file": photo}).json()
    others = [pictures.jpeg(200 + 50 * i, 200, seed=i) for i in range(4)]
    batch = client.post(BATCH, json={"images": [text(data) for data in [photo, *others]]})
    together = next(line for line in lines_of(batch) if line["index"] == 0)["result"]
    assert abs(together["probability"] - alone["probability"]) < 1e-5


def test_lines_arrive_while_later_pictures_are_still_in_work() -> None:
    images = [text(pictures.jpeg(seed=i)) for i in range(12)]
    with serving_fake(FakeDetector(seconds=0.2)) as client:
        start = time.perf_counter()
        with client.stream("POST", BATCH, json={"images": images}) as reply:
            arrivals = [time.perf_counter() - start for _ in reply.iter_lines()]
    assert len(arrivals) == 12
    assert arrivals[-1] - arrivals[0] > 0.3


def test_nothing_and_too_much_are_refused_as_a_whole(client: httpx.Client) -> None:
    assert_problem(client.post(BATCH, json={"images": []}), "invalid-request", 422)
    assert_problem(client.post(BATCH, json={"images": [5]}), "invalid-request", 422)
    assert_problem(client.post(BATCH, json=["AAAA"]), "invalid-request", 422)
    assert_problem(client.post(BATCH, files={"file": b"x"}), "invalid-request", 422)
    assert_problem(client.post(BATCH, content=b"x"), "unsupported-media-type", 415)
    assert_problem(client.post(BATCH, json={"images": ["AAAA"] * 101}), "too-many-images", 413)
    files = [("files", (f"{i}.jpg", b"x")) for i in range(101)]
    assert_problem(client.post(BATCH, files=files), "too-many-images", 413)


def test_many_wrong_elements_take_no_more_memory_than_one(client: httpx.Client) -> None:
    body = {"images": [0] * 20_000}
    tracemalloc.start()
    try:
        reply = client.post(BATCH, json=body)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert_problem(reply, "invalid-request", 422)
    assert peak < 5_000_000


def test_json_of_very_many_values_is_not_parsed(client: httpx.Client) -> None:
    several: list[list[Any]] = [[0] * 100_001, [{}] * 50_001, [[[]]] * 40_000]
    for values in several:
        reply = client.post(BATCH, json={"images": ["AAAA"], "ignored": values})
        assert "values" in assert_problem(reply, "invalid-request", 422)["detail"]


@pytest.mark.parametrize("charset", ["undefined", "punycode", "utf-7", "latin-1", "none-such"])
def test_names_in_a_form_are_utf_8_whatever_it_says(client: httpx.Client, charset: str) -> None:
    name = "é+2AA-.png"
    part = f'--b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    form = part.encode() + pictures.png() + b"\r\n--b--\r\n"
    headers = {"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"}
    [line] = lines_of(client.post(BATCH, content=form, headers=headers))
    assert line["filename"] == name
    report = client.post("/v1/report?format=json", content=form, headers=headers)
    assert report.status_code == 200
    assert report.json()["pictures"][0]["filename"] == name


def test_a_hundred_pictures_in_one_request_do_not_trip_the_queue_limit() -> None:
    images = [text(pictures.jpeg(32, 32))] * 100
    with serving_fake(FakeDetector(), max_queue=2) as client:
        lines = lines_of(client.post(BATCH, json={"images": images}))
    assert sum("result" in line for line in lines) == 100


def test_a_batch_does_not_starve_other_clients() -> None:
    images = [text(pictures.jpeg(32, 32))] * 40
    with serving_fake(FakeDetector(seconds=0.1), max_batch_pixels=1) as client:
        batch = threading.Thread(
            target=client.post, args=(BATCH,), kwargs={"json": {"images": images}}
        )
        batch.start()
        time.sleep(0.3)
        reply = client.post("/v1/classify", files={"file": pictures.jpeg(32, 32)})
        assert reply.status_code == 200
        assert reply.elapsed.total_seconds() < 2
        batch.join()


def test_a_batch_whose_client_has_gone_is_dropped() -> None:
    detector = FakeDetector(seconds=0.1)
    images = [text(pictures.jpeg(32, 32))] * 60
    with serving_fake(detector, max_batch_pixels=1) as client:
        with client.stream("POST", BATCH, json={"images": images}) as reply:
            next(reply.iter_lines())
        time.sleep(0.5)
        judged = len(detector.judged)
        time.sleep(0.5)
        assert len(detector.judged) == judged < 30
        assert client.get("/readyz").json()["queue_depth"] == 0
