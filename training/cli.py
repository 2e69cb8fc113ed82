"""The command line of the training package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from training.prepare import cli as prepare

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
app.add_typer(prepare.app, name="prepare")

Data = Annotated[Path, typer.Option(help="Folder of the image collections.")]
Work = Annotated[Path, typer.Option(help="Caches, checkpoints and logs; kept between runs.")]
RunName = Annotated[str, typer.Argument(help="A run's name in work/runs, or its folder.")]


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns what is wrong with names, data or runs into one sentence and exit code 2."""
    from backend.detector.card import ModelError
    from backend.detector.tower import TowerError
    from training.calibrate import CalibrationError
    from training.datasets.manifest import ManifestError
    from training.networks import NetworkError, WeightsError
    from training.prepare.files import PrepareError
    from training.recipe import RecipeError
    from training.run import RunError

    of_recipes = (RecipeError, NetworkError, WeightsError)
    of_data = (ManifestError, PrepareError)
    of_models = (ModelError, TowerError)
    try:
        yield
    except (*of_recipes, *of_data, *of_models, RunError, CalibrationError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(prepare.CANNOT) from error


@app.command()
def model(
    folder: Annotated[Path, typer.Argument(help="Holds a folder of AI and one of real pictures.")],
    to: Annotated[Path, typer.Option(help="The folder to make: model, figures, report.md.")],
    recipe: Annotated[str, typer.Option(help="A network in training/recipes.")] = "tiny",
    epochs: Annotated[int | None, typer.Option(help="At most so many.", min=1)] = None,
    by_source: Annotated[
        bool, typer.Option("--by-source", help="Test on whole sources that training never sees.")
    ] = False,
    ai: prepare.Ai = None,
    real: prepare.Real = None,
    work: Work = Path("work"),
    force: Annotated[
        bool, typer.Option(help="Replace the model in --to, and a training with other settings.")
    ] = False,
) -> None:
    """Make a model of your own: one command from two folders of pictures to files for use.

    FOLDER holds one folder of AI pictures (ai, fake, generated, ...) and one of
    real ones (real, nature, photos, ...), or name yours with --ai and --real. A
    copy is split into train and test, probed for what gives the classes away
    without a look at the pictures, trained on, calibrated, tested and drawn.
    --to then holds the Keras and ONNX files, model-card.json, figures and
    report.md, which says what the model is worth and how to load it.

    FOLDER is only read. A killed call goes on with the same command. Damaged or
    repeated pictures: run prepare clean and prepare dedupe first.

    Examples:
      python -m training model mine --to my-model
      python -m training model mine --to my-model --recipe cnn200 --by-source
      python -m training model mine --to my-model --ai midjourney --real flickr
    """
    from training import recipe as recipes
    from training.prepare import layout

    with _refusals():
        settings = recipes.load(recipe)
        named = layout.ClassFolders.told(ai or [], real or [])
        from training import model as making  # scikit-learn and Matplotlib: seconds

        report = making.make(
            folder, to, named, settings, work, epochs=epochs, by_source=by_source, force=force
        )
    print(report)


@app.command()
def train(
    recipe: Annotated[str, typer.Argument(help="A name in training/recipes, without .toml.")],
    data: Data = Path("data"),
    work: Work = Path("work"),
    on: Annotated[
        str | None,
        typer.Option(
            help="Data set: cifake, matched, art or a folder of --data with a manifest.csv; "
            "the recipe's own if not given."
        ),
    ] = None,
    weights: Annotated[
        str | None, typer.Option(help="Of the backbone: imagenet, none or the path of a file.")
    ] = None,
    subset: Annotated[
        int | None, typer.Option(help="How many pictures to learn from.", min=2)
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="At most so many.", min=1)] = None,
    side: Annotated[int | None, typer.Option(help="Of the pictures, in pixels.", min=8)] = None,
    devices: Annotated[
        int | None,
        typer.Option(help="GPUs to train a network on; all that are there if not given.", min=1),
    ] = None,
    force: Annotated[bool, typer.Option(help="Forget what the run's folder holds.")] = False,
) -> None:
    """Train one recipe into work/runs/RECIPE-DATA; a killed run goes on where it was.

    Options that change the recipe are kept in run.json and shown in the comparison. tiny, traces
    and appearance as shipped also renew their files in backend/models.

    Examples:
      python -m training train cnn32 --data ../data
      python -m training train resnet50_frozen --on mine --weights none --subset 4000 --epochs 3
    """
    from training import recipe as recipes
    from training import train as training

    with _refusals():
        settings = recipes.override(
            recipes.load(recipe), data=on, weights=weights, subset=subset, epochs=epochs, side=side
        )
        run = training.train(settings, data, work, devices=devices, force=force)
    print(f"{run.folder}: {run.info().parameters:,} parameters, {run.info().seconds:,.0f} seconds")


@app.command()
def crossval(
    recipe: Annotated[str, typer.Argument(help="A name in training/recipes, without .toml.")],
    on: Annotated[str, typer.Option(help="Data set: art, or as in train.")],
    folds: Annotated[int, typer.Option(help="How many parts.", min=2)] = 5,
    data: Data = Path("data"),
    work: Work = Path("work"),
    weights: Annotated[
        str | None, typer.Option(help="Of the backbone: imagenet, none or the path of a file.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="At most so many.", min=1)] = None,
    side: Annotated[int | None, typer.Option(help="Of the pictures, in pixels.", min=8)] = None,
    force: Annotated[bool, typer.Option(help="Forget what the run's folder holds.")] = False,
) -> None:
    """Judge every picture of a train split by a model that never saw it nor its source.

    Trains the recipe once a fold into work/runs/RECIPE-DATA-cv; a killed one goes on where it was.

    Example:
      python -m training crossval appearance --on art --data ../data
    """
    from rich import print as show

    from training import crossval as validation
    from training import recipe as recipes
    from training import scoring, summary

    with _refusals():
        settings = recipes.override(
            recipes.load(recipe), data=on, weights=weights, epochs=epochs, side=side
        )
        run = validation.crossval(settings, data, folds, work, force=force)
        show(summary.table(run.name, {on: scoring.read(run, on)}, None))


@app.command()
def calibrate(run: RunName, work: Work = Path("work")) -> None:
    """Turn a run's scores into probabilities, by what it held out in training.

    Platt scaling, and the threshold of the best balanced accuracy. Pictures that test are refused.
    """
    from training import run_calibration, runs

    with _refusals():
        fitted = run_calibration.calibrate_run(runs.named(work, run))
    print(
        f"P(AI) = sigmoid({fitted.weight:.4g} * score + {fitted.bias:.4g}), "
        f"AI above {fitted.threshold:.3f}"
    )


@app.command()
def evaluate(
    run: Annotated[str, typer.Argument(help="A run in work/runs, its folder, or: shipped.")],
    on: Annotated[
        list[str] | None,
        typer.Option(
            help="Sets whose test splits to judge: cifake, quiz, wild, human, a folder of --data; "
            "repeatable. Those of what the run learned from if not given."
        ),
    ] = None,
    data: Data = Path("data"),
    work: Work = Path("work"),
) -> None:
    """Judge test pictures; writes predictions/SET.csv into the run and prints its figures.

    Examples:
      python -m training evaluate cnn32-cifake --data ../data
      python -m training evaluate shipped --on quiz --on wild --data ../data
    """
    from rich import print as show

    from training import runs, scoring, shipped, summary

    names = tuple(on or ())
    with _refusals():
        if run == scoring.SHIPPED:
            found = shipped.score(data, names, work)
        else:
            judge = runs.named(work, run)
            found = {judge: scoring.evaluate(judge, data, names, work)}
    for judge, by_set in found.items():
        calibration = judge.calibration() if judge.calibrated else None
        show(summary.table(judge.name, by_set, calibration))


@app.command()
def export(
    run: RunName,
    to: Annotated[Path, typer.Option(help="Folder for the files.")],
    work: Work = Path("work"),
    force: Annotated[bool, typer.Option(help="Replace files that are there.")] = False,
) -> None:
    """Write a run's network as Keras and ONNX, seen to compute the same, with a model card."""
    from training import run_export, runs

    with _refusals():
        card = run_export.export_run(runs.named(work, run), to, force=force)
    for name, digest in card.files.items():
        print(f"{to / name}  {digest}")
    print(f"{to / run_export.CARD}: both differ by at most {card.parity:.1e} logits")


@app.command()
def compare(
    run: Annotated[
        list[str] | None, typer.Argument(help="Runs in work/runs; all that have ended if none.")
    ] = None,
    to: Annotated[Path, typer.Option(help="The table; its facts go beside it as .csv.")] = Path(
        "docs/results.md"
    ),
    data: Data = Path("data"),
    work: Work = Path("work"),
) -> None:
    """One table of many models: what they are, how they were trained, how good they are.

    Takes what evaluate and crossval left in the runs. One row a recipe: CIFAKE's figures from its
    run on cifake, those of quiz, wild and human from its run on matched, art's from -art-cv. Runs
    that the table has already and that are not among these stay in it.
    """
    from training import compare as comparison
    from training import results, runs

    with _refusals():
        chosen = [runs.named(work, name) for name in run] if run else runs.ended(work)
        facts = results.joined(results.known(to), comparison.facts(chosen, data))
        results.write(facts, to)
    print(f"{to}: {len({fact.run for fact in facts})} runs, {len(chosen)} of them new or renewed")


@app.command()
def figures(
    run: Annotated[list[str], typer.Argument(help="Runs in work/runs, or their folders.")],
    to: Annotated[Path, typer.Option(help="Folder for the figures.")],
    robustness: Annotated[
        str | None,
        typer.Option(help="A set of --data whose pictures to re-save and resize: takes minutes."),
    ] = None,
    data: Data = Path("data"),
    work: Work = Path("work"),
) -> None:
    """Draw runs: curves, confusion, ROC, precision and recall, reliability, sources, architecture.

    Each as SVG and PNG with its numbers as CSV, in a folder for each run.

    Example:
      python -m training figures cnn32-cifake tiny-cifake --to figures
    """
    from training import runs
    from training.figures import drawing

    with _refusals():
        chosen = [runs.named(work, name) for name in run]
        drawn = drawing.draw(chosen, to, data, robustness)
    print(f"{to}: {len(drawn)} figures, each as .svg, .png and .csv")


@app.command()
def channels(data: Data = Path("data")) -> None:
    """Find the tower's large channels in 200 train pictures, and build the tower with them.

    Writes backend/detector/tower_channels.json, by which make tower builds. Heads that learned on
    another tower must be trained anew.
    """
    import json

    from backend.detector import tower
    from training.datasets import manifest
    from training.large_channels import activations, large_channels

    with _refusals():
        samples = manifest.read_all(data, "train")
        source = tower.download()
        found = large_channels(source, samples[:: len(samples) // 200], activations())
    lines = ",\n".join(f"  {json.dumps(name)}: {where}" for name, where in found.items())
    tower.CHANNELS_PATH.write_text(f"{{\n{lines}\n}}\n")
    tower.TOWER_PATH.write_bytes(tower.build(source))
    print(f"{tower.CHANNELS_PATH}: {len(found)} activations")


@app.command()
def card(
    version: Annotated[str, typer.Option(help="The version that the card names.")],
    data: Data = Path("data"),
    work: Work = Path("work"),
) -> None:
    """Fit stack, calibration and bands on held-out sources; measure; write the model card."""
    from training.release import release

    release(version, data, work)


if __name__ == "__main__":
    app()
