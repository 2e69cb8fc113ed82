"""Random changes of pictures inside the graph, while training, by Keras's own layers."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    import keras

Share = Annotated[float, Field(ge=0, le=1)]


class Random(BaseModel):
    """How much each picture is changed, independently of the others; nothing unless it is said.

    Attributes:
        flips: along which axes half of the pictures are mirrored.
        rotation: up to so many degrees to either side.
        shift: up to this share of the side, along both axes.
        shear: up to this share of the side, along both axes.
        zoom: in or out, by up to this share.
        brightness: up to this share of the full range is added or taken away.
        contrast: differences to the picture's mean are made larger or smaller by up to this share.
        seed: of all of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    flips: Literal["horizontal", "vertical", "horizontal_and_vertical"] | None = None
    rotation: Annotated[float, Field(ge=0, le=180)] = 0.0
    shift: Share = 0.0
    shear: Share = 0.0
    zoom: Annotated[float, Field(ge=0, lt=1)] = 0.0
    brightness: Share = 0.0
    contrast: Share = 0.0
    seed: int = 0


def build(settings: Random) -> keras.Sequential:
    """Build the layers that make these changes.

    What moves into a picture is its mirror image. Nothing changes with `training=False`, which
    Keras passes when it evaluates and predicts; a call that says nothing counts as training.

    Returns:
        uint8 RGB (n, height, width, 3) to the same.
    """
    import keras
    from keras import layers, ops

    class Pixels(layers.Layer):
        """Whole numbers, so that a network is trained on what it will be asked about."""

        def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
            return ops.cast(ops.clip(ops.round(x), 0, 255), "uint8")

    # In float32 whatever the precision of the network: bfloat16 has 8 bits for pixels' 256 values.
    options = ({"seed": settings.seed + place, "dtype": "float32"} for place in itertools.count())
    chain = [layers.Rescaling(1.0, dtype="float32")]
    if settings.flips:
        chain.append(layers.RandomFlip(settings.flips, **next(options)))
    if settings.rotation:
        chain.append(layers.RandomRotation(settings.rotation / 360, **next(options)))
    if settings.shift:
        chain.append(layers.RandomTranslation(settings.shift, settings.shift, **next(options)))
    if settings.shear:
        chain.append(layers.RandomShear(settings.shear, settings.shear, **next(options)))
    if settings.zoom:
        chain.append(layers.RandomZoom(settings.zoom, **next(options)))
    if settings.brightness:
        chain.append(layers.RandomBrightness(settings.brightness, **next(options)))
    if settings.contrast:
        chain.append(layers.RandomContrast(settings.contrast, **next(options)))
    chain.append(Pixels(dtype="float32"))
    if keras.config.backend() == "jax":
        for layer in chain:  # some say that they cannot be compiled, which only TensorFlow cannot
            layer.supports_jit = True
    return keras.Sequential(chain, name="augmentation")
