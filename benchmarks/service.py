"""The service under load, against the bare detector and against a naive service.

The naive service decodes and runs the model in the handler, one picture at a time.

    python -m benchmarks.service
"""

from __future__ import annotations

import asyncio
import base64
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import fastapi
import httpx
import numpy as np
import uvicorn
from rich.console import Console
from rich.table import Table

from backend.detector.detector import Detector, load_detector
from backend.images import decode
from benchmarks.model import one_megapixel_jpeg

PICTURES = 40
CALLERS = (1, 8)


def main() -> None:
    """Measure pictures per second and latency for one caller and for several."""
    data = one_megapixel_jpeg()
    bare = _bare(data)
    table = Table("", "callers", "pictures/s", "p50 ms", "p95 ms", "x bare detector")
    table.add_row("bare detector, in process", "1", f"{bare:.2f}", "", "", "1.00")
    services = {
        "naive service": [sys.executable, "-m", "benchmarks.service", "--naive"],
        "Real-or-AI": [sys.executable, "-m", "backend", "serve"],
    }
    for name, command in services.items():
        with _serving(command) as url:
            for callers in CALLERS:
                rate, latencies = asyncio.run(_load(url, data, callers))
                p50, p95 = np.percentile(latencies, (50, 95)) * 1e3
                cells = (f"{rate:.2f}", f"{p50:.0f}", f"{p95:.0f}", f"{rate / bare:.2f}")
                table.add_row(name, str(callers), *cells)
    Console().print(table)


def _bare(data: bytes) -> float:
    """Pictures per second of decode, views and verdict in a loop."""
    detector = load_detector()
    detector.warm()
    start = time.perf_counter()
    for _ in range(PICTURES):
        _judge(detector, data)
    return PICTURES / (time.perf_counter() - start)


def _judge(detector: Detector, data: bytes) -> float:
    return detector.classify([detector.views(decode(data).pixels)])[0].probability


async def _load(url: str, data: bytes, callers: int) -> tuple[float, list[float]]:
    """Pictures per second, and the latency of each request in seconds."""
    body = {"image": base64.b64encode(data).decode()}
    latencies: list[float] = []
    remaining = iter(range(PICTURES))

    async def caller(client: httpx.AsyncClient) -> None:
        for _ in remaining:
            start = time.perf_counter()
            reply = await client.post("/v1/classify", json=body)
            reply.raise_for_status()
            latencies.append(time.perf_counter() - start)

    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        start = time.perf_counter()
        await asyncio.gather(*(caller(client) for _ in range(callers)))
        return PICTURES / (time.perf_counter() - start), latencies


@contextmanager
def _serving(command: list[str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            try:
                if httpx.get(f"{url}/readyz").is_success:
                    break
            except httpx.TransportError:
                pass
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait()


def _naive(port: int) -> None:
    detector = load_detector()
    app = fastapi.FastAPI()

    @app.get("/readyz")
    async def readyz() -> bool:
        return True

    @app.post("/v1/classify")
    async def classify(body: dict[str, str]) -> float:
        return _judge(detector, base64.b64decode(body["image"]))

    uvicorn.run(app, port=port, log_level="error")


if __name__ == "__main__":
    if "--naive" in sys.argv:
        _naive(int(sys.argv[-1]))
    else:
        main()
