"""The same networks and augmentation on every Keras backend, and on two devices."""

import importlib.util
import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from training.tests.two_steps import SMALL


def _train(backend: str, names: list[str], devices: int, changes: str) -> dict[str, dict[str, Any]]:
    ended = subprocess.run(
        [sys.executable, "-m", "training.tests.two_steps", ",".join(names), str(devices), changes],
        env={
            **os.environ,
            "KERAS_BACKEND": backend,
            # Two devices made of the CPU; of TensorFlow the program asks them.
            "XLA_FLAGS": "--xla_force_host_platform_device_count=2",
        },
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    trained: dict[str, dict[str, Any]] = json.loads(ended.stdout.splitlines()[-1])
    return trained


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_small_networks_train_with_augmentation_on_every_backend(backend: str) -> None:
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed; it is no dependency of ours")
    trained = _train(backend, list(SMALL), 1, "augmented")
    assert trained.keys() == SMALL.keys()
    for name, result in trained.items():
        assert np.isfinite(result["losses"]).all(), name
        assert result["moved"] > 0, name
        assert result["compiled"] is (backend == "jax"), name


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_two_devices_train_to_the_same_network_as_one(backend: str) -> None:
    one, two = (_train(backend, ["cnn32"], devices, "plain")["cnn32"] for devices in (1, 2))
    assert two["replicas"] == 2
    assert two["losses"] == pytest.approx(one["losses"], rel=1e-5)
    assert two["said"] == pytest.approx(one["said"], abs=1e-5)
