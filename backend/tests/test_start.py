"""`python -m backend serve` as a process: how it starts, logs, refuses to start, and stops."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.detector.card import ModelError, load_card
from backend.detector.detector import load_detector
from backend.settings import Settings, SettingsError, described, load_settings
from backend.tests import pictures
from backend.tests.serving import serving, wait_until_ready

REPOSITORY = Path(__file__).parents[2]
SERVE = [sys.executable, "-m", "backend", "serve", "--port", "0"]


@dataclass
class Process:
    """A running service: its address and its log lines so far."""

    process: subprocess.Popen[str]
    client: httpx.Client = field(init=False)
    lines: list[dict[str, Any]] = field(default_factory=list)

    def find_address(self) -> None:
        assert self.process.stderr
        for text in self.process.stderr:
            self.lines.append(json.loads(text))
            found = re.search(r"running on (http\S+)", self.lines[-1]["event"])
            if found:
                self.client = httpx.Client(base_url=found.group(1), timeout=30)
                threading.Thread(target=self._collect, daemon=True).start()
                return
        raise AssertionError(f"the service has not started: {self.lines}")

    def _collect(self) -> None:
        assert self.process.stderr
        self.lines.extend(json.loads(text) for text in self.process.stderr)


@contextmanager
def running(**environment: str) -> Iterator[Process]:
    process = Process(
        subprocess.Popen(
            SERVE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
        )
    )
    try:
        process.find_address()
        wait_until_ready(process.client)
        yield process
    finally:
        process.process.kill()
        process.process.wait()


def failing(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        SERVE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A copy of the model files that a test may damage."""
    folder = tmp_path / "models"
    shutil.copytree(Settings().models, folder)
    return folder


def test_one_json_line_per_request_and_term_stops_within_seconds() -> None:
    with running() as service:
        files = {"file": ("my-secret-name.jpg", pictures.jpeg())}
        reply = service.client.post("/v1/classify?q=private", files=files)
        assert reply.status_code == 200
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(timeout=10) in (0, -signal.SIGTERM)
    lines = [line for line in service.lines if line.get("path") == "/v1/classify"]
    assert len(lines) == 1
    assert lines[0]["request_id"] == reply.headers["x-request-id"]
    assert lines[0]["method"] == "POST"
    assert lines[0]["status"] == 200
    assert lines[0]["duration_ms"] > 0
    assert "secret" not in json.dumps(service.lines)
    assert "private" not in json.dumps(service.lines)


def test_a_missing_model_ends_the_start_with_one_message(tmp_path: Path) -> None:
    done = failing(DETECTOR_MODELS=str(tmp_path))
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    critical = [line for line in done.stderr.splitlines() if '"critical"' in line]
    assert len(critical) == 1
    assert "card.json is missing" in critical[0]


def test_weights_with_a_wrong_checksum_end_the_start_with_one_message(models: Path) -> None:
    weights = models / load_card(models).experts["traces"].files["onnx"].path
    weights.write_bytes(weights.read_bytes() + b"x")
    done = failing(DETECTOR_MODELS=str(models))
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert weights.name in done.stderr
    assert "SHA-256" in done.stderr


def test_where_the_page_cannot_start_the_api_stops_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "deploy/run.py", "--api-port", "0"],
        cwd=REPOSITORY,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,  # ends when nothing that was started writes any more
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "npm is not installed."


@pytest.mark.parametrize("damage", ["missing", "another checksum"])
def test_without_the_tower_traces_serve_alone_and_every_reply_says_so(
    models: Path, damage: str, photo: bytes
) -> None:
    from backend.app import create_app

    tower = models / "appearance-tower.onnx"
    tower.unlink() if damage == "missing" else tower.write_bytes(b"not the tower")
    with serving(create_app(Settings(models=models))) as client:
        wait_until_ready(client)
        model = client.get("/v1/model").json()
        assert model["experts"] == ["tiny", "traces"]
        assert model["missing"][0]["name"] == "appearance"
        assert "appearance-tower.onnx" in model["missing"][0]["reason"]
        verdict = client.post("/v1/classify", files={"file": photo}).json()
        assert verdict["model"]["missing"] == ["appearance"]
        assert [expert["name"] for expert in verdict["experts"]] == ["traces"]
        batch = client.post("/v1/classify/batch", files={"files": photo})
        assert json.loads(batch.text)["result"]["model"]["missing"] == ["appearance"]


def test_an_expert_that_is_switched_off_is_not_missing(models: Path) -> None:
    detector = load_detector(models, experts=("traces",))
    assert sorted(detector.experts) == ["tiny", "traces"]
    assert detector.missing == {}
    (models / "appearance-tower.onnx").unlink()
    with pytest.raises(ModelError):
        load_detector(models, experts=("appearance",))


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("PORT", "eighty", "integer"),
        ("PORT", "70000", "65535"),
        ("ENGINE", "torch", "'onnx' or 'tensorflow'"),
        ("EXPERTS", "traces,psychic", "'traces' or 'appearance'"),
        ("EXPERTS", "", "at least 1"),
        ("EXPERTS", '["traces"', "JSON list"),
        ("RATE_LIMIT", "often", "60/minute"),
        ("RATE_LIMIT", "10/second;100/hour", "one rate"),
        ("MAX_QUEUE", "0", "greater than or equal to 1"),
        ("LOG_LEVEL", "loud", "'debug'"),
    ],
)
def test_a_wrong_value_is_named_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str
) -> None:
    monkeypatch.setenv(f"DETECTOR_{variable}", value)
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    assert str(refusal.value).startswith(f"DETECTOR_{variable}: ")
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_wrong_value_stops_the_start() -> None:
    done = failing(DETECTOR_ENGINE="torch")
    assert done.returncode == 2
    assert done.stderr.startswith("DETECTOR_ENGINE: ")
    assert "Traceback" not in done.stderr


def test_lists_come_as_json_or_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETECTOR_EXPERTS", "traces, appearance")
    monkeypatch.setenv("DETECTOR_API_KEYS", '["one", "two,three"]')
    settings = load_settings(port=1)
    assert settings.experts == ("traces", "appearance")
    assert [key.get_secret_value() for key in settings.api_keys] == ["one", "two,three"]
    assert settings.port == 1
    assert "three" not in repr(settings)


def test_every_setting_is_described() -> None:
    assert len(described()) == len(Settings.model_fields)
    assert all(name.startswith("DETECTOR_") and meaning for name, _, meaning in described())
