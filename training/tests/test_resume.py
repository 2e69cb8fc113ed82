"""A training that the system kills with SIGKILL inside an epoch."""

import csv
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from training.run import Run, RunError
from training.tests import to_kill

PATIENCE = 120  # seconds


def _progress(run: Run) -> tuple[int, int]:
    path = run.state / "latest.npz"
    if not path.is_file():
        return 0, 0
    with np.load(path) as arrays:
        epoch, batch, _ = arrays["progress"]
    return int(epoch), int(batch)


def _rows(run: Run) -> list[dict[str, str]]:
    with run.log.open() as file:
        return list(csv.DictReader(file))


def test_a_training_killed_inside_an_epoch_ends_where_it_would_have_ended(tmp_path: Path) -> None:
    run = Run(tmp_path / "killed")
    command = [sys.executable, "-m", "training.tests.to_kill", str(run.folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while _progress(run) < (1, 4):
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()
    epoch, batch = _progress(run)
    assert epoch == 1
    assert 4 <= batch < to_kill.STEPS  # in the middle of the second epoch
    assert [row["epoch"] for row in _rows(run)] == ["0"]

    resumed = to_kill.train(run.folder)
    whole = to_kill.train(tmp_path / "whole")

    assert _progress(run) == (to_kill.EPOCHS, 0)
    for one, other in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    for row, expected in zip(_rows(run), _rows(Run(tmp_path / "whole")), strict=True):
        assert row.keys() == expected.keys()
        for name, value in row.items():
            assert float(value) == pytest.approx(float(expected[name]), abs=1e-3), name


def test_the_checkpoint_of_another_network_is_refused_and_kept(
    tmp_path: Path,
) -> None:
    run = Run(tmp_path)
    run.state.mkdir()
    np.savez(run.state / "latest.npz", progress=np.array([1, 0, 3.0]), other=np.zeros((2, 3)))
    before = (run.state / "latest.npz").read_bytes()
    with pytest.raises(RunError, match=r"checkpoint of another network.*--force"):
        to_kill.train(run.folder)
    assert (run.state / "latest.npz").read_bytes() == before
    assert not run.log.exists()
