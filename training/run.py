"""The folder of one training run: what training leaves for everything that comes after it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, JsonValue


class RunError(ValueError):
    """A run that is not there or does not fit; the message says what to do."""


class RunInfo(BaseModel):
    """What was trained on what: `run.json`, written when training has ended.

    Attributes:
        settings: the whole recipe.
        side: of the pictures that trained, in pixels; 0 where any will do.
        parameters: weights of the model; of a classical model the numbers it keeps.
        seconds: of training, over all its parts when it was taken up again.
        machine: processor, its cores, accelerators.
        versions: of Python and of the libraries that trained.
        pictures: how many trained and how many only watched.
    """

    model_config = ConfigDict(frozen=True)

    recipe: str
    data: str
    settings: dict[str, JsonValue]
    side: int
    parameters: int
    seconds: float
    machine: str
    versions: dict[str, str]
    pictures: dict[str, int]
    created: str


class RunCalibration(BaseModel):
    """P(AI) = sigmoid(weight * score + bias); AI where it exceeds `threshold`."""

    model_config = ConfigDict(frozen=True)

    weight: float
    bias: float
    threshold: float

    def probabilities(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """P(AI) of raw scores, any shape."""
        return np.asarray(1 / (1 + np.exp(-(self.weight * scores + self.bias))))


@dataclass(frozen=True)
class Trained:
    """What a training came to: its share of `run.json`."""

    side: int
    parameters: int
    seconds: float
    trained: int
    watched: int


@dataclass(frozen=True)
class Run:
    """`work/runs/<recipe>-<data>`."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def log(self) -> Path:
        """Curves: epoch, loss, accuracy, precision, recall, auc, f1, and the same with val_."""
        return self.folder / "log.csv"

    @property
    def state(self) -> Path:
        """What a killed training goes on from."""
        return self.folder / "state"

    @property
    def network(self) -> Path:
        return self.folder / "model.keras"

    @property
    def head(self) -> Path:
        return self.folder / "appearance-head.npz"

    @property
    def classical(self) -> Path:
        return self.folder / "model.joblib"

    def predictions(self, data: str) -> Path:
        """`name,label,source,score,probability` of each picture of one data set."""
        return self.folder / "predictions" / f"{data}.csv"

    def info(self) -> RunInfo:
        """Read `run.json`.

        Raises:
            RunError: nothing was trained here, or training has not ended.
        """
        path = self.folder / "run.json"
        if not path.is_file():
            raise RunError(f"{path} does not exist: train {self.name} first, to its end.")
        return RunInfo.model_validate_json(path.read_bytes())

    def begin(self, settings: BaseModel, pictures: str, content: str = "") -> None:
        """Claim the folder for one recipe and one set of pictures, now or before a kill.

        Args:
            pictures: says which; compared with what it was before.
            content: says what they show; compared where it is known of those before.

        Raises:
            RunError: the folder is that of another training; nothing is changed.
        """
        path = self.folder / "settings.json"
        claim = {**settings.model_dump(mode="json"), "pictures": pictures, "content": content}
        if not (self.started and path.is_file()):
            self._write(path.name, json.dumps(claim, indent=2))
            return
        other = {"content": content, **json.loads(path.read_bytes())}
        differing = sorted(k for k in claim.keys() | other if claim.get(k) != other.get(k))
        if differing:
            raise RunError(
                f"{self.folder} holds a training with other settings ({', '.join(differing)}). "
                "Nothing was changed; --force starts afresh, another --work keeps both."
            )

    @property
    def finished(self) -> bool:
        return (self.folder / "run.json").is_file()

    @property
    def started(self) -> bool:
        """Whether a training, of a fold too, left something to go on from."""
        folds = self.folder.glob("folds/*")
        return self.finished or self.state.is_dir() or any(Run(fold).started for fold in folds)

    @contextmanager
    def afresh(self, force: bool) -> Iterator[None]:
        """Train inside this; with `force` what the folder holds is put aside first.

        It is deleted when the block ends and another training has started in its place, and comes
        back if none has. After a kill the next call sees to it.
        """
        before = self.folder.parent / ".before" / self.name
        self._settle(before)
        if force and self.folder.exists():
            before.parent.mkdir(exist_ok=True)
            self.folder.rename(before)
        try:
            yield
        finally:
            self._settle(before)

    def _settle(self, before: Path) -> None:
        if not before.exists():
            return
        if self.started:
            shutil.rmtree(before)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
            before.rename(self.folder)
        with suppress(OSError):  # holds what was put aside of another run
            before.parent.rmdir()

    def write_info(self, info: RunInfo) -> None:
        self._write("run.json", info.model_dump_json(indent=2))

    @property
    def calibrated(self) -> bool:
        return (self.folder / "calibration.json").is_file()

    def calibration(self) -> RunCalibration:
        """Read `calibration.json`.

        Raises:
            RunError: the run is not calibrated.
        """
        path = self.folder / "calibration.json"
        if not path.is_file():
            raise RunError(f"{path} does not exist: calibrate {self.name} first.")
        return RunCalibration.model_validate_json(path.read_bytes())

    def write_calibration(self, calibration: RunCalibration) -> None:
        self._write("calibration.json", calibration.model_dump_json(indent=2))

    def _write(self, name: str, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f"{name}.part"
        partial.write_text(text + "\n", encoding="utf-8")
        partial.replace(self.folder / name)
