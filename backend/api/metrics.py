"""What Prometheus can ask: HTTP figures by route, and our own about pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return registry


@dataclass
class Metrics:
    """The collectors of one application; each application has its own registry."""

    registry: CollectorRegistry = field(default_factory=_registry)

    def __post_init__(self) -> None:
        def histogram(name: str, text: str) -> Histogram:
            return Histogram(name, text, buckets=_SECONDS, registry=self.registry)

        self.decode = histogram("detector_decode_seconds", "Bytes to views of one picture.")
        self.queue = histogram("detector_queue_seconds", "Waiting for a thread and the model.")
        self.inference = histogram("detector_inference_seconds", "One picture's model pass.")
        self.queue_depth = Gauge(
            "detector_queue_depth", "Pictures admitted, not yet answered.", registry=self.registry
        )
        self.verdicts = Counter(
            "detector_verdicts", "Verdicts by label.", ["label"], registry=self.registry
        )
        self.refusals = Counter(
            "detector_refusals", "Problems by type slug.", ["type"], registry=self.registry
        )
