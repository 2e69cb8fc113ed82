"""Fits the appearance head: weighted kernel ridge regression to +-1 on tower features."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import linalg
from sklearn.utils.extmath import randomized_svd

from backend.detector.head import Head
from training.recipe import Quadratic


def fit_head(
    features: npt.NDArray[np.floating],
    labels: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    ridge: float,
    quadratic: Quadratic,
    importance: npt.NDArray[np.float32] | None = None,
) -> Head:
    """Minimise sum_i w_i (y_i - f(x_i))^2 + ridge |f|^2 in its dual form.

    Features are standardised with the weights given and divided by sqrt(d), so that |x|^2 is about
    1. f is of the kernel x . x' + strength * (z . z')^2 + 1, where z are the principal components
    of x: a linear function, a quadratic one, and a constant, all penalised. An important feature is
    penalised less.

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
    components = min(quadratic.components, *x.shape)
    *_, axes = randomized_svd(x, components, random_state=0)
    z = x @ axes.T
    kernel = (x @ x.T).astype(np.float64) + 1
    kernel += quadratic.strength * np.square((z @ z.T).astype(np.float64))
    kernel[np.diag_indices_from(kernel)] += ridge / weights
    dual = linalg.solve(kernel, labels, assume_a="pos", overwrite_a=True)
    beta = (dual.astype(np.float32) @ x) * scale
    form = quadratic.strength * (z.T * dual) @ z
    curvatures, turned = _main_axes(form, z, quadratic.kept)
    directions = (turned.T @ axes) * scale
    # Half precision keeps numbers near 1 best.
    size = np.abs(directions).max(axis=1, keepdims=True)
    directions = (directions / size).astype(np.float16).astype(np.float32)
    return Head(
        beta,
        float(dual.sum()) - float(beta @ mean),
        directions,
        directions @ mean,
        (curvatures * np.square(size[:, 0])).astype(np.float32),
    )


def _main_axes(
    form: npt.NDArray[np.float64], z: npt.NDArray[np.float32], kept: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Eigenvalues and eigenvectors of a quadratic form, at most `kept`: what moves scores most."""
    values, vectors = np.linalg.eigh(form)
    moves = np.abs(values) * np.square(z @ vectors).std(axis=0)
    most = np.argsort(-moves)[:kept]
    return values[most], vectors[:, most]
