"""A model from a folder of two classes: every step from pictures to files that can be used.

The steps are those of the other commands, in order, on a copy of the folder whose name says which
pictures it holds and how they are split: the same command goes on where it was, another set of
pictures is another model.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backend.detector.card import sha256
from training import metrics, model_report, recipe, run_calibration, run_export, scoring
from training import train as training
from training.calibrate import CalibrationError
from training.datasets import sets
from training.datasets.manifest import ManifestError, Sample
from training.figures import drawing
from training.prepare import copies, files, layout, manifests, probe, showing, splitting
from training.run import Run, RunError

TEST = 0.2  # share of the pictures, where the folder has no test split of its own
LEAST = 50  # pictures of a class
_PROBED = 20_000
_PROCESSES = 2
_SEED = 0
# The copy's folders, whatever the folders of the original are called.
_COPIED = layout.ClassFolders.told(["ai"], ["real"])


@dataclass(frozen=True)
class Collection:
    """The pictures of a folder, split.

    Attributes:
        samples: in the folder, with the split that they get.
        given: whether the folder came with its test split.
    """

    folder: Path
    samples: Sequence[Sample]
    by_source: bool
    given: bool

    def tested(self) -> str:
        """What kind of test this is."""
        if self.given:
            return "The test pictures are those that the folder came with."
        if self.by_source:
            return (
                "The test sources were never seen in training: the figures are those of sources "
                "like these, not of every source."
            )
        return (
            "The test pictures are of the same sources as those that trained. On pictures from "
            "elsewhere (other generators, cameras, sites) expect worse: --by-source measures that."
        )

    def counts(self) -> Counter[tuple[str, str]]:
        """Pictures by split (train, test) and label."""
        return Counter((s.split if s.split == "test" else "train", s.label) for s in self.samples)


def make(
    folder: Path,
    to: Path,
    folders: layout.ClassFolders,
    settings: recipe.Recipe,
    work: Path,
    *,
    epochs: int | None,
    by_source: bool,
    force: bool,
) -> Path:
    """Split, probe, train, calibrate, evaluate, draw and export; returns the report's path.

    Args:
        folder: the pictures; only read.
        to: the folder to make; it appears when everything in it is done.
        folders: names of the class folders.
        work: keeps the copy, decoded pictures and the run.
        epochs: those of the recipe if not given.
        by_source: test on whole sources that training never sees.
        force: replace an earlier model in `to`, and a training with other settings in `work`.

    Raises:
        PrepareError, RecipeError, ManifestError: before any long work.
        RunError, CalibrationError: the model is of no use; `to` is as it was.
    """
    if not isinstance(settings, recipe.ClassifierRecipe):
        raise recipe.RecipeError(
            f"{settings.name} has no Keras and ONNX files to export. Recipes that do: "
            f"{', '.join(_exported())}."
        )
    files.require_new(to, force)
    files.require_apart(to, [files.require_folder(folder)])
    files.require_apart(work, [folder])
    found = _collected(folder, folders, settings, by_source)
    root = work / "data"
    name = _copy(found, root)
    fitted = recipe.override(settings, data=name, epochs=epochs)
    assert isinstance(fitted, recipe.ClassifierRecipe)
    try:
        for split in ("train", "test"):  # all pictures are decoded before any is learned from
            sets.read(root, name, split, fitted.side, fitted.which, work / "cache")
    except ManifestError as error:
        raise ManifestError(
            f"{error} Run `python -m training prepare clean {folder}` first."
        ) from error
    leak = probe.probe(root / name, _COPIED, _PROBED, _SEED, _PROCESSES)
    run = _trained(fitted, root, work, force)
    _judged(run, root, name, work)
    with files.new_folder(to, force) as scratch:
        drawn = drawing.draw([run], scratch, root)
        (scratch / run.name).rename(scratch / "figures")
        card = run_export.export_run(run, scratch)
        report = model_report.written(
            model_report.Origin(found.folder, fitted.fit.epochs, found.counts(), found.tested()),
            run,
            card,
            leak,
            [path.name for path in drawn],
        )
        (scratch / model_report.NAME).write_text(report, encoding="utf-8")
        _take_away(to)
    return to / model_report.NAME


def _exported() -> list[str]:
    return [n for n in recipe.names() if isinstance(recipe.load(n), recipe.ClassifierRecipe)]


def _collected(
    folder: Path,
    folders: layout.ClassFolders,
    settings: recipe.ClassifierRecipe,
    by_source: bool,
) -> Collection:
    samples = layout.find(folder, folders)
    layout.require_both(folder, samples)
    layout.require_one_file(folder, samples)
    copies.require_none_made(folder)
    least = max(LEAST, settings.fit.batch_size)
    there = Counter(sample.label for sample in samples)
    if min(there.values()) < least:
        raise files.PrepareError(
            f"{folder} has {there['ai']:,} AI and {there['real']:,} real pictures; {settings.name} "
            f"needs at least {least:,} of each class."
        )
    given = any(sample.split == "test" for sample in samples)
    if given and by_source:
        raise files.PrepareError(
            f"{folder} has a test split of its own, which is kept; leave --by-source out."
        )
    if not given:
        # Training takes its own share of train to watch and to calibrate on.
        parts = splitting.assigned(folder, samples, 0, TEST, by_source, _SEED)
        samples = [replace(one, split=part) for one, part in zip(samples, parts, strict=True)]
    for split in ("train", "test"):
        layout.require_both(
            folder / split, [s for s in samples if (s.split == "test") == (split == "test")]
        )
    return Collection(folder, samples, by_source, given)


def _copy(found: Collection, root: Path) -> str:
    """Copy the pictures to `root/name`, unless they are there, and list them; returns the name.

    Raises:
        PrepareError: the same file is on two sides.
    """
    places = [layout.place(sample, found.folder) for sample in found.samples]
    digest = hashlib.sha256()
    same: dict[str, list[Sample]] = {}
    for sample, place in showing.tracked(
        sorted(zip(found.samples, places, strict=True), key=lambda pair: pair[1]), "Looking"
    ):
        own = sha256(sample.crop)
        same.setdefault(own, []).append(sample)
        digest.update(f"{place.as_posix()} {own}\n".encode())
    _require_one_side(found.folder, "AI and real", [{s.label: s for s in g} for g in same.values()])
    _require_one_side(
        found.folder,
        "in train and in test",
        [{"test" if s.split == "test" else "train": s for s in g} for g in same.values()],
    )
    word = re.sub(r"[^a-z0-9]+", "-", found.folder.resolve().name.lower()).strip("-")
    name = f"{word or 'pictures'}-{digest.hexdigest()[:6]}"
    if not (root / name).is_dir():
        splitting.carry(found.samples, places, root / name, dry_run=False, force=False)
    if not (root / name / "manifest.csv").is_file():
        manifests.write(root / name, _COPIED, _PROCESSES, dry_run=False, force=False)
    return name


def _require_one_side(folder: Path, sides: str, same: Sequence[Mapping[str, Sample]]) -> None:
    """See that a file is on one side, given one sample of each side for every file."""
    both = [list(by_side.values()) for by_side in same if len(by_side) > 1]
    if both:
        one, other = both[0]
        raise files.PrepareError(
            f"{folder}: {len(both):,} files are both {sides}, such as {one.crop} and {other.crop}: "
            f"the same bytes. Run `python -m training prepare dedupe {folder}` first."
        )


def _trained(settings: recipe.Recipe, root: Path, work: Path, force: bool) -> Run:
    try:
        return training.train(settings, root, work)
    except RunError:  # a training with other settings is there
        if not force:
            raise
        return training.train(settings, root, work, force=True)


def _judged(run: Run, root: Path, name: str, work: Path) -> None:
    """Calibrate and evaluate a run.

    Raises:
        RunError: it does no better than chance.
        CalibrationError: all pictures held out are of one class.
    """
    try:
        run_calibration.calibrate_run(run)
    except CalibrationError as error:
        if len(set(scoring.read(run, scoring.VALIDATION).labels.tolist())) < 2:
            raise
        raise _useless(run, "the pictures that training held out") from error
    said = scoring.evaluate(run, root, (name,), work)[name]
    area = metrics.auc(said.labels, said.scores)
    if area <= 0.5:
        raise _useless(run, f"the test pictures (AUC {area:.2f}, .5 is chance)")


def _useless(run: Run, where: str) -> RunError:
    settings = scoring.settings_of(run)
    assert isinstance(settings, recipe.ClassifierRecipe)
    return RunError(
        f"What {settings.name} learned in {settings.fit.epochs} epochs from "
        f"{run.info().pictures['trained']:,} pictures is no better than guessing on {where}: "
        "nothing was exported. Try more epochs (--epochs "
        f"{4 * settings.fit.epochs} --force), more pictures or another --recipe, and see whether "
        f"the folders hold what their names say. The run is kept in {run.folder}."
    )


def _take_away(to: Path) -> None:
    """Remove the files of an earlier model, and nothing else."""
    card = to / run_export.CARD
    if not card.is_file():
        return
    for name in run_export.RunCard.model_validate_json(card.read_bytes()).files:
        (to / Path(name).name).unlink(missing_ok=True)
    shutil.rmtree(to / "figures", ignore_errors=True)
