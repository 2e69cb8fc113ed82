"""`explain`: maps that are exact terms of the verdict, and a heat map over the picture."""

from __future__ import annotations

import base64
import io
import json
import math
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from backend.app import create_app
from backend.settings import Settings
from backend.tests import pictures
from backend.tests.serving import serving, wait_until_ready
from backend.tests.test_classify import assert_problem

PICTURES = {
    "a photograph of several tiles": pictures.jpeg(900, 700, seed=1),
    "narrower than a tile": pictures.png(150, 640, seed=2),
    "small and oblong": pictures.png(100, 60, seed=3),
    "as small as tiny sees it": pictures.png(32, 32, seed=4),
    "very long": pictures.jpeg(8000, 130, seed=5),
}


def explained(client: httpx.Client, data: bytes) -> dict[str, Any]:
    reply = client.post("/v1/classify", files={"file": data}, data={"explain": "true"})
    assert reply.status_code == 200, reply.text
    verdict: dict[str, Any] = reply.json()
    return verdict


def raw_scores(client: httpx.Client, verdict: dict[str, Any]) -> dict[str, float]:
    """Each expert's raw score, from its probability and its calibration in the model card."""
    stacks = {tuple(stack["experts"]): stack for stack in card(client)["stacks"]}
    scores = {}
    for expert in verdict["experts"]:
        alone = stacks[(expert["name"],)]
        logit = math.log(expert["probability"] / (1 - expert["probability"]))
        scores[expert["name"]] = (logit - alone["bias"]) / alone["weights"][0]
    return scores


def card(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/v1/model").json()["card"]
    return found


def stack_of(client: httpx.Client, verdict: dict[str, Any]) -> tuple[float, dict[str, float]]:
    """The bias of the verdict's logit, and each expert's weight in it."""
    names = {expert["name"] for expert in verdict["experts"]}
    stack = next(s for s in card(client)["stacks"] if set(s["experts"]) == names)
    return stack["bias"], dict(zip(stack["experts"], stack["weights"], strict=True))


def from_maps(verdict: dict[str, Any], expert: str) -> float:
    """An expert's raw score as the schema says that its maps give it."""
    parts = [
        one["share"] * (np.mean(one["logits"]) + one["rest"])
        for one in verdict["explanation"]["maps"]
        if one["expert"] == expert
    ]
    return float(sum(parts))


def heat_map(verdict: dict[str, Any]) -> npt.NDArray[np.float64]:
    """Signed opacity, (height, width): positive towards AI."""
    url = verdict["explanation"]["heatmap_png"]
    head, _, encoded = url.partition(",")
    assert head == "data:image/png;base64"
    rgba = np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGBA"), float)
    signed: npt.NDArray[np.float64] = np.sign(rgba[..., 0] - rgba[..., 2]) * rgba[..., 3]
    return signed


@pytest.mark.parametrize("name", PICTURES)
def test_maps_add_up_to_the_score_of_every_expert(client: httpx.Client, name: str) -> None:
    verdict = explained(client, PICTURES[name])
    for expert, score in raw_scores(client, verdict).items():
        assert from_maps(verdict, expert) == pytest.approx(score, abs=1e-4)


def test_maps_add_up_to_the_logit_of_the_verdict(client: httpx.Client, photo: bytes) -> None:
    verdict = explained(client, photo)
    bias, weights = stack_of(client, verdict)
    logit = bias + sum(weight * from_maps(verdict, name) for name, weight in weights.items())
    assert 1 / (1 + math.exp(-logit)) == pytest.approx(verdict["probability"], abs=1e-4)


def test_the_mean_of_the_trace_map_is_the_score_without_any_rest(
    client: httpx.Client, photo: bytes
) -> None:
    verdict = explained(client, photo)
    tiles = [one for one in verdict["explanation"]["maps"] if one["expert"] == "traces"]
    assert {one["view"] for one in tiles} == {"tile"}
    assert {one["rest"] for one in tiles} == {0.0}
    cells = np.array([one["logits"] for one in tiles])
    assert cells.shape[1:] == (32, 32)
    assert cells.std() > 0.01
    assert cells.mean() == pytest.approx(raw_scores(client, verdict)["traces"], abs=1e-4)


def test_appearance_has_a_map_of_the_whole_and_one_of_the_crop(
    client: httpx.Client, photo: bytes
) -> None:
    maps = explained(client, photo)["explanation"]["maps"]
    whole, crop = [one for one in maps if one["expert"] == "appearance"]
    assert (whole["view"], crop["view"]) == ("whole", "crop")
    assert whole["box"] == {"left": 0, "top": 0, "width": 640, "height": 427}
    assert crop["box"] == {"left": 208, "top": 101, "width": 224, "height": 224}
    assert whole["share"] + crop["share"] == pytest.approx(1)
    for one in (whole, crop):
        assert np.shape(one["logits"]) == (14, 14)
        assert np.std(one["logits"]) > 0.01


def test_cells_lie_where_the_picture_makes_them_differ(client: httpx.Client) -> None:
    left, right = pictures.noise(400, 600, seed=6), pictures.noise(400, 600, seed=7)
    for changed in (0, 1):
        maps = []
        for other in (left, right):
            image = Image.new("RGB", (800, 600))
            image.paste(left, (0, 0))
            image.paste(left, (400, 0))
            image.paste(other, (400 * changed, 0))
            verdict = explained(client, pictures.encoded(image, "PNG"))
            tiles = [m for m in verdict["explanation"]["maps"] if m["expert"] == "traces"]
            maps.append({m["box"]["left"]: np.array(m["logits"]) for m in tiles})
        differing = {x for x in maps[0] if not np.allclose(maps[0][x], maps[1][x])}
        assert differing == {(0, 544)[changed]}  # of two columns of tiles, at either edge


def test_the_heat_map_has_the_aspect_of_the_upright_picture(client: httpx.Client) -> None:
    sideways = Image.Exif()
    sideways[0x0112] = 6
    tall = explained(client, pictures.encoded(pictures.noise(1600, 800), "JPEG", exif=sideways))
    assert (tall["image"]["width"], tall["image"]["height"]) == (800, 1600)
    assert heat_map(tall).shape == (512, 256)
    small = explained(client, PICTURES["small and oblong"])
    assert heat_map(small).shape == (60, 100)


def test_the_heat_map_shows_the_weighted_maps_and_what_has_no_place_spread_evenly(
    client: httpx.Client, photo: bytes
) -> None:
    verdict = explained(client, photo)
    bias, weights = stack_of(client, verdict)
    maps = verdict["explanation"]["maps"]
    nowhere = bias + sum(weights[m["expert"]] * m["share"] * m["rest"] for m in maps)
    field = np.full((427, 640), nowhere)
    for one in maps:
        alike = [m for m in maps if (m["expert"], m["view"]) == (one["expert"], one["view"])]
        strength = weights[one["expert"]] * sum(m["share"] for m in alike)
        box, cells = one["box"], np.array(one["logits"]) * strength
        rows = (np.arange(box["height"]) * len(cells)) // box["height"]
        columns = (np.arange(box["width"]) * len(cells[0])) // box["width"]
        top, left = box["top"], box["left"]
        field[top : top + box["height"], left : left + box["width"]] += cells[rows][:, columns]
    shown = heat_map(verdict)
    clipped = Image.fromarray(np.clip(field / 6, -1, 1).astype(np.float32))
    expected = np.asarray(clipped.resize(shown.shape[::-1], Image.Resampling.BOX))
    # Cells are drawn smoothly, so their course and the mean are compared.
    assert np.corrcoef(shown.ravel(), expected.ravel())[0, 1] > 0.9
    assert (shown / (0.85 * 255)).mean() == pytest.approx(expected.mean(), abs=0.01)


def test_an_expert_without_a_say_leaves_no_trace_on_the_heat_map(
    client: httpx.Client, photo: bytes
) -> None:
    """Where one expert serves alone it has a say, and there its heat map is another one."""
    both = explained(client, photo)
    silent = [name for name, weight in stack_of(client, both)[1].items() if weight == 0]
    if not silent:
        pytest.skip("every expert of this model has a say: there is nothing to leave out")
    with serving(create_app(Settings(experts=("appearance",)))) as alone:
        wait_until_ready(alone)
        one = explained(alone, photo)
    assert silent == ["traces"]
    assert one["explanation"]["heatmap_png"] == both["explanation"]["heatmap_png"]


def test_batches_explain_what_is_asked_for(client: httpx.Client, photo: bytes) -> None:
    text = base64.b64encode(photo).decode()
    images = [text, {"image": text, "explain": True}, {"image": text, "explain": False}]
    reply = client.post("/v1/classify/batch", json={"images": images})
    lines = sorted(map(json.loads, reply.text.splitlines()), key=lambda line: line["index"])
    asked = [line["result"]["explanation"] is not None for line in lines]
    assert asked == [False, True, False]
    files = [("files", photo), ("files", photo)]
    reply = client.post("/v1/classify/batch", files=files, data={"explain": "true"})
    assert all(json.loads(line)["result"]["explanation"] for line in reply.text.splitlines())


def test_json_and_form_give_the_same_explanation(client: httpx.Client, photo: bytes) -> None:
    body = {"image": base64.b64encode(photo).decode(), "explain": True}
    assert (
        client.post("/v1/classify", json=body).json()["explanation"]
        == explained(client, photo)["explanation"]
    )


def test_without_asking_there_is_no_explanation_and_the_same_verdict(
    client: httpx.Client, photo: bytes
) -> None:
    for form in ({}, {"explain": "false"}, {"explain": "0"}):
        verdict = client.post("/v1/classify", files={"file": photo}, data=form).json()
        assert verdict["explanation"] is None
        assert verdict["probability"] == explained(client, photo)["probability"]


@pytest.mark.parametrize("value", ["", "perhaps", "2", "null"])
def test_a_form_that_is_unclear_about_explaining_is_an_invalid_request(
    client: httpx.Client, value: str
) -> None:
    reply = client.post("/v1/classify", files={"file": pictures.png()}, data={"explain": value})
    assert_problem(reply, "invalid-request", 422)


def test_a_file_is_no_answer_to_whether_to_explain(client: httpx.Client) -> None:
    files = {"files": pictures.png(), "explain": b"true"}
    assert_problem(client.post("/v1/classify/batch", files=files), "invalid-request", 422)


def test_json_that_is_unclear_about_explaining_is_an_invalid_request(client: httpx.Client) -> None:
    body = {"image": base64.b64encode(pictures.png()).decode(), "explain": "yes"}
    assert_problem(client.post("/v1/classify", json=body), "invalid-request", 422)


def test_tensorflow_gives_the_same_maps(client: httpx.Client) -> None:
    pytest.importorskip("tensorflow")
    names = ["a photograph of several tiles", "as small as tiny sees it"]
    with serving(create_app(Settings(engine="tensorflow", experts=("traces",)))) as tensorflow:
        wait_until_ready(tensorflow)
        others = [explained(tensorflow, PICTURES[name])["explanation"] for name in names]
    for name, other in zip(names, others, strict=True):
        own = explained(client, PICTURES[name])["explanation"]["maps"]
        maps = [one for one in own if one["expert"] != "appearance"]
        assert len(maps) == len(other["maps"])
        for one, same in zip(maps, other["maps"], strict=True):
            assert one["box"] == same["box"]
            assert np.allclose(one["logits"], same["logits"], atol=2e-3)
