"""Every setting of the service: an environment variable `DETECTOR_…` with a safe default.

Nothing else reads the environment.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import limits
from cryptography.x509 import load_pem_x509_certificates
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from backend.detector.detector import MODELS
from backend.detector.engines import Engine

PREFIX = "DETECTOR_"
Expert = Literal["traces", "appearance"]


class Settings(BaseSettings):
    """Values from the environment, checked once at the start."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 for all.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 for any free one.")
    engine: Engine = Field("onnx", description="What runs our networks: onnx or tensorflow.")
    experts: Annotated[tuple[Expert, ...], NoDecode] = Field(
        ("traces", "appearance"),
        min_length=1,
        description="Who judges: traces, appearance, or both.",
    )
    models: Path = Field(MODELS, description="Folder of the model card and its files.")
    threads: int = Field(
        0, ge=0, le=1024, description="Threads of one model pass; 0: the engine's choice."
    )
    c2pa_trust_anchors: Path | None = Field(
        None,
        description="PEM file of certificates whose signers of Content Credentials are trusted; "
        "without it their trust is not checked.",
    )
    max_bytes: int = Field(20 * 1024 * 1024, ge=1024, description="Largest picture file, in bytes.")
    max_pixels: int = Field(
        50_000_000, ge=256, description="Largest decoded picture, in pixels (width times height)."
    )
    max_images: int = Field(
        100,
        ge=1,
        le=10_000,
        description="Most pictures in one batch request; fewer where the rate limit is lower.",
    )
    max_batch_bytes: int = Field(
        200 * 1024 * 1024, ge=1024, description="Largest body of a batch request, in bytes."
    )
    max_held_bytes: int = Field(
        512 * 1024 * 1024,
        ge=1024,
        description="Request bodies in memory at once, in bytes; more are refused with 503.",
    )
    max_batch_pixels: int = Field(
        800_000,
        ge=1,
        description="Most view pixels in one model pass. A large picture has 360,000; more than "
        "two at once gain nothing on CPUs.",
    )
    max_queue: int = Field(
        64, ge=1, description="Pictures admitted at once; more are refused with 503."
    )
    batch_wait_ms: float = Field(
        0, ge=0, le=1000, description="Wait for more pictures before a model pass; for GPUs."
    )
    rate_limit: str | None = Field(
        None, description='Pictures one client may send, such as "60/minute"; off unless set.'
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Addresses or networks of proxies whose X-Forwarded-For is believed, separated "
        "by commas; none unless set.",
    )
    api_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="Keys that may ask for verdicts, separated by commas; off unless set."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Web origins that may call from a browser, separated by commas."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="debug, info, warning or error."
    )

    @field_validator("experts", "trusted_proxies", "api_keys", "cors_origins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        """A list comes as JSON or separated by commas."""
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("["):
            try:
                return tuple(json.loads(value))
            except ValueError as error:
                raise ValueError("should be a JSON list or separated by commas") from error
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("c2pa_trust_anchors")
    @classmethod
    def _holds_certificates(cls, value: Path | None) -> Path | None:
        if value is not None:
            try:
                load_pem_x509_certificates(value.read_bytes())
            except OSError as error:
                raise ValueError(f"cannot be read: {error.strerror}") from error
            except ValueError as error:
                raise ValueError("should hold certificates in PEM") from error
        return value

    @property
    def trust_anchors(self) -> str | None:
        """The certificates in `c2pa_trust_anchors`."""
        path = self.c2pa_trust_anchors
        return None if path is None else path.read_text(encoding="utf-8")

    @field_validator("rate_limit")
    @classmethod
    def _is_rate(cls, value: str | None) -> str | None:
        if not value:
            return None
        try:
            count = len(limits.parse_many(value))
        except ValueError:
            count = 0
        if count != 1:
            raise ValueError('should look like "60/minute", and be one rate')
        return value

    @property
    def batch_images(self) -> int:
        """Most pictures in one batch: `max_images`, or what the rate limit lets through at once."""
        if self.rate_limit is None:
            return self.max_images
        return min(self.max_images, limits.parse(self.rate_limit).amount)


class SettingsError(ValueError):
    """A variable has a value that cannot be used; the message names it."""


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment; `overrides` (from the command line) win.

    Raises:
        SettingsError: a value is wrong; the message says which and why.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        sentences = {
            field: f"{PREFIX}{field.upper()}: {message}."
            for field, message in (
                (str(one["loc"][0]), one["msg"].removeprefix("Value error, "))
                for one in reversed(error.errors())  # so that the first of each field stays
            )
        }
        raise SettingsError("\n".join(reversed(sentences.values()))) from error


def described() -> list[tuple[str, str, str]]:
    """Every variable: its name, its default, and what it does."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, tuple):
            default = ",".join(default)
        shown = "" if default is None else str(default)
        rows.append((f"{PREFIX}{name.upper()}", shown, field.description or ""))
    return rows
