"""One file per architecture, each a function that builds a Keras 3 model.

Importing this package is cheap: Keras is loaded by the first network that is built.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from training.networks.errors import NetworkError, WeightsError

if TYPE_CHECKING:
    import keras

__all__ = ["NETWORKS", "NetworkError", "WeightsError", "build"]


def _function(name: str) -> Callable[..., keras.Model]:
    function: Callable[..., keras.Model] = importlib.import_module(f"{__name__}.{name}").build
    return function


def _build(name: str, **numbers: object) -> keras.Model:
    return _function(name)(**numbers)


NETWORKS: dict[str, Callable[..., keras.Model]] = {
    name: partial(_build, name)
    for name in (
        "cnn32",
        "cnn200",
        "cnn_bn224",
        "efficientnet_b6",
        "resnet50",
        "resnet101",
        "tiny",
        "traces",
    )
}


def build(name: str, weights: str = "none", **numbers: object) -> keras.Model:
    """Build a network by its name.

    Args:
        name: a key of `NETWORKS`.
        weights: of the backbone, as `training.networks.pretrained` reads it. A network without a
            backbone only takes "none".
        numbers: arguments of that network's `build`; the others keep their defaults.

    Returns:
        uint8 RGB (n, height, width, 3) named "views" to float32: a logit (n, 1), or a map of them.

    Raises:
        NetworkError: no such network, or a number that it does not have or cannot use; the message
            names the nearest valid key.
        WeightsError: weights that cannot be had or do not fit.
    """
    if name not in NETWORKS:
        raise NetworkError(f"There is no network {name!r}{_nearest(name, NETWORKS)}")
    takes = inspect.signature(_function(name)).parameters
    valid = [key for key in takes if key != "weights"]
    for key in numbers:
        if key not in valid:
            raise NetworkError(f"{name} has no number {key!r}{_nearest(key, valid)}")
    if "weights" in takes:
        numbers["weights"] = weights
    elif weights != "none":
        raise WeightsError(f'{name} has no backbone: weights must be "none", not {weights!r}.')
    try:
        return NETWORKS[name](**numbers)
    except WeightsError:
        raise
    except (TypeError, ValueError) as error:
        raise NetworkError(f"{name} cannot be built: {error}") from error


def _nearest(key: str, valid: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, valid, n=1, cutoff=0.4)
    return f"; did you mean {near[0]!r}?" if near else f"; there are: {', '.join(valid)}."
