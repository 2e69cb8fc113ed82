"""`prepare dedupe`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.tests import pictures
from training.prepare import duplicates
from training.prepare.layout import by_folders
from training.tests.preparing import collection, contents, done, refused, two_classes


def _record(aside: Path) -> dict[str, dict[str, str]]:
    with (aside / "duplicates.csv").open(newline="", encoding="utf-8") as lines:
        return {row["path"]: row for row in csv.DictReader(lines)}


def _resaved(path: Path, target: Path) -> None:
    """The same picture, other bytes."""
    with Image.open(path) as image:
        image.resize((96, 72)).save(target, quality=70)


def test_the_same_bytes_are_moved_aside_and_it_is_told_of_what(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    before = contents(folder)
    (folder / "FAKE" / "copy.jpg").write_bytes((folder / "FAKE" / "3.jpg").read_bytes())
    done("dedupe", folder)
    assert contents(folder) == before
    aside = tmp_path / "mine-duplicates"
    row = _record(aside)["FAKE/copy.jpg"]
    assert (row["of"], row["kind"], row["moved"]) == ("FAKE/3.jpg", "same bytes", "yes")
    assert (aside / "FAKE" / "copy.jpg").is_file()


def test_pictures_alike_are_found_after_resizing_and_resaving(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    before = contents(folder)
    _resaved(folder / "nature" / "2.jpg", folder / "nature" / "small.jpg")
    assert "1 of 21 pictures" in done("dedupe", folder)
    assert contents(folder) == before
    row = _record(tmp_path / "mine-duplicates")["nature/small.jpg"]
    assert (row["of"], row["kind"]) == ("nature/2.jpg", "looks alike")


def test_the_same_bytes_in_both_classes_are_told_loudly_and_both_moved(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    (folder / "FAKE" / "copy.jpg").write_bytes((folder / "nature" / "3.jpg").read_bytes())
    assert "2 pairs ACROSS CLASSES" in done("dedupe", folder)
    record = _record(tmp_path / "mine-duplicates")
    assert record["FAKE/copy.jpg"]["of"] == "nature/3.jpg"
    assert record["nature/3.jpg"]["of"] == "FAKE/copy.jpg"
    assert not (folder / "FAKE" / "copy.jpg").exists()
    assert not (folder / "nature" / "3.jpg").exists()


def test_an_ai_copy_of_a_photograph_is_told_and_left(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    _resaved(folder / "nature" / "2.jpg", folder / "FAKE" / "remade.jpg")
    before = contents(folder)
    assert "1 pairs ACROSS CLASSES" in done("dedupe", folder)
    assert contents(folder) == before
    record = _record(tmp_path / "mine-duplicates")
    assert {row["moved"] for row in record.values()} == {"no"}


def test_of_train_and_test_the_test_picture_is_kept(tmp_path: Path) -> None:
    folder = collection(tmp_path / "mine", "train/ai", "train/real", "test/ai", "test/real")
    (folder / "train/ai/copy.jpg").write_bytes((folder / "test/ai/1.jpg").read_bytes())
    _resaved(folder / "test/real/1.jpg", folder / "train/real/alike.jpg")
    assert "2 pairs ACROSS SPLITS" in done("dedupe", folder)
    record = _record(tmp_path / "mine-duplicates")
    assert {path: row["of"] for path, row in record.items()} == {
        "train/ai/copy.jpg": "test/ai/1.jpg",
        "train/real/alike.jpg": "test/real/1.jpg",
    }
    assert {row["splits"] for row in record.values()} == {"train | test"}


def test_distance_zero_wants_equal_hashes(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    with Image.open(folder / "FAKE" / "1.jpg") as image:
        turned = image.rotate(2, Image.Resampling.BICUBIC)
    encoded = io.BytesIO()
    turned.save(encoded, "PNG")
    (folder / "FAKE" / "turned.png").write_bytes(encoded.getvalue())
    samples = by_folders(folder)
    hashed = [duplicates.hashes(sample.crop) for sample in samples]
    bits = {s.crop.name: h.perceptual for s, h in zip(samples, hashed, strict=True)
            if isinstance(h, duplicates.Hashes) and s.label == "ai"}  # fmt: skip
    apart = (bits["1.jpg"] ^ bits["turned.png"]).bit_count()
    assert 0 < apart <= 16
    assert "0 of 21" in done("dedupe", folder, "--dry-run", "--distance", str(apart - 1))
    assert "1 of 21" in done("dedupe", folder, "--dry-run", "--distance", str(apart))


def test_pairs_are_those_of_comparing_each_with_each(tmp_path: Path) -> None:
    folder = collection(tmp_path / "mine", "ai", count=200)
    samples = by_folders(folder)
    rng = np.random.default_rng(0)
    bits = [int(number) for number in rng.integers(0, 2**62, 20, dtype=np.int64)]
    hashed = [
        duplicates.Hashes(bytes([i]), bits[i % 20] ^ (1 << int(rng.integers(62))))
        for i in range(200)
    ]
    found = duplicates.pairs(samples, hashed, 2)
    names = [str(s.crop) for s in samples]
    kept: list[int] = []
    for i in sorted(range(200), key=names.__getitem__):
        if all((hashed[i].perceptual ^ hashed[k].perceptual).bit_count() > 2 for k in kept):
            kept.append(i)
    repeats = {str(pair.picture.crop) for pair in found}
    assert repeats == set(names) - {names[k] for k in kept}
    assert len(kept) == 20


def test_many_pictures_are_hashed_by_several_processes(tmp_path: Path) -> None:
    folder = collection(tmp_path / "mine", "ai", "real", count=210)
    (folder / "ai" / "copy.jpg").write_bytes((folder / "ai" / "200.jpg").read_bytes())
    shown = done("dedupe", folder, "--processes", "2", "--distance", "0")
    assert "of 421 pictures" in shown
    assert _record(tmp_path / "mine-duplicates")["ai/copy.jpg"]["of"] == "ai/200.jpg"


def test_a_folder_without_classes_can_be_deduped_too(tmp_path: Path) -> None:
    folder = collection(tmp_path / "mine", "holiday")
    (folder / "again.jpg").write_bytes((folder / "holiday" / "0.jpg").read_bytes())
    assert "1 of 5 pictures" in done("dedupe", folder)


def test_an_unreadable_picture_asks_to_clean_first(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    (folder / "FAKE" / "broken.jpg").write_bytes(pictures.jpeg()[:500])
    before = contents(tmp_path)
    message = refused("dedupe", folder)
    assert "broken.jpg" in message
    assert "prepare clean" in message
    assert contents(tmp_path) == before


@pytest.mark.parametrize("command", ["clean", "dedupe"])
def test_a_manifest_that_is_out_of_date_is_told(tmp_path: Path, command: str) -> None:
    folder = two_classes(tmp_path / "mine")
    done("manifest", folder)
    unfit = b"no picture" if command == "clean" else (folder / "FAKE/0.jpg").read_bytes()
    (folder / "FAKE" / "new.jpg").write_bytes(unfit)
    assert "is out of date" in done(command, folder)
