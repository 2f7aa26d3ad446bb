"""Verdicts → the patterns of a policy, method by method, within its budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from authorizer.expression import Conflict, Expression, Why, everything, express
from authorizer.policy_document import MAX_BYTES, Patterns, fits, written
from authorizer.route import METHODS

if TYPE_CHECKING:
    from authorizer.entitlement import Entitlements, Verdicts
    from authorizer.rules import Rules
    from authorizer.surface import Api
    from authorizer.walk import Row


class Compiled(NamedTuple):
    """What one entitlement is granted, as patterns; with conflicts they err towards denial."""

    patterns: Patterns
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether they grant what the rules grant, no more and no less."""
        return not self.conflicts


def compiled(entitlements: Entitlements, verdicts: Verdicts, api: Api, stage: str) -> Compiled:
    """The patterns for an entitlement, and all that keeps them from being exact. `stage`: as in `MethodArn`."""
    rules = entitlements.rules
    if rules.everywhere is not None:
        return _everything(verdicts)
    conflicts = list(entitlements.conflicts(verdicts, api))
    by_rows: dict[tuple[Row, ...], Expression] = {}
    by_method: dict[str, Expression] = {}
    for method in METHODS:
        rows = entitlements.rows(verdicts, method, api)
        if rows not in by_rows:
            by_rows[rows] = _express(rows, rules, stage)
        by_method[method] = by_rows[rows]
        conflicts += by_rows[rows].conflicts
    patterns = Patterns(by_method, rules.exact)
    if not conflicts and not fits(written(patterns, stage)):
        conflicts.append(Conflict("the table", None, Why.TOO_LARGE))
    return Compiled(patterns, tuple(dict.fromkeys(conflicts)))


def _express(rows: tuple[Row, ...], rules: Rules, stage: str) -> Expression:
    granted = [row for row in rows if row.granted]
    if not granted:
        return Expression(())
    if len(granted) * 2 * len(stage) > 4 * MAX_BYTES:  # far too much, even where patterns cover each other: do not try
        return Expression((), conflicts=(Conflict(granted[0].name, None, Why.TOO_LARGE),))
    return express(rows, exact=rules.exact, complete=rules.complete)


def _everything(verdicts: Verdicts) -> Compiled:
    """One requirement for everything: all or nothing, unless it depends on the single request."""
    if verdicts[0] is not True and verdicts[0] is not False:
        return Compiled(Patterns({}), (Conflict("require", None, Why.VARIES),))
    expression = everything() if verdicts[0] else Expression(())
    return Compiled(Patterns(dict.fromkeys(METHODS, expression), whole=True))
