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
) -> None:
    """Train one recipe and put the result into backend/models; a killed run is taken up again."""
    from training.datasets.manifest import ManifestError
    from training.recipe import RecipeError
    from training.train import train as run

    try:
        run(recipe, data, work)
    except (RecipeError, ManifestError) as error:
        raise typer.BadParameter(str(error)) from error


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
