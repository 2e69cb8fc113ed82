"""Too large, too many, too often, and without a key: refused early, and the service is fine."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from backend.api import inputs
from backend.tests import pictures
from backend.tests.serving import FakeDetector, serving_fake
from backend.tests.test_classify import assert_problem

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "multipart/form-data; boundary=x"}
FORM_HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
SIZE = 30_000_000


def in_chunks(head: bytes, size: int) -> Iterator[bytes]:
    yield head
    for _ in range(size // 100_000):
        yield b"A" * 100_000


@pytest.mark.parametrize("path", ["/v1/classify", "/"])
def test_a_30_mb_body_is_refused_by_its_content_length(client: httpx.Client, path: str) -> None:
    reply = client.post(path, content=b'{"image":"' + b"A" * SIZE, headers=JSON)
    assert_problem(reply, "too-many-bytes", 413)
    assert reply.elapsed.total_seconds() < 5
    assert client.get("/livez").status_code == 200


def test_a_30_mb_form_is_refused_by_its_content_length(client: httpx.Client) -> None:
    reply = client.post("/v1/classify", content=FORM_HEAD + b"A" * SIZE, headers=FORM)
    assert_problem(reply, "too-many-bytes", 413)
    assert client.get("/livez").status_code == 200


@pytest.mark.parametrize(
    ("headers", "head"), [(JSON, b'{"image":"'), (FORM, FORM_HEAD)], ids=["json", "form"]
)
def test_a_30_mb_chunked_body_is_refused_while_it_streams(
    client: httpx.Client, headers: dict[str, str], head: bytes
) -> None:
    reply = client.post("/v1/classify", content=in_chunks(head, SIZE), headers=headers)
    assert_problem(reply, "too-many-bytes", 413)
    assert reply.elapsed.total_seconds() < 5
    assert client.get("/livez").status_code == 200


def test_the_refusal_comes_before_the_body_is_sent(client: httpx.Client) -> None:
    url = client.base_url
    with socket.create_connection((url.host, url.port)) as connection:
        connection.settimeout(5)
        head = "POST /v1/classify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: 900000000000\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_a_picture_above_max_bytes_is_refused_in_both_kinds(client: httpx.Client) -> None:
    large = pictures.jpeg() + bytes(20 * 1024 * 1024)
    as_form = client.post("/v1/classify", files={"file": large})
    assert_problem(as_form, "too-many-bytes", 413)
    as_json = client.post("/v1/classify", json={"image": base64.b64encode(large).decode()})
    assert_problem(as_json, "too-many-bytes", 413)


def test_a_picture_of_just_max_bytes_is_judged_however_it_is_written(
    client: httpx.Client,
) -> None:
    picture = pictures.jpeg()
    picture += bytes(20 * 1024 * 1024 - len(picture))
    assert client.post("/v1/classify", files={"file": picture}).status_code == 200
    text = base64.encodebytes(picture).decode().replace("\n", "\r\n")
    assert client.post("/v1/classify", json={"image": text}).status_code == 200


def test_bodies_together_are_bounded() -> None:
    with serving_fake(FakeDetector(), max_held_bytes=1_000_000) as client:
        reply = client.post("/v1/classify", files={"file": b"A" * 1_500_000})
        assert_problem(reply, "overloaded", 503)
        for _ in range(5):
            reply = client.post("/v1/classify", files={"file": b"A" * 600_000})
            assert_problem(reply, "not-an-image", 422)


def test_an_upload_that_stalls_is_refused_and_frees_its_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inputs, "STALLED_AFTER_S", 0.3)
    head = "POST /v1/classify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with serving_fake(FakeDetector(), max_held_bytes=1_000_000) as client:
        url = client.base_url
        with socket.create_connection((url.host, url.port)) as connection:
            connection.settimeout(20)
            connection.sendall(f"{head}Content-Length: 900000\r\n\r\n".encode() + b" " * 800_000)
            reply = b"".join(iter(lambda: connection.recv(4096), b""))  # until it is closed
        assert reply.startswith(b"HTTP/1.1 408")
        assert b"/problems/upload-stalled" in reply
        assert b"connection: close" in reply.lower()
        after = client.post("/v1/classify", files={"file": b"A" * 600_000})
        assert_problem(after, "not-an-image", 422)


def test_overload_is_503_with_retry_after_and_passes() -> None:
    slow = FakeDetector(seconds=1.5)
    replies: list[httpx.Response] = []
    with serving_fake(slow, max_queue=2, max_batch_pixels=1) as client:

        def post() -> None:
            replies.append(client.post("/v1/classify", files={"file": pictures.jpeg()}))

        threads = [threading.Thread(target=post) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refused = [reply for reply in replies if reply.status_code == 503]
        assert len(refused) == 6
        for reply in refused:
            problem = assert_problem(reply, "overloaded", 503)
            assert int(reply.headers["retry-after"]) == problem["retry_after"] >= 1
            assert reply.elapsed.total_seconds() < 1.5
        assert len(slow.judged) == 2
        assert client.post("/v1/classify", files={"file": pictures.jpeg()}).status_code == 200


def test_a_client_that_goes_away_costs_no_model_time() -> None:
    slow = FakeDetector(seconds=0.5)
    with serving_fake(slow, max_batch_pixels=1) as client:
        first = threading.Thread(
            target=client.post, args=("/v1/classify",), kwargs={"files": {"file": pictures.jpeg()}}
        )
        first.start()
        while client.get("/readyz").json()["queue_depth"] == 0:
            time.sleep(0.01)
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(
                client.base_url.join("/v1/classify"),
                files={"file": pictures.jpeg()},
                timeout=0.1,
            )
        first.join()
        time.sleep(0.2)
        assert len(slow.judged) == 1
        assert client.get("/readyz").json()["queue_depth"] == 0


def test_where_keys_are_set_verdicts_need_one() -> None:
    files = {"file": pictures.jpeg()}
    with serving_fake(FakeDetector(), api_keys=("alpha", "beta")) as client:
        reply = client.post("/v1/classify", files=files)
        assert_problem(reply, "unauthorized", 401)
        assert reply.headers["www-authenticate"] == "Bearer"
        wrong = client.post("/v1/classify", files=files, headers={"X-API-Key": "gamma"})
        assert_problem(wrong, "unauthorized", 401)
        assert_problem(client.post("/", json={}), "unauthorized", 401)
        for headers in ({"X-API-Key": "beta"}, {"Authorization": "Bearer alpha"}):
            assert client.post("/v1/classify", files=files, headers=headers).status_code == 200
        assert client.get("/v1/model").status_code == 200


def test_the_rate_limit_counts_pictures_and_says_when_to_come_back() -> None:
    files = {"file": pictures.jpeg()}
    with serving_fake(FakeDetector(), rate_limit="3/minute") as client:
        batch = [("files", (f"{i}.jpg", pictures.jpeg())) for i in range(2)]
        assert client.post("/v1/classify/batch", files=batch).status_code == 200
        assert client.post("/v1/classify", files=files).status_code == 200
        reply = client.post("/v1/classify", files=files)
        problem = assert_problem(reply, "rate-limited", 429)
        assert 1 <= int(reply.headers["retry-after"]) <= 60
        assert "3 per 1 minute" in problem["detail"]
        spoofed = client.post("/v1/classify", files=files, headers={"X-Forwarded-For": "1.2.3.4"})
        assert spoofed.status_code == 429, "the header is not believed unless configured"
        assert client.get("/readyz").status_code == 200


def test_more_pictures_than_the_rate_ever_lets_through_are_refused_for_good() -> None:
    images = [""] * 4
    with serving_fake(FakeDetector(), rate_limit="3/minute") as client:
        assert client.get("/v1/model").json()["limits"]["max_images"] == 3
        reply = client.post("/v1/classify/batch", json={"images": images})
        assert "limit is 3" in assert_problem(reply, "too-many-images", 413)["detail"]
        reply = client.post("/v1/report", files=[("files", ("a", b"x")) for _ in images])
        assert_problem(reply, "too-many-images", 413)


def test_behind_a_trusted_proxy_clients_are_told_apart() -> None:
    files = {"file": pictures.jpeg()}
    with serving_fake(
        FakeDetector(), rate_limit="1/minute", trusted_proxies="127.0.0.0/8"
    ) as client:

        def status(forwarded: str) -> int:
            headers = {"X-Forwarded-For": forwarded}
            return client.post("/v1/classify", files=files, headers=headers).status_code

        assert status("10.0.0.1") == 200
        assert status("10.0.0.1") == 429
        assert status("10.0.0.2") == 200
        assert status("9.9.9.9, 10.0.0.2") == 429, "only the proxy's own entry counts"
        assert status("2001:db8::1") == 200
        assert status("2001:db8::2") == 429, "one IPv6 client owns a whole /64"


def test_browsers_of_configured_origins_may_read_everything() -> None:
    origin = {"Origin": "https://page.example"}
    with serving_fake(FakeDetector(), cors_origins=("https://page.example",)) as client:
        for reply in (client.get("/livez", headers=origin), client.get("/no", headers=origin)):
            assert reply.headers["access-control-allow-origin"] == "https://page.example"
            assert "X-Request-ID" in reply.headers["access-control-expose-headers"]
        other = client.get("/livez", headers={"Origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers


def test_without_configured_origins_no_browser_may(client: httpx.Client) -> None:
    reply = client.get("/livez", headers={"Origin": "https://page.example"})
    assert "access-control-allow-origin" not in reply.headers
