"""Figures and their bootstrap intervals, on scores whose truth is known."""

import time

import numpy as np
import pytest

from training import intervals, metrics
from training.metrics import Array, Bools


@pytest.fixture(scope="module")
def scored() -> tuple[Bools, Array, list[str], list[str]]:
    """Six hundred pictures of three sources; classes one standard deviation apart."""
    rng = np.random.default_rng(5)
    labels = np.tile([True, False], 300)
    sources = np.repeat(["a", "b", "c"], 200).tolist()
    scores = np.round(rng.normal(labels.astype(float), 1.0), 1)  # rounded: some are equal
    return labels, scores, sources, [f"{s}/{x}" for s, x in zip(sources, labels, strict=True)]


def test_figures_of_many_samples_are_those_of_each_sample(
    scored: tuple[Bools, Array, list[str], list[str]],
) -> None:
    labels, scores, sources, strata = scored
    drawn = scores[intervals.draws(strata, 5, seed=1)]
    words = [["ai" if score > 0.5 else "real" for score in sample] for sample in drawn]
    for sampled, single in (
        (metrics.sampled_aucs(labels, drawn), [metrics.auc(labels, s) for s in drawn]),
        (
            metrics.sampled_mean_source_aucs(labels, drawn, sources),
            [metrics.mean_source_auc(labels, s, sources) for s in drawn],
        ),
        (
            metrics.sampled_caught_at(labels, drawn, 0.05),
            [metrics.caught_at(labels, s, 0.05) for s in drawn],
        ),
        (
            metrics.sampled_balanced_accuracies(labels, drawn > 0.5),
            [metrics.balanced_accuracy(labels, w) for w in words],
        ),
        (
            metrics.sampled_accuracies(labels, drawn > 0.5),
            [metrics.classified(labels, s > 0.5).accuracy for s in drawn],
        ),
    ):
        assert sampled == pytest.approx(np.array(single), abs=1e-12)


def test_what_is_drawn_for_a_picture_comes_from_its_source_and_class(
    scored: tuple[Bools, Array, list[str], list[str]],
) -> None:
    strata = np.array(scored[3])
    drawn = intervals.draws(scored[3], 20, seed=0)
    assert (strata[drawn] == strata).all()
    assert not (drawn == np.arange(len(strata))).all(axis=1).any()


def test_an_interval_of_an_accuracy_is_as_wide_as_the_binomial_one() -> None:
    rng = np.random.default_rng(0)
    labels = np.tile([True, False], 10_000)
    accused = labels ^ (rng.random(20_000) < 0.1)
    found = intervals.accuracy(labels, accused, ["cifake"] * len(labels))
    width = 2 * 1.96 * np.sqrt(0.1 * 0.9 / len(labels))
    assert found.low < found.value < found.high
    assert found.high - found.low == pytest.approx(width, rel=0.1)


def test_the_same_predictions_give_the_same_interval_in_seconds(
    scored: tuple[Bools, Array, list[str], list[str]],
) -> None:
    labels, scores, sources, _ = scored
    begun = time.monotonic()
    first = intervals.mean_source_auc(labels, scores, sources)
    assert time.monotonic() - begun < 5
    assert intervals.mean_source_auc(labels, scores, sources) == first
    assert 0.7 < first.low < first.value < first.high < 0.85


def test_precision_recall_and_confusion_speak_of_ai_as_the_positive_class() -> None:
    labels = np.array([True, True, True, False, False])
    found = metrics.classified(labels, np.array([True, True, False, True, False]))
    assert (found.precision, found.recall) == pytest.approx((2 / 3, 2 / 3))
    assert found.f1 == pytest.approx(2 / 3)
    assert found.confusion.tolist() == [[1, 1], [1, 2]]
    assert found.balanced_accuracy == pytest.approx((2 / 3 + 1 / 2) / 2)
    only_real = metrics.classified(np.zeros(3, bool), np.array([True, False, False]))
    assert np.isnan(only_real.balanced_accuracy)
    assert only_real.accuracy == pytest.approx(2 / 3)


def test_the_best_threshold_lies_between_the_classes() -> None:
    labels = np.array([False, False, False, True])
    assert metrics.best_threshold(labels, np.array([0.0, 1.0, 2.0, 4.0])) == 3.0
    overlapping = np.array([0.0, 1.0, 5.0, 4.0])
    assert 1.0 < metrics.best_threshold(labels, overlapping) < 4.0
    assert metrics.best_threshold(labels, np.ones(4)) == 1.0
