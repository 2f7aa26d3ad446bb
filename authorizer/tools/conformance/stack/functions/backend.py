"""What is behind the routes of the conformance stack: it shows what it was sent, or misbehaves as the path says.

Of headers and of the query it shows the names only, so that no credential is in an answer.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHOWN: Final = ("version", "routeKey", "resource", "path", "rawPath", "httpMethod", "pathParameters", "stageVariables")


def show(event: Mapping[str, Any], _: object) -> Any:
    """The event as JSON; behind paths that end with such a name, an answer that no gateway can use."""
    about = event.get("requestContext") or {}
    path = str(event.get("rawPath") or event.get("path") or "")
    if path.endswith("/bad-shape"):
        return {"hello": "world"}
    if path.endswith("/key-error"):
        return about["authorizer"]["claims"]["nothing-of-this-name"]
    if path.endswith("/own-cors"):
        return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://backend.example"}, "body": ""}
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(_shown(event, about)),
    }


def _shown(event: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: event[name] for name in _SHOWN if name in event}
    shown["authorizer"] = about.get("authorizer")
    shown["stage"] = about.get("stage")
    shown["route"] = about.get("routeKey") or about.get("resourcePath")
    shown["event"] = about.get("eventType")
    shown["headers"] = sorted(event.get("headers") or {})
    shown["query"] = sorted(event.get("queryStringParameters") or {})
    return shown


def converse(event: Mapping[str, Any], _: object) -> Any:
    """What is behind a WebSocket API: `$connect` may be refused here too; a message is answered with what was sent."""
    query = event.get("queryStringParameters") or {}
    if "refuse" in query:
        return {"statusCode": 403}
    about = event.get("requestContext") or {}
    shown = {name: about.get(name) for name in ("routeKey", "eventType", "authorizer")}
    return {"statusCode": 200, "body": json.dumps(shown | {"body": event.get("body")})}
