"""How AI generators and other software sign pictures: names, prompts, workflows.

Sources: what the programs write, as documented by themselves (AUTOMATIC1111 "PNG info", ComfyUI
workflow files, InvokeAI and NovelAI metadata, Midjourney descriptions, IPTC credits by Google).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# Text beyond this is not searched: prompts and their parameters are far shorter.
_MAX_SEARCHED = 20_000
_MAX_NAME = 500  # of a field for the name of a program: the search for all names is slow
_MAX_NODES = 500
_MAX_LINKS = 1000  # followed through one graph

_GENERATORS = {
    "Midjourney": r"midjourney",
    "ComfyUI": r"comfyui",
    "InvokeAI": r"invoke ?ai",
    "NovelAI": r"novelai",
    "Fooocus": r"fooocus",
    "SwarmUI": r"swarmui",
    "Draw Things": r"draw things",
    "DiffusionBee": r"diffusion ?bee",
    "Easy Diffusion": r"easy diffusion",
    "Stable Diffusion": r"stable[ -]?diffusion|\bsdxl\b|automatic1111|sd\.next|dreamstudio"
    r"|stability ai",
    "FLUX": r"black forest labs|\bflux[ .]?[12]\b",
    "OpenAI": r"\bdall[-·. ]?e\b|openai|chatgpt|gpt[- ]image",
    "Adobe Firefly": r"\bfirefly\b",
    "Google AI": r"made with google ai|google (?:imagen|gemini)|\bimagen [2-9]|\bgemini [1-9]"
    r"|nano banana",
    "Microsoft Designer": r"bing image creator|microsoft designer|designer/image creator",
    "Meta AI": r"imagined with ai|made with (?:meta )?ai\b|\bmeta ai\b",
    "Grok": r"\bgrok\b|\bx\.?ai aurora\b",
    "Ideogram": r"\bideogram\b",
    "Leonardo.Ai": r"leonardo\.ai",
    "Recraft": r"\brecraft\b",
    "Playground AI": r"playground ?ai",
    "NightCafe": r"nightcafe",
    "Artbreeder": r"artbreeder",
    "Craiyon": r"craiyon",
    "Runway": r"runwayml|\brunway gen",
    "Krea": r"\bkrea\.?ai\b|\bkrea\b",
    "Civitai": r"civitai",
    "SeaArt": r"\bseaart\b",
    "Tensor.Art": r"tensor\.art",
    "Seedream": r"seedream|jimeng|doubao",
    "Qwen": r"qwen[- ]image",
    "Kandinsky": r"kandinsky [2-9]",
}
_EDITED_WITH_AI = re.compile(r"edited with google ai|magic editor|generative fill", re.IGNORECASE)
_EDITORS = re.compile(
    r"photoshop|lightroom|camera raw|illustrator|adobe express|\bgimp\b|affinity|canva\b|snapseed|"
    r"picasa|capture one|luminar|paint\.net|\bkrita\b|imagemagick|graphicsmagick|pixelmator|"
    r"darktable|rawtherapee|\bdxo\b|picsart|\bvsco\b|facetune|inkscape|figma|corel|paint ?shop|"
    r"procreate|faststone|xnview|irfanview|clip studio|blender|acdsee|nik collection|topaz|"
    r"google photos|apple photos|remini|meitu|photoscape|polarr|skylum|aperture [0-9]",
    re.IGNORECASE,
)
_GENERATOR = re.compile(
    "|".join(f"(?P<g{i}>{p})" for i, p in enumerate(_GENERATORS.values())), re.IGNORECASE
)
_NAMES = list(_GENERATORS)


@dataclass(frozen=True)
class Recipe:
    """What a generator wrote about how it made a picture.

    Attributes:
        details: prompt, seed and the like, by the names in `backend.words.DETAILS`.
    """

    tool: str
    details: dict[str, str] = field(default_factory=dict)


def generator_named(text: str) -> str | None:
    """The AI generator that a field for the name of a program mentions."""
    match = _GENERATOR.search(text[:_MAX_NAME])
    return _NAMES[int(match.lastgroup[1:])] if match and match.lastgroup else None


def names_ai_edit(text: str) -> bool:
    """Whether a field says that AI changed a picture that was there before."""
    return bool(_EDITED_WITH_AI.search(text[:_MAX_NAME]))


def names_editor(text: str) -> bool:
    """Whether a field for the name of a program mentions software that edits pictures."""
    return bool(_EDITORS.search(text[:_MAX_NAME]))


def recipe_in(text: str) -> Recipe | None:
    """What a generator left in a text field, recognised by its form."""
    text = text.strip("\0 \r\n\t")
    for opening in ("prompt:", "workflow:"):  # as ComfyUI writes into EXIF fields
        text = text.removeprefix(opening)
    if text.startswith("{"):
        return _from_json(text)
    return _from_parameters(text) or _from_midjourney(text)


_STEPS = re.compile(
    r"(?:^|\n)[ \t]{0,20}Steps: (\d{1,5}), (?:Sampler|Schedule type|CFG scale|Seed): "
)
_PARAMETER = re.compile(r"(?:^|, )([A-Z][A-Za-z ]{1,30}): (\"[^\"]{0,300}\"|[^,]{0,300})")
_PARAMETER_NAMES = {
    "Steps": "steps",
    "Sampler": "sampler",
    "CFG scale": "guidance",
    "Seed": "seed",
    "Model": "checkpoint",
}


def _from_parameters(text: str) -> Recipe | None:
    """The text that AUTOMATIC1111's web UI, its forks and many sites write."""
    text = text[:_MAX_SEARCHED]
    start = _STEPS.search(text)
    if not start:
        return None
    prompt, _, negative = text[: start.start()].partition("Negative prompt:")
    line = text[start.start() :].strip().partition("\n")[0]
    found = {name: value.strip('" ') for name, value in _PARAMETER.findall(line)}
    details = {ours: found[name] for name, ours in _PARAMETER_NAMES.items() if name in found}
    version = found.get("Version", "")
    tool = generator_named(version) or "Stable Diffusion"
    return Recipe(tool, details | {"prompt": prompt, "negative-prompt": negative})


_MIDJOURNEY_JOB = re.compile(r"\bJob ID: [0-9a-f]{8}-[0-9a-f]{4}-", re.IGNORECASE)


def _from_midjourney(text: str) -> Recipe | None:
    """Midjourney's description: the prompt with its switches, then the job."""
    text = text[:_MAX_SEARCHED]
    job = _MIDJOURNEY_JOB.search(text)
    return Recipe("Midjourney", {"prompt": text[: job.start()]}) if job else None


def _from_json(text: str) -> Recipe | None:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    nodes = content.get("nodes")
    if isinstance(nodes, list) and any(isinstance(n, dict) and "type" in n for n in nodes):
        return _from_workflow(nodes)
    if any(isinstance(n, dict) and "class_type" in n for n in content.values()):
        return _from_graph(content)
    if isinstance(content.get("sui_image_params"), dict):
        return Recipe("SwarmUI", _plain(content["sui_image_params"]))
    if "app_version" in content and "generation_mode" in content:
        return Recipe("InvokeAI", _plain(content))
    if {"prompt", "seed", "steps"} <= content.keys():
        tool = "NovelAI" if "uc" in content else "Stable Diffusion"
        return Recipe(tool, _plain(content))
    return None


_PLAIN_NAMES = {
    "prompt": "prompt",
    "positive_prompt": "prompt",
    "negative_prompt": "negative-prompt",
    "negativeprompt": "negative-prompt",
    "uc": "negative-prompt",
    "seed": "seed",
    "noise_seed": "seed",
    "steps": "steps",
    "sampler": "sampler",
    "sampler_name": "sampler",
    "scheduler": "sampler",
    "cfg": "guidance",
    "cfgscale": "guidance",
    "cfg_scale": "guidance",
    "scale": "guidance",
    "guidance": "guidance",
    "ckpt_name": "checkpoint",
    "unet_name": "checkpoint",
    "model_name": "checkpoint",
    "model": "checkpoint",
}


def _plain(content: dict[str, Any]) -> dict[str, str]:
    """The values that are named as in `_PLAIN_NAMES`; the first of each counts."""
    details: dict[str, str] = {}
    for name, value in content.items():
        if isinstance(value, dict):
            value = value.get("name") or value.get("model_name")
        if name in _PLAIN_NAMES and isinstance(value, str | int | float):
            details.setdefault(_PLAIN_NAMES[name], str(value))
    return details


def _from_graph(nodes: dict[str, Any]) -> Recipe:
    """ComfyUI's `prompt`: nodes by id, each with a class and inputs that may link to others."""
    details: dict[str, str] = {}
    budget = [_MAX_LINKS]
    inputs = [n["inputs"] for n in _dicts(nodes.values()) if isinstance(n.get("inputs"), dict)]
    for given in sorted(inputs, key=lambda i: "steps" not in i)[:_MAX_NODES]:  # samplers know best
        told = _plain(given)
        if "steps" not in given:
            told = {name: told[name] for name in ("checkpoint", "seed") if name in told}
        for link, name in (("positive", "prompt"), ("negative", "negative-prompt")):
            if text := _text_behind(nodes, given.get(link), budget):
                told[name] = text
        details = told | details
    if "prompt" not in details:
        texts = [i[n] for i in inputs for n in ("text", "prompt") if isinstance(i.get(n), str)]
        details["prompt"] = max(texts, key=len, default="")
    return Recipe("ComfyUI", details)


def _text_behind(nodes: dict[str, Any], link: Any, budget: list[int], depth: int = 5) -> str | None:
    """The text that a chain of linked nodes starts with.

    Args:
        budget: how many more links may be followed.
    """
    if isinstance(link, str):
        return link
    if not isinstance(link, list) or not link or not budget[0]:
        return None
    budget[0] -= 1
    node = nodes.get(str(link[0])) if isinstance(link[0], str | int) else None
    inputs = node.get("inputs") if isinstance(node, dict) else None
    if not isinstance(inputs, dict) or not depth:
        return None
    for name in (
        "text",
        "text_g",
        "clip_l",
        "prompt",
        "string",
        "value",
        "conditioning",
        "positive",
    ):
        if name in inputs and (text := _text_behind(nodes, inputs[name], budget, depth - 1)):
            return text
    return None


def _from_workflow(nodes: list[Any]) -> Recipe:
    """ComfyUI's `workflow`: the graph as drawn, values without names."""
    details: dict[str, str] = {}
    for node in _dicts(nodes[:_MAX_NODES]):
        kind, values = node.get("type"), node.get("widgets_values")
        if isinstance(kind, str) and isinstance(values, list) and values:
            first = values[0]
            if kind.startswith("CLIPTextEncode") and isinstance(first, str) and first.strip():
                longest = max(details.get("prompt", ""), first, key=len)
                details["prompt"] = longest
            elif kind.endswith("Loader") and "heckpoint" in kind and isinstance(first, str):
                details.setdefault("checkpoint", first)
            elif kind == "KSampler" and len(values) >= 5:
                details |= {"seed": str(first), "steps": str(values[2]), "sampler": str(values[4])}
    return Recipe("ComfyUI", details)


def _dicts(values: Any) -> Iterator[dict[str, Any]]:
    return (value for value in values if isinstance(value, dict))
