"""What a run trained, ready to score pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from backend.detector.experts import Expert
from backend.images import Pixels
from training import recipe
from training.datasets.pictures import squash
from training.run import Run, RunError, RunInfo

Floats = npt.NDArray[np.float64]

_PIXELS_A_PASS = 2_000_000  # keeps a pass of the largest network within memory
_CERTAIN = 1e-6  # a probability is never nearer to 0 or 1


class Model(Protocol):
    """A trained model, whatever kind it is."""

    def scores(self, pixels: Pixels) -> Floats:
        """Raw scores of uint8 RGB (n, side, side, 3), rising with AI, 0 where undecided: (n,)."""
        ...


@dataclass(frozen=True)
class SidedModel:
    """A model that sees every picture at the size of those it learned from."""

    model: Model
    side: int

    def scores(self, pixels: Pixels) -> Floats:
        if pixels.shape[1] != self.side:
            pixels = squash(pixels, self.side, len(pixels))
        return self.model.scores(pixels)


@dataclass(frozen=True)
class NetworkModel:
    """A Keras network; the logit is its output or the mean of its output map."""

    network: Any

    def scores(self, pixels: Pixels) -> Floats:
        batch_size = max(1, _PIXELS_A_PASS // (pixels.shape[1] * pixels.shape[2]))
        outputs = self.network.predict(pixels, batch_size=min(batch_size, 256), verbose=0)
        return np.asarray(outputs, np.float64).reshape(len(pixels), -1).mean(axis=1)


@dataclass(frozen=True)
class ClassicalModel:
    """A scikit-learn model: distance from the border, or log-odds of its probability."""

    estimator: Any

    def scores(self, pixels: Pixels) -> Floats:
        if hasattr(self.estimator, "decision_function"):
            return np.asarray(self.estimator.decision_function(pixels), np.float64)
        return log_odds(self.estimator.predict_proba(pixels)[:, 1])


@dataclass(frozen=True)
class ExpertModel:
    """An expert of the detector on pictures that are whole and native at once."""

    expert: Expert

    def scores(self, pixels: Pixels) -> Floats:
        views = (self.expert.cut(picture, picture) for picture in pixels)
        return np.array([self.expert.judge([cut])[0].score for cut in views], np.float64)


@dataclass(frozen=True)
class EnsembleModel:
    """Members asked together: votes for AI minus votes for real, or log-odds of the mean P(AI)."""

    members: tuple[Model, ...]
    vote: str

    def scores(self, pixels: Pixels) -> Floats:
        return combine([member.scores(pixels) for member in self.members], self.vote)


def combine(scores: list[Floats], vote: str) -> Floats:
    """The scores of an ensemble from those of its members, each (n,)."""
    by_member = np.stack(scores)
    if vote == "majority":
        return np.where(by_member > 0, 1.0, -1.0).sum(axis=0)
    return log_odds((1 / (1 + np.exp(-by_member))).mean(axis=0))


def log_odds(probabilities: Floats) -> Floats:
    """ln(p / (1 - p)), finite."""
    p = np.clip(probabilities, _CERTAIN, 1 - _CERTAIN)
    return np.log(p / (1 - p))


def load(run: Run) -> Model:
    """The model that a run ended with.

    Raises:
        RunError: training has not ended, what it left is gone, or the tower is not built.
    """
    info = run.info()
    model = _load(run, info)
    return SidedModel(model, info.side) if info.side else model


def _load(run: Run, info: RunInfo) -> Model:
    settings = recipe.parse(info.settings, str(run.folder / "run.json"))
    if isinstance(settings, recipe.EnsembleRecipe):
        members = tuple(load(member) for member in member_runs(run, settings))
        return EnsembleModel(members, settings.vote)
    if isinstance(settings, recipe.ClassicalRecipe):
        import joblib

        return ClassicalModel(joblib.load(_existing(run.classical)))
    if isinstance(settings, recipe.AppearanceRecipe):
        from backend.detector.engines import OnnxNetwork
        from backend.detector.experts import Appearance
        from backend.detector.tower import TOWER_PATH
        from training.features import require_tower

        require_tower()
        network = OnnxNetwork(TOWER_PATH, threads=0)
        return ExpertModel(Appearance(network, _existing(run.head)))
    import keras

    return NetworkModel(keras.models.load_model(_existing(run.network), safe_mode=True))


def member_runs(run: Run, settings: recipe.EnsembleRecipe) -> list[Run]:
    """The runs of an ensemble's members, which lie beside its own and are named like it."""
    ending = run.name.removeprefix(settings.name)
    return [Run(run.folder.parent / f"{name}{ending}") for name in settings.members]


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise RunError(f"{path} does not exist: train {path.parent.name} again, with --force.")
    return path
