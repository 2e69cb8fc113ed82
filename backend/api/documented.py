"""The OpenAPI document where FastAPI cannot see: bodies by content type, problems, NDJSON."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from pydantic.json_schema import models_json_schema
from starlette.staticfiles import StaticFiles

from backend.api import problems
from backend.api.schemas import (
    BatchLine,
    BatchRequest,
    ClassifyRequest,
    LegacyRequest,
    Problem,
    ReportReply,
)

# Models that only hand-written parts of the document refer to.
_REFERRED = (BatchLine, BatchRequest, ClassifyRequest, LegacyRequest, Problem, ReportReply)
_REFERENCE = "#/components/schemas/{model}"
_EXPLAIN = ClassifyRequest.model_fields["explain"].description
# The package whose copy of Swagger UI is served, so that /docs works without the internet.
_ASSETS = "fastapi_offline"


class Documented(FastAPI):
    """FastAPI whose OpenAPI document also has our hand-written parts."""

    def openapi(self) -> dict[str, Any]:
        """The complete document."""
        document = super().openapi()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        _, definitions = models_json_schema(
            [(model, "validation") for model in _REFERRED], ref_template=_REFERENCE
        )
        for name, schema in definitions["$defs"].items():
            schemas.setdefault(name, schema)
        for path in document["paths"].values():
            for operation in path.values():
                if operation.get("security") and {} not in operation["security"]:
                    operation["security"].append({})  # keys are asked for only where set
        return document


def reference(model: type) -> dict[str, str]:
    """A schema that points to a model."""
    return {"$ref": _REFERENCE.format(model=model.__name__)}


def refusals(*errors: type[Exception]) -> dict[int | str, dict[str, Any]]:
    """The problem responses of a route, by status."""
    kinds: dict[int, list[problems.Kind]] = {}
    for error in errors:
        kind = problems.KINDS[error]
        kinds.setdefault(kind.status, []).append(kind)
    return {
        status: {
            "description": ", ".join(f"`{kind.slug}`" for kind in same),
            "content": {problems.MEDIA_TYPE: {"schema": reference(Problem)}},
        }
        for status, same in sorted(kinds.items())
    }


def body(json_model: type, file_field: str | None = None, many: bool = False) -> dict[str, Any]:
    """The `openapi_extra` of a route whose body is JSON or a form with files."""
    content: dict[str, Any] = {"application/json": {"schema": reference(json_model)}}
    if file_field:
        one = {"type": "string", "format": "binary", "description": "The picture file."}
        files = {"type": "array", "items": one, "minItems": 1} if many else one
        explain = {"type": "boolean", "default": False, "description": _EXPLAIN}
        properties = {file_field: files, "explain": explain}
        form = {"type": "object", "required": [file_field], "properties": properties}
        content["multipart/form-data"] = {"schema": form}
    return {"requestBody": {"required": True, "content": content}}


def install_docs(app: FastAPI) -> None:
    """Serve Swagger UI at /docs, offline. Addresses are relative, so a proxy may add a prefix."""
    app.mount("/docs/assets", StaticFiles(packages=[(_ASSETS, "static")]))

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="openapi.json",
            title=app.title,
            swagger_js_url="docs/assets/swagger-ui-bundle.js",
            swagger_css_url="docs/assets/swagger-ui.css",
            swagger_favicon_url="docs/assets/favicon.png",
        )
