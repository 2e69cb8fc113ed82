"""`POST /v1/classify` and the old contract, over real HTTP with the real model."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.tests import pictures
from backend.tests.pictures import ACCEPTED, REFUSED

REQUEST_KINDS = ["json", "form"]


def classify(client: httpx.Client, data: bytes, kind: str) -> httpx.Response:
    if kind == "json":
        return client.post("/v1/classify", json={"image": base64.b64encode(data).decode()})
    return client.post("/v1/classify", files={"file": ("picture.bin", data)})


def assert_problem(reply: httpx.Response, slug: str, status: int) -> dict[str, Any]:
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = reply.json()
    assert problem["type"] == f"/problems/{slug}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == reply.headers["x-request-id"]
    return problem


STATUS = {
    "empty-image": 422,
    "not-an-image": 422,
    "truncated-image": 422,
    "too-small": 422,
    "too-many-pixels": 413,
    "unsupported-format": 415,
}


@pytest.mark.parametrize("kind", REQUEST_KINDS)
def test_a_photograph_gets_a_complete_verdict(
    client: httpx.Client, photo: bytes, kind: str
) -> None:
    reply = classify(client, photo, kind)
    assert reply.status_code == 200, reply.text
    verdict = reply.json()
    assert set(verdict) == {
        "id", "label", "probability", "bands", "model", "experts", "image", "provenance", "summary",
        "explanation", "timings_ms",
    }  # fmt: skip
    bands = verdict["bands"]
    expected = (
        "ai"
        if verdict["probability"] > bands["ai_above"]
        else "real"
        if verdict["probability"] < bands["real_below"]
        else "uncertain"
    )
    assert verdict["label"] == expected
    assert verdict["model"]["missing"] == []
    assert {expert["name"] for expert in verdict["experts"]} == {"traces", "appearance"}
    assert verdict["image"] == {
        "width": 640, "height": 427, "format": "JPEG", "bytes": len(photo), "notes": [],
    }  # fmt: skip
    timings = verdict["timings_ms"]
    parts = timings["decode"] + timings["queue"] + timings["inference"]
    assert parts == pytest.approx(timings["total"], abs=0.1)


def test_both_request_kinds_give_the_same_verdict(client: httpx.Client, photo: bytes) -> None:
    one, other = (classify(client, photo, kind).json() for kind in REQUEST_KINDS)
    assert one["probability"] == other["probability"]
    assert one["id"] != other["id"]


@pytest.mark.parametrize("name", ACCEPTED)
def test_every_accepted_kind_of_picture_gets_a_verdict(client: httpx.Client, name: str) -> None:
    format, data = ACCEPTED[name]
    reply = classify(client, data, "form")
    assert reply.status_code == 200, reply.text
    assert reply.json()["image"]["format"] == format


def test_a_small_picture_is_judged_by_tiny_alone_and_says_so(client: httpx.Client) -> None:
    verdict = classify(client, pictures.png(32, 32), "json").json()
    assert verdict["image"]["notes"] == ["small"]
    assert [expert["name"] for expert in verdict["experts"]] == ["tiny"]


def test_the_format_is_recognised_by_content_not_by_name(client: httpx.Client) -> None:
    files = {"file": ("holiday.jpg", pictures.png(), "image/jpeg")}
    assert client.post("/v1/classify", files=files).json()["image"]["format"] == "PNG"


@pytest.mark.parametrize("kind", REQUEST_KINDS)
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_gets_its_own_problem_quickly(
    client: httpx.Client, name: str, kind: str
) -> None:
    slug, data = REFUSED[name]
    reply = classify(client, data, kind)
    problem = assert_problem(reply, slug, STATUS[slug])
    assert problem["instance"] == "/v1/classify"
    assert reply.elapsed.total_seconds() < 5


def test_a_data_url_with_line_breaks_and_without_padding_is_understood(
    client: httpx.Client,
) -> None:
    text = base64.encodebytes(pictures.jpeg()).decode().rstrip("=\n")
    reply = client.post("/v1/classify", json={"image": f"data:image/jpeg;base64,{text}"})
    assert reply.status_code == 200


def test_text_that_is_not_base64_is_bad_base64(client: httpx.Client) -> None:
    reply = client.post("/v1/classify", json={"image": "https://example.org/cat.jpg"})
    assert_problem(reply, "bad-base64", 400)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"image": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", 400),
        (b"[]", 422),
        (b'"text"', 422),
        (b"null", 422),
        (b"{}", 422),
        (b'{"image": 5}', 422),
        (b'{"image": null}', 422),
        (b'{"image": ["AAAA"]}', 422),
        (b'{"image": "AAAA", "filename": 7}', 422),
    ],
)
def test_json_that_is_not_what_is_asked_for_is_an_invalid_request(
    client: httpx.Client, body: bytes, status: int
) -> None:
    headers = {"Content-Type": "application/json"}
    reply = client.post("/v1/classify", content=body, headers=headers)
    assert_problem(reply, "invalid-request", status)


def test_unknown_fields_are_ignored(client: httpx.Client) -> None:
    text = base64.b64encode(pictures.jpeg()).decode()
    reply = client.post("/v1/classify", json={"image": text, "from_the_future": True})
    assert reply.status_code == 200


@pytest.mark.parametrize("content_type", ["text/plain", "image/jpeg", "", "application/xml"])
def test_another_content_type_is_unsupported(client: httpx.Client, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    reply = client.post("/v1/classify", content=pictures.jpeg(), headers=headers)
    assert_problem(reply, "unsupported-media-type", 415)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"nonsense"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Type: a\r\n\r\nbody\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken header\r\n\r\nbody\r\n--x--\r\n"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n'
            + b"A" * 20_000
            + b"\r\n--x--\r\n",
        ),
    ],
)
def test_a_form_that_cannot_be_read_is_an_invalid_request(
    client: httpx.Client, content_type: str, body: bytes
) -> None:
    reply = client.post("/v1/classify", content=body, headers={"Content-Type": content_type})
    assert reply.status_code in (400, 422), reply.text
    assert_problem(reply, "invalid-request", reply.status_code)


FORM_BODY = b"".join(
    [
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n',
        b"Content-Type: image/png\r\n\r\n",
        pictures.png(32, 32),
        b"\r\n--x--\r\n",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_form_makes_a_server_error(client: httpx.Client, data: st.DataObject) -> None:
    body = bytearray(FORM_BODY)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, 130))
        body[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    reply = client.post("/v1/classify", content=bytes(body), headers=headers)
    assert reply.status_code < 500, bytes(body)


@settings(max_examples=50, deadline=None)
@given(body=st.binary(max_size=60))
def test_no_json_makes_a_server_error(client: httpx.Client, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    for content in (body, b'{"image":"' + body + b'"}'):
        reply = client.post("/v1/classify", content=content, headers=headers)
        assert reply.status_code < 500, content


def test_a_form_without_file_or_with_two_says_what_is_wrong(client: httpx.Client) -> None:
    reply = client.post("/v1/classify", files={"picture": ("a.jpg", pictures.jpeg())})
    assert "`file`" in assert_problem(reply, "invalid-request", 422)["detail"]
    two = [("file", ("a.jpg", pictures.jpeg())), ("file", ("b.jpg", pictures.jpeg()))]
    reply = client.post("/v1/classify", files=two)
    assert "batch" in assert_problem(reply, "too-many-images", 413)["detail"]


def test_the_old_contract_byte_for_byte(client: httpx.Client, photo: bytes) -> None:
    text = base64.b64encode(photo).decode()
    reply = client.post("/", json={"bytes_data": text})
    real = 1 - classify(client, photo, "json").json()["probability"]
    expected = {"result_resnet": 1 if real >= 0.5 else 0, "proba_resnet": real}
    assert reply.headers["content-type"] == "application/json"
    assert reply.text == json.dumps(expected, separators=(",", ":"))


def test_the_old_contract_refuses_with_problems(client: httpx.Client) -> None:
    assert_problem(client.post("/", json={"image": "AAAA"}), "invalid-request", 422)
    assert_problem(client.post("/", json={"bytes_data": "!"}), "bad-base64", 400)
    assert_problem(client.post("/", files={"file": b"x"}), "unsupported-media-type", 415)


def test_the_service_is_fine_after_all_this(client: httpx.Client, photo: bytes) -> None:
    for _, data in REFUSED.values():
        classify(client, data, "form")
    assert client.get("/readyz").json()["queue_depth"] == 0
    assert classify(client, photo, "form").status_code == 200
