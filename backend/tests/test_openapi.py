"""What the OpenAPI document promises holds: its examples run, and nothing sent makes a 5xx."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.__main__ import openapi_text
from backend.app import create_app
from backend.settings import Settings

DOCUMENT = create_app(Settings.model_construct()).openapi()
schema = schemathesis.openapi.from_dict(DOCUMENT)


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/v1/classify", "ClassifyRequest"),
        ("/v1/classify/batch", "BatchRequest"),
        ("/", "LegacyRequest"),
    ],
)
def test_the_examples_run(client: httpx.Client, path: str, model: str) -> None:
    for example in DOCUMENT["components"]["schemas"][model]["examples"]:
        reply = client.post(path, json=example)
        assert reply.status_code == 200, reply.text
        assert "problem" not in reply.text


def test_every_operation_has_a_stable_name_and_a_summary() -> None:
    operations = [op for path in DOCUMENT["paths"].values() for op in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert sorted(names) == sorted(set(names))
    assert {"classify", "classifyBatch", "classifyLegacy", "getModel"} <= set(names)
    assert all(operation["summary"] for operation in operations)


def test_every_reference_resolves() -> None:
    known = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}

    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*(references(value) for value in node.values()))
        if isinstance(node, list):
            return set[str]().union(*(references(value) for value in node))
        return set()

    assert references(DOCUMENT) <= known
    assert openapi_text().endswith("\n")


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_the_replies_are_as_documented(
    case: schemathesis.Case[Any], client: httpx.Client
) -> None:
    response = case.call(base_url=str(client.base_url))
    case.validate_response(
        response,
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )
