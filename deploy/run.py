"""Runs API and page together until Ctrl-C: what `make run` calls."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

PATIENCE_S = 120
GRACE_S = 10


def main() -> None:
    """Start both, print their addresses, stop both when either ends or a signal arrives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--api-port", type=int, default=8000)
    parser.add_argument("--page-port", type=int, default=8080)
    ports = parser.parse_args()
    api = f"http://127.0.0.1:{ports.api_port}"

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    commands = (
        ([sys.executable, "-m", "backend", "serve", "--port", str(ports.api_port)], {}),
        (["npm", "--prefix", "frontend", "start", "--silent"], {"PORT": str(ports.page_port)}),
    )
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for command, extra in commands:
            # Sessions of their own: Ctrl-C reaches them once, through us, children included.
            environment = {**os.environ, "API_URL": api, **extra}
            processes.append(subprocess.Popen(command, env=environment, start_new_session=True))
        _await_ready(f"{api}/readyz", processes)
        print(f"\n  API   http://localhost:{ports.api_port}   (docs at /docs)")
        print(f"  Page  http://localhost:{ports.page_port}\n\n  Ctrl-C stops both.\n", flush=True)
        while all(process.poll() is None for process in processes):
            time.sleep(0.2)
        sys.exit("One of the two has stopped; see its last lines above.")
    except FileNotFoundError as error:
        sys.exit(f"{error.filename} is not installed.")
    except KeyboardInterrupt:
        print("\nStopping.", flush=True)
    finally:
        _stop(processes)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _await_ready(url: str, processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
            sys.exit("The API or the page could not start; the reason stands above.")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit(f"The API was not ready within {PATIENCE_S} seconds.")


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
