"""What runs hold out is judged in training, and calibrates them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from training import models, recipe
from training.datasets.pictures import Pictures
from training.predictions import Predictions
from training.run import Run
from training.run_calibration import calibrate_run
from training.tests import made_runs
from training.train import train_run
from training.validation import combine


@pytest.fixture
def shown() -> Pictures:
    """Eighty pictures of ten sources; AI ones are brighter, more or less."""
    rng = np.random.default_rng(0)
    labels = np.arange(80) % 2 == 0
    levels = rng.normal(np.where(labels, 140, 110), 20)[:, None, None, None]
    pixels = rng.normal(levels, 10, (80, 32, 32, 3)).clip(0, 255).astype(np.uint8)
    sources = tuple(f"mine/{number // 8}" for number in range(80))
    return Pictures(pixels, labels, tuple(map(str, range(80))), sources)


@pytest.fixture(params=["classical", "classifier"])
def settings(request: pytest.FixtureRequest) -> recipe.Recipe:
    common = {"name": "made", "data": "mine", "seed": 1, "side": 32, "validation": 0.2}
    if request.param == "classical":
        return recipe.ClassicalRecipe.model_validate(
            {**common, "kind": "classical", "model": {"method": "random_forest", "trees": 20}}
        )
    return recipe.ClassifierRecipe.model_validate(
        {
            **common,
            "kind": "classifier",
            "network": "tiny",
            "build": {"widths": [4], "blocks": 1},
            "fit": made_runs.FIT,
        }
    )


def test_a_run_keeps_what_it_says_of_sources_that_it_never_learned_from(
    settings: recipe.Recipe, shown: Pictures, tmp_path: Path
) -> None:
    run = Run(tmp_path / "made-mine")
    train_run(settings, shown, run)
    said = Predictions.read(run.predictions("validation"))
    assert len(said.names) == run.info().pictures["watched"] == 16
    assert len(set(said.sources)) == 2
    places = [int(name) for name in said.names]
    assert said.labels.tolist() == shown.labels[places].tolist()
    assert said.scores == pytest.approx(models.load(run).scores(shown.pixels[places]), abs=1e-4)
    assert np.isnan(said.probabilities).all()


def test_an_ensemble_is_calibrated_on_what_none_of_its_members_learned_from(
    tmp_path: Path,
) -> None:
    first = made_runs.predictions(60, ["a"], apart=3.0)
    members = [made_runs.run(tmp_path, name, "mine") for name in ("one", "two")]
    first.write(members[0].predictions("validation"))
    later = slice(20, None)
    second = replace(
        first,
        names=first.names[later],
        labels=first.labels[later],
        sources=first.sources[later],
        scores=first.scores[later] + 0.5,
        probabilities=first.probabilities[later],
    )
    second.write(members[1].predictions("validation"))
    both = made_runs.run(tmp_path, "both", "mine")
    combine(both, members, "mean")
    said = Predictions.read(both.predictions("validation"))
    assert said.names == second.names
    expected = models.combine([first.scores[later], second.scores], "mean")
    assert said.scores == pytest.approx(expected)
    assert calibrate_run(both).weight > 0


def test_an_ensemble_whose_members_held_out_different_pictures_has_nothing(tmp_path: Path) -> None:
    members = [made_runs.run(tmp_path, name, "mine") for name in ("one", "two")]
    for seed, member in enumerate(members):
        made_runs.predictions(20, ["a"], seed=seed).write(member.predictions("validation"))
    both = made_runs.run(tmp_path, "both", "mine")
    combine(both, members, "majority")
    assert not both.predictions("validation").exists()
