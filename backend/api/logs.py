"""JSON lines on standard error, for our own events and the server's."""

from __future__ import annotations

import logging
import logging.config

import structlog


def configure(level: str) -> None:
    """Send structlog and the standard library's loggers to one JSON line each."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level.upper()),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    # The lifespan says in one sentence why a model cannot be loaded; the server would repeat it as
    # a traceback.
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: "ModelError" not in record.getMessage()
    )
