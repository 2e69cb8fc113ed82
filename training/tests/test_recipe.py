from pathlib import Path

import pytest

from training import recipe


@pytest.mark.parametrize("name", sorted(p.stem for p in recipe.RECIPES.glob("*.toml")))
def test_every_shipped_recipe_is_valid(name: str) -> None:
    assert recipe.load(name)


def test_an_unknown_recipe_lists_the_known_ones() -> None:
    with pytest.raises(recipe.RecipeError, match=r"no recipe 'resnet'.*appearance, .*traces"):
        recipe.load("resnet")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("epochs =", "epoch =", "fit.epoch is unknown, did you mean epochs?"),
        ("seed = 20261125", 'seed = "x"', "seed: Input should be a valid integer"),
        ('kind = "classifier"', 'kind = "class"', "kind must be one of"),
        ("[fit]", "[fit", "not valid TOML"),
    ],
)
def test_a_typo_is_named_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str, message: str
) -> None:
    text = (recipe.RECIPES / "tiny.toml").read_text().replace(before, after)
    (tmp_path / "tiny.toml").write_text(text)
    monkeypatch.setattr(recipe, "RECIPES", tmp_path)
    with pytest.raises(recipe.RecipeError) as error:
        recipe.load("tiny")
    assert message in str(error.value)
