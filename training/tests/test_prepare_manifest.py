"""`prepare manifest`: what it writes is what training reads."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from backend.tests import pictures as made
from training.datasets import manifest, sets
from training.tests.preparing import collection, contents, done, refused, two_classes


def test_two_folders_become_a_collection_that_training_reads(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    (folder / "FAKE" / "tall.png").write_bytes(made.png(30, 70))
    assert "run `prepare split` first" in done("manifest", folder)
    samples = manifest.read(tmp_path, "mine")
    assert Counter((s.label, s.source, s.split) for s in samples) == {
        ("ai", "mine", "train"): 11,
        ("real", "mine", "train"): 10,
    }
    (tall,) = [s for s in samples if s.crop.name == "tall.png"]
    assert tall.original_size == (30, 70)
    read = sets.read(tmp_path, "mine", "train", 16)
    assert read.pixels.shape == (21, 16, 16, 3)
    assert len(set(read.names)) == 21


def test_a_tree_of_splits_classes_and_sources_is_understood_in_any_order(tmp_path: Path) -> None:
    places = ("train/ai/gan", "real/train/canon", "nikon/TEST/Real", "test/generated/x/y", "REAL")
    done("manifest", collection(tmp_path / "mine", *places, count=1))
    samples = manifest.read(tmp_path, "mine")
    assert {(s.split, s.label, s.source) for s in samples} == {
        ("train", "ai", "gan"),
        ("train", "real", "canon"),
        ("test", "real", "nikon"),
        ("test", "ai", "x/y"),
        ("train", "real", "mine"),
    }


def test_validation_is_listed_as_train_and_that_is_said(tmp_path: Path) -> None:
    done("split", two_classes(tmp_path / "mine"), tmp_path / "cut")
    assert "validation is listed as train" in done("manifest", tmp_path / "cut")
    splits = Counter(s.split for s in manifest.read(tmp_path, "cut"))
    assert splits == {"train": 16, "test": 4}


def test_the_manifest_has_the_columns_of_the_other_collections(tmp_path: Path) -> None:
    done("manifest", two_classes(tmp_path / "mine", count=1))
    lines = (tmp_path / "mine" / "manifest.csv").read_text().splitlines()
    columns = "path,label,source,split,original_format,original_width,original_height"
    assert lines[0] == columns
    assert lines[1] == "FAKE/0.jpg,ai,mine,train,JPEG,64,48"


def test_augmented_copies_are_not_listed_and_that_is_said(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    done("manifest", folder)
    listed = (folder / "manifest.csv").read_text()
    assert "out of date" not in done("augment", folder)
    assert "20 augmented copies are left out" in done("manifest", folder, "--force")
    assert (folder / "manifest.csv").read_text() == listed
    assert "out of date" not in done("move", folder, tmp_path / "moved")
    assert "augmented copies" in refused("manifest", tmp_path / "moved")


def test_an_unreadable_picture_asks_to_clean_first(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    (folder / "FAKE" / 'bad, "name".jpg').write_bytes(b"no picture")
    before = contents(tmp_path)
    message = refused("manifest", folder)
    assert 'bad, "name".jpg cannot be read' in message
    assert "prepare clean" in message
    assert contents(tmp_path) == before


def test_a_cleaned_deduped_split_folder_ends_as_a_collection(tmp_path: Path) -> None:
    folder = collection(tmp_path / "mine", *(f"{c}/{s}" for c in ("ai", "real") for s in "abcd"))
    (folder / "ai" / "a" / "broken.jpg").write_bytes(b"no picture")
    (folder / "ai" / "a" / "twice.jpg").write_bytes((folder / "ai" / "b" / "0.jpg").read_bytes())
    done("clean", folder)
    done("dedupe", folder)
    done("split", folder, tmp_path / "cut", "--by-source", "--validation", "0", "--test", "0.25")
    done("manifest", tmp_path / "cut")
    splits = Counter((s.split, s.label) for s in manifest.read(tmp_path, "cut"))
    assert splits == {(s, c): n for s, n in (("train", 12), ("test", 4)) for c in ("ai", "real")}
