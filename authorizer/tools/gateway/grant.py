"""What lets a call through: who was proven, and what the integration is told of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from authorizer.tools.gateway.iam import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping


class Told(Enum):
    """How an integration is told of the caller."""

    CONTEXT = "context"  # of a Lambda authorizer's policy: in REST and payload 1.0 flat, with the principal
    LAMBDA = "lambda"  # the same of an HTTP API in payload 2.0
    CLAIMS = "claims"  # of a token


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An authorizer's yes, or its silence: `outcome` is what a policy says, which the API's resource policy may overrule."""

    told: Told
    context: Mapping[str, Any] = field(repr=False)
    principal: str | None = None
    scopes: tuple[str, ...] | None = None
    usage_key: str | None = field(default=None, repr=False)
    outcome: Outcome = Outcome.ALLOW
    cached: bool = False
    warnings: tuple[str, ...] = ()

    def flat(self) -> dict[str, Any]:
        """`requestContext.authorizer` of REST and WebSocket APIs and of payload format 1.0."""
        if self.told is Told.CLAIMS:
            return {"claims": dict(self.context), "scopes": None if self.scopes is None else list(self.scopes)}
        principal = {} if self.principal is None else {"principalId": self.principal}
        return {**self.context, **principal, "integrationLatency": 0 if self.cached else 1}

    def nested(self) -> dict[str, Any]:
        """`requestContext.authorizer` of payload format 2.0."""
        if self.told is Told.CLAIMS:
            scopes = None if self.scopes is None else list(self.scopes)
            return {"jwt": {"claims": dict(self.context), "scopes": scopes}}
        return {"lambda": dict(self.context)}

    def variables(self) -> dict[str, Any]:
        """`$context.authorizer.…` for gateway responses and access logs. A map of claims is none; single claims are."""
        if self.told is Told.CLAIMS:
            return {f"authorizer.claims.{name}": value for name, value in self.context.items()}
        named = {f"authorizer.{name}": value for name, value in self.context.items() if value is not None}
        return named | ({"authorizer.principalId": self.principal} if self.principal is not None else {})
