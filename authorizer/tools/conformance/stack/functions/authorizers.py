"""The authorizer of the conformance stack. The credential says what it answers: `deny~anything`, by the name before `~`.

What comes after `~` only makes credentials different, so that no cache knows them.
"""

from __future__ import annotations

import json
import os
from threading import Event as Signal
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from policies import POLICIES, Document  # type: ignore[import-not-found,unused-ignore]

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Event = Mapping[str, Any]
    Answer = Callable[[Event], Any]

QUERY: Final = "access"
_TOLD: Final = (  # what of an event is handed on, to be looked at
    "version",
    "type",
    "methodArn",
    "routeArn",
    "routeKey",
    "identitySource",
    "resource",
    "path",
    "rawPath",
    "rawQueryString",
    "httpMethod",
    "cookies",
    "pathParameters",
    "queryStringParameters",
    "multiValueQueryStringParameters",
    "stageVariables",
)
_SCALARS: Final = {"text": "a", "number": 1, "fraction": 1.5, "yes": True, "no": False, "nothing": None}


def answer(event: Event, _: object) -> Any:
    """What the credential of a call asks for."""
    return ANSWERS[credential(event).partition("~")[0]](event)


def credential(event: Event) -> str:
    """Of TOKEN authorizers the token; of others the header `Authorization`, else a query parameter."""
    token = event.get("authorizationToken")
    if token is not None and event["type"] == "TOKEN":
        return str(token)
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    query = event.get("queryStringParameters") or {}
    return str(headers.get("authorization") or headers.get("x-access-token") or query.get(QUERY) or "")


def _arn(event: Event) -> str:
    return str(event.get("methodArn") or event["routeArn"])


def _policy(name: str, **more: Any) -> Answer:
    def made(event: Event) -> Document:
        context = {"who": "caller", "stamp": str(uuid4())}
        return {"principalId": "caller", "policyDocument": POLICIES[name](_arn(event)), "context": context, **more}

    return made


def _without(*members: str) -> Answer:
    def made(event: Event) -> Document:
        return {name: value for name, value in _policy("allow")(event).items() if name not in members}

    return made


def _told(event: Event) -> dict[str, str]:
    """A context that hands on what the authorizer was sent. Of headers the names only, and of those of the table."""
    told = {name: event[name] for name in _TOLD if name in event}
    about = event.get("requestContext") or {}
    told |= {"members": sorted(event), "about": sorted(about), "stage": about.get("stage")}
    told |= {"resourcePath": about.get("resourcePath"), "eventType": about.get("eventType")}
    told["names"] = sorted(name for name in event.get("headers") or {} if name.lower().startswith("x-c-"))
    return {"event": json.dumps(told)}


def _unless_at(ending: str, otherwise: Answer) -> Answer:
    """Allows all, but where the path ends so."""
    return lambda event: (otherwise if _arn(event).endswith(ending) else _policy("allow"))(event)


def _raise(text: str) -> Answer:
    def raising(_: Event) -> Any:
        raise RuntimeError(text)

    return raising


def _simple(allowed: object, **more: Any) -> Answer:
    return lambda _: {"isAuthorized": allowed, "context": {"stamp": str(uuid4())}, **more}


def _sleep(_: Event) -> Any:
    Signal().wait()


def _exit(_: Event) -> Any:
    os._exit(1)


_MADE: Final[dict[str, Answer]] = {name: _policy(name) for name in POLICIES}
ANSWERS: Final[Mapping[str, Answer]] = _MADE | {
    "told": lambda event: _policy("allow", context=_told(event))(event),
    "simple-told": lambda event: {"isAuthorized": True, "context": _told(event)},
    "scalars": _policy("allow", context=_SCALARS),
    "deny-with-reason": _policy("deny", context={"reason": "not today", "level": 3}),
    "nested": _policy("allow", context={"roles": {"admin": True}}),
    "list": _policy("allow", context={"roles": ["a", "b"]}),
    "json-text": _policy("allow", context={"roles": '["a","b"]'}),
    "context-is-text": _policy("allow", context="a"),
    "context-is-null": _policy("allow", context=None),
    "context-principal": _policy("allow", context={"principalId": "another"}),
    "large-context": _policy("allow", context={"text": "x" * 9000}),
    "no-context": _without("context"),
    "no-principal": _without("principalId"),
    "no-principal-deny": lambda event: {"policyDocument": POLICIES["deny"](_arn(event))},
    "no-policy": _without("policyDocument"),
    "one-more": _policy("allow", surprise=1),
    "key": _policy("allow", usageIdentifierKey=os.environ.get("API_KEY")),
    "unknown-key-of-plan": _policy("allow", usageIdentifierKey="no-key-of-this-value-0123456789"),
    "unauthorized": _raise("Unauthorized"),
    "unauthorized-lower": _raise("unauthorized"),
    "unauthorized-detail": _raise("Unauthorized: expired"),
    "unauthorized-at-fail": _unless_at("/fail", _raise("Unauthorized")),
    "error-at-fail": _unless_at("/fail", _raise("an error")),
    "none-at-fail": _unless_at("/fail", lambda _: None),
    "error": _raise("what only a log should say"),
    "none": lambda _: None,
    "text": lambda _: "allow",
    "empty-text": lambda _: "",
    "array": lambda event: [_policy("allow")(event)],
    "number": lambda _: 1,
    "proxy": lambda _: {"statusCode": 401, "body": "Unauthorized"},
    "header-case": lambda event: event["headers"]["Authorization"],
    "first-source": lambda event: _policy("allow")(event) if event["identitySource"][0] else None,
    "simple-allow": _simple(allowed=True, context={"roles": ["a", {"b": 1}], "number": 1, "yes": True, "none": None}),
    "simple-stamp": _simple(allowed=True),
    "simple-plain": lambda _: {"isAuthorized": True},
    "simple-deny": _simple(allowed=False),
    "simple-by-path": lambda event: {"isAuthorized": str(event.get("rawPath")).endswith("/yes")},
    "simple-text": _simple("true"),
    "simple-number": _simple(1),
    "simple-null": _simple(None),
    "simple-capital": lambda _: {"IsAuthorized": True},
    "simple-missing": lambda _: {"context": {}},
    "simple-and-policy": lambda event: _policy("deny")(event) | {"isAuthorized": True},
    "sleep": _sleep,
    "exit": _exit,
}
