"""C2PA Content Credentials: a signed record of how a picture was made, checked by c2pa-python.

The library checks the signature and every hash; nothing is fetched from the network. Whether the
signer may be trusted can only be told with a list of trust anchors.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import structlog

from backend.provenance.generators import generator_named
from backend.provenance.signal import Details, PointsTo, Signal, absent, invalid, kept
from backend.provenance.source_types import Kind, kind_of, term

# Both a record in the file and a reference to one elsewhere contain one of these.
_HINTS = (b"jumb", b"provenance")
# No sensible record is told at greater length, in characters.
_MAX_JSON = 4 * 1024 * 1024
_MAX_INGREDIENTS = 50

_POINTS_TO: dict[str, PointsTo | None] = {
    "ai": "ai",
    "ai-edited": "edited",
    "camera": "camera",
    "edited": "edited",
    "other": None,
}
_CHANGES = {
    "c2pa.adjustedColor",
    "c2pa.color_adjustments",
    "c2pa.cropped",
    "c2pa.deleted",
    "c2pa.drawing",
    "c2pa.edited",
    "c2pa.filtered",
    "c2pa.placed",
    "c2pa.removed",
    "c2pa.resized",
}

log = structlog.get_logger()


def read(data: bytes, trust_anchors: str | None) -> Signal:
    """The signal of a picture file's Content Credentials.

    Args:
        trust_anchors: certificates in PEM whose signers are trusted; None where there is no list.
    """
    if not any(hint in data for hint in _HINTS):
        return absent("c2pa")
    try:
        import c2pa
    except (ImportError, OSError):
        log.warning("Content Credentials cannot be read: c2pa-python is missing or broken")
        return Signal("c2pa", "not-checked", "c2pa-not-checked")
    try:
        with c2pa.Reader(None, io.BytesIO(data), context=_context(trust_anchors)) as reader:
            text, state = reader.json(), reader.get_validation_state()
    except c2pa.C2paError.ManifestNotFound:
        return absent("c2pa")
    except c2pa.C2paError as error:
        if str(error).startswith("Remote"):
            return Signal("c2pa", "not-checked", "c2pa-remote")
        return invalid("c2pa")
    if len(text) > _MAX_JSON:
        return Signal("c2pa", "invalid", "c2pa-too-large")
    return _judged(json.loads(text), state or "Invalid", trust_anchors is not None)


@lru_cache(maxsize=2)
def _context(trust_anchors: str | None) -> Any:
    import c2pa

    settings: dict[str, Any] = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}
    if trust_anchors is not None:
        settings["trust"] = {"trust_anchors": trust_anchors}
    return c2pa.Context.from_dict(settings)


def _judged(store: dict[str, Any], state: str, has_anchors: bool) -> Signal:
    manifests = store["manifests"]
    manifest = manifests[store["active_manifest"]]
    signature = manifest.get("signature_info") or {}
    actions = list(_actions(manifest))
    types = [
        str(action["digitalSourceType"]) for action in actions if "digitalSourceType" in action
    ]
    details = kept(
        {
            "signer": signature.get("common_name")
            or signature.get("issuer")
            or "an unnamed signer",
            "organisation": signature.get("issuer"),  # its subject's, whatever the name
            "signed": signature.get("time"),
            "tool": _tool(manifest, actions),
            "actions": [str(action.get("action", "")) for action in actions],
            "source-type": [term(uri) for uri in types],
        }
    )
    if state == "Invalid":
        return _refused(store, details)
    kind = _kind(manifest, manifests, [_MAX_INGREDIENTS]) or "other"
    trust = "trusted" if state == "Trusted" else "untrusted" if has_anchors else "unverified"
    return Signal("c2pa", "found", f"c2pa-{kind}-{trust}", _POINTS_TO[kind], details)


def _refused(store: dict[str, Any], details: Details) -> Signal:
    """Why a record says nothing: forged, signed without the right to, or the picture changed."""
    results = store.get("validation_results") or {}
    failures = list((results.get("activeManifest") or {}).get("failure") or ())
    for delta in results.get("ingredientDeltas") or ():
        failures += (delta.get("validationDeltas") or {}).get("failure") or ()
    reasons = [str(failure.get("code", "")) for failure in failures]
    code = "c2pa-invalid"
    if any(r.startswith("claimSignature.") and "Validity" not in r for r in reasons):
        code = "c2pa-bad-signature"
    elif any(_is_certificate_failure(reason) for reason in reasons):
        code = "c2pa-bad-certificate"
    elif any(r.endswith("Hash.mismatch") for r in reasons):
        code = "c2pa-changed"
    return Signal("c2pa", "invalid", code, None, details | kept({"reasons": reasons}))


def _is_certificate_failure(reason: str) -> bool:
    ours = reason.startswith("signingCredential.") or reason == "claimSignature.outsideValidity"
    return ours and reason != "signingCredential.untrusted"


def _kind(manifest: dict[str, Any], manifests: dict[str, Any], budget: list[int]) -> Kind | None:
    """What a manifest and those of the pictures it was made from say about the origin.

    Args:
        budget: how many more manifests may be looked at.
    """
    budget[0] -= 1
    kinds: set[Kind] = set()
    creators: list[str] = []
    changed = False
    for action in _actions(manifest):
        created = action.get("action") == "c2pa.created"
        kind = kind_of(str(action.get("digitalSourceType", "")))
        if kind:
            kinds.add("ai-edited" if kind == "ai" and not created else kind)
        elif created:
            creators.append(_agent(action))
        changed = changed or action.get("action") in _CHANGES
    if generator_named("\n".join(creators)):
        kinds.add("ai")
    for ingredient in _dicts(manifest.get("ingredients")):
        source = manifests.get(str(ingredient.get("active_manifest")))
        if not isinstance(source, dict) or budget[0] <= 0:
            continue
        kind = _kind(source, manifests, budget)
        if ingredient.get("relationship") == "parentOf":
            kinds |= {kind} if kind else set()
        elif kind in ("ai", "ai-edited"):
            kinds.add("ai-edited")
    if "ai" in kinds and "camera" not in kinds:
        return "ai"
    if "ai" in kinds or "ai-edited" in kinds:
        return "ai-edited"
    if "camera" in kinds:
        return "camera"
    return "edited" if changed or "edited" in kinds else None


def _actions(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for assertion in _dicts(manifest.get("assertions")):
        data = assertion.get("data")
        if str(assertion.get("label")).startswith("c2pa.actions") and isinstance(data, dict):
            yield from _dicts(data.get("actions"))


def _tool(manifest: dict[str, Any], actions: list[dict[str, Any]]) -> str | None:
    """What made the picture: the agent of an action, else what wrote the record."""
    agents = filter(None, map(_agent, actions))
    infos = (
        str(info["name"]) for info in _dicts(manifest.get("claim_generator_info")) if "name" in info
    )
    written_by = manifest.get("claim_generator")
    return next(agents, None) or next(infos, None) or (str(written_by) if written_by else None)


def _agent(action: dict[str, Any]) -> str:
    agent = action.get("softwareAgent")
    if isinstance(agent, dict):
        return " ".join(str(agent[part]) for part in ("name", "version") if part in agent)
    return agent if isinstance(agent, str) else ""


def _dicts(values: Any) -> Iterator[dict[str, Any]]:
    return (v for v in values if isinstance(v, dict)) if isinstance(values, list) else iter(())
