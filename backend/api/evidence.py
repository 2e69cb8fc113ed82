"""Marks of origin and statements as they travel."""

from __future__ import annotations

from collections.abc import Sequence

from backend import words
from backend.api.schemas import ProvenanceReply, SignalReply, StatementReply, SummaryReply
from backend.provenance.signal import Signal


def provenance_reply(signals: Sequence[Signal]) -> ProvenanceReply:
    """What the file says about itself, each signal with its English sentence."""
    return ProvenanceReply(
        signals=[
            SignalReply(
                source=signal.source,
                status=signal.status,
                points_to=signal.points_to,
                code=signal.code,
                summary=words.sentence(signal.code, signal.values),
                details=signal.details,
            )
            for signal in signals
        ]
    )


def summary_reply(statements: Sequence[words.Statement]) -> SummaryReply:
    """The statements, and all of them as one English text."""
    return SummaryReply(
        text=" ".join(statement.text for statement in statements),
        statements=[
            StatementReply(code=s.code, role=s.role, text=s.text, values=dict(s.values))
            for s in statements
        ],
    )
