"""The appearance head: what one view's tower features score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from backend.detector.card import ModelError
from backend.detector.engines import Floats

_PARTS = {"weights", "bias", "directions", "origins", "curvatures"}


@dataclass(frozen=True)
class Head:
    """bias + weights . x + sum over j of curvatures[j] * (directions[j] . x - origins[j])^2.

    Attributes:
        weights: float32 (d,).
        directions: float32 (j, d).
        origins: float32 (j,).
        curvatures: float32 (j,).
    """

    weights: Floats
    bias: float
    directions: Floats
    origins: Floats
    curvatures: Floats

    def scores(self, features: npt.NDArray[np.floating]) -> Floats:
        """Raw scores of features (n, d): float32 (n,)."""
        x = features.astype(np.float32)
        along = x @ self.directions.T - self.origins
        scores: Floats = x @ self.weights + np.square(along) @ self.curvatures
        return scores + np.float32(self.bias)

    def weights_at(self, features: Floats) -> tuple[Floats, float]:
        """The score of one view's features (d,) as `weights . features + rest`.

        Returns:
            Weights float32 (d,), which depend on the features where those are squared, and rest.
        """
        # einsum, because the threads of BLAS spin on after a product and slow the next pass down.
        along = np.einsum("jd,d->j", self.directions, features)
        pulls = self.curvatures * (along - self.origins)
        weights = self.weights + np.einsum("j,jd->d", pulls, self.directions)
        return weights, self.bias - float(pulls @ self.origins)


def save_heads(heads: Sequence[Head], path: Path) -> int:
    """Write the heads of the views, directions in half precision; returns how many numbers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, npt.NDArray[np.floating]] = {
        "weights": np.stack([head.weights for head in heads]),
        "bias": np.array([head.bias for head in heads], np.float32),
        "directions": np.stack([head.directions for head in heads]).astype(np.float16),
        "origins": np.stack([head.origins for head in heads]),
        "curvatures": np.stack([head.curvatures for head in heads]),
    }
    np.savez(path, allow_pickle=False, **arrays)
    return sum(array.size for array in arrays.values())


def load_heads(path: Path, views: int, features: int) -> list[Head]:
    """Read what `save_heads` wrote.

    Raises:
        ModelError: the file holds something else, or heads of other views or features.
    """
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    if missing := _PARTS - arrays.keys():
        raise ModelError(f"{path} holds no head of ours: {', '.join(sorted(missing))} missing.")
    shape = arrays["weights"].shape
    if shape != (views, features):
        raise ModelError(
            f"{path} was made for another cut of the tower: its weights are {shape}, expected "
            f"{(views, features)}."
        )
    return [
        Head(
            arrays["weights"][view],
            float(arrays["bias"][view]),
            arrays["directions"][view].astype(np.float32),
            arrays["origins"][view],
            arrays["curvatures"][view],
        )
        for view in range(views)
    ]
