"""What an authorizer function answered, read as strictly as API Gateway reads it. What cannot be read is a 500.

Source: API Gateway Developer Guide, "Output from an API Gateway Lambda authorizer", "Lambda authorizer response format";
the cases that the guide leaves out follow captured responses.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.failure import authorizer_error, unauthorized
from authorizer.tools.gateway.iam import MalformedPolicy, Policy
from authorizer.tools.gateway.message import as_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.invocation import Invocation

MAX_RESOURCE: Final = 512  # characters of a Resource; AWS documents it, and what happens beyond is not documented
MAX_WEBSOCKET: Final = 8192  # bytes of the whole result
UNAUTHORIZED: Final = "Unauthorized"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyResult:
    """A policy, for whom, and what goes along. `warnings` are about what API Gateway lets pass and nobody should rely on."""

    policy: Policy
    principal: str | None
    context: Mapping[str, Any] = field(repr=False)
    usage_key: str | None = field(default=None, repr=False)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleResult:
    """A yes or a no."""

    allowed: bool
    context: Mapping[str, Any] = field(repr=False)


AuthorizerResult = PolicyResult | SimpleResult


def read_result(invocation: Invocation, kind: Kind, *, simple: bool = False) -> AuthorizerResult:
    """The result; a `Failure` of 401 for exactly `Unauthorized`, raised, and of 500 for everything that cannot be read."""
    if invocation.error is not None:
        raised = f"the function raised {UNAUTHORIZED}"
        if invocation.error.message != UNAUTHORIZED:
            raise authorizer_error(f"the function failed with {invocation.error.kind or 'an error'}")
        raise unauthorized(raised) if kind is not Kind.HTTP else authorizer_error(raised)
    answer = invocation.document
    if not isinstance(answer, dict):
        raise authorizer_error(f"the function answered {_kind(answer)}; right would be an object")
    try:
        if kind is Kind.WEBSOCKET and len(as_bytes(json.dumps(answer, ensure_ascii=False))) > MAX_WEBSOCKET:
            raise authorizer_error("the function answered more than 8 KB")
        return _simple(answer) if simple else _policy(answer, kind)
    except (RecursionError, ValueError):  # nested more deeply, or a number with more digits, than anybody can read
        raise authorizer_error("the function answered what cannot be read") from None


def _simple(answer: Mapping[str, Any]) -> SimpleResult:
    allowed = answer.get("isAuthorized")
    if not isinstance(allowed, bool):
        raise authorizer_error(f"isAuthorized is {_kind(allowed)}; right would be true or false")
    return SimpleResult(allowed=allowed, context=_object("context", answer.get("context")))


def _policy(answer: Mapping[str, Any], kind: Kind) -> PolicyResult:
    try:
        policy = Policy.parse(answer.get("policyDocument"))
    except MalformedPolicy as error:
        raise authorizer_error(str(error)) from None
    principal, key = answer.get("principalId"), answer.get("usageIdentifierKey")
    context = _object("context", answer.get("context"))
    return PolicyResult(
        policy=policy,
        principal=principal if isinstance(principal, str) else None,
        context=context if kind is Kind.HTTP else dict(_scalars(context)),
        usage_key=key if isinstance(key, str) else None,
        warnings=tuple(_warnings(answer)),
    )


def _scalars(context: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """REST and WebSocket APIs hand over texts; null remains null, and what has parts is a 500."""
    for name, value in context.items():
        if isinstance(value, dict | list):
            raise authorizer_error(f"context.{name} is {_kind(value)}; right would be a text, a number or a boolean")
        yield name, value if value is None or isinstance(value, str) else json.dumps(value)


def _warnings(answer: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(answer.get("principalId"), str):
        yield "the answer has no principalId: AWS documents that it is required, and evaluates the policy all the same"
    statements = answer["policyDocument"].get("Statement")
    for statement in statements if isinstance(statements, list) else [statements]:
        resources = statement.get("Resource", statement.get("NotResource", ()))
        for one in [resources] if isinstance(resources, str) else resources:
            if len(one) > MAX_RESOURCE:
                yield f"a Resource has {len(one)} characters: AWS documents at most {MAX_RESOURCE}"


def _object(name: str, value: object) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise authorizer_error(f"{name} is {_kind(value)}; right would be an object")
    return value


def _kind(value: object) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"
