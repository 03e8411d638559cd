"""One OpenAPI document (3.1) of all three APIs, made of their own descriptions."""

import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from ninja import NinjaAPI

from muniment import __version__
from muniment.api.openai.routes import api as openai
from muniment.api.own.routes import api as own
from muniment.api.v1.routes import api as v1

PARTS: tuple[tuple[str, str, NinjaAPI, str], ...] = (
    ("muniment", "/api/muniment", own, "Documents and receipts: what no other service has an address for."),
    ("openai", "/v1", openai, "For OpenAI's clients: agents are models."),
    ("customgpt", "/api/v1", v1, "For CustomGPT.ai's clients: a project is an agent, a page a document."),
)
_ABOUT = "Every address asks for a key: Authorization: Bearer <key>. What differs from other services: docs/api.md."


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """It says nothing of who uses this installation or what is in it, so whoever reaches the server may read it."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for tag, before, api, _ in PARTS:
        part = _renamed(api.get_openapi_schema(path_prefix=before), tag)
        schemas |= part["components"].get("schemas", {})
        for path, methods in part["paths"].items():
            paths[path] = {method: _said(one, tag) for method, one in methods.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Muniment", "version": __version__, "description": _ABOUT},
        "servers": [{"url": settings.MUNIMENT_BASE_URL.origin}],
        "tags": [{"name": tag, "description": about} for tag, _, _, about in PARTS],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"ByKey": {"type": "http", "scheme": "bearer"}}},
        "security": [{"ByKey": []}],
    }


def _renamed(schema: Any, tag: str) -> Any:
    """Two APIs may have a schema of the same name."""
    text = json.dumps(schema).replace("#/components/schemas/", f"#/components/schemas/{tag}.")
    found = json.loads(text)
    named = found["components"].get("schemas", {})
    found["components"]["schemas"] = {f"{tag}.{name}": one for name, one in named.items()}
    return found


def _said(operation: dict[str, Any], tag: str) -> dict[str, Any]:
    told = {"tags": [tag], "operationId": f"{tag}_{operation['operationId']}"}
    return operation | told
