"""What providers send, put as the standard has it, before it is read. Each rule names who needs it.

Most of what they send beside the standard is understood by `scim2_models` under our policy (`schemas.provider`):
operations in capitals, "False" for false, URNs in any case, attributes that are not kept, an `add` to an entry that is
not there, `remove` with a value. What is left:

* Microsoft Entra and Okta write `emails`, by paths, filters and without a path. It shows `userName` and is not written;
  the standard wants the whole request refused (RFC 7644, section 3.5.2), and nobody's suspension would arrive.
* Okta sends the resource's own `id` in the value of a PATCH without a path.
* Entra's default mapping sends `name.formatted`, and Okta may send no `displayName`: it is then made of the parts.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import from_json
from scim2_models import InvalidSyntaxException

from muniment.scim.refusals import refused

_CORE = "urn:ietf:params:scim:schemas:core:2.0:user:"
_SHOWN = ("emails", "groups", "meta")
_NOTHING = {"op": "add", "value": {}}


def normalised(method: str, path: str, body: bytes) -> bytes:
    """Raises InvalidSyntaxException for what is no JSON, or nested deeper than any resource is."""
    if not body or method not in {"POST", "PUT", "PATCH"}:
        return body
    try:
        sent = from_json(body)
    except ValueError:
        raise refused(InvalidSyntaxException, "The body of the request is not JSON in UTF-8.") from None
    return json.dumps(_request(method, path, sent)).encode()


def _request(method: str, path: str, sent: Any) -> Any:
    head = path.strip("/").partition("/")[0].lower()
    if not isinstance(sent, dict):
        return sent
    if head == "bulk":
        return {
            name: list(map(_bulk, value)) if _is(name, "operations", value) else value for name, value in sent.items()
        }
    if head != "users" or path.endswith(".search"):
        return sent
    return _patch(sent) if method == "PATCH" else _whole(sent)


def _bulk(operation: Any) -> Any:
    if not isinstance(operation, dict):
        return operation
    method, path = (next(_values(operation, name), "") for name in ("method", "path"))
    data = {name: value for name, value in operation.items() if name.lower() == "data"}
    return operation | {name: _request(str(method).upper(), str(path), value) for name, value in data.items()}


def _patch(sent: Mapping[str, Any]) -> dict[str, Any]:
    def kept(operations: list[Any]) -> list[Any]:
        return [one for one in map(_operation, operations) if one is not None] or [_NOTHING]

    return {name: kept(value) if _is(name, "operations", value) else value for name, value in sent.items()}


def _operation(operation: Any) -> Any:
    """None for one that writes `emails` alone."""
    if not isinstance(operation, dict):
        return operation
    path = next(_values(operation, "path"), None)
    if isinstance(path, str) and path.strip():
        return None if _attribute(path) == "emails" else operation
    changed = {}
    for name, value in operation.items():
        is_values = name.lower() == "value" and isinstance(value, dict)
        changed[name] = {key: one for key, one in value.items() if not _is_shown(key)} if is_values else value
    return changed


def _whole(sent: Mapping[str, Any]) -> dict[str, Any]:
    if next(_values(sent, "displayName"), None):
        return dict(sent)
    name = next(_values(sent, "name"), None)
    if not isinstance(name, dict):
        return dict(sent)
    formatted, given, family = (next(_values(name, part), None) for part in ("formatted", "givenName", "familyName"))
    made = formatted or " ".join(str(part) for part in (given, family) if part)
    return {**sent, "displayName": made} if made else dict(sent)


def _is_shown(key: str) -> bool:
    return _attribute(key) in {*_SHOWN, "id"}


def _attribute(path: str) -> str:
    """The attribute that a path or a key begins with, in lower case, without the schema."""
    text = path.strip().lower().removeprefix(_CORE)
    return text.partition("[")[0].partition(".")[0]


def _values(sent: Mapping[str, Any], name: str) -> Iterator[Any]:
    """Names of attributes know no case (RFC 7643, section 2.1)."""
    return (value for key, value in sent.items() if key.lower() == name.lower())


def _is(name: str, wanted: str, value: Any) -> bool:
    return name.lower() == wanted and isinstance(value, list)
