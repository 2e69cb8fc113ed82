"""Fitting, resuming and exporting, on pictures made by code."""

import csv
from pathlib import Path

import keras
import numpy as np
import pytest

from backend.detector.engines import OnnxNetwork
from training.augment import Augmentation, augment
from training.datasets import manifest
from training.datasets.batches import PictureBatches, targets
from training.datasets.crops import Batches as CropBatches
from training.datasets.pictures import Pictures
from training.export import export
from training.fit import Losses, fit, stopped
from training.networks import tiny, traces
from training.recipe import Fit
from training.run import Run


def _stripes_against_noise(count: int = 256) -> Pictures:
    rng = np.random.default_rng(0)
    labels = np.arange(count) % 2
    noise = rng.integers(0, 256, (count, 32, 32, 3), np.uint8)
    stripes = np.broadcast_to((np.arange(32) % 4 * 60)[:, None, None], (32, 32, 3))
    pixels = np.where(labels[:, None, None, None] == 1, stripes, noise).astype(np.uint8)
    return Pictures(pixels, labels == 1, tuple(map(str, range(count))), ("made",) * count)


def _settings(epochs: int) -> Fit:
    return Fit(
        epochs=epochs,
        batch_size=32,
        optimizer="adamw",
        learning_rate=3e-3,
        schedule="warmup_cosine",
        warmup_share=0.1,
        weight_decay=1e-3,
    )


def _small() -> keras.Model:
    return tiny.build(widths=(8, 16), blocks=1)


def test_a_network_learns_survives_a_kill_and_exports(tmp_path: Path) -> None:
    data = _stripes_against_noise()
    watched = (data.pixels, targets(data))
    run = Run(tmp_path / "run")

    class Killed(RuntimeError):
        pass

    class Killer(PictureBatches):
        def start_epoch(self, epoch: int, logs: object = None) -> None:
            if epoch == 2:
                raise Killed
            super().start_epoch(epoch)

    with pytest.raises(Killed):
        fit(_small, Killer(data, 32, seed=1), watched, _settings(8), run)
    network = fit(_small, PictureBatches(data, 32, seed=1), watched, _settings(8), run).network

    with run.log.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == [
        str(epoch) for epoch in range(8)
    ]  # none was run twice
    for name in ("loss", "accuracy", "precision", "recall", "auc", "f1"):
        assert {name, f"val_{name}"} <= rows[0].keys()
    assert float(rows[-1]["val_f1"]) > 0.95
    assert list((run.folder / "tensorboard" / "train").iterdir())
    export(network, tmp_path, side=32)
    logits = OnnxNetwork(tmp_path / "tiny.onnx", threads=1).run(data.pixels)
    assert ((logits.mean(axis=(1, 2, 3)) > 0) == data.labels).mean() > 0.95


def test_batches_depend_on_seed_epoch_and_number_only() -> None:
    data = _stripes_against_noise(64)
    first, second = PictureBatches(data, 16, seed=1), PictureBatches(data, 16, seed=1)
    assert np.array_equal(first[2][0], second[2][0])
    second.start_epoch(1)
    assert not np.array_equal(first[2][0], second[2][0])


def test_training_stops_by_the_rules_of_the_recipe() -> None:
    history = [Losses(0.5, 0.40), Losses(0.4, 0.39), Losses(0.3, 0.395)]
    patient = _settings(9).model_copy(update={"patience": 2, "min_delta": 0.02})
    assert not stopped(_settings(9), history)
    assert not stopped(patient, history[:2])
    assert stopped(patient, history)  # two epochs, none better by 0.02
    strict = _settings(9).model_copy(update={"stop_when_overfitting": True})
    assert not stopped(strict, history[:2])
    assert stopped(strict, history)  # 0.395 > 0.3
    assert not stopped(strict, [])


def test_the_best_weights_are_kept_and_the_rule_ends_training(tmp_path: Path) -> None:
    data = _stripes_against_noise(64)
    swapped = (data.pixels, {"logit": 1 - targets(data)["logit"]})
    settings = _settings(6).model_copy(
        update={"learning_rate": 1e-2, "patience": 2, "best_weights": True}
    )
    run = Run(tmp_path / "run")
    network = fit(_small, PictureBatches(data, 32, seed=1), swapped, settings, run).network
    with run.log.open() as file:
        losses = [float(row["val_loss"]) for row in csv.DictReader(file)]
    best = losses.index(min(losses))
    assert len(losses) == min(6, best + 3)  # learning the opposite makes it worse
    logits = network.predict(data.pixels, verbose=0).mean(axis=(1, 2, 3))
    loss = np.log1p(np.exp(-logits * np.where(data.labels, -1, 1))).mean()
    assert loss == pytest.approx(min(losses), rel=0.02)


def test_classes_weigh_alike_however_few_one_is() -> None:
    data = _stripes_against_noise(100)
    lopsided = data.where(np.append(np.flatnonzero(data.labels)[:10], np.flatnonzero(~data.labels)))
    batches = PictureBatches(lopsided, 60, seed=1, class_weights=True)
    labels, weights = batches[0][1], batches[0][-1]
    assert isinstance(weights, dict)
    is_ai, mass = labels["logit"][:, 0] == 1, weights["logit"]
    assert mass[is_ai].sum() == pytest.approx(mass[~is_ai].sum())
    assert mass.mean() == pytest.approx(1)


def test_crops_are_native_and_balanced(made_collection: Path) -> None:
    samples = manifest.read(made_collection, "quiz")
    batches = CropBatches(
        samples,
        taught=np.arange(len(samples), dtype=np.float32)[:, None],
        shares={"quiz": 1.0},
        side=128,
        augmentation=Augmentation(resize=0, blur=0, resave=0),
        batch_size=64,
        draws_per_epoch=64,
        seed=0,
    )
    crops, targets = batches[0]
    labels = targets["logit"]
    assert crops.shape == (64, 128, 128, 3)
    assert crops.dtype == np.uint8
    assert 0.3 < labels.mean() < 0.7
    assert [samples[int(k)].is_ai for k in targets["taught"][:, 0]] == list(labels[:, 0] == 1)
    flat = crops.reshape(64, -1).std(axis=1) == 0
    assert np.array_equal(flat, labels[:, 0] == 0)  # nothing was blurred, resized or re-saved


def test_augmentation_is_seeded_and_changes_pixels() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (200, 160, 3), np.uint8)
    settings = Augmentation(resize=1, blur=1, resave=1)
    once, again = (augment(pixels, settings, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(once, again)
    assert once.shape != pixels.shape


def test_the_mean_of_the_trace_map_is_linear_in_means_and_deviations_at_any_size() -> None:
    network = traces.build()
    picture = np.random.default_rng(0).integers(0, 256, (1, 96, 160, 3), np.uint8)
    last = network.layers[-1]
    both = keras.Model(network.input, {"map": last.output, "in": last.input})(picture)
    logit_map, before = (keras.ops.convert_to_numpy(both[name]) for name in ("map", "in"))
    assert logit_map.shape == (1, 12, 20, 1)
    channels = before[0, :, :, : before.shape[-1] // 2]
    statistics = np.concatenate([channels.mean(axis=(0, 1)), channels.std(axis=(0, 1))])
    weights, bias = last.get_weights()
    assert logit_map.mean() == pytest.approx(
        float((statistics @ weights[0, 0] + bias)[0]), abs=1e-3
    )
    assert network.count_params() * 4 < 5e6
