"""Many runs, one list of facts: what `docs/results.csv` holds and `docs/results.md` shows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training import crossval, intervals, models, recipe, scoring, summary
from training.datasets import cifake, manifest, sets
from training.datasets.manifest import ManifestError
from training.intervals import Estimate
from training.predictions import Predictions
from training.results import EVALUATE_SHIPPED, Fact
from training.run import Run, RunInfo

FALSE_ACCUSATIONS = 0.05
_OPTIONS = {"weights": "weights", "subset": "subset", "side": "side", "fit.epochs": "epochs"}


@dataclass(frozen=True)
class _Said:
    """Predictions with the verdicts that follow from them.

    Attributes:
        own: the model's own decision, score above 0.
        tuned: above the calibrated threshold; none where the run is not calibrated.
    """

    predictions: Predictions
    own: np.ndarray
    tuned: np.ndarray | None


def facts(runs: Sequence[Run], root: Path) -> list[Fact]:
    """Everything that the table says of runs.

    Args:
        root: the folder of collections, for the list of CIFAKE's leaked pictures.

    Raises:
        RunError: a run that has not ended.
        ManifestError: CIFAKE was judged and the list of its leaked pictures is not there.
    """
    found = []
    for run in runs:
        info = run.info()
        model = info.recipe
        known = [Fact(model, run.name, what, value) for what, value in _training(run, info)]
        figures = [
            Fact.of(model, run.name, what, estimate)
            for what, estimate in _figures(run, info, root).items()
        ]
        found += known + figures
    return found


def _training(run: Run, info: RunInfo) -> list[tuple[str, str]]:
    rows = [
        ("data", info.data),
        ("parameters", str(info.parameters)),
        ("seconds", str(info.seconds)),
        ("machine", info.machine),
        ("pictures", str(info.pictures.get("trained", ""))),
        ("folds", str(info.pictures.get(crossval.FOLDS, ""))),
        ("epochs", _epochs(run)),
    ]
    claim = info.settings.get("claim")
    if isinstance(claim, dict):
        rows += [(f"claim {key}", str(value)) for key, value in claim.items() if value is not None]
    if info.settings.get("kind") == scoring.SHIPPED:
        rows.append(("command", EVALUATE_SHIPPED))
    else:
        changed = _changed(run)
        rows += [("changed", "; ".join(f"{key} {value}" for key, value in changed.items()))]
        rows += [("command", _command(info, changed))]
    return [(what, value) for what, value in rows if value]


def _epochs(run: Run) -> str:
    if not run.log.is_file():
        return ""
    with run.log.open(newline="", encoding="utf-8") as file:
        return str(sum(1 for _ in csv.DictReader(file)))


def _changed(run: Run) -> dict[str, object]:
    """Which settings differ from the recipe, `data` aside; of an ensemble those of its members."""
    settings = scoring.settings_of(run)
    if settings.name not in recipe.names():
        return {}
    if isinstance(settings, recipe.EnsembleRecipe):
        members = zip(settings.members, models.member_runs(run, settings), strict=True)
        return {f"{name} {k}": v for name, member in members for k, v in _changed(member).items()}
    return {key: v for key, v in recipe.overridden(settings).items() if key != "data"}


def _command(info: RunInfo, changed: dict[str, object]) -> str:
    folds = info.pictures.get(crossval.FOLDS)
    words = ["crossval" if folds else "train", info.recipe, "--on", info.data]
    if folds:
        words += ["--folds", str(folds)]
    for key, option in _OPTIONS.items():
        if key in changed:
            words += [f"--{option}", str(changed[key])]
    return " ".join(words)


def _figures(run: Run, info: RunInfo, root: Path) -> dict[str, Estimate]:
    """The figures of the sets that belong to what a run learned from."""
    said = {
        name: _said(run, predictions)
        for name, predictions in scoring.evaluated(run).items()
        if name in scoring.sets_of(info.data) or name == info.data
    }
    if crossval.FOLDS in info.pictures:
        title = f"{info.data} {info.pictures[crossval.FOLDS]}-fold"
        return {f"{title} accuracy": _accuracy(s) for s in said.values()}
    if info.data == cifake.NAME:
        return _on_cifake(said[cifake.NAME], root) if said else {}
    if info.data == sets.MATCHED:
        return _on_matched(said)
    return {
        f"{name} {what}": figure(s)
        for name, s in said.items()
        for what, figure in (("accuracy", _accuracy), ("AUC", _auc))
    }


def _said(run: Run, predictions: Predictions) -> _Said:
    tuned = summary.verdicts(predictions, run.calibration()) if run.calibrated else None
    return _Said(predictions, summary.verdicts(predictions, None), tuned)


def _accuracy(said: _Said) -> Estimate:
    of = said.predictions
    return intervals.accuracy(of.labels, said.own, of.sources)


def _auc(said: _Said) -> Estimate:
    of = said.predictions
    return intervals.auc(of.labels, of.scores, of.sources)


def _on_cifake(said: _Said, root: Path) -> dict[str, Estimate]:
    try:
        leaked = cifake.leaked(root)
    except FileNotFoundError as error:
        raise ManifestError(
            f"{error.filename} does not exist: it lists CIFAKE's leaked pictures. Point --data at "
            "the folder of collections."
        ) from error
    of = said.predictions
    fresh = np.array([name not in leaked for name in of.names])
    sources = [source for source, kept in zip(of.sources, fresh, strict=True) if kept]
    return {
        "cifake accuracy": _accuracy(said),
        "cifake accuracy without leaked": intervals.accuracy(
            of.labels[fresh], said.own[fresh], sources
        ),
    }


def _on_matched(by_set: dict[str, _Said]) -> dict[str, Estimate]:
    figures: dict[str, Callable[[_Said], Estimate | None]] = {
        "quiz mean AUC": lambda said: intervals.mean_source_auc(
            said.predictions.labels, said.predictions.scores, said.predictions.sources
        ),
        "quiz balanced accuracy": lambda said: (
            None
            if said.tuned is None
            else intervals.balanced_accuracy(
                said.predictions.labels, said.tuned, said.predictions.sources
            )
        ),
        "quiz caught": lambda said: intervals.caught_at(
            said.predictions.labels,
            said.predictions.scores,
            FALSE_ACCUSATIONS,
            said.predictions.sources,
        ),
        "wild AUC": _auc,
        "human accused": lambda said: (
            None
            if said.tuned is None
            else intervals.accused(said.predictions.labels, said.tuned, said.predictions.sources)
        ),
    }
    assert {what.split()[0] for what in figures} == set(manifest.COLLECTIONS)
    found = {
        what: figure(by_set[what.split()[0]])
        for what, figure in figures.items()
        if what.split()[0] in by_set
    }
    return {what: estimate for what, estimate in found.items() if estimate is not None}
