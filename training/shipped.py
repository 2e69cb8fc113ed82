"""The shipped detector as runs beside those of the recipes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from rich.progress import track

from backend.detector.card import ModelCard, Stack
from backend.detector.detector import EXPERTS, MODELS, Detector, load_detector
from training import machine, scoring
from training.datasets import cifake, manifest, sets
from training.predictions import Predictions
from training.run import Run, RunCalibration, RunError, RunInfo

TINY = ("tiny",)
_BATCH = 32


def score(
    root: Path, names: tuple[str, ...], work: Path, models: Path = MODELS
) -> dict[Run, dict[str, Predictions]]:
    """Score the test splits of sets: by both experts, by each alone, CIFAKE by `tiny`.

    Args:
        root: the folder of collections.
        names: of the sets; CIFAKE, quiz, wild and human if there are none.

    Returns:
        By run: `real-or-ai-<version>-matched` and `-cifake`, `real-or-ai-<version>-<expert>-…`.

    Raises:
        ManifestError, RunError: before any long work; or a picture that cannot be read, by name.
    """
    names = scoring.expanded(names or (cifake.NAME, sets.MATCHED))
    for name in names:
        scoring.check(root, name)
    detector = load_detector(models)
    if detector.missing:
        raise RunError(" ".join(detector.missing.values()))
    found: dict[Run, dict[str, Predictions]] = {}
    for name in names:
        by_experts: dict[tuple[str, ...], Predictions] = {}
        if name == cifake.NAME:
            by_experts[TINY] = _on_cifake(detector, root, work)
        else:
            by_experts = _on_samples(detector, scoring.samples(root, name))
        for experts, said in by_experts.items():
            run = _run(detector.card, experts, name, work, models)
            said.write(run.predictions(name))
            found.setdefault(run, {})[name] = said
    return found


def _on_samples(
    detector: Detector, chosen: list[manifest.Sample]
) -> dict[tuple[str, ...], Predictions]:
    rows: list[list[float]] = []
    for start in track(range(0, len(chosen), _BATCH), "the detector", transient=True):
        batch = [
            detector.views(sample.pixels("crop"), sample.pixels("whole"))
            for sample in chosen[start : start + _BATCH]
        ]
        for verdict in detector.classify(batch):
            own = {expert.name: expert.probability for expert in verdict.experts}
            # A small picture is judged by `tiny`, whichever of the others serve.
            alone = [own.get(name, verdict.probability) for name in EXPERTS]
            rows.append([verdict.probability, *alone])
    everyone_and_each = [EXPERTS, *((name,) for name in EXPERTS)]
    return {
        experts: _predictions(
            [s.name for s in chosen],
            [s.is_ai for s in chosen],
            [f"{s.collection}/{s.source}" for s in chosen],
            probabilities,
        )
        for experts, probabilities in zip(everyone_and_each, np.array(rows).T, strict=True)
    }


def _on_cifake(detector: Detector, root: Path, work: Path) -> Predictions:
    shown = cifake.read(root, "test", work / "cache")
    probabilities: list[float] = []
    for start in track(range(0, len(shown), _BATCH), "CIFAKE", transient=True):
        batch = [detector.views(picture) for picture in shown.pixels[start : start + _BATCH]]
        probabilities += [verdict.probability for verdict in detector.classify(batch)]
    return _predictions(shown.names, shown.labels.tolist(), shown.sources, np.array(probabilities))


def _predictions(
    names: Sequence[str], labels: list[bool], sources: Sequence[str], probabilities: np.ndarray
) -> Predictions:
    """The card's own calibration stands: the score is the logit of its probability."""
    logits = np.log(probabilities / (1 - probabilities))
    return Predictions(tuple(names), np.array(labels), tuple(sources), logits, probabilities)


def _run(card: ModelCard, experts: tuple[str, ...], name: str, work: Path, models: Path) -> Run:
    data = sets.MATCHED if name in manifest.COLLECTIONS else name
    recipe = f"{card.name}-{card.version}"
    if len(experts) == 1 and experts != TINY:
        recipe += f"-{experts[0]}"
    run = Run(work / "runs" / f"{recipe}-{data}")
    stack = card.stack_of(experts)
    run.write_info(
        RunInfo(
            recipe=recipe,
            data=data,
            settings={"kind": scoring.SHIPPED, "experts": list(stack.experts)},
            side=0,
            parameters=sum(_parameters(card, models, name) for name in _heard(stack)),
            seconds=0.0,
            machine="",
            versions=machine.versions(),
            pictures={},
            created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        )
    )
    run.write_calibration(RunCalibration(weight=1.0, bias=0.0, threshold=0.5))
    return run


def _heard(stack: Stack) -> list[str]:
    """Who has a say in the verdict."""
    return [name for name, weight in zip(stack.experts, stack.weights, strict=True) if weight]


def _parameters(card: ModelCard, models: Path, expert: str) -> int:
    """The numbers in an expert's files."""
    count = 0
    for role, file in card.experts[expert].files.items():
        path = models / file.path
        if role == "head":
            with np.load(path, allow_pickle=False) as arrays:
                count += sum(arrays[name].size for name in arrays.files)
        elif path.suffix == ".onnx":
            graph = onnx.load(path).graph
            count += sum(int(np.prod(tensor.dims)) for tensor in graph.initializer)
    return count
