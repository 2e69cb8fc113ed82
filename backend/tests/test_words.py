"""Verdict and evidence in plain words: what is said, in which order, by which codes."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from backend import words
from backend.detector import notes
from backend.detector.card import Bands, ModelCard, load_card
from backend.detector.detector import ExpertScore, Verdict
from backend.provenance.signal import Signal, absent
from backend.settings import Settings

BANDS = Bands(real_below=0.291, ai_above=0.762)
NOTHING = tuple(absent(source) for source in ("c2pa", "exif", "xmp", "iptc", "png-text"))
CAMERA = Signal("exif", "found", "exif-camera", "camera", {"camera": "Canon EOS R5"})
GENERATOR = Signal("png-text", "found", "png-text-generator", "ai", {"tool": "ComfyUI"})
SIGNED_CAMERA = Signal("c2pa", "found", "c2pa-camera-trusted", "camera", {"signer": "Leica"})


@pytest.fixture(scope="module")
def card() -> ModelCard:
    return load_card(Settings().models)


def verdict(probability: float, *noted: str) -> Verdict:
    experts = (ExpertScore("traces", 0.5, ()), ExpertScore("appearance", probability, ()))
    return Verdict(
        label=notes.label(probability, BANDS, noted),
        probability=probability,
        bands=BANDS,
        experts=experts,
        notes=noted,
    )


def told(card: ModelCard, of: Verdict, *signals: Signal) -> list[str]:
    return [s.code for s in words.summarise(of, card, (), signals or NOTHING)]


def test_every_code_is_kebab_case_and_says_something() -> None:
    for code, text in words.ENGLISH.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
        assert text.endswith(".")


def test_sentences_mention_only_details_that_have_a_name() -> None:
    numbers = {"percent", "real_below", "ai_above", "expert"}
    for text in words.ENGLISH.values():
        mentioned = {name for _, name, _, _ in Formatter().parse(text) if name}
        assert mentioned <= words.DETAILS.keys() | numbers


@pytest.mark.parametrize(
    ("probability", "verdict_code", "certainty"),
    [
        (0.99, "verdict-ai", "certainty-high"),
        (0.80, "verdict-ai", "certainty-moderate"),
        (0.50, "verdict-uncertain", "certainty-low"),
        (0.20, "verdict-real", "certainty-moderate"),
        (0.01, "verdict-real", "certainty-high"),
    ],
)
def test_the_summary_begins_with_the_verdict_and_how_sure_it_is(
    card: ModelCard, probability: float, verdict_code: str, certainty: str
) -> None:
    first, second, *_ = words.summarise(verdict(probability), card, (), NOTHING)
    assert (first.code, first.role) == (verdict_code, "verdict")
    assert (second.code, second.role) == (certainty, "certainty")
    assert f"{round(probability * 100)}%" in second.text


def test_uncertainty_names_its_bounds(card: ModelCard) -> None:
    statement = words.summarise(verdict(0.5), card, (), NOTHING)[1]
    assert statement.values == {"percent": 50, "real_below": 29, "ai_above": 76}
    assert "Between 29% and 76%" in statement.text


@pytest.mark.parametrize("probability", [0.98, 0.02])
def test_a_picture_unfit_for_a_verdict_is_not_told_to_lie_between_the_bounds(
    card: ModelCard, probability: float
) -> None:
    first, second, *_ = words.summarise(verdict(probability, "low-detail"), card, (), NOTHING)
    assert first.code == "verdict-uncertain"
    assert (second.code, second.role) == ("certainty-unfit", "certainty")
    assert second.values == {"percent": round(probability * 100)}
    assert told(card, verdict(0.5, "low-detail"))[1] == "certainty-low"


def test_nothing_is_ever_called_certain(card: ModelCard) -> None:
    assert words.summarise(verdict(0.99999), card, (), NOTHING)[1].values == {"percent": 99}
    assert words.summarise(verdict(0.00001), card, (), NOTHING)[1].values == {"percent": 1}


def test_what_speaks_for_ai_comes_before_what_speaks_against_it(card: ModelCard) -> None:
    statements = words.summarise(verdict(0.5), card, (), (CAMERA, GENERATOR))
    roles = [statement.role for statement in statements]
    order = ["verdict", "certainty", "for-ai", "for-real", "caution", "not-checked"]
    assert list(dict.fromkeys(roles)) == order
    assert statements[2].text == "Text in the PNG file is what an AI generator leaves: ComfyUI."
    assert "Canon EOS R5" in statements[3].text


def test_a_file_without_marks_is_told_to_say_nothing(card: ModelCard) -> None:
    assert "no-marks" in told(card, verdict(0.5))
    assert "no-marks" not in told(card, verdict(0.5), CAMERA)


def test_marks_that_contradict_the_pixels_are_pointed_out(card: ModelCard) -> None:
    edited = Signal("xmp", "found", "xmp-ai-edited", "edited")
    assert "marks-say-ai" in told(card, verdict(0.1), GENERATOR)
    assert "marks-say-ai" in told(card, verdict(0.5), edited)
    assert "marks-say-ai" not in told(card, verdict(0.9), GENERATOR)
    assert "marks-say-camera" in told(card, verdict(0.9), SIGNED_CAMERA)
    assert "marks-say-camera" not in told(card, verdict(0.1), SIGNED_CAMERA)


def test_a_camera_that_anyone_can_claim_does_not_outweigh_the_pixels(card: ModelCard) -> None:
    unverified = Signal("c2pa", "found", "c2pa-camera-unverified", "camera", {"signer": "X"})
    codes = told(card, verdict(0.9), CAMERA, unverified)
    assert "marks-say-camera" not in codes
    assert {"exif-camera", "c2pa-camera-unverified"} <= set(codes)


def test_edits_and_broken_marks_are_cautions(card: ModelCard) -> None:
    edited = Signal("xmp", "found", "xmp-software", "edited", {"tool": "GIMP"})
    broken = Signal("exif", "invalid", "exif-invalid")
    statements = words.summarise(verdict(0.5), card, (), (edited, broken))
    roles = {statement.code: statement.role for statement in statements}
    assert roles["xmp-software"] == roles["exif-invalid"] == "caution"


def test_what_was_not_checked_is_said(card: ModelCard) -> None:
    remote = Signal("c2pa", "not-checked", "c2pa-remote")
    codes = told(card, verdict(0.5), remote)
    assert codes[-3:] == ["c2pa-remote", "not-checked-watermarks", "not-checked-content"]


NOTES = ["small", "low-detail", "heavily-compressed", "screenshot-like"]


@pytest.mark.parametrize("note", NOTES)
def test_notes_of_the_picture_are_cautions(card: ModelCard, note: str) -> None:
    statements = words.summarise(verdict(0.5, note), card, (), NOTHING)
    assert (f"note-{note}", "caution") in [(s.code, s.role) for s in statements]
    assert all(s.text for s in statements)


def test_missing_experts_are_named(card: ModelCard) -> None:
    statements = words.summarise(verdict(0.5), card, ("appearance",), NOTHING)
    missing = next(s for s in statements if s.code == "missing-expert")
    assert "“appearance”" in missing.text


def test_experts_are_quoted_only_where_several_have_a_say(card: ModelCard) -> None:
    assert not [code for code in told(card, verdict(0.9)) if code.startswith("expert-")]
    both = next(stack for stack in card.stacks if set(stack.experts) == {"traces", "appearance"})
    weighted = both.model_copy(update={"weights": (1.0, 1.0)})
    others = tuple(stack for stack in card.stacks if stack is not both)
    changed = card.model_copy(update={"stacks": (weighted, *others)})
    statements = words.summarise(verdict(0.9), changed, (), NOTHING)
    opinions = [s for s in statements if s.code.startswith("expert-")]
    assert [(s.code, s.role) for s in opinions] == [("expert-for-ai", "for-ai")]
    assert opinions[0].values == {"expert": "appearance", "percent": 90}


def test_braces_in_a_file_are_only_text() -> None:
    signal = Signal("exif", "found", "exif-camera", "camera", {"camera": "{percent} {0}"})
    assert "{percent} {0}" in words.sentence(signal.code, signal.values)
