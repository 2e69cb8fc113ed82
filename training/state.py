"""What a killed training goes on from: everything that changes, in one file.

Keras's BackupAndRestore starts a killed epoch anew with the weights of its middle, forgets metrics
and random states and writes in place; this one goes on at the very batch.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from training.run import RunError


@dataclass(frozen=True)
class Progress:
    """Where training stands: batches done in the epoch, and the seconds it took so far."""

    epoch: int = 0
    batch: int = 0
    seconds: float = 0.0


class Checkpoint(keras.callbacks.Callback):
    """Writes the state at the end of every epoch, and inside it every so many seconds.

    Has to be the last callback.
    """

    def __init__(self, path: Path, every_seconds: float, progress: Progress) -> None:
        super().__init__()
        self._path, self._every = path, every_seconds
        self._resumed = progress
        self._begun = self._saved = time.monotonic()
        self._epoch, self._skipped = progress.epoch, 0

    @property
    def seconds(self) -> float:
        """Spent so far, before and after a kill."""
        return self._resumed.seconds + time.monotonic() - self._begun

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        inside = epoch == self._resumed.epoch and self._resumed.batch > 0
        self._epoch, self._skipped = epoch, self._resumed.batch if inside else 0
        if inside:  # Keras has just reset the metrics of this epoch
            restore(self.model, self._path)

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        if time.monotonic() - self._saved >= self._every:
            self._save(self._epoch, self._skipped + batch + 1)

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        self._save(epoch + 1, 0)

    def _save(self, epoch: int, batch: int) -> None:
        if hasattr(self.model, "jax_state_sync"):
            self.model.jax_state_sync()
        arrays = {
            f"{place}:{variable.path}": keras.ops.convert_to_numpy(variable.value)
            for place, variable in enumerate(_variables(self.model))
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".part.npz")
        progress = np.array([epoch, batch, self.seconds])
        np.savez(partial, allow_pickle=False, progress=progress, **arrays)
        partial.replace(self._path)
        self._saved = time.monotonic()


def restore(model: keras.Model, path: Path) -> Progress:
    """Set a compiled model to the state in `path`, if there is one.

    Raises:
        RunError: it is the state of another network.
    """
    model.optimizer.build(model.trainable_variables)
    if not path.is_file():
        return Progress()
    with np.load(path, allow_pickle=False) as arrays:
        variables = _variables(model)
        saved = [name for name in arrays.files if name != "progress"]
        shapes = [arrays[name].shape for name in saved]
        if shapes != [tuple(variable.shape) for variable in variables]:
            raise RunError(
                f"{path} is the checkpoint of another network. Nothing was changed; --force "
                "starts afresh, another --work keeps both."
            )
        for variable, name in zip(variables, saved, strict=True):
            variable.assign(arrays[name])
        epoch, batch, seconds = arrays["progress"].tolist()
    return Progress(int(epoch), int(batch), seconds)


def _variables(model: keras.Model) -> list[keras.Variable]:
    """Weights, random states, optimizer and metrics, in a fixed order."""
    found = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    return list({id(variable): variable for variable in found}.values())
