"""The same description as a page: every address with what it takes, readable without anything from elsewhere."""

from collections.abc import Iterator
from typing import Any

from muniment.api.description import PARTS, description


def reference() -> list[dict[str, Any]]:
    """For each API: `label`, `before` (how its addresses begin), and `operations` in the order of their addresses."""
    found = description()
    return [
        {"about": about, "before": before, "operations": list(_operations(found, tag))}
        for tag, before, _api, about in PARTS
    ]


def _operations(found: dict[str, Any], tag: str) -> Iterator[dict[str, Any]]:
    for path, methods in found["paths"].items():
        for method, one in methods.items():
            if tag in one["tags"]:
                yield {
                    "method": method.upper(),
                    "path": path.replace("int:", ""),
                    "text": one.get("description", ""),
                    "fields": [*_parameters(one), *_body(found, one)],
                }


def _parameters(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in operation.get("parameters", []):
        needed = one.get("required", False)
        yield {"name": one["name"], "where": one["in"], "type": _type(one["schema"]), "needed": needed}


def _body(found: dict[str, Any], operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = _resolved(found, content["schema"])
        for name, one in schema.get("properties", {}).items():
            yield {"name": name, "where": "body", "type": _type(one), "needed": name in schema.get("required", [])}


def _resolved(found: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    named: dict[str, Any] = found["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return named


def _type(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"] if one.get("type") != "null")
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition(".")[2]
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type", "anything"))
