"""The model card: what a model version consists of, how its scores become verdicts, how good it is.

`backend/models/card.json` is written by `python -m training card` and read at start-up; every file
it names is pinned by SHA-256.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

Label = Literal["ai", "real", "uncertain"]
CARD_NAME = "card.json"


class ModelError(RuntimeError):
    """The model files are missing, damaged or do not belong together; the message says which."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelFile(_Frozen):
    """One file beside the card, pinned by content."""

    path: str
    sha256: str


class ExpertCard(_Frozen):
    """One expert: its files by role, and what it looks at."""

    description: str
    input: str
    normalisation: str
    files: dict[str, ModelFile]
    licence: str
    origin: str


class Bands(_Frozen):
    """P(AI) below `real_below` reads "real", above `ai_above` "ai", between them "uncertain"."""

    real_below: float
    ai_above: float

    def label(self, probability: float) -> Label:
        if probability > self.ai_above:
            return "ai"
        return "real" if probability < self.real_below else "uncertain"


class Stack(_Frozen):
    """Calibrated logistic combination of the raw scores of some experts."""

    experts: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float
    bands: Bands

    def probability(self, scores: Mapping[str, float]) -> float:
        """P(AI) in (0, 1) from raw expert scores (the more positive, the more AI)."""
        weighted = zip(self.experts, self.weights, strict=True)
        logit = self.bias + sum(weight * scores[expert] for expert, weight in weighted)
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))


class CardTable(_Frozen):
    """A table of the model card; a cell is null where too few pictures speak."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]


class ModelCard(_Frozen):
    """Everything about one model version."""

    name: str
    version: str
    created: str
    experts: dict[str, ExpertCard]
    stacks: tuple[Stack, ...]
    calibration: str
    training_data: dict[str, dict[str, int]]
    figures: dict[str, dict[str, float]]
    figures_explained: dict[str, str]
    tables: tuple[CardTable, ...] = ()
    limits: tuple[str, ...]

    def stack_of(self, experts: Sequence[str]) -> Stack:
        """The stack fitted for exactly these experts.

        Raises:
            ModelError: there is none.
        """
        for stack in self.stacks:
            if set(stack.experts) == set(experts):
                return stack
        raise ModelError(f"The model card has no calibration for the experts {sorted(experts)}.")

    def weights_of(self, experts: Sequence[str]) -> dict[str, float]:
        """The say of each of these experts in their common verdict.

        Raises:
            ModelError: there is no stack for them.
        """
        stack = self.stack_of(experts)
        return dict(zip(stack.experts, stack.weights, strict=True))


def load_card(folder: Path) -> ModelCard:
    """Read and validate the card.

    Raises:
        ModelError: missing or malformed.
    """
    path = folder / CARD_NAME
    try:
        return ModelCard.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise ModelError(f"{path} is missing: there is no model to serve.") from error
    except ValidationError as error:
        raise ModelError(f"{path} is not a valid model card: {error}") from error


def checked(folder: Path, file: ModelFile) -> Path:
    """The path of a model file whose content is what the card says.

    Raises:
        ModelError: missing, or another SHA-256.
    """
    path = folder / file.path
    try:
        digest = sha256(path)
    except FileNotFoundError as error:
        raise ModelError(f"The model file {file.path} is missing.") from error
    if digest != file.sha256:
        raise ModelError(
            f"The model file {file.path} has SHA-256 {digest}, "
            f"but the model card says {file.sha256}."
        )
    return path


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
