"""What a picture is by the folders it lies in: its class, its split and its source.

On the way from the collection's folder to the picture, one folder is named like a class (`ai`,
`FAKE`, `real`, `nature`, …), at most one like a split (`train`, `test`, `validation`), in any
order; the others together are its source. Without any, the collection itself is the source.
Where a collection has a `manifest.csv`, that counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from backend.images import FORMATS
from training.datasets import manifest
from training.datasets.manifest import Sample
from training.prepare import files
from training.prepare.files import PrepareError

AI_FOLDERS = frozenset(
    {"ai", "fake", "fakes", "1_fake", "generated", "ai_generated", "ai-generated", "synthetic"}
)
REAL_FOLDERS = frozenset(
    {"real", "reals", "0_real", "nature", "photo", "photos", "photograph", "photographs", "human"}
)
SPLIT_FOLDERS = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "test": "test",
    "testing": "test",
}
SUFFIXES = {end for end, name in Image.registered_extensions().items() if name in FORMATS}


@dataclass(frozen=True)
class ClassFolders:
    """Names of folders, in lower case, that say what the pictures in them are."""

    labels: dict[str, str] = field(
        default_factory=lambda: (
            dict.fromkeys(AI_FOLDERS, "ai") | dict.fromkeys(REAL_FOLDERS, "real")
        )
    )

    @classmethod
    def told(cls, ai: Sequence[str], real: Sequence[str]) -> ClassFolders:
        """The usual names; names told for a class take the place of its usual ones.

        Raises:
            PrepareError: a name is told for both.
        """
        ai, real = [name.casefold() for name in ai], [name.casefold() for name in real]
        both = set(ai) & set(real)
        if both:
            raise PrepareError(f"{both.pop()!r} cannot be --ai and --real at once; name two.")
        labels = dict.fromkeys(ai or AI_FOLDERS - set(real), "ai")
        return cls(labels | dict.fromkeys(real or REAL_FOLDERS - set(ai), "real"))


def pictures(root: Path) -> list[Path]:
    """Files below `root` that have a picture's suffix, sorted.

    Raises:
        PrepareError: there are none.
    """
    found = [path for path in files.walk(root) if path.suffix.lower() in SUFFIXES]
    if not found:
        raise PrepareError(f"{root} holds no picture (.jpg, .png, .webp, …); fill it first.")
    return found


def by_folders(
    root: Path, folders: ClassFolders | None = None, labelled: bool = True
) -> list[Sample]:
    """The pictures below `root` by their folders alone, sorted by path.

    Args:
        root: the collection.
        folders: names of class folders.
        labelled: whether each must have a class; else the label of those without is "".

    Raises:
        PrepareError: no picture, or one whose class cannot be told.
    """
    labels = (folders or ClassFolders()).labels
    return [_placed(root, path, labels, labelled) for path in pictures(root)]


def find(root: Path, folders: ClassFolders | None = None) -> list[Sample]:
    """The pictures of a collection, by its manifest or else by folders.

    Raises:
        PrepareError: no picture, or one whose class cannot be told or that is not there.
        ManifestError: its manifest cannot be read.
    """
    if not (files.require_folder(root) / "manifest.csv").is_file():
        return by_folders(root, folders)
    samples = manifest.read(root.parent, root.name)
    for sample in samples:
        if not sample.crop.is_file():
            raise PrepareError(
                f"{root / 'manifest.csv'} lists {sample.crop}, which is not there; renew it with "
                "`prepare manifest --force`."
            )
    return samples


def require_both(root: Path, samples: Sequence[Sample]) -> None:
    """See that there is something to tell apart.

    Raises:
        PrepareError: only one class.
    """
    labels = {sample.label for sample in samples}
    if len(labels) == 1:
        (label,) = labels
        other = {"ai": "real", "real": "ai"}[label]
        raise PrepareError(
            f"{root}: all {len(samples):,} pictures are {label}; add a folder of the other class, "
            f"or say which it is with --{other} NAME."
        )


def require_one_file(root: Path, samples: Sequence[Sample]) -> None:
    """See that a picture is one file, which can be copied by itself.

    Raises:
        PrepareError: a picture is a crop and a whole.
    """
    if any(sample.crop != sample.whole for sample in samples):
        raise PrepareError(
            f"{root} has two files a picture (crop, whole), which are not copied; use it as it is."
        )


def place(sample: Sample, root: Path, source: str = "") -> Path:
    """Where a sample of the collection `root` lies in a new one: split/class/source/name."""
    own = "" if sample.source == root.name else sample.source
    return Path(sample.split, sample.label, source, own, sample.crop.name)


def _placed(root: Path, path: Path, labels: dict[str, str], labelled: bool) -> Sample:
    parts = path.relative_to(root).parts[:-1]
    classes = {labels[part.casefold()] for part in parts if part.casefold() in labels}
    splits = {SPLIT_FOLDERS[p.casefold()] for p in parts if p.casefold() in SPLIT_FOLDERS}
    if labelled and not classes:
        raise PrepareError(
            f"{path}: no folder above it says whether it is AI or real; name the folders with "
            "--ai NAME --real NAME."
        )
    if len(classes) > 1 or len(splits) > 1:
        raise PrepareError(
            f"{path}: the folders above it contradict each other; say which names count with "
            "--ai NAME --real NAME, or rename one."
        )
    source = [p for p in parts if p.casefold() not in labels and p.casefold() not in SPLIT_FOLDERS]
    return Sample(
        collection=root.name,
        source="/".join(source) or root.name,
        split=splits.pop() if splits else "",
        label=classes.pop() if classes else "",
        kind="",
        generator="",
        original_size=(0, 0),
        crop=path,
        whole=path,
    )
