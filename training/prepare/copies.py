"""Changed copies on the disk beside their originals, and moving or deleting just those.

`augmented.csv` in the folder records every copy that was made, with its SHA-256: what is not
recorded, or no longer the file that was made, is never touched. A copy's name says what was
done: `cat.aug1_rot-12_fliph_bright93.jpg`. Only pictures to train on are copied.
"""

from __future__ import annotations

import hashlib
import io
import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, JpegImagePlugin

from backend.images import ImageError
from training.prepare import cleaning, files, layout, showing
from training.prepare.files import PrepareError

RECORD = "augmented.csv"
COLUMNS = ("path", "original", "changes", "sha256")


@dataclass(frozen=True)
class Ranges:
    """How far a change may go to either side; 0 or False: never.

    Attributes:
        rotation: degrees.
        shift: percent of width and height.
        shear: degrees.
        zoom: percent.
        flip_horizontal: mirror half of the copies.
        flip_vertical: the same, upside down.
        brightness: percent.
        contrast: percent.
    """

    rotation: int
    shift: int
    shear: int
    zoom: int
    flip_horizontal: bool
    flip_vertical: bool
    brightness: int
    contrast: int


@dataclass(frozen=True)
class Changes:
    """What is done to one copy, in the units of `Ranges`."""

    rotation: int
    shift_x: int
    shift_y: int
    shear: int
    zoom: int
    flip_horizontal: bool
    flip_vertical: bool
    brightness: int
    contrast: int

    @classmethod
    def drawn(cls, ranges: Ranges, rng: np.random.Generator) -> Changes:
        """Draw evenly."""

        def within(limit: int) -> int:
            return int(rng.integers(-limit, limit + 1))

        return cls(
            within(ranges.rotation),
            within(ranges.shift),
            within(ranges.shift),
            within(ranges.shear),
            within(ranges.zoom),
            bool(rng.random() < 0.5) and ranges.flip_horizontal,
            bool(rng.random() < 0.5) and ranges.flip_vertical,
            within(ranges.brightness),
            within(ranges.contrast),
        )

    def words(self) -> str:
        """For a file's name: `rot-12_shift+3-5_shear+4_zoom105_fliph_flipv_bright93_contrast110`.

        Rotation and shear in degrees, shift in percent of the sides, the rest percent of before.
        """
        said = {
            f"rot{self.rotation:+d}": self.rotation,
            f"shift{self.shift_x:+d}{self.shift_y:+d}": self.shift_x or self.shift_y,
            f"shear{self.shear:+d}": self.shear,
            f"zoom{100 + self.zoom}": self.zoom,
            "fliph": self.flip_horizontal,
            "flipv": self.flip_vertical,
            f"bright{100 + self.brightness}": self.brightness,
            f"contrast{100 + self.contrast}": self.contrast,
        }
        return "_".join(word for word, happens in said.items() if happens) or "same"

    def apply(self, image: Image.Image) -> Image.Image:
        """Change an RGB picture; its size stays, what moves in from outside is its mirror."""
        if self.flip_horizontal:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if self.flip_vertical:
            image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        image = self._warped(image)
        image = ImageEnhance.Brightness(image).enhance(1 + self.brightness / 100)
        return ImageEnhance.Contrast(image).enhance(1 + self.contrast / 100)

    def _warped(self, image: Image.Image) -> Image.Image:
        if not (self.rotation or self.shift_x or self.shift_y or self.shear or self.zoom):
            return image
        width, height = image.size
        angle, lean = math.radians(self.rotation), math.tan(math.radians(self.shear))
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        # Pillow wants the way back, from a place in the new picture to one in the old.
        back = np.linalg.inv(turn @ np.array([[1, lean], [0, 1]]) * (1 + self.zoom / 100))
        centre = np.array([width, height]) / 2
        shift = np.array([self.shift_x * width, self.shift_y * height]) / 100
        offset = centre - back @ (centre + shift)
        corners = np.array([[0, 0], [width, 0], [0, height], [width, height]]) @ back.T + offset
        beyond = np.maximum(-corners.min(axis=0), corners.max(axis=0) - [width, height])
        margin = max(0, math.ceil(beyond.max())) + 2  # two more for the bicubic kernel
        wide = Image.fromarray(
            np.pad(np.asarray(image), [(margin, margin), (margin, margin), (0, 0)], "symmetric")
        )
        x, y = offset + margin
        return wide.transform(
            image.size,
            Image.Transform.AFFINE,
            (back[0, 0], back[0, 1], x, back[1, 0], back[1, 1], y),
            Image.Resampling.BICUBIC,
        )


def augment(
    folder: Path, ranges: Ranges, count: int, seed: int, dry_run: bool, force: bool
) -> None:
    """Make `count` copies of every picture of `folder` that is not for validation or test.

    Raises:
        PrepareError: no picture, one that cannot be read, or a copy exists.
    """
    record = files.Record(folder / RECORD, COLUMNS)
    samples = layout.by_folders(folder, labelled=False)
    copied = made(folder)
    originals = [
        s.crop
        for s in samples
        if s.split in ("", "train") and str(s.crop.relative_to(folder)) not in copied
    ]
    planned = [
        (path, _changes(path.relative_to(folder), ranges, number, seed), number)
        for path in originals
        for number in range(1, count + 1)
    ]
    targets = [_named(*one) for one in planned]
    files.require_free(targets, force)
    for (path, changes, _), target in showing.tracked(
        list(zip(planned, targets, strict=True)), "Augmenting"
    ):
        if dry_run:
            showing.plan("make", path, target)
            continue
        encoded = _encoded(path, changes)
        record.add(
            {
                "path": str(target.relative_to(folder)),
                "original": str(path.relative_to(folder)),
                "changes": changes.words(),
                "sha256": hashlib.sha256(encoded).hexdigest(),
            }
        )
        with files.written(target) as partial:
            partial.write_bytes(encoded)
    passed = len(samples) - len(originals)
    showing.say(
        f"{folder}: {len(targets):,} copies of {len(originals):,} pictures"
        + (" would be made" if dry_run else " made")
        + (f"; {passed:,} (copies, validation, test) passed over." if passed else ".")
    )


def _changes(path: Path, ranges: Ranges, number: int, seed: int) -> Changes:
    # The same for a picture whatever else is in the folder.
    return Changes.drawn(
        ranges, np.random.default_rng([seed, zlib.crc32(path.as_posix().encode()), number])
    )


def _named(path: Path, changes: Changes, number: int) -> Path:
    suffix = path.suffix if path.suffix.lower() in (".jpg", ".jpeg") else ".png"
    return path.with_name(f"{path.stem}.aug{number}_{changes.words()}{suffix}")


def _encoded(path: Path, changes: Changes) -> bytes:
    """A JPEG with its original's tables, so that these tell no class; else a PNG."""
    try:
        image = changes.apply(Image.fromarray(cleaning.read(path).pixels))
        encoded = io.BytesIO()
        if path.suffix.lower() not in (".jpg", ".jpeg"):
            image.save(encoded, "PNG")
            return encoded.getvalue()
        with Image.open(path) as original:
            tables = getattr(original, "quantization", None)
            sampling = JpegImagePlugin.get_sampling(original) if tables else -1
        known = {"subsampling": sampling} if sampling >= 0 else {}
        image.save(encoded, "JPEG", **({"qtables": tables} if tables else {}), **known)
        return encoded.getvalue()
    except (ImageError, OSError) as error:
        raise PrepareError(f"{path} cannot be read ({error}) Run `prepare clean` first.") from error


def made(folder: Path) -> set[str]:
    """Paths of all copies that are recorded, from `folder` on.

    Raises:
        PrepareError: the record is another's.
    """
    return {row["path"] for row in files.Record(folder / RECORD, COLUMNS).rows()}


def require_none_made(folder: Path) -> None:
    """See that a folder has no copies, which would end up on another side than their originals.

    Raises:
        PrepareError: it has some.
    """
    if made(folder):
        raise PrepareError(
            f"{folder} has augmented copies; take them out first (`prepare move` or `prepare "
            "delete`); for other tools, augment after the split."
        )


def move(folder: Path, target: Path, dry_run: bool, force: bool) -> None:
    """Move the copies that `augment` made, with their record, to the same folders in `target`.

    Raises:
        PrepareError: nothing is recorded, or a file is in the way.
    """
    files.require_apart(target, [files.require_folder(folder)])
    files.require_apart(folder, [target])
    rows, changed = _recorded(folder)
    files.require_free([target / row["path"] for row in rows], force)
    record = files.Record(target / RECORD, COLUMNS)
    record.rows()

    def one(row: dict[str, str]) -> None:
        record.add(row)
        files.move(folder / row["path"], target / row["path"])

    _each(folder, rows, changed, one, f"move to {target}", dry_run)


def delete(folder: Path, dry_run: bool) -> None:
    """Delete the copies that `augment` made.

    Raises:
        PrepareError: nothing is recorded.
    """
    rows, changed = _recorded(folder)
    _each(folder, rows, changed, lambda row: (folder / row["path"]).unlink(), "delete", dry_run)


def _recorded(folder: Path) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The rows of copies that are there as they were made, and of those that were changed."""
    rows = files.Record(files.require_folder(folder) / RECORD, COLUMNS).rows()
    if not rows:
        raise PrepareError(f"{folder / RECORD} records nothing; run `prepare augment` first.")
    # Of a path made twice (--force), the last row counts.
    present = {row["path"]: row for row in rows if (folder / row["path"]).is_file()}
    as_made: list[dict[str, str]] = []
    changed: list[dict[str, str]] = []
    for row in present.values():
        path = folder / row["path"]
        if not path.resolve().is_relative_to(folder.resolve()):
            raise PrepareError(f"{folder / RECORD} names {row['path']}, outside; it was tampered.")
        same = hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]
        (as_made if same else changed).append(row)
    return as_made, changed


def _each(
    folder: Path,
    rows: Sequence[dict[str, str]],
    changed: Sequence[dict[str, str]],
    act: Callable[[dict[str, str]], object],
    verb: str,
    dry_run: bool,
) -> None:
    for row in rows:
        if dry_run:
            showing.plan(verb, folder / row["path"])
        else:
            act(row)
    for row in changed:
        showing.say(f"{folder / row['path']} is not the file that was made; it stays.")
    if not dry_run:
        record = files.Record(folder / RECORD, COLUMNS)
        if changed:
            record.replace(changed)
        else:
            record.path.unlink()
    showing.say(f"{folder}: {verb}, {len(rows):,} copies" + (" (dry run)." if dry_run else "."))
