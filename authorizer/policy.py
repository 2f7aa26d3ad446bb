"""Rules + Principal → one IAM policy for a whole stage, right for every route, so that API Gateway may cache it.

What the caller may call is allowed, all else is explicitly denied. API Gateway caches it under the identity sources alone,
and compares it with the ARN of whatever is called next, whose path is the real one.
AWS: "Configure an API Gateway Lambda authorizer", "Output from an API Gateway Lambda authorizer".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from authorizer.entitlement import Entitlements, Verdicts
from authorizer.expression import Conflict, Expression, Why, everything, express
from authorizer.policy_document import MAX_BYTES, Document, Patterns, fits, written
from authorizer.route import METHODS
from authorizer.surface import Api

if TYPE_CHECKING:
    from authorizer.arn import MethodArn
    from authorizer.model import Principal
    from authorizer.rules import Rules
    from authorizer.walk import Row

MAX_REMEMBERED: Final = 256  # policies


class Compiled(NamedTuple):
    """What one entitlement is granted, as patterns; with conflicts they err towards denial."""

    patterns: Patterns
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether they grant what the rules grant, no more and no less."""
        return not self.conflicts


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
        if self.rules.everywhere is not None:
            return _everything(verdicts)
        conflicts = list(self.entitlements.conflicts(verdicts, api))
        by_rows: dict[tuple[Row, ...], Expression] = {}
        by_method: dict[str, Expression] = {}
        for method in METHODS:
            rows = self.entitlements.rows(verdicts, method, api)
            if rows not in by_rows:
                by_rows[rows] = self._express(rows, stage)
            by_method[method] = by_rows[rows]
            conflicts += by_rows[rows].conflicts
        patterns = Patterns(by_method, self.rules.exact)
        if not conflicts and not fits(written(patterns, stage)):
            conflicts.append(Conflict("the table", None, Why.TOO_LARGE))
        return Compiled(patterns, tuple(dict.fromkeys(conflicts)))

    def _express(self, rows: tuple[Row, ...], stage: str) -> Expression:
        granted = [row for row in rows if row.granted]
        if not granted:
            return Expression(())
        if (
            len(granted) * 2 * len(stage) > 4 * MAX_BYTES
        ):  # far too much, even when patterns cover each other: do not try
            return Expression((), conflicts=(Conflict(granted[0].name, None, Why.TOO_LARGE),))
        return express(rows, exact=self.rules.exact, complete=self.rules.complete)


def _everything(verdicts: Verdicts) -> Compiled:
    """One requirement for everything: all or nothing, unless it depends on the single request."""
    if verdicts[0] is not True and verdicts[0] is not False:
        return Compiled(Patterns({}), (Conflict("require", None, Why.VARIES),))
    expression = everything() if verdicts[0] else Expression(())
    return Compiled(Patterns(dict.fromkeys(METHODS, expression), whole=True))
