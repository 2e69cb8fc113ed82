"""Recipes: one TOML file for each trained model, validated before any long work."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic_core import ErrorDetails

from backend.detector.views import TILE_SIDE, TOWER_SIDE
from training.augment import Augmentation
from training.networks.augmentation import Random

RECIPES = Path(__file__).parent / "recipes"

Share = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1)]


class RecipeError(ValueError):
    """A recipe that cannot be used; the message names the key and the nearest valid one."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Build(_Section):
    """Arguments of the trace network's `build`."""

    widths: tuple[int, ...]
    blocks: int


class Fit(_Section):
    """Optimisation, and when it ends.

    Attributes:
        schedule: of the learning rate: constant; a linear warm-up over `warmup_share` of all steps,
            then a cosine to zero; or a polynomial of `power` down to `end_learning_rate`.
        clipnorm: the gradient's greatest norm over all weights.
        patience: epochs without a validation loss better by `min_delta` after which training stops.
        stop_when_overfitting: stop when the validation loss exceeds the training loss.
        best_weights: keep the weights of the epoch with the least validation loss, not the last.
        precision: auto is mixed_float16 on a GPU and float32 elsewhere.
    """

    epochs: Count
    batch_size: Count
    optimizer: Literal["adam", "adamw", "sgd"]
    learning_rate: Annotated[float, Field(gt=0)]
    schedule: Literal["constant", "warmup_cosine", "polynomial"] = "constant"
    warmup_share: Annotated[float, Field(ge=0, lt=1)] = 0.0
    end_learning_rate: Annotated[float, Field(ge=0)] = 0.0
    power: Annotated[float, Field(gt=0)] = 1.0
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.0
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    clipnorm: Annotated[float, Field(gt=0)] | None = None
    patience: Count | None = None
    min_delta: Annotated[float, Field(ge=0)] = 0.0
    stop_when_overfitting: bool = False
    best_weights: bool = False
    precision: Literal["auto", "float32", "mixed_bfloat16", "mixed_float16"] = "float32"


class Crops(_Section):
    """Which native-resolution crops are drawn, and how much a teacher says of each."""

    side: int
    draws_per_epoch: int
    taught: int
    shares: dict[str, float]


class Copies(_Section):
    """Share of a picture's weight that each changed copy of it takes (`experts.CHANGED`)."""

    passed_on: Share
    webp: Share


class Quadratic(_Section):
    """The quadratic part of a head.

    Attributes:
        strength: of the squared kernel beside the linear one.
        components: principal components of the features that it sees.
        kept: directions that are stored, those that move scores most.
    """

    strength: Annotated[float, Field(ge=0)]
    components: Count
    kept: Count


class Head(_Section):
    """Ridge regression on tower features.

    Attributes:
        importance: of class token, mean and standard deviation of the patch tokens.
        shares: weighs the collections inside each class.
        copies: what else is made of each picture to learn from.
    """

    ridge: float
    quadratic: Quadratic
    importance: tuple[float, float, float]
    shares: dict[str, float]
    copies: Copies


class Claim(_Section):
    """What the report of a model states: its system in `docs/results.md`, its figure, its words.

    Attributes:
        figure: accuracy as a share; none where the report gives none for this model alone.
    """

    system: str
    figure: Share | None = None
    words: str


class _Recipe(_Section):
    """What all recipes have.

    Attributes:
        name: the file's, not one of its keys.
        data: the data set that it learns from unless another one is named.
    """

    name: str
    data: str
    seed: int
    claim: Claim | None = None


class _PicturesRecipe(_Recipe):
    """A model of pictures squashed to one size.

    Attributes:
        side: of the pictures in pixels; CIFAKE's stay 32, a network enlarges them itself.
        subset: how many pictures it learns from, drawn with balanced classes; all if not given.
        validation: share of the train split that is only watched, and calibrates.
    """

    side: Annotated[int, Field(ge=8)]
    subset: Annotated[int, Field(ge=2)] | None = None
    validation: Share = 0.1
    which: Literal["whole", "crop"] = "whole"


class ClassifierRecipe(_PicturesRecipe):
    """A network with one logit.

    Attributes:
        weights: of the backbone: imagenet (downloaded), none, or the path of a file.
        build: arguments of the network's `build`.
        augmentation: changes of pictures in the graph, in training only.
        shifted: mirrors half of the pictures and moves each by up to two pixels.
        class_weights: weighs each class by the inverse of its share.
    """

    kind: Literal["classifier"]
    network: str
    weights: str = "none"
    build: dict[str, JsonValue] = {}
    augmentation: Random | None = None
    shifted: bool = False
    class_weights: bool = False
    fit: Fit


class Svm(_Section):
    """Support vectors on raw pixels in 0..1; every combination of the grid by cross-validation."""

    method: Literal["svm"]
    grid: dict[str, list[JsonValue]]
    folds: Annotated[int, Field(ge=2)]


class NystroemSvm(_Section):
    """A linear machine on an approximate kernel (Williams and Seeger, NIPS 2000)."""

    method: Literal["svm_nystroem"]
    components: Count
    gamma: Annotated[float, Field(gt=0)]
    c: Annotated[float, Field(gt=0)]


class RandomForest(_Section):
    """Trees on raw pixels in 0..1."""

    method: Literal["random_forest"]
    trees: Count
    max_depth: Count | None = None


class ClassicalRecipe(_PicturesRecipe):
    """A model of scikit-learn."""

    kind: Literal["classical"]
    model: Annotated[Svm | NystroemSvm | RandomForest, Field(discriminator="method")]


class EnsembleRecipe(_PicturesRecipe):
    """Several trained recipes asked together, each reading the same pictures."""

    kind: Literal["ensemble"]
    members: Annotated[tuple[str, ...], Field(min_length=2)]
    vote: Literal["majority", "mean"]


class TracesRecipe(_Recipe):
    """A network on native-resolution crops, measured on their middle."""

    kind: Literal["traces"]
    data: Literal["matched"]
    build: Build
    fit: Fit
    crops: Crops
    augmentation: Augmentation

    @property
    def side(self) -> int:
        return TILE_SIDE

    @property
    def which(self) -> Literal["crop"]:
        return "crop"


class AppearanceRecipe(_Recipe):
    """A head on the frozen tower."""

    kind: Literal["appearance"]
    seed: int = 0
    head: Head

    @property
    def side(self) -> int:
        return TOWER_SIDE

    @property
    def which(self) -> Literal["whole"]:
        return "whole"


PicturesRecipe = ClassifierRecipe | ClassicalRecipe | EnsembleRecipe
Recipe = PicturesRecipe | TracesRecipe | AppearanceRecipe
_KINDS: dict[str, type[Recipe]] = {
    "classifier": ClassifierRecipe,
    "classical": ClassicalRecipe,
    "ensemble": EnsembleRecipe,
    "traces": TracesRecipe,
    "appearance": AppearanceRecipe,
}


def names() -> list[str]:
    """Every recipe."""
    return sorted(path.stem for path in RECIPES.glob("*.toml"))


def load(name: str) -> Recipe:
    """Read `recipes/<name>.toml`.

    Raises:
        RecipeError: no such recipe, or a key that is unknown, missing or of the wrong type.
    """
    path = RECIPES / f"{name}.toml"
    if name not in names():
        raise RecipeError(f"There is no recipe {name!r}. The recipes are: {', '.join(names())}.")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{path.name} is not valid TOML: {error}") from error
    return parse({**table, "name": name}, path.name)


def parse(table: Mapping[str, object], where: str) -> Recipe:
    """Validate the table of a recipe, as a file or `run.json` has it.

    Args:
        where: what the message of an error starts with.

    Raises:
        RecipeError: a key is unknown, missing or of the wrong type.
    """
    kind = _KINDS.get(str(table.get("kind")))
    if kind is None:
        raise RecipeError(f"{where}: kind must be one of {', '.join(_KINDS)}.")
    try:
        return kind.model_validate(table)
    except ValidationError as error:
        problems = "; ".join(_explain(kind, e) for e in error.errors())
        raise RecipeError(f"{where}: {problems}") from error


def override(
    settings: Recipe,
    *,
    data: str | None = None,
    weights: str | None = None,
    subset: int | None = None,
    epochs: int | None = None,
    side: int | None = None,
) -> Recipe:
    """The recipe with another data set or a smaller budget; what is not given stays.

    Raises:
        RecipeError: the recipe has no such setting.
    """
    table = settings.model_dump(mode="json", exclude_unset=True)
    given = {"data": data, "weights": weights, "subset": subset, "side": side}
    table.update({key: value for key, value in given.items() if value is not None})
    if epochs is not None:
        table["fit"] = {**table.get("fit", {}), "epochs": epochs}
    return parse(table, settings.name)


def overridden(settings: Recipe) -> dict[str, JsonValue]:
    """Which settings, by dotted key, differ from those of the shipped recipe of that name."""
    shipped = _flat(load(settings.name).model_dump(mode="json"))
    return {
        key: v
        for key, v in _flat(settings.model_dump(mode="json")).items()
        if shipped.get(key) != v
    }


def _flat(table: Mapping[str, JsonValue], prefix: str = "") -> dict[str, JsonValue]:
    flat: dict[str, JsonValue] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


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
