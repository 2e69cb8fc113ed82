"""PNG text: where the interfaces of Stable Diffusion and ComfyUI keep prompt, model and seed."""

from __future__ import annotations

from collections.abc import Sequence

from backend.provenance.generators import Recipe, generator_named, names_editor, recipe_in
from backend.provenance.signal import Signal, absent, kept

_MAX_NAMING = 20  # fields that are searched for the name of a program
_NAMING_KEYWORDS = ("software", "source", "generator", "author", "creator", "title")


def read(texts: Sequence[tuple[str, str]]) -> Signal:
    """The signal of a PNG's text fields, (keyword, text) each."""
    if not texts:
        return absent("png-text")
    named = [text for keyword, text in texts if keyword.lower() in _NAMING_KEYWORDS]
    named = named[:_MAX_NAMING]
    tool = next(filter(None, map(generator_named, named)), None)
    recipes = [recipe for _, text in texts if (recipe := recipe_in(text))]
    # Of several, as ComfyUI writes, the one that tells most.
    recipe = max(recipes, key=lambda r: len(r.details), default=None)
    fields = {"fields": [keyword for keyword, _ in texts]}
    if recipe or tool:
        recipe = recipe or Recipe(tool or "")
        details = kept({"tool": tool or recipe.tool} | recipe.details) | kept(fields)
        return Signal("png-text", "found", "png-text-generator", "ai", details)
    if editor := next(filter(names_editor, named), None):
        details = kept({"tool": editor}) | kept(fields)
        return Signal("png-text", "found", "png-text-software", "edited", details)
    return Signal("png-text", "found", "png-text-other", None, kept(fields))
