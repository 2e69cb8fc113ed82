"""What travels over HTTP: one model per request and reply, described for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, FailFast, Field

from backend.detector.card import Label, ModelCard

# A 16 x 16 gradient: the smallest picture that is accepted, so that examples run as they stand.
EXAMPLE_IMAGE = (
    "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAHUlEQVR42mNkYGgQYGAgHrEwCDCQBEY1jGoYOhoAHgoC"
    "noxpJwYAAAAASUVORK5CYII="
)

Probability = Annotated[float, Field(ge=0, le=1)]
Milliseconds = Annotated[float, Field(ge=0)]


class Sent(BaseModel):
    """A request body. Fields that are not described here are ignored."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Reply(BaseModel):
    """A reply, or a part of one."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class ClassifyRequest(Sent):
    """One picture as base64 text."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"image": EXAMPLE_IMAGE, "filename": "gradient.png"}]}
    )

    image: str = Field(
        description="The bytes of the picture file in base64. A `data:` URL, line breaks, missing "
        "padding and the URL-safe alphabet are accepted."
    )
    filename: str | None = Field(
        default=None, description="A name for the picture. It has no influence on the verdict."
    )
    explain: bool = Field(
        default=False, description="Also say where in the picture the verdict comes from."
    )


class BatchRequest(Sent):
    """Several pictures as base64 text."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"images": [EXAMPLE_IMAGE, {"image": EXAMPLE_IMAGE, "filename": "gradient.png"}]}
            ]
        }
    )

    # One error is told; a list of all of them would fill the memory.
    images: Annotated[list[ClassifyRequest | str], FailFast()] = Field(
        min_length=1, description="Each is base64 text, or an object as for `POST /v1/classify`."
    )


class LegacyRequest(Sent):
    """The request of the old service that this one replaces."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"bytes_data": EXAMPLE_IMAGE}]})

    bytes_data: str = Field(description="The bytes of the picture file in base64.")


class LegacyReply(Reply):
    """The reply of the old service that this one replaces."""

    result_resnet: Literal[0, 1] = Field(
        description="1: real (`proba_resnet` is at least 0.5), 0: made by AI.", examples=[1]
    )
    proba_resnet: Probability = Field(description="P(real).", examples=[0.93])


class BandsReply(Reply):
    """Where the words begin: between both values the label is `uncertain`."""

    real_below: Probability = Field(
        description="P(AI) below this is labelled `real`.", examples=[0.2]
    )
    ai_above: Probability = Field(description="P(AI) above this is labelled `ai`.", examples=[0.8])


class ModelReference(Reply):
    """Which model gave the verdict."""

    name: str = Field(examples=["real-or-ai"])
    version: str = Field(examples=["1.0.0"])
    missing: list[str] = Field(
        description="Experts that should judge too and could not be loaded; empty when all are "
        "there. `GET /v1/model` gives the reasons.",
        examples=[[]],
    )


class ExpertReply(Reply):
    """One expert's own opinion."""

    name: str = Field(examples=["traces"])
    probability: Probability = Field(
        description="This expert's own calibrated P(AI).", examples=[0.95]
    )


class ImageReply(Reply):
    """What arrived."""

    width: int = Field(description="Pixels, after EXIF orientation.", examples=[1280])
    height: int = Field(description="Pixels, after EXIF orientation.", examples=[960])
    format: str = Field(description="Recognised by content.", examples=["JPEG"])
    bytes: int = Field(description="Size of the picture file.", examples=[345678])
    notes: list[str] = Field(
        description="What to keep in mind. `small`: a side is below 128 pixels, so the expert for "
        "small pictures judged alone. `low-detail` (nearly blank), `screenshot-like` (flat areas) "
        "and `heavily-compressed` (JPEG below quality 30): no fit picture for a verdict, the label "
        "is `uncertain` whatever the probability.",
        examples=[[]],
    )


class SignalReply(Reply):
    """One kind of mark that a file can carry about its origin. It never changes the probability."""

    source: Literal["c2pa", "exif", "xmp", "iptc", "png-text"]
    status: Literal["found", "absent", "invalid", "not-checked"] = Field(
        description="`invalid`: it is there and cannot be believed: forged, damaged, too large, or "
        "the picture was changed since."
    )
    points_to: Literal["ai", "camera", "edited"] | None = Field(
        description="What the mark says about the origin; null when it says nothing."
    )
    code: str = Field(
        description="Stable name of what was found, for translation. Signed records end in "
        "`trusted`, `untrusted` (the signer is not on the trust list) or `unverified` (the "
        "signature is valid; there is no trust list to compare its signer with).",
        examples=["c2pa-ai-trusted"],
    )
    summary: str = Field(description="The same in an English sentence.")
    details: dict[str, str | list[str]] = Field(
        description="What the mark says, as read, shortened; never positions. Among them: "
        "`signer`, `tool`, `camera`, `taken`, `prompt`, `seed`.",
        examples=[{"signer": "…"}],
    )


class ProvenanceReply(Reply):
    """What the file says about its own origin, one signal a source, always all sources."""

    signals: list[SignalReply]


class StatementReply(Reply):
    """One sentence of the summary."""

    code: str = Field(description="Stable, for translation.", examples=["verdict-ai"])
    role: Literal["verdict", "certainty", "for-ai", "for-real", "caution", "not-checked"]
    text: str = Field(description="English.")
    values: dict[str, str | float] = Field(description="What the sentence mentions.")


class SummaryReply(Reply):
    """Verdict and evidence in plain words."""

    text: str = Field(description="English: all statements, one after the other.")
    statements: list[StatementReply]


class BoxReply(Reply):
    """A rectangle of the upright picture, in pixels.

    It reaches beyond the edges of a picture that is smaller than the view; what the view shows out
    there is the picture's mirror image.
    """

    left: int
    top: int
    width: int
    height: int


class MapReply(Reply):
    """What one expert saw in one view.

    An expert's raw score is the sum over its maps of `share` * (mean of `logits` + `rest`).
    """

    expert: str = Field(examples=["traces"])
    view: Literal["tile", "whole", "crop"]
    box: BoxReply
    logits: list[list[float]] = Field(description="Rows of cells, evenly spread over the box.")
    share: float = Field(description="Of this view in the expert's score.")
    rest: float = Field(description="The part of the view's score that has no place.")


class ExplanationReply(Reply):
    """Where in the picture the verdict comes from: exact terms of its sum, not estimates."""

    maps: list[MapReply]
    heatmap_png: str = Field(
        description="A data URL: PNG with transparency, same aspect as the upright picture, its "
        "longer side at most 512 pixels. Each place's part in the verdict's logit: red towards AI, "
        "blue towards real, the stronger the more opaque, on the same scale for every picture (6 "
        "logits and more have full colour). What has no place is spread evenly, so the picture as "
        "a whole has the colour of its verdict. Experts without a say leave no trace on it."
    )


class TimingsReply(Reply):
    """Where the time went, in milliseconds."""

    decode: Milliseconds = Field(
        description="Bytes to pixels to the views that experts look at.", examples=[24.1]
    )
    queue: Milliseconds = Field(
        description="Waiting for a free thread and for the model.", examples=[0.3]
    )
    inference: Milliseconds = Field(
        description="The model pass that this picture was part of.", examples=[182.6]
    )
    total: Milliseconds = Field(
        description="From the complete request to the verdict; an explanation comes after it.",
        examples=[207.0],
    )


class Classification(Reply):
    """The verdict on one picture."""

    id: str = Field(
        description="Identifies this verdict.", examples=["0f8fad5bd9cb469fa16570867728950e"]
    )
    label: Label = Field(description="The verdict in one word.", examples=["ai"])
    probability: Probability = Field(
        description="Calibrated P(made by AI), from the pixels alone.", examples=[0.97]
    )
    bands: BandsReply
    model: ModelReference
    experts: list[ExpertReply] = Field(description="Every expert that looked at the picture.")
    image: ImageReply
    provenance: ProvenanceReply
    summary: SummaryReply
    explanation: ExplanationReply | None = Field(
        default=None, description="Only when `explain` was asked for."
    )
    timings_ms: TimingsReply


class Problem(Reply):
    """Why there is no verdict (RFC 9457)."""

    type: str = Field(
        description="What kind of problem: a stable reference that `GET` explains.",
        examples=["/problems/truncated-image"],
    )
    title: str = Field(description="The kind of problem in words.", examples=["Damaged picture"])
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(description="What is wrong this time and what to do, for a person.")
    instance: str = Field(description="What was asked for.", examples=["/v1/classify"])
    request_id: str = Field(description="As in the header `X-Request-ID`; names the log line.")
    retry_after: int | None = Field(
        default=None, description="Seconds after which trying again makes sense."
    )


class BatchLine(Reply):
    """One line of a batch reply: either `result` or `problem` is there."""

    index: int = Field(ge=0, description="Position of the picture in the request, from 0.")
    filename: str | None = Field(default=None, description="As sent, if any.")
    result: Classification | None = None
    problem: Problem | None = None


class ReportedPicture(Reply):
    """One picture of a report: either `result` or `problem` is there."""

    number: int = Field(ge=1, description="Position of the picture in the request, from 1.")
    filename: str | None = Field(default=None, description="As sent, if any.")
    bytes: int | None = Field(default=None, description="Size of the file, where it was readable.")
    sha256: str | None = Field(default=None, description="Of the file, where it was readable.")
    result: Classification | None = None
    problem: Problem | None = None


class ReportReply(Reply):
    """A report as JSON."""

    created: str = Field(description="ISO 8601.", examples=["2026-11-26T12:00:00+00:00"])
    model: ModelReference
    limits: list[str] = Field(description="What the model cannot do, in English.")
    pictures: list[ReportedPicture]


class MissingExpert(Reply):
    """An expert that should judge and could not be loaded."""

    name: str = Field(examples=["appearance"])
    reason: str


class LimitsReply(Reply):
    """What a client should check before sending."""

    max_bytes: int = Field(description="Largest picture file.")
    max_pixels: int = Field(description="Largest decoded picture, width times height.")
    min_side: int = Field(description="Shortest side, in pixels.")
    max_images: int = Field(description="Most pictures in one batch request.")
    max_batch_bytes: int = Field(description="Largest body of a batch request.")
    formats: list[str] = Field(
        description="Accepted media types; files are recognised by content, not by name.",
        examples=[["image/jpeg", "image/png"]],
    )


class ModelReply(Reply):
    """The model that serves."""

    name: str
    version: str
    engine: Literal["onnx", "tensorflow"] = Field(description="What runs our own networks.")
    experts: list[str] = Field(description="Experts that are loaded.")
    missing: list[MissingExpert] = Field(description="Experts that could not be loaded, and why.")
    limits: LimitsReply
    card: ModelCard = Field(description="The model card: files, calibration, figures, limits.")


class Alive(Reply):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(Reply):
    """The model is loaded and warm."""

    status: Literal["ready"] = "ready"
    queue_depth: int = Field(description="Pictures admitted and not yet answered.")
    queue_limit: int = Field(description="Pictures admitted at most; more are refused with 503.")


class ProblemKind(Reply):
    """What a problem type means."""

    type: str = Field(examples=["/problems/truncated-image"])
    title: str
    status: int = Field(description="The HTTP status; the usual one where `meaning` names others.")
    meaning: str = Field(description="When it happens and what to do.")
