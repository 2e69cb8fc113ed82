import numpy as np
import pytest

from training import calibrate, metrics


@pytest.fixture
def scored() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    labels = rng.random(4000) < 0.5
    return labels, rng.normal(np.where(labels, 1.0, -1.0), 1.0)


def test_the_bands_wrong_held_out_pictures_at_the_stated_rates(
    scored: tuple[np.ndarray, np.ndarray],
) -> None:
    labels, scores = scored
    stack = calibrate.fit_stack(("a",), {"a": scores}, labels, np.ones(len(labels)))
    probabilities = calibrate.probabilities(stack, {"a": scores})
    bands = calibrate.fit_bands(probabilities, labels, np.ones(len(labels)))
    verdicts = np.array([bands.label(p) for p in probabilities])
    accused = (verdicts[~labels] == "ai").mean()
    acquitted = (verdicts[labels] == "real").mean()
    assert accused == pytest.approx(calibrate.FALSE_ACCUSATIONS, abs=0.005)
    assert acquitted == pytest.approx(calibrate.FALSE_ACQUITTALS, abs=0.005)


def test_probabilities_are_calibrated(scored: tuple[np.ndarray, np.ndarray]) -> None:
    labels, scores = scored
    stack = calibrate.fit_stack(("a",), {"a": scores}, labels, np.ones(len(labels)))
    probabilities = calibrate.probabilities(stack, {"a": scores})
    assert metrics.expected_calibration_error(labels, probabilities) < 0.02


def test_an_expert_that_knows_nothing_gets_next_to_no_say(
    scored: tuple[np.ndarray, np.ndarray],
) -> None:
    labels, scores = scored
    noise = np.random.default_rng(3).normal(0, 1, len(labels))
    stack = calibrate.fit_stack(
        ("a", "noise"), {"a": scores, "noise": noise}, labels, np.ones(len(labels))
    )
    assert abs(stack.weights[1]) < 0.1 * stack.weights[0]


def test_an_expert_that_contradicts_itself_gets_none_and_costs_no_pictures(
    scored: tuple[np.ndarray, np.ndarray],
) -> None:
    labels, scores = scored
    backwards = np.where(labels, -1.0, 1.0)
    backwards[500:] = np.nan  # the others are not held out from it
    both, ones = {"a": scores, "b": backwards}, np.ones(len(labels))
    alone = calibrate.fit_stack(("a",), both, labels, ones)
    stack = calibrate.fit_stack(("a", "b"), both, labels, ones)
    assert stack.weights == (*alone.weights, 0.0)
    with pytest.raises(calibrate.CalibrationError, match="b: worse than chance"):
        calibrate.fit_stack(("b",), both, labels, ones)


def test_uncertain_counts_half_and_sources_count_alike() -> None:
    labels = np.array([True, True, False, False])
    assert metrics.balanced_accuracy(labels, ["ai", "uncertain", "real", "ai"]) == 0.625
    scores = np.array([0.9, 0.1, 0.2, 0.8])
    assert metrics.mean_source_auc(labels, scores, ["x", "y", "x", "y"]) == 0.5
    assert metrics.caught_at(labels, scores, 0.5) == 0.5
