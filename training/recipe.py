"""Recipes: one TOML file for each trained model, validated before any long work."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from training.augment import Augmentation

RECIPES = Path(__file__).parent / "recipes"


class RecipeError(ValueError):
    """A recipe that cannot be used; the message names the key and the nearest valid one."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Build(_Section):
    """Arguments of the network's `build`."""

    widths: tuple[int, ...]
    blocks: int


class Fit(_Section):
    """Optimisation: AdamW, linear warm-up, then a cosine to zero."""

    epochs: int
    batch_size: int
    learning_rate: float
    warmup_share: float
    weight_decay: float
    precision: Literal["float32", "mixed_bfloat16", "mixed_float16"] = "float32"
    draws_per_epoch: int | None = None


class Crops(_Section):
    """Which native-resolution crops are drawn, and how much a teacher says of each."""

    side: int
    taught: int
    shares: dict[str, float]


class Head(_Section):
    """Ridge regression on tower features; `shares` weighs the collections inside each class.

    `importance` is that of class token, mean and standard deviation of the patch tokens.
    """

    ridge: float
    importance: tuple[float, float, float]
    shares: dict[str, float]


class TinyRecipe(_Section):
    """A network for CIFAKE."""

    network: Literal["tiny"]
    data: Literal["cifake"]
    seed: int
    build: Build
    fit: Fit


class TracesRecipe(_Section):
    """A network on native-resolution crops."""

    network: Literal["traces"]
    data: Literal["crops"]
    seed: int
    build: Build
    fit: Fit
    crops: Crops
    augmentation: Augmentation


class AppearanceRecipe(_Section):
    """A head on the frozen tower."""

    data: Literal["views"]
    head: Head


Recipe = TinyRecipe | TracesRecipe | AppearanceRecipe
_KINDS: dict[str, type[Recipe]] = {
    "cifake": TinyRecipe,
    "crops": TracesRecipe,
    "views": AppearanceRecipe,
}


def load(name: str) -> Recipe:
    """Read `recipes/<name>.toml`.

    Raises:
        RecipeError: no such recipe, or a key that is unknown, missing or of the wrong type.
    """
    path = RECIPES / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in RECIPES.glob("*.toml")))
        raise RecipeError(f"There is no recipe {name!r}. The recipes are: {known}.")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{path.name} is not valid TOML: {error}") from error
    kind = _KINDS.get(table.get("data", ""))
    if kind is None:
        raise RecipeError(f"{path.name}: data must be one of {', '.join(_KINDS)}.")
    try:
        return kind.model_validate(table)
    except ValidationError as error:
        problems = "; ".join(_explain(kind, e) for e in error.errors())
        raise RecipeError(f"{path.name}: {problems}") from error


def _explain(kind: type[Recipe], error: ErrorDetails) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] not in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"{place}: {error['msg']}"
    schema = kind.model_json_schema()
    sections = [schema, *schema.get("$defs", {}).values()]
    valid = sorted({name for section in sections for name in section.get("properties", {})})
    nearest = difflib.get_close_matches(str(error["loc"][-1]), valid, n=1)
    return f"{place} is unknown" + (f", did you mean {nearest[0]}?" if nearest else "")


def load_appearance() -> AppearanceRecipe:
    """The recipe of the shipped appearance head."""
    settings = load("appearance")
    assert isinstance(settings, AppearanceRecipe)
    return settings
