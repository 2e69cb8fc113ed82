"""Verdict and evidence in plain words: stable codes, the values they mention, and English.

The codes are part of the API: the page translates them, so they are added to and never renamed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from backend.detector.card import ModelCard
from backend.detector.detector import Verdict
from backend.provenance.signal import Signal

Role = Literal["verdict", "certainty", "for-ai", "for-real", "caution", "not-checked"]
Values = Mapping[str, str | float]

# From here on (or below the counterpart) a verdict is called very sure.
VERY_SURE = 0.95

# What a signal says, by its code; `{names}` are its details.
SIGNALS = {
    # C2PA, Content Credentials. `trusted`: the signer is on the configured trust list.
    # `untrusted`: it is not. `unverified`: there is no trust list to look at.
    "c2pa-ai-trusted": "A signed record (Content Credentials) says that AI made this picture. The "
    "signature by {signer} is valid and trusted.",
    "c2pa-ai-unverified": "A signed record (Content Credentials) says that AI made this picture. "
    "The signature by {signer} is valid; whether this signer may be trusted was not checked.",
    "c2pa-ai-untrusted": "A signed record (Content Credentials) says that AI made this picture. "
    "The signature by {signer} is valid, but this signer is not on the trust list.",
    "c2pa-ai-edited-trusted": "A signed record (Content Credentials) says that AI made or changed "
    "parts of this picture. The signature by {signer} is valid and trusted.",
    "c2pa-ai-edited-unverified": "A signed record (Content Credentials) says that AI made or "
    "changed parts of this picture. The signature by {signer} is valid; whether this signer may "
    "be trusted was not checked.",
    "c2pa-ai-edited-untrusted": "A signed record (Content Credentials) says that AI made or "
    "changed parts of this picture. The signature by {signer} is valid, but this signer is not on "
    "the trust list.",
    "c2pa-camera-trusted": "A signed record (Content Credentials) says that a camera took this "
    "picture. The signature by {signer} is valid and trusted.",
    "c2pa-camera-unverified": "A signed record (Content Credentials) says that a camera took this "
    "picture. The signature by {signer} is valid; whether this signer may be trusted was not "
    "checked.",
    "c2pa-camera-untrusted": "A signed record (Content Credentials) says that a camera took this "
    "picture. The signature by {signer} is valid, but this signer is not on the trust list.",
    "c2pa-edited-trusted": "A signed record (Content Credentials) says that this picture was "
    "edited or drawn with software. The signature by {signer} is valid and trusted.",
    "c2pa-edited-unverified": "A signed record (Content Credentials) says that this picture was "
    "edited or drawn with software. The signature by {signer} is valid; whether this signer may "
    "be trusted was not checked.",
    "c2pa-edited-untrusted": "A signed record (Content Credentials) says that this picture was "
    "edited or drawn with software. The signature by {signer} is valid, but this signer is not on "
    "the trust list.",
    "c2pa-other-trusted": "A signed record (Content Credentials) is there and says nothing about "
    "how the picture was made. The signature by {signer} is valid and trusted.",
    "c2pa-other-unverified": "A signed record (Content Credentials) is there and says nothing "
    "about how the picture was made. The signature by {signer} is valid; whether this signer may "
    "be trusted was not checked.",
    "c2pa-other-untrusted": "A signed record (Content Credentials) is there and says nothing "
    "about how the picture was made. The signature by {signer} is valid, but this signer is not "
    "on the trust list.",
    "c2pa-changed": "The picture was changed after {signer} signed its record (Content "
    "Credentials), so the record no longer speaks for it.",
    "c2pa-bad-signature": "The signature of the signed record (Content Credentials) does not "
    "match: the record was changed or forged and says nothing.",
    "c2pa-bad-certificate": "The certificate behind the signed record (Content Credentials) was "
    "not valid for signing it, so the record says nothing.",
    "c2pa-invalid": "There is a signed record (Content Credentials), but it is damaged and says "
    "nothing.",
    "c2pa-too-large": "There is a signed record (Content Credentials), but it is too large to be "
    "read.",
    "c2pa-remote": "The signed record (Content Credentials) is kept elsewhere on the network. It "
    "was not fetched.",
    "c2pa-not-checked": "Signed records (Content Credentials) were not looked for: this server "
    "lacks the library.",
    "c2pa-absent": "There is no signed record (Content Credentials).",
    # EXIF, written by cameras and by software.
    "exif-camera": "The file's EXIF data names a camera, {camera}. Such data can be copied or "
    "invented.",
    "exif-generator": "The file's EXIF data carries the mark of an AI generator: {tool}.",
    "exif-software": "The file's EXIF data names software that wrote it: {tool}.",
    "exif-other": "The file's EXIF data says nothing about the origin.",
    "exif-invalid": "The file's EXIF data is damaged or too large, and was ignored.",
    "exif-absent": "There is no EXIF data.",
    # XMP, written by software; holds IPTC's digital source type.
    "xmp-ai": "The file's XMP data declares that AI made this picture (IPTC digital source type).",
    "xmp-ai-edited": "The file's XMP data declares that AI made or changed parts of this picture "
    "(IPTC digital source type).",
    "xmp-camera": "The file's XMP data declares that a camera took this picture. Such data can be "
    "copied or invented.",
    "xmp-edited": "The file's XMP data declares that this picture was edited or drawn with "
    "software (IPTC digital source type).",
    "xmp-generator": "The file's XMP data carries the mark of an AI generator: {tool}.",
    "xmp-software": "The file's XMP data names software that wrote it: {tool}.",
    "xmp-other": "The file's XMP data says nothing about the origin.",
    "xmp-invalid": "The file's XMP data is damaged or too large, and was ignored.",
    "xmp-absent": "There is no XMP data.",
    # IPTC-IIM, the older captions of press pictures.
    "iptc-ai-edited": "The file's IPTC caption data says that AI changed parts of this picture: "
    "{tool}.",
    "iptc-generator": "The file's IPTC caption data carries the mark of an AI generator: {tool}.",
    "iptc-software": "The file's IPTC caption data names software that wrote it: {tool}.",
    "iptc-other": "The file's IPTC caption data says nothing about the origin.",
    "iptc-invalid": "The file's IPTC caption data is damaged or too large, and was ignored.",
    "iptc-absent": "There is no IPTC caption data.",
    # Text chunks of PNG files.
    "png-text-generator": "Text in the PNG file is what an AI generator leaves: {tool}.",
    "png-text-software": "Text in the PNG file names software that wrote it: {tool}.",
    "png-text-other": "Text in the PNG file says nothing about the origin.",
    "png-text-invalid": "Text in the PNG file is damaged or too large, and was ignored.",
    "png-text-absent": "There is no text in a PNG file's fields.",
}

# Notes of a picture (`image.notes`) are cautions named `note-…`.
NOTES = {
    "note-small": "The picture is very small, so there is little to go on, and a network for small "
    "pictures judged alone.",
    "note-low-detail": "The picture is nearly blank, so there is little to go on.",
    "note-heavily-compressed": "The picture is strongly compressed, which hides traces and makes "
    "real pictures look more like AI.",
    "note-screenshot-like": "The picture looks like a screenshot or drawing; the detector knows "
    "photographs and pictures best.",
}

STATEMENTS = {
    "verdict-ai": "This picture was probably made or largely changed by AI.",
    "verdict-real": "This picture was probably not made by AI.",
    "verdict-uncertain": "It cannot be told whether AI made this picture.",
    "certainty-high": "By its pixels alone, the chance of AI is {percent}%: the detector is very "
    "sure.",
    "certainty-moderate": "By its pixels alone, the chance of AI is {percent}%: the detector is "
    "fairly sure.",
    "certainty-low": "By its pixels alone, the chance of AI is {percent}%. Between {real_below}% "
    "and {ai_above}% the detector is wrong too often to decide.",
    "certainty-unfit": "By its pixels alone, the chance of AI would be {percent}%, but a picture "
    "of this kind is unfit for a verdict.",
    "expert-for-ai": "The check “{expert}” alone speaks for AI ({percent}%).",
    "expert-for-real": "The check “{expert}” alone speaks against AI ({percent}%).",
    "marks-say-ai": "The pixels did not show it, but the file itself says that AI was used. That "
    "outweighs the pixels: hardly anyone marks a real picture as AI.",
    "marks-say-camera": "The pixels look like AI, yet a valid signed record says that a camera "
    "took the picture. Do not rely on the pixels here.",
    "no-marks": "The file carries no marks of its origin. Most pictures lose them on their way, so "
    "this says nothing.",
    "missing-expert": "The check “{expert}” is missing on this server, so the answer is less "
    "reliable.",
    "not-proof": "This is a probability and no proof: real pictures are sometimes called AI, and "
    "AI pictures real. Never use it as the only evidence.",
    "not-checked-watermarks": "Hidden watermarks such as SynthID were not looked for.",
    "not-checked-content": "Whether the picture shows what really happened was not checked.",
}

ENGLISH = SIGNALS | NOTES | STATEMENTS

# The names of a signal's details. Their values come from the file, as written there.
DETAILS = {
    "signer": "Signer",
    "organisation": "Signer's organisation",
    "signed": "Signed",
    "tool": "Tool",
    "actions": "Recorded actions",
    "source-type": "Digital source type",
    "reasons": "Reasons",
    "camera": "Camera",
    "make": "Make",
    "model": "Model",
    "lens": "Lens",
    "taken": "Taken",
    "software": "Software",
    "credit": "Credit",
    "fields": "Fields",
    "prompt": "Prompt",
    "negative-prompt": "Negative prompt",
    "checkpoint": "Generator's model",
    "seed": "Seed",
    "sampler": "Sampler",
    "steps": "Steps",
    "guidance": "Guidance scale",
}


@dataclass(frozen=True)
class Statement:
    """One sentence of a summary, with what it mentions."""

    code: str
    role: Role
    values: Values

    @property
    def text(self) -> str:
        """The sentence in English."""
        return sentence(self.code, self.values)


def sentence(code: str, values: Values) -> str:
    """The English of a code.

    Raises:
        KeyError: there is no such code, or it mentions a value that is not given.
    """
    return ENGLISH[code].format_map(values)


def summarise(
    verdict: Verdict, card: ModelCard, missing: Iterable[str], signals: Sequence[Signal]
) -> tuple[Statement, ...]:
    """The verdict, how sure it is, what speaks for and against it, and what was not checked.

    Marks are told beside the verdict and never change it.

    Args:
        card: of the model that gave the verdict.
        missing: experts that should have judged too.
        signals: what the file says about itself.
    """
    marks = [Statement(s.code, role, s.values) for s in signals if (role := _role(s))]
    said = [*_opinions(verdict, card), *marks]
    return (
        Statement(f"verdict-{verdict.label}", "verdict", {}),
        _certainty(verdict),
        *(statement for statement in said if statement.role == "for-ai"),
        *(statement for statement in said if statement.role == "for-real"),
        *(statement for statement in marks if statement.role == "caution"),
        *_cautions(verdict, missing, marks),
        *(statement for statement in marks if statement.role == "not-checked"),
        Statement("not-checked-watermarks", "not-checked", {}),
        Statement("not-checked-content", "not-checked", {}),
    )


def _role(signal: Signal) -> Role | None:
    """What a mark does in the summary; None where it says nothing worth a sentence."""
    if signal.status == "invalid":
        return "caution"
    if signal.status == "not-checked":
        return "not-checked"
    if signal.points_to == "ai" or "-ai-edited" in signal.code:
        return "for-ai"
    if signal.points_to == "camera":
        return "for-real"
    return "caution" if signal.points_to == "edited" else None


def _certainty(verdict: Verdict) -> Statement:
    values: dict[str, str | float] = {"percent": percent(verdict.probability)}
    if verdict.label == "uncertain":
        bands = verdict.bands
        if bands.label(verdict.probability) != "uncertain":  # a note alone keeps the verdict back
            return Statement("certainty-unfit", "certainty", values)
        values |= {"real_below": percent(bands.real_below), "ai_above": percent(bands.ai_above)}
        return Statement("certainty-low", "certainty", values)
    sure = max(verdict.probability, 1 - verdict.probability) >= VERY_SURE
    return Statement("certainty-high" if sure else "certainty-moderate", "certainty", values)


def _opinions(verdict: Verdict, card: ModelCard) -> list[Statement]:
    """Each expert's own opinion, where several have a say and this one is not undecided."""
    weights = card.weights_of([expert.name for expert in verdict.experts])
    counted = [expert for expert in verdict.experts if weights[expert.name]]
    if len(counted) < 2:
        return []
    opinions = []
    for expert in counted:
        label = card.stack_of([expert.name]).bands.label(expert.probability)
        if label != "uncertain":
            role: Role = "for-ai" if label == "ai" else "for-real"
            values: Values = {"expert": expert.name, "percent": percent(expert.probability)}
            opinions.append(Statement(f"expert-{role}", role, values))
    return opinions


def _cautions(
    verdict: Verdict, missing: Iterable[str], marks: Sequence[Statement]
) -> Iterator[Statement]:
    if verdict.label != "ai" and any(mark.role == "for-ai" for mark in marks):
        yield Statement("marks-say-ai", "caution", {})
    if verdict.label == "ai" and any(mark.code == "c2pa-camera-trusted" for mark in marks):
        yield Statement("marks-say-camera", "caution", {})
    if not marks:
        yield Statement("no-marks", "caution", {})
    for note in verdict.notes:
        yield Statement(f"note-{note}", "caution", {})
    for expert in missing:
        yield Statement("missing-expert", "caution", {"expert": expert})
    yield Statement("not-proof", "caution", {})


def percent(probability: float) -> int:
    """Whole percent, never 0 or 100: nothing here is certain."""
    return min(99, max(1, round(probability * 100)))
