"""The command line of the training package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

Data = Annotated[Path, typer.Option(help="Folder of the image collections.")]
Work = Annotated[Path, typer.Option(help="Caches, checkpoints and logs; kept between runs.")]


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
    from training.datasets.manifest import ManifestError
    from training.run import RunError

    try:
        settings = recipes.override(
            recipes.load(recipe), data=on, weights=weights, subset=subset, epochs=epochs, side=side
        )
        run = training.train(settings, data, work, force=force)
    except (recipes.RecipeError, ManifestError, RunError) as error:
        raise typer.BadParameter(str(error)) from error
    print(f"{run.folder}: {run.info().parameters:,} parameters, {run.info().seconds:,.0f} seconds")


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
