"""What a training ran on, for `run.json`."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LIBRARIES = ("keras", "tensorflow-cpu", "tensorflow", "jax", "torch", "scikit-learn", "numpy")


def describe() -> str:
    """Processor, its cores, and the accelerators that Keras sees, if it was used."""
    parts = [f"{os.cpu_count()} x {_processor()}"]
    if "keras" in sys.modules:
        from training.devices import gpus

        parts += gpus()
    return ", ".join(parts)


def versions() -> dict[str, str]:
    """Of Python, the libraries that are installed, and which backend Keras used."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    if "keras" in sys.modules:
        import keras

        found["keras backend"] = keras.backend.backend()
    return found


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    if listing.is_file():
        for line in listing.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
