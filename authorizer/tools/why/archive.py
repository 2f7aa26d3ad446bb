"""An exchange of request and response as one JSON document: an entry of a HAR file, or what programs print."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One exchange; nothing of the request is kept but its method and the names of its headers."""

    status: int | None
    headers: Mapping[str, str] | None = field(repr=False)
    body: str = field(repr=False)
    method: str | None = None
    names: frozenset[str] = frozenset()
    colon: bool | None = None

    def sent(self) -> dict[str, Any]:
        """What is known of the request."""
        return {"method": self.method, "headers": self.names, "colon": self.colon}


def exchange(document: object) -> Exchange | None:
    """The exchange that a document holds; of a whole HAR file the last one that failed, else the last."""
    if not isinstance(document, dict):
        return None
    entries = _map(document.get("log")).get("entries")
    if isinstance(entries, list):
        found = [one for one in map(exchange, entries) if one is not None]
        failed = [one for one in found if (one.status or 0) >= 400]
        return next(iter((failed or found)[-1:]), None)
    if isinstance(document.get("response"), dict):
        return _of(_map(document.get("request")), document["response"])
    if {"status", "statusCode"} & document.keys() and {"headers", "body", "data"} & document.keys():
        return _of(_map(document.get("config")), document)
    return None


def _of(request: Mapping[str, Any], response: Mapping[str, Any]) -> Exchange:
    status = response.get("status", response.get("statusCode"))
    method, url = request.get("method"), request.get("url")
    path = re.sub(r"^[a-z]+://[^/]*", "", url.partition("?")[0]) if isinstance(url, str) else None
    return Exchange(
        status=status if isinstance(status, int) and 100 <= status <= 599 else None,
        headers=_headers(response.get("headers")) or None,
        body=_content(response),
        method=method.upper()[:10] if isinstance(method, str) else None,
        names=frozenset(_headers(request.get("headers"))),
        colon=":" in path if path is not None else None,
    )


def _content(response: Mapping[str, Any]) -> str:
    content = response.get("content", response.get("body", response.get("data")))
    text = content.get("text") if isinstance(content, dict) and isinstance(content.get("text"), str) else content
    if isinstance(text, str):
        return text
    try:
        return json.dumps(text) if isinstance(text, dict) else ""
    except RecursionError:
        return ""


def _headers(given: object) -> dict[str, str]:
    """Names in lower case; HAR has a list of objects, others one object."""
    if isinstance(given, dict):
        return {str(name).lower(): str(value) for name, value in given.items()}
    if isinstance(given, list):
        pairs = (_map(one) for one in given)
        return {str(one["name"]).lower(): str(one.get("value", "")) for one in pairs if "name" in one}
    return {}


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
