"""Reading, folding and holding out pictures made by code."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.datasets import manifest
from training.datasets.pictures import Pictures, folds, some
from training.datasets.sets import check, held_out, read


def _made(count: int, sources: int) -> Pictures:
    numbers = np.arange(count)
    return Pictures(
        np.zeros((count, 8, 8, 3), np.uint8),
        numbers % 2 == 0,
        tuple(map(str, numbers)),
        tuple(f"source {number // 2 % sources}" for number in numbers),
    )


def test_a_collection_is_read_at_the_wanted_size_and_again_from_the_cache(
    made_collection: Path, tmp_path: Path
) -> None:
    first = read(made_collection, "quiz", "train", 16, cache=tmp_path / "cache")
    again = read(made_collection, "quiz", "train", 16, cache=tmp_path / "cache")
    assert first.pixels.shape == (12, 16, 16, 3)
    assert first.pixels.dtype == np.uint8
    assert np.array_equal(first.pixels, again.pixels)
    assert again.names == first.names
    assert len(set(first.names)) == 12
    assert list(first.labels) == [
        "/ai/" in str(s.crop) for s in manifest.read(made_collection, "quiz")
    ]
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_pictures_changed_in_place_are_read_anew(made_collection: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = read(made_collection, "quiz", "train", 16, cache=cache)
    path = manifest.read(made_collection, "quiz")[0].whole
    times = path.stat()
    Image.new("RGB", (300, 256), (7, 7, 7)).save(path)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    again = read(made_collection, "quiz", "train", 16, cache=cache)
    assert (again.pixels[0] == 7).all()
    assert np.array_equal(again.pixels[1:], first.pixels[1:])


def test_another_cifake_is_read_anew(tmp_path: Path) -> None:
    for level in (10, 20):
        folder = tmp_path / str(level) / "DATASET" / "train"
        for label in ("FAKE", "REAL"):
            (folder / label).mkdir(parents=True)
            Image.new("RGB", (32, 32), (level, level, level)).save(folder / label / "1.png")
        with tarfile.open(tmp_path / "cifake.tar.xz", "w:xz") as archive:
            archive.add(tmp_path / str(level) / "DATASET", "DATASET")
        for _ in range(2):
            shown = read(tmp_path, "cifake", "train", 32, cache=tmp_path / "cache")
            assert shown.labels.tolist() == [True, False]
            assert (shown.pixels == level).all()
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_two_processes_may_read_the_same_set_at_once(
    made_collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace
    code = (
        "import sys; from pathlib import Path; from training.datasets.sets import read; "
        "read(Path(sys.argv[1]), 'quiz', 'train', 16, cache=Path(sys.argv[2]))"
    )
    other = [sys.executable, "-c", code, str(made_collection), str(tmp_path / "cache")]

    def after_the_other(partial: Path, path: Path) -> Path:
        subprocess.run(other, check=True)
        return replace(partial, path)

    monkeypatch.setattr(Path, "replace", after_the_other)
    first = read(made_collection, "quiz", "train", 16, cache=tmp_path / "cache")
    (path,) = (tmp_path / "cache").iterdir()
    assert np.array_equal(np.load(path), first.pixels)


def test_two_folders_without_a_manifest_are_train_pictures_only(tmp_path: Path) -> None:
    for label in ("ai", "real"):
        (tmp_path / "art" / label).mkdir(parents=True)
        Image.new("RGB", (20, 20)).save(tmp_path / "art" / label / "1.jpg")
    assert list(read(tmp_path, "art", "train", 8).labels) == [True, False]
    with pytest.raises(manifest.ManifestError, match="no split: cross-validate"):
        read(tmp_path, "art", "test", 8)


def test_a_file_that_is_no_picture_is_named(made_collection: Path) -> None:
    broken = manifest.read(made_collection, "quiz")[3].whole
    broken.write_bytes(b"not a picture")
    with pytest.raises(manifest.ManifestError, match=rf"{broken.name} cannot be read"):
        read(made_collection, "quiz", "train", 8)


def test_one_class_alone_cannot_be_learned_from(made_collection: Path) -> None:
    path = made_collection / "quiz" / "manifest.csv"
    path.write_text(path.read_text().replace(",ai,", ",real,"))
    with pytest.raises(manifest.ManifestError, match="all 12 pictures are real"):
        check(made_collection, "quiz")


def test_an_empty_art_folder_says_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(manifest.ManifestError, match=r"holds no \.jpg.*--data"):
        check(tmp_path, "art")


def test_folds_keep_sources_whole_where_there_are_enough() -> None:
    pictures = _made(60, sources=10)
    numbers = folds(pictures, 5, seed=1)
    assert sorted(set(numbers)) == [0, 1, 2, 3, 4]
    sides: dict[str, set[int]] = {source: set() for source in pictures.sources}
    for source, number in zip(pictures.sources, numbers, strict=True):
        sides[source].add(int(number))
    assert all(len(seen) == 1 for seen in sides.values())


def test_folds_of_few_sources_balance_classes() -> None:
    pictures = _made(60, sources=2)
    numbers = folds(pictures, 5, seed=1)
    assert [int(pictures.labels[numbers == fold].sum()) for fold in range(5)] == [6] * 5
    with pytest.raises(manifest.ManifestError, match="31 folds need 31 pictures of each class"):
        folds(pictures, 31, seed=1)


def test_a_tenth_is_held_out_the_same_every_time() -> None:
    pictures = _made(200, sources=1)
    apart = held_out(pictures, 0.1, seed=3)
    assert apart.sum() == 20
    assert pictures.labels[apart].sum() == 10
    assert np.array_equal(apart, held_out(pictures, 0.1, seed=3))


def test_a_subset_keeps_the_shares_of_the_classes() -> None:
    pictures = _made(200, sources=1).where(np.arange(160))
    part = some(pictures, 40, seed=0)
    assert (len(part), int(part.labels.sum())) == (40, 20)
    assert some(pictures, 500, seed=0) is pictures
