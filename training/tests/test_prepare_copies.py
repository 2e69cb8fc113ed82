"""`prepare augment`, `prepare move` and `prepare delete`."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from backend.tests import pictures
from training.tests.preparing import collection, contents, done, refused, two_classes

NONE = [
    "--rotation", "0", "--shift", "0", "--shear", "0", "--zoom", "0",
    "--no-flip-horizontal", "--brightness", "0", "--contrast", "0",
]  # fmt: skip


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "augmented.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def test_every_copy_is_recorded_and_originals_stay(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    before = contents(folder)
    done("augment", folder, "--copies", "3")
    after = contents(folder)
    rows = _rows(folder)
    assert len(rows) == 60
    assert after.keys() - before.keys() == {row["path"] for row in rows} | {"augmented.csv"}
    assert all(after[name] == digest for name, digest in before.items() if digest)
    assert all(after[row["path"]] == row["sha256"] for row in rows)
    assert all(row["changes"] in row["path"] and row["original"] in before for row in rows)


def test_the_same_seed_makes_the_same_copies_whatever_else_is_there(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        two_classes(tmp_path / name)
    (tmp_path / "b" / "FAKE" / "0.jpg").unlink()
    done("augment", tmp_path / "a")
    done("augment", tmp_path / "b")
    done("augment", tmp_path / "c", "--seed", "1")
    a, b, c = ({row["path"]: row["sha256"] for row in _rows(tmp_path / n)} for n in "abc")
    assert len(b) == 19
    assert b.items() <= a.items()
    assert not a.keys() & c.keys()


@pytest.mark.parametrize(
    ("option", "pattern"),
    [
        (["--rotation", "20"], r"rot[+-]\d+"),
        (["--shift", "20"], r"shift[+-]\d+[+-]\d+"),
        (["--shear", "20"], r"shear[+-]\d+"),
        (["--zoom", "20"], r"zoom\d+"),
        (["--flip-horizontal"], "fliph"),
        (["--flip-vertical"], "flipv"),
        (["--brightness", "20"], r"bright\d+"),
        (["--contrast", "20"], r"contrast\d+"),
    ],
)
def test_each_change_happens_alone_and_is_named(
    tmp_path: Path, option: list[str], pattern: str
) -> None:
    folder = two_classes(tmp_path / "mine")
    done("augment", folder, *NONE, *option)
    changed = [row for row in _rows(folder) if row["changes"] != "same"]
    assert len(changed) >= 5
    for row in changed:
        assert re.fullmatch(pattern, row["changes"])
        before, after = _pixels(folder / row["original"]), _pixels(folder / row["path"])
        assert before.shape == after.shape
        assert np.abs(before - after).mean() > 0.5


def _one_change(tmp_path: Path, image: Image.Image, *options: str) -> tuple[dict[str, str], Path]:
    (tmp_path / "one").mkdir()
    image.save(tmp_path / "one" / "a.png")
    done("augment", tmp_path / "one", *NONE, *options)
    (row,) = _rows(tmp_path / "one")
    return row, tmp_path / "one" / row["path"]


def test_a_copy_shows_what_its_name_says(tmp_path: Path) -> None:
    image = Image.new("RGB", (100, 100), "black")
    image.paste("white", (48, 18, 53, 23))  # above the middle
    row, path = _one_change(tmp_path, image, "--rotation", "90", "--seed", "2")
    degrees = int(row["changes"].removeprefix("rot"))
    y, x = np.argwhere(_pixels(path)[..., 0] > 128).mean(axis=0) + 0.5
    turned = np.degrees(np.arctan2(x - 50, 50 - y))  # clockwise from above
    assert turned == pytest.approx(degrees, abs=3)


def test_shift_and_zoom_go_where_the_name_says(tmp_path: Path) -> None:
    image = Image.new("RGB", (100, 100), "black")
    image.paste("white", (30, 30, 70, 70))
    row, path = _one_change(tmp_path, image, "--shift", "10", "--zoom", "30", "--seed", "1")
    found = re.fullmatch(r"shift([+-]\d+)([+-]\d+)_zoom(\d+)", row["changes"])
    assert found
    dx, dy, zoom = map(int, found.groups())
    places = np.argwhere(_pixels(path)[..., 0] > 128)
    y, x = places.mean(axis=0) + 0.5
    assert (x - 50, y - 50) == (pytest.approx(dx, abs=1), pytest.approx(dy, abs=1))
    assert len(places) ** 0.5 == pytest.approx(40 * zoom / 100, abs=1.5)


def test_no_black_corners_move_in(tmp_path: Path) -> None:
    image = Image.new("RGB", (60, 40), (200, 210, 220))
    _, path = _one_change(tmp_path, image, "--rotation", "180", "--shear", "45", "--shift", "50")
    assert np.abs(_pixels(path) - [200, 210, 220]).max() <= 1


def test_a_jpeg_copy_keeps_the_tables_and_subsampling_of_its_original(tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "ai"
    folder.mkdir(parents=True)
    pictures.noise().save(folder / "a.jpg", quality=61, subsampling=0)
    pictures.noise().save(folder / "b.jpg", subsampling=2)
    pictures.noise().convert("L").save(folder / "grey.jpeg", quality=40)
    pictures.noise().save(folder / "web.webp")
    done("augment", tmp_path / "mine")
    for row in _rows(tmp_path / "mine"):
        with (
            Image.open(tmp_path / "mine" / row["original"]) as before,
            Image.open(tmp_path / "mine" / row["path"]) as after,
        ):
            assert after.format == ("PNG" if before.format == "WEBP" else "JPEG")
            if before.format == "JPEG" and before.mode == "RGB":
                assert vars(after)["quantization"] == vars(before)["quantization"]
                get = JpegImagePlugin.get_sampling
                assert get(after) == get(before)


def test_only_what_is_trained_on_is_copied_and_no_copy_of_a_copy_is_made(tmp_path: Path) -> None:
    places = [f"{split}/{label}" for split in ("train", "val", "test") for label in ("ai", "real")]
    folder = collection(tmp_path / "mine", *places)
    done("augment", folder)
    done("augment", folder, "--seed", "1")
    rows = _rows(folder)
    assert len(rows) == 16
    assert all(re.fullmatch(r"train/(ai|real)/\d.jpg", row["original"]) for row in rows)


def test_move_takes_just_the_copies_and_delete_deletes_just_them(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    before = contents(folder)
    done("augment", folder)
    (folder / "FAKE" / "0.aug9_rot+1.jpg").write_bytes(pictures.jpeg(seed=77))  # her own
    (folder / "FAKE" / "0.jpg").rename(folder / "FAKE" / "renamed.jpg")
    before["FAKE/renamed.jpg"] = before.pop("FAKE/0.jpg")
    before["FAKE/0.aug9_rot+1.jpg"] = hashlib.sha256(pictures.jpeg(seed=77)).hexdigest()
    done("move", folder, tmp_path / "moved")
    assert contents(folder) == before
    moved = contents(tmp_path / "moved")
    assert sum(bool(digest) for digest in moved.values()) == 21
    done("delete", tmp_path / "moved")
    assert not any(contents(tmp_path / "moved").values())
    assert "records nothing" in refused("delete", tmp_path / "moved")


def test_a_copy_that_was_changed_since_stays(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    done("augment", folder)
    changed, gone = (folder / row["path"] for row in _rows(folder)[:2])
    changed.write_bytes(pictures.jpeg(seed=5))
    gone.unlink()
    assert f"{changed} is not the file that was made; it stays." in done("delete", folder)
    assert changed.read_bytes() == pictures.jpeg(seed=5)
    assert [folder / row["path"] for row in _rows(folder)] == [changed]


def test_a_record_that_points_outside_deletes_nothing(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    done("augment", folder)
    precious = tmp_path / "precious.jpg"
    precious.write_bytes(pictures.jpeg())
    digest = hashlib.sha256(precious.read_bytes()).hexdigest()
    with (folder / "augmented.csv").open("a", encoding="utf-8") as file:
        file.write(f"../precious.jpg,FAKE/0.jpg,same,{digest}\n")
    before = contents(tmp_path)
    assert "outside" in refused("delete", folder)
    assert contents(tmp_path) == before


def test_an_unreadable_original_asks_to_clean_and_what_was_made_is_recorded(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    (folder / "nature" / "broken.jpg").write_bytes(pictures.jpeg()[:500])
    before = contents(folder)
    message = refused("augment", folder)
    assert "broken.jpg" in message
    assert "prepare clean" in message
    made = contents(folder).keys() - before.keys() - {"augmented.csv"}
    assert made == {row["path"] for row in _rows(folder)}
