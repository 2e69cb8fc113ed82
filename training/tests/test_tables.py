"""Tables of the model card and the list of regressions, from verdicts made up here."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.detector import notes
from backend.detector.detector import load_detector
from training import evaluate, regression, tables
from training.augment import Augmentation
from training.changes import AS_IS, CHANGES, PassedOn, Resaved, Resized
from training.datasets import manifest
from training.judged import Judged


@pytest.fixture
def judged(made_collection: Path) -> Judged:
    """Forty pictures each of two sources; the detector is right in one and blind in the other."""
    sample = manifest.read(made_collection, "quiz")[0]
    samples = [
        replace(sample, source=source, label=label, generator="G" if label == "ai" else "")
        for source in ("easy", "hard")
        for label in ("ai", "real")
        for _ in range(20)
    ]
    labels = np.array([s.is_ai for s in samples])
    right = np.where(labels, 0.9, 0.1)
    p = np.where([s.source == "easy" for s in samples], right, 0.5)
    verdicts = ["ai" if x > 0.8 else "real" if x < 0.2 else "uncertain" for x in p]
    return Judged(samples, labels, p, verdicts)


def test_rates_are_those_of_each_group_and_small_groups_are_not_stated(judged: Judged) -> None:
    by_title = {table.title: table for table in tables.by_groups(judged)}
    sources = by_title["Matched sets, by source"]
    assert sources.columns[:3] == ("source", "AI", "real")
    assert sources.rows == (
        ("easy", 20, 20, 1.0, 0.0, 0.0, 1.0),
        ("hard", 20, 20, 0.0, 0.0, 0.0, 0.5),
    )
    assert by_title["Matched sets, by generator"].rows == (("G", 40, 0, 0.5, 0.0, None, None),)
    assert by_title["Galleries and cameras, by source"].rows == ()


def test_experts_and_changes_stand_side_by_side(judged: Judged) -> None:
    table = tables.by_expert({"a": judged, "b": judged})
    assert table.columns == ("source", "a", "b")
    assert table.rows == (("easy", 1.0, 1.0), ("hard", 0.5, 0.5))
    rows = tables.robustness([("as is", judged)]).rows
    assert rows == (("as is", 0.75, 0.5, 0.0, 0.5),)


def test_changes_change_pixels_and_sizes_as_they_say(made_collection: Path) -> None:
    sample = next(s for s in manifest.read(made_collection, "quiz") if s.is_ai)
    before = sample.pixels("crop")
    assert np.array_equal(AS_IS.pixels(sample, "crop"), before)
    half = Resaved("half", factor=0.5)
    assert half.pixels(sample, "crop").shape == (128, 150, 3)
    large = replace(sample, original_size=(3000, 2560))
    assert half.pixels(large, "whole").shape == before.shape  # its small copy would be the same
    unknown = replace(sample, original_size=(0, 0))
    assert np.array_equal(AS_IS.pixels(unknown, "whole"), sample.pixels("whole"))
    assert half.pixels(unknown, "whole").shape == (128, 150, 3)
    for change in CHANGES:
        assert not np.array_equal(change.pixels(sample, "crop"), before), change.name
    passed_on = PassedOn(Augmentation(resize=1, resave=1))
    assert np.array_equal(passed_on.pixels(sample, "crop"), passed_on.pixels(sample, "crop"))


def test_a_label_knows_how_heavily_its_picture_was_compressed(made_collection: Path) -> None:
    sample = manifest.read(made_collection, "quiz")[1]
    path = sample.crop.with_suffix(".jpg")
    Image.fromarray(sample.pixels("crop")).save(path, quality=20)
    jpeg = replace(sample, crop=path, original_format="JPEG")
    detector = load_detector(experts=("traces",))
    for change, expected in (
        (AS_IS, (notes.HEAVILY_COMPRESSED,)),
        (Resaved("JPEG quality 20", kind="JPEG", quality=20), (notes.HEAVILY_COMPRESSED,)),
        (Resaved("JPEG quality 75", kind="JPEG", quality=75), ()),
        (Resaved("WebP quality 80", kind="WEBP", quality=80), ()),
        (Resaved("half size", factor=0.5), ()),
        (PassedOn(Augmentation()), ()),
        (Resized("a half", 0.5), ()),
    ):
        assert evaluate.score(detector, [jpeg], change).notes == [expected], change.name
    # The tables of its crop are not its own: it was a PNG.
    assert evaluate.score(detector, [replace(jpeg, original_format="PNG")]).notes == [()]


def test_the_changes_of_the_model_card_stay_as_they_are(made_collection: Path) -> None:
    assert [repr(change) for change in (AS_IS, *CHANGES)] == [
        "Resaved(name='as is', factor=1.0, kind='', quality=0)",
        "Resaved(name='JPEG quality 75', factor=1.0, kind='JPEG', quality=75)",
        "Resaved(name='JPEG quality 50', factor=1.0, kind='JPEG', quality=50)",
        "Resaved(name='WebP quality 80', factor=1.0, kind='WEBP', quality=80)",
        "Resaved(name='half size', factor=0.5, kind='', quality=0)",
        "Resaved(name='one and a half times the size', factor=1.5, kind='', quality=0)",
        "Resaved(name='half size, then JPEG quality 75', factor=0.5, kind='JPEG', quality=75)",
    ]
    sample = manifest.read(made_collection, "quiz")[1]
    image = Image.fromarray(sample.pixels("crop"))
    small = replace(sample, original_size=(300, 192))
    half, larger = CHANGES[3], CHANGES[4]
    for seen, change, which, size in (
        (sample, half, "crop", (150, 128)),
        (sample, half, "whole", (150, 128)),
        (small, half, "whole", (128, 128)),  # no side below what the large experts judge
        (sample, larger, "crop", (450, 384)),
        (sample, larger, "whole", (300, 256)),
    ):
        expected = np.asarray(image.resize(size, Image.Resampling.BICUBIC))
        assert np.array_equal(change.pixels(seen, which), expected), (change.name, which)


def test_any_picture_is_resized_in_proportion(made_collection: Path) -> None:
    two_files = replace(manifest.read(made_collection, "quiz")[1], original_size=(600, 512))
    one_file = replace(two_files, whole=two_files.crop, original_size=(0, 0))
    tenth, twice = Resized("a tenth", 0.1), Resized("twice", 2.0)
    for which in ("crop", "whole"):
        assert tenth.pixels(one_file, which).shape == (26, 30, 3)
        assert twice.pixels(one_file, which).shape == (512, 600, 3)
    assert tenth.pixels(two_files, "whole").shape == (51, 60, 3)
    assert twice.pixels(two_files, "whole").shape == (256, 300, 3)


def test_a_new_version_shows_what_got_worse(judged: Judged, tmp_path: Path) -> None:
    path = tmp_path / "regression.csv"
    samples = [
        replace(sample, crop=Path(f"{number}.crop.png"))
        for number, sample in enumerate(judged.samples)
    ]
    first = replace(judged, samples=samples)
    assert regression.record(path, "1.0.0", first) == []
    worse = replace(first, probabilities=np.where(first.labels, 0.3, first.probabilities))
    found = regression.record(path, "1.1.0", worse)
    assert found
    assert all(row.label == "ai" and row.now == 0.3 for row in found)
    assert found[0].before == 0.9
    header, *rows = path.read_text().splitlines()
    assert header == "picture,label,1.0.0,1.1.0"
    assert 2 <= len(rows) < len(samples) / 2  # a fixed part of them
    again = regression.record(path, "1.1.0", worse)
    assert again == found
