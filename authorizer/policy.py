"""Rules + Principal → one IAM policy for a whole stage, right for every route, so that API Gateway may cache it.

What the caller may call is allowed, all else is explicitly denied. API Gateway caches it under the identity sources alone,
and compares it with the ARN of whatever is called next, whose path is the real one.
AWS: "Configure an API Gateway Lambda authorizer", "Output from an API Gateway Lambda authorizer".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from authorizer.entitlement import Entitlements, Verdicts
from authorizer.policy_document import Document, written
from authorizer.surface import Api

if TYPE_CHECKING:
    from authorizer.arn import MethodArn
    from authorizer.compiler import Compiled
    from authorizer.model import Principal
    from authorizer.rules import Rules

MAX_REMEMBERED: Final = 256  # policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """The policies of a set of rules. Remembered per entitlement and stage, up to a bound; never per token."""

    rules: Rules
    entitlements: Entitlements = field(init=False, repr=False, compare=False)
    _remembered: dict[tuple[Verdicts, Api, str], Document | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "entitlements", Entitlements(rules=self.rules))

    def of(self, principal: Principal, called: MethodArn, api: Api, now: float) -> Document | None:
        """The policy for the stage of a call; None when IAM patterns cannot say what the rules say for this principal.

        Also for a WebSocket handshake: it has one route, so the policy for the call is the policy for all.
        """
        if api is Api.WEBSOCKET:
            return None
        key = self.entitlements.of(principal, now), api, called.stage_prefix
        if key not in self._remembered:
            while len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.pop(next(iter(self._remembered)))
            self._remembered[key] = self._made(*key)
        return self._remembered[key]

    def _made(self, verdicts: Verdicts, api: Api, stage: str) -> Document | None:
        compiled = self.compiled(verdicts, api, stage)
        return written(compiled.patterns, stage) if compiled.is_exact else None

    def compiled(self, verdicts: Verdicts, api: Api, stage: str) -> Compiled:
        """The patterns for an entitlement, and all that keeps them from being exact. `stage`: as in `MethodArn`."""
        from authorizer.compiler import (
            compiled,  # loaded with the first policy: an HTTP API with simple responses has none
        )

        return compiled(self.entitlements, verdicts, api, stage)
