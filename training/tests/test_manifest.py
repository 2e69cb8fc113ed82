from pathlib import Path

import numpy as np
import pytest

from backend.detector.card import load_card
from backend.detector.detector import MODELS
from training import folds
from training.datasets import manifest


def test_samples_carry_both_files(made_collection: Path) -> None:
    samples = manifest.read(made_collection, "quiz")
    assert len(samples) == 12
    assert samples[0].pixels("crop").shape == (256, 300, 3)
    assert {s.source for s in samples if s.is_ai} == {"one", "two", "three"}


def test_a_missing_collection_names_the_file_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(manifest.ManifestError, match=r"manifest\.csv does not exist.*--data"):
        manifest.read(tmp_path, "quiz")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (",label,", ",verdict,", "no column 'label'"),
        (",ai,one", ",fake,one", "line 3: label 'fake'"),
        (",train", ",validation", "split 'validation'"),
    ],
)
def test_a_damaged_manifest_names_the_place(
    made_collection: Path, before: str, after: str, message: str
) -> None:
    path = made_collection / "quiz" / "manifest.csv"
    path.write_text(path.read_text().replace(before, after, 1))
    with pytest.raises(manifest.ManifestError, match=message):
        manifest.read(made_collection, "quiz")


def test_weights_balance_classes_and_share_out_collections(made_collection: Path) -> None:
    samples = manifest.read(made_collection, "quiz")[:-2]
    weights = manifest.group_weights(samples, {"quiz": 0.7, "human": 0.3})
    is_ai = np.array([s.is_ai for s in samples])
    assert weights.mean() == pytest.approx(1)
    assert weights[is_ai].sum() == pytest.approx(weights[~is_ai].sum())


def test_no_source_is_on_both_sides_of_a_fold(collections: Path) -> None:
    samples = manifest.read_all(collections, "train")
    numbers = folds.source_folds(samples)
    sides: dict[str, set[int]] = {}
    for sample, number in zip(samples, numbers, strict=True):
        sides.setdefault(f"{sample.collection}/{sample.source}", set()).add(int(number))
    assert all(len(numbers) == 1 for numbers in sides.values())
    assert set(numbers) == set(range(folds.FOLDS))


def test_the_model_card_lists_no_test_source_as_training_data(collections: Path) -> None:
    tested = manifest.source_counts(manifest.read_all(collections, "test"))
    trained = load_card(MODELS).training_data
    assert trained
    assert not tested.keys() & trained.keys()
