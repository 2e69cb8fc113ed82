import numpy as np
import pytest

from training.head import fit_ridge


def test_the_dual_solution_is_the_minimum_of_the_stated_objective() -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(3, 2, (60, 5)).astype(np.float32)
    labels = np.where(features[:, 0] + rng.normal(0, 1, 60) > 3, 1.0, -1.0)
    weights = rng.uniform(0.5, 1.5, 60)
    weights /= weights.mean()

    head = fit_ridge(features, labels, weights, ridge=0.7)

    mean = np.average(features, axis=0, weights=weights)
    std = np.sqrt(np.average((features - mean) ** 2, axis=0, weights=weights))
    x = np.column_stack([(features - mean) / (std * np.sqrt(5)), np.ones(60)])
    beta = np.linalg.solve(x.T @ (weights[:, None] * x) + 0.7 * np.eye(6), x.T @ (weights * labels))
    assert head.scores(features) == pytest.approx(x @ beta, abs=1e-3)
