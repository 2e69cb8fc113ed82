"""Which devices a training runs on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Literal

import keras

from training.run import RunError


class DevicesError(RunError):
    """More devices were asked for than can be used; the message says what to do."""


def gpus() -> list[str]:
    """Every GPU that the backend sees, as it names them."""
    if keras.config.backend() == "torch":
        import torch

        return [f"cuda:{place}" for place in range(torch.cuda.device_count())]
    return [name for name in keras.distribution.list_devices() if not name.startswith("cpu")]


def jit_compile() -> bool | Literal["auto"]:
    """Get the argument of `keras.Model.compile`: Keras's own choice nearly everywhere.

    On a CPU, XLA makes TensorFlow train convolutions two to three times slower.
    """
    return False if keras.config.backend() == "tensorflow" and not gpus() else "auto"


@contextlib.contextmanager
def distribute(devices: int | None = None) -> Iterator[int]:
    """Build, compile and fit networks inside this to train them on several devices at once.

    Every device holds the whole network and gets an equal part of each batch; gradients are
    averaged. JAX does it by `keras.distribution.DataParallel`, TensorFlow by
    `tf.distribute.MirroredStrategy`; PyTorch runs on one device.

    Args:
        devices: how many; all GPUs if not given, or the CPU where there is none.

    Yields:
        The number of devices, by which the size of every batch, the last ones too, has to be
        divisible.

    Raises:
        DevicesError: there are not so many, or the backend cannot use them.
    """
    backend = keras.config.backend()
    if backend == "torch":
        if (devices or 1) > 1:
            raise DevicesError(
                "With PyTorch a training runs on one device. KERAS_BACKEND=jax or "
                "KERAS_BACKEND=tensorflow trains on several."
            )
        yield 1
        return
    found = keras.distribution.list_devices()
    used = found[: len(found) if devices is None else devices]
    if devices is not None and len(used) != devices:
        raise DevicesError(f"{devices} devices were asked for; {backend} sees {', '.join(found)}.")
    with contextlib.ExitStack() as stack:
        if len(used) > 1 and backend == "jax":
            before = keras.distribution.distribution()
            keras.distribution.set_distribution(keras.distribution.DataParallel(devices=used))
            stack.callback(keras.distribution.set_distribution, before)
        elif len(used) > 1:
            import tensorflow as tf

            stack.enter_context(tf.distribute.MirroredStrategy(used).scope())
        yield len(used)
