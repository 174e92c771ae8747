"""What the OpenAPI document says about every operation alike: keys, errors, and the idempotency key of each POST."""

from typing import Any

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable and made to be programmed against; `detail` is for people.",
    "required": ["type", "title", "status", "detail", "instance", "code", "errors", "trace_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "code", "message"],
                "properties": {
                    "path": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "trace_id": {"type": "string"},
        "advice": {"type": "string"},
    },
}
ALWAYS = {
    "400": "The request cannot be read.",
    "401": "No key, or one that is unknown, expired or revoked.",
    "403": "The role or its scope does not allow it.",
    "404": "There is no such thing, or it lies outside the key's scope.",
    "406": "Only JSON is spoken here.",
    "422": "The input is not valid; `errors` says where.",
    "429": "Too many calls; wait for Retry-After seconds.",
}
WRITES = {
    "409": "The present state does not allow it, or the idempotency key came with another body.",
    "413": "The body is too large.",
    "415": "Only JSON is read here.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any text of the caller's. The same key with the same body gets the first answer again for 7 days, "
    "with another body 409 `idempotency_mismatch`.",
    "schema": {"type": "string"},
}
METHODS = ("get", "post", "put", "patch", "delete")


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """drf-spectacular's last step: add what no view should have to repeat."""
    schemas = result["components"].setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for schema in schemas.values():
        _exact_amounts(schema)
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if method in METHODS:
                _complete(operation, method)
    return result


def _complete(operation: dict[str, Any], method: str) -> None:
    for status, words in (ALWAYS if method == "get" else ALWAYS | WRITES).items():
        operation["responses"].setdefault(status, _problem(words, status))
    parameters = operation.setdefault("parameters", [])
    for one in parameters:
        if one["in"] == "query" and one["name"] != "page_size":
            one["allowEmptyValue"] = True  # an empty filter is none
    if method == "post" and not any(one["name"] == "Idempotency-Key" for one in parameters):
        parameters.append(IDEMPOTENCY_KEY)


def _exact_amounts(schema: dict[str, Any]) -> None:
    """An amount has a digit: the pattern that comes from the field would take an empty text."""
    for one in schema.get("properties", {}).values():
        if one.get("format") == "decimal" and one.get("pattern", "").startswith("^-?\\d{0,"):
            one["pattern"] = one["pattern"].replace("^-?", r"^-?(?=\.?\d)", 1)


def _problem(words: str, status: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": words,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == "429":
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
    return answer
