import numpy as np
import pytest

from training.head import fit_head
from training.recipe import Quadratic


def _made(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    features = rng.normal(3, 2, (60, 5)).astype(np.float32)
    labels = np.where(features[:, 0] + rng.normal(0, 1, 60) > 3, 1.0, -1.0)
    weights = rng.uniform(0.5, 1.5, 60)
    return features, labels, weights / weights.mean()


def _standard(features: np.ndarray, weights: np.ndarray) -> np.ndarray:
    mean = np.average(features, axis=0, weights=weights)
    std = np.sqrt(np.average((features - mean) ** 2, axis=0, weights=weights))
    return np.asarray((features - mean) / (std * np.sqrt(features.shape[1])))


def test_the_dual_solution_is_the_minimum_of_the_stated_objective() -> None:
    """In the primal, with every product of two features as a feature of its own."""
    features, labels, weights = _made(1)
    quadratic = Quadratic(strength=0.5, components=5, kept=5)
    head = fit_head(features, labels, weights, 0.7, quadratic)
    x = _standard(features, weights)
    squares = np.sqrt(0.5) * np.einsum("ni,nj->nij", x, x).reshape(60, 25)
    x = np.column_stack([x, squares, np.ones(60)])
    gram = x.T @ (weights[:, None] * x) + 0.7 * np.eye(31)
    beta = np.linalg.solve(gram, x.T @ (weights * labels))
    assert head.scores(features) == pytest.approx(x @ beta, abs=3e-3)


def test_without_strength_it_is_ridge_regression() -> None:
    features, labels, weights = _made(2)
    head = fit_head(features, labels, weights, 0.7, Quadratic(strength=0, components=2, kept=1))
    x = np.column_stack([_standard(features, weights), np.ones(60)])
    gram = x.T @ (weights[:, None] * x) + 0.7 * np.eye(6)
    beta = np.linalg.solve(gram, x.T @ (weights * labels))
    assert head.scores(features) == pytest.approx(x @ beta, abs=1e-3)


def test_a_quadratic_head_learns_what_no_linear_one_can() -> None:
    features = np.random.default_rng(3).normal(0, 1, (400, 4)).astype(np.float32)
    labels = np.where(features[:, 0] * features[:, 1] > 0, 1.0, -1.0)
    quadratic = Quadratic(strength=0.5, components=4, kept=2)
    head = fit_head(features[:200], labels[:200], np.ones(200), 0.1, quadratic)
    assert (
        (head.scores(features[200:]) > 0) == (labels[200:] > 0)
    ).mean() > 0.8  # a linear one: 0.5


def test_the_weights_at_a_picture_give_its_score() -> None:
    features, labels, weights = _made(4)
    head = fit_head(features, labels, weights, 0.7, Quadratic(strength=2, components=4, kept=3))
    scores = head.scores(features)
    for row, score in zip(features, scores, strict=True):
        at_row, rest = head.weights_at(row)
        assert float(at_row @ row) + rest == pytest.approx(score, abs=1e-4)
