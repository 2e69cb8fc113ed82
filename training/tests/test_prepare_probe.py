"""`prepare probe`: leaks that were put in are found, and none where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.tests import pictures
from training.tests.preparing import contents, done, refused, two_classes

GROUPS = (
    "file size", "dimensions", "aspect", "bytes per pixel", "format", "JPEG tables",
    "JPEG subsampling", "metadata", "all together",
)  # fmt: skip
_EXIF = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"


def _aucs(shown: str) -> dict[str, float]:
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.splitlines()]
    return {row[0]: float(row[1]) for row in cells if len(row) >= 2}


def _made(root: Path, ai: Callable[[int], bytes], real: Callable[[int], bytes]) -> Path:
    for label, make in (("ai", ai), ("real", real)):
        for source in "abcdef":
            (root / label / source).mkdir(parents=True)
            for i in range(10):
                data = make(int(np.random.default_rng(i).integers(60, 90)) + 100 * ord(source))
                (root / label / source / f"{i}.jpg").write_bytes(data)
    return root


def _jpeg(seed: int, **options: Any) -> bytes:
    return pictures.encoded(pictures.noise(seed % 100, 60, seed), "JPEG", **options)


@pytest.mark.parametrize(
    ("options", "leaking", "clean"),
    [
        ({"quality": 75}, "JPEG tables", "dimensions"),
        ({"quality": 90, "subsampling": 0}, "JPEG subsampling", "format"),
        ({"quality": 90, "exif": _EXIF}, "metadata", "aspect"),
    ],
)
def test_a_leak_is_found_in_its_own_group(
    tmp_path: Path, options: dict[str, Any], leaking: str, clean: str
) -> None:
    folder = _made(
        tmp_path / "mine",
        lambda seed: _jpeg(seed, **options),
        lambda seed: _jpeg(seed + 10_000, **{"quality": 90}),
    )
    before = contents(tmp_path)
    shown = done("probe", folder)
    aucs = _aucs(shown)
    assert set(aucs) == set(GROUPS)
    assert aucs[leaking] == aucs["all together"] == 1
    assert aucs[clean] < 0.7
    assert "WITHOUT LOOKING" in shown
    assert "mean inside sources" in shown
    assert contents(tmp_path) == before


def test_a_format_that_tells_the_class_is_found(tmp_path: Path) -> None:
    folder = _made(tmp_path / "mine", lambda s: pictures.png(s % 100, 60, s), _jpeg)
    assert _aucs(done("probe", folder))["format"] == 1


def test_heic_without_metadata_has_none(tmp_path: Path) -> None:
    folder = _made(
        tmp_path / "mine",
        lambda s: pictures.encoded(pictures.noise(s % 100, 60, s), "HEIF"),
        lambda s: pictures.encoded(pictures.noise(s % 100, 60, s), "HEIF", exif=_EXIF),
    )
    assert _aucs(done("probe", folder))["metadata"] == 1


def test_files_of_one_kind_do_not_tell_the_class(tmp_path: Path) -> None:
    # Sizes are drawn alike in both classes, contents are different noise.
    folder = _made(tmp_path / "mine", _jpeg, lambda seed: _jpeg(seed + 10_000))
    shown = done("probe", folder)
    aucs = _aucs(shown)
    assert all(aucs[name] < 0.6 for name in ("format", "JPEG tables", "metadata", "dimensions"))
    assert "WITHOUT LOOKING" not in shown


def test_the_same_seed_gives_the_same_table(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine", count=60)
    shown = done("probe", folder, "--limit", "100")
    assert "100 pictures" in shown
    assert done("probe", folder, "--limit", "100") == shown


def test_too_few_pictures_are_told(tmp_path: Path) -> None:
    assert "needs 10 of each" in refused("probe", two_classes(tmp_path / "mine", count=4))


def test_the_collections_carry_equal_formats(collections: Path) -> None:
    aucs = _aucs(done("probe", collections / "quiz", "--limit", "1000"))
    assert aucs["format"] == 0.5
    assert aucs["dimensions"] == pytest.approx(0.5, abs=0.05)
