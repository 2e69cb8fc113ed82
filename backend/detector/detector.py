"""The detector: loads every expert, cuts views, scores a batch, and turns scores into verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import structlog

from backend.detector import notes
from backend.detector.card import Bands, Label, ModelCard, ModelError, checked, load_card
from backend.detector.engines import CPU, Engine, Network, OnnxNetwork, load_network
from backend.detector.experts import Appearance, Expert, LogitMap, Opinion, Tiny, Traces
from backend.detector.explanation import Explanation, PlacedMap, draw
from backend.images import Pixels

MODELS = Path(__file__).parents[1] / "models"
# Below this side the tower and the tiles would see mostly padding: `tiny` judges alone.
SMALL_SIDE = 128
EXPERTS = ("traces", "appearance")

log = structlog.get_logger()


@dataclass(frozen=True)
class Views:
    """What the experts will look at in one picture: views by expert name."""

    by_expert: dict[str, Pixels]
    notes: tuple[str, ...]

    @property
    def cost(self) -> int:
        """Pixels to be passed through networks, the unit of a batch's limit."""
        return sum(v.shape[0] * v.shape[1] * v.shape[2] for v in self.by_expert.values())


@dataclass(frozen=True)
class ExpertScore:
    """One expert's own calibrated P(AI), and the maps that its raw score is made of."""

    name: str
    probability: float
    maps: tuple[LogitMap, ...]


@dataclass(frozen=True)
class Verdict:
    """The answer for one picture; `probability` is the calibrated P(AI) of the pixels alone."""

    label: Label
    probability: float
    bands: Bands
    experts: tuple[ExpertScore, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Detector:
    """All loaded experts of one model version.

    `missing` names experts that were asked for and could not be loaded, with the reason.
    """

    card: ModelCard
    experts: dict[str, Expert]
    missing: dict[str, str] = field(default_factory=dict)

    def views(
        self, native: Pixels, whole: Pixels | None = None, jpeg_quality: float | None = None
    ) -> Views:
        """Cut what the experts need from an upright picture, uint8 (height, width, 3).

        Args:
            whole: the entire picture made small, where `native` is only a crop of it.
            jpeg_quality: of its file, if that is a JPEG, see `images.Picture`.
        """
        whole = native if whole is None else whole
        noted = notes.notes(whole, jpeg_quality)
        if min(native.shape[:2]) < SMALL_SIDE:
            cut = {"tiny": self.experts["tiny"].cut(native, whole)}
            return Views(cut, notes=("small", *noted))
        large = [name for name in self.experts if name != "tiny"]
        return Views({name: self.experts[name].cut(native, whole) for name in large}, noted)

    def scores(self, batch: Sequence[Views]) -> list[dict[str, float]]:
        """Raw scores by expert for each picture of a batch; runs the networks."""
        return [_scores(opinions) for opinions in self._opinions(batch)]

    def classify(self, batch: Sequence[Views]) -> list[Verdict]:
        """Verdicts for a batch of pictures; each depends on its own picture only."""
        return [
            self._verdict(opinions, views.notes)
            for opinions, views in zip(self._opinions(batch), batch, strict=True)
        ]

    def explain(self, verdict: Verdict, width: int, height: int) -> Explanation:
        """Where in the upright picture of this size the verdict comes from; pure, fast."""
        stack = self.card.stack_of([expert.name for expert in verdict.experts])
        weights = self.card.weights_of(stack.experts)
        maps = [
            PlacedMap(expert.name, weights[expert.name], place, logit_map)
            for expert in verdict.experts
            for place, logit_map in zip(
                self.experts[expert.name].places(width, height), expert.maps, strict=True
            )
        ]
        return draw(maps, stack.bias, width, height)

    def _opinions(self, batch: Sequence[Views]) -> list[dict[str, Opinion]]:
        opinions: list[dict[str, Opinion]] = [{} for _ in batch]
        for name, expert in self.experts.items():
            places = [i for i, views in enumerate(batch) if name in views.by_expert]
            if not places:
                continue
            results = expert.judge([batch[i].by_expert[name] for i in places])
            for place, opinion in zip(places, results, strict=True):
                opinions[place][name] = opinion
        return opinions

    def _verdict(self, opinions: dict[str, Opinion], noted: tuple[str, ...]) -> Verdict:
        scores = _scores(opinions)
        stack = self.card.stack_of(list(scores))
        probability = stack.probability(scores)
        return Verdict(
            label=notes.label(probability, stack.bands, noted),
            probability=probability,
            bands=stack.bands,
            experts=tuple(
                ExpertScore(
                    name, self.card.stack_of([name]).probability(scores), opinions[name].maps
                )
                for name in sorted(scores, reverse=True)
            ),
            notes=noted,
        )

    def only(self, *names: str) -> Detector:
        """The same detector with only these experts."""
        return replace(self, experts={name: self.experts[name] for name in names})

    def warm(self) -> None:
        """Run every expert once, so that the first visitor does not wait for lazy set-up."""
        sides = (32, 512)
        self.classify([self.views(np.zeros((side, side, 3), np.uint8)) for side in sides])


def _scores(opinions: dict[str, Opinion]) -> dict[str, float]:
    return {name: opinion.score for name, opinion in opinions.items()}


def load_detector(
    folder: Path = MODELS,
    experts: Sequence[str] = EXPERTS,
    engine: Engine = "onnx",
    threads: int = 0,
) -> Detector:
    """Load the model version that `folder` holds.

    Our own weights must be there and intact. The appearance tower is built on the spot and may be
    absent: then the other experts serve alone, and `Detector.missing` says why.

    Args:
        experts: which of "traces" and "appearance" to use; "tiny" always serves small pictures.

    Raises:
        ModelError: a file is missing, damaged or made for another model; or no expert is left.
    """
    card = load_card(folder)
    loaded, missing = load_experts(card, folder, experts, engine, threads)
    large = [name for name in loaded if name != "tiny"]
    if not large:
        reason = " ".join(missing.values()) or "none was asked for."
        raise ModelError(f"Neither traces nor appearance can serve: {reason}")
    card.stack_of(large)
    return Detector(card, loaded, missing)


def load_experts(
    card: ModelCard, folder: Path, experts: Sequence[str], engine: Engine, threads: int
) -> tuple[dict[str, Expert], dict[str, str]]:
    """Load `tiny` and the experts asked for; also says which are missing and why.

    Raises:
        ModelError: a file of our own is missing, damaged or made for another model.
    """

    def network(name: str) -> Network:
        role = "onnx" if engine == "onnx" else "keras"
        return load_network(checked(folder, card.experts[name].files[role]), engine, threads)

    loaded: dict[str, Expert] = {"tiny": Tiny(network("tiny"))}
    missing: dict[str, str] = {}
    if "traces" in experts:
        loaded["traces"] = Traces(network("traces"))
    if "appearance" in experts:
        files = card.experts["appearance"].files
        head = checked(folder, files["head"])
        try:
            tower = checked(folder, files["tower"])
        except ModelError as error:
            missing["appearance"] = f"{error} Build it with: make tower"
            log.warning("expert missing", expert="appearance", reason=missing["appearance"])
        else:
            # On the CPU always: its int8 nodes have no CUDA kernels.
            loaded["appearance"] = Appearance(OnnxNetwork(tower, threads, CPU), head)
    return loaded, missing
