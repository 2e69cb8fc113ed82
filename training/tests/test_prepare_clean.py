"""`prepare clean`."""

from __future__ import annotations

import csv
from pathlib import Path

from backend.tests import pictures
from training.tests.preparing import contents, done, refused, two_classes


def _reasons(aside: Path) -> dict[str, str]:
    with (aside / "reasons.csv").open(newline="", encoding="utf-8") as lines:
        return {row["path"]: row["reason"] for row in csv.DictReader(lines)}


def test_every_kind_of_unfit_file_is_moved_aside_with_its_reason(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    good = contents(folder)
    for number, (_, data) in enumerate(pictures.REFUSED.values()):
        (folder / "FAKE" / f"unfit {number}.jpg").write_bytes(data)
    unfit = contents(folder).keys() - good.keys()
    shown = done("clean", folder)
    assert contents(folder) == good
    aside = tmp_path / "mine-unfit"
    assert contents(aside).keys() == unfit | {"FAKE", "reasons.csv"}
    reasons = _reasons(aside)
    assert reasons.keys() == unfit
    expected = {"TruncatedImage", "NotAnImage", "UnsupportedFormat", "TooManyPixels", "TooSmall",
                "EmptyImage"}  # fmt: skip
    assert set(reasons.values()) == expected
    assert all(reason in shown for reason in expected)


def test_good_pictures_of_every_format_stay_whatever_their_name(tmp_path: Path) -> None:
    for number, (_, data) in enumerate(pictures.ACCEPTED.values()):
        (tmp_path / "mine" / "ai").mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / "ai" / f"{number}.bin").write_bytes(data)
    before = contents(tmp_path)
    done("clean", tmp_path / "mine")
    assert contents(tmp_path) == before


def test_a_second_cleaning_adds_to_the_record(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    for name in ("one.jpg", "two.jpg"):
        (folder / name).write_bytes(b"no picture at all")
        done("clean", folder)
    assert _reasons(tmp_path / "mine-unfit") == {"one.jpg": "NotAnImage", "two.jpg": "NotAnImage"}
    (folder / "two.jpg").write_bytes(b"something else")
    before = contents(tmp_path)
    assert "two.jpg exists" in refused("clean", folder)
    assert contents(tmp_path) == before


def test_a_huge_file_is_not_even_read(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    with (folder / "huge.jpg").open("wb") as file:
        file.truncate(1 << 40)  # sparse: a tebibyte that takes no place
    done("clean", folder)
    assert _reasons(tmp_path / "mine-unfit") == {"huge.jpg": "TooManyBytes"}


def test_lists_and_records_are_no_unfit_pictures(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    done("manifest", folder)
    before = contents(tmp_path)
    done("clean", folder)
    assert contents(tmp_path) == before
