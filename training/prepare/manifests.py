"""`manifest.csv`: the list by which a collection is trained and measured on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from training.prepare import copies, files, headers, layout, showing
from training.prepare.files import PrepareError

COLUMNS = (
    "path",
    "label",
    "source",
    "split",
    "original_format",
    "original_width",
    "original_height",
)


def write(
    folder: Path, folders: layout.ClassFolders, processes: int, dry_run: bool, force: bool
) -> None:
    """List the pictures of a collection by the folders they lie in.

    Training watches its own share of the train split, so what lies under validation is listed
    as train, and so is what lies under no split. Augmented copies are left out: what training
    watches would hold copies of what it learns from.

    Raises:
        PrepareError: not two classes, a picture that cannot be read, or a manifest is there.
    """
    target = folder / "manifest.csv"
    found = layout.by_folders(folder, folders)
    made = copies.made(folder)
    samples = [s for s in found if str(s.crop.relative_to(folder)) not in made]
    if not samples:
        raise PrepareError(f"{folder} holds augmented copies alone; give that of their originals.")
    layout.require_both(folder, samples)
    files.require_free([target], force)
    heads = showing.parallel(_head, [s.crop for s in samples], "Reading", processes)
    rows = [
        {
            "path": sample.crop.relative_to(folder).as_posix(),
            "label": sample.label,
            "source": sample.source,
            "split": "test" if sample.split == "test" else "train",
            **head,
        }
        for sample, head in zip(samples, heads, strict=True)
    ]
    if dry_run:
        for row in rows:
            showing.say(f"would list {', '.join(row.values())}")
    else:
        files.write_csv(target, COLUMNS, rows)
    showing.counts(str(target), samples)
    left_out = len(found) - len(samples)
    if left_out:
        showing.say(
            f"{left_out:,} augmented copies are left out: training changes pictures by itself."
        )
    splits = Counter(sample.split for sample in samples)
    if splits["validation"]:
        showing.say("validation is listed as train: training takes out its own share to watch.")
    if not splits["test"]:
        showing.say("All is train; for a test split run `prepare split` first.")


def _head(path: Path) -> dict[str, str]:
    with headers.opened(path) as image:
        size = {"original_width": str(image.width), "original_height": str(image.height)}
        return {"original_format": image.format or "", **size}
