"""Trains small networks for two steps, for tests that need a process of their own.

    python -m training.tests.two_steps NETWORK,... DEVICES augmented|plain

prints as JSON the losses of the two steps, how much the network's weights moved, on how many
devices they are, whether the step was compiled, and what the network says of three pictures.
"""

import json
import sys
from typing import Any

import keras
import numpy as np

from training import networks
from training.devices import distribute, jit_compile
from training.networks import augmentation

SMALL: dict[str, dict[str, Any]] = {
    "cnn32": {},
    "tiny": {"widths": (8, 16), "blocks": 1},
    "traces": {"widths": (8, 8, 16), "blocks": 1},
    "resnet50": {"side": 32, "dense": 8, "trainable_layers": 5},
}
CHANGES = augmentation.Random(
    flips="horizontal",
    rotation=10,
    shift=0.1,
    shear=0.1,
    zoom=0.1,
    brightness=0.1,
    contrast=0.1,
    seed=1,
)


def train(name: str, devices: int, augmented: bool) -> dict[str, object]:
    """Two steps on eight pictures."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (8, 32, 32, 3), np.uint8)
    labels = rng.integers(0, 2, (8, 1)).astype(np.float32)
    with distribute(devices):
        network = networks.build(name, **SMALL[name])
        image = keras.Input((32, 32, 3), dtype="uint8")
        logit = network(augmentation.build(CHANGES)(image) if augmented else image)
        if len(logit.shape) == 4:
            logit = keras.layers.Reshape((1,))(keras.layers.GlobalAveragePooling2D()(logit))
        model = keras.Model(image, logit)
        model.compile(
            keras.optimizers.SGD(0.01),
            keras.losses.BinaryCrossentropy(from_logits=True),
            jit_compile=jit_compile(),
        )
        before = [weight.copy() for weight in network.get_weights()]
        history = model.fit(pictures, labels, batch_size=8, epochs=2, shuffle=False, verbose=0)
        after = network.get_weights()
        said = keras.ops.convert_to_numpy(network(pictures[:3]))
        replicas = _replicas(network)
    return {
        "replicas": replicas,
        "losses": history.history["loss"],
        "compiled": bool(model.jit_compile),
        "moved": max(float(np.abs(a - b).max()) for a, b in zip(after, before, strict=True)),
        "said": said.reshape(3, -1).mean(axis=1).tolist(),
    }


def _replicas(network: keras.Model) -> int:
    if keras.config.backend() == "jax":
        return len(network.weights[0].value.sharding.device_set)
    if keras.config.backend() == "tensorflow":
        import tensorflow as tf

        return int(tf.distribute.get_strategy().num_replicas_in_sync)
    return 1


def _split_cpu() -> None:
    """Two devices made of the CPU; JAX is asked for them by XLA_FLAGS."""
    if keras.config.backend() == "tensorflow":
        import tensorflow as tf

        half = tf.config.LogicalDeviceConfiguration()
        tf.config.set_logical_device_configuration(
            tf.config.list_physical_devices("CPU")[0], [half, half]
        )


if __name__ == "__main__":
    _split_cpu()
    names, devices, changes = sys.argv[1:]
    augmented = changes == "augmented"
    print(json.dumps({name: train(name, int(devices), augmented) for name in names.split(",")}))
