"""The appearance head: weighted ridge regression to +-1 on standardised tower features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class LinearHead:
    """score = features @ weights + bias; weights float32 (d,)."""

    weights: Floats
    bias: float

    def scores(self, features: npt.NDArray[np.floating]) -> Floats:
        """Raw scores of float features (n, d): float32 (n,)."""
        return features.astype(np.float32) @ self.weights + np.float32(self.bias)


def fit_ridge(
    features: npt.NDArray[np.floating],
    labels: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    ridge: float,
    importance: npt.NDArray[np.float32] | None = None,
) -> LinearHead:
    """Minimise sum_i w_i (y_i - f(x_i))^2 + ridge |beta|^2 in its dual form.

    Features are standardised with the weights given and divided by sqrt(d), so that |x|^2 is about
    1; the intercept is the weight of a constant feature 1. An important feature is penalised less.

    Args:
        features: (n, d).
        labels: +1 for AI, -1 for real, (n,).
        weights: of each row, (n,); mean 1 where every row is a picture of its own.
        importance: of each feature, only ratios matter, (d,); all alike if not given.
    """
    x = features.astype(np.float32)
    shares = (weights / weights.sum()).astype(np.float32)
    mean = shares @ x
    x -= mean
    std = np.sqrt(shares @ np.square(x)) + 1e-6
    if importance is None:
        importance = np.ones(x.shape[1], np.float32)
    scale = np.sqrt(importance / importance.sum()) / std
    x *= scale
    kernel = (x @ x.T).astype(np.float64) + 1
    kernel[np.diag_indices_from(kernel)] += ridge / weights
    dual = linalg.solve(kernel, labels, assume_a="pos", overwrite_a=True)
    beta = (dual.astype(np.float32) @ x) * scale
    return LinearHead(beta, float(dual.sum()) - float(beta @ mean))
