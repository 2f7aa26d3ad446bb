"""Why a policy for a whole stage is right: for each wildcard, what it is for and what keeps the rest of what it matches out.

And the proof by trial: one path of every kind that the patterns tell apart, decided by the rules and by an evaluator of
policies that knows nothing of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from authorizer import arn
from authorizer.errors import Refused
from authorizer.model import Request
from authorizer.patterns import MANY, REST, covered, ends, pattern_trie, text
from authorizer.route import METHODS, of_method
from authorizer.surface import Api, Surface
from authorizer.template import LITERAL
from authorizer.tools.gateway.iam import Call, Outcome, Policy
from authorizer.trie import Trie
from authorizer.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.entitlement import Verdicts
    from authorizer.expression import Expression
    from authorizer.model import Principal
    from authorizer.patterns import Pattern
    from authorizer.policy import Policies
    from authorizer.walk import Row

_VALUE = "x-1"  # of a segment that no literal spells


class Wildcard(NamedTuple):
    """One allowed pattern with a wildcard: the routes that it is for, and what else it matches, each with its denial."""

    methods: tuple[str, ...]
    pattern: str
    routes: tuple[str, ...]
    exceptions: tuple[tuple[str, str], ...]  # what it is (a route, or "no rule"), the pattern that denies it

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        denied = [{"matches": what, "denied_by": by} for what, by in self.exceptions]
        return {"methods": list(self.methods), "pattern": self.pattern, "routes": list(self.routes), "but": denied}


class Trial(NamedTuple):
    """One path that was decided in both ways."""

    call: str
    by_rules: bool
    by_policy: bool


def wildcards(policies: Policies, verdicts: Verdicts, api: Api, stage: str) -> list[Wildcard]:
    """Every wildcard of a policy. Methods with the same routes are told together."""
    compiled = policies.compiled(verdicts, api, stage)
    if compiled.patterns.whole:
        return []
    by_rows: dict[tuple[Row, ...], list[str]] = {}
    for method in METHODS:
        by_rows.setdefault(policies.entitlements.rows(verdicts, method, api), []).append(method)
    found = []
    for rows, methods in by_rows.items():
        walk = Walk(rows=rows, exact=policies.rules.exact, complete=policies.rules.complete)
        made = compiled.patterns.by_method[methods[0]]
        found += [_wildcard(walk, made, one, tuple(methods)) for one in made.allowed if MANY in one or REST in one]
    return found


def _wildcard(walk: Walk, made: Expression, pattern: Pattern, methods: tuple[str, ...]) -> Wildcard:
    routes: dict[str, None] = {}
    exceptions: dict[tuple[str, str], None] = {}
    for kind, without_slash in walk.kinds(pattern_trie([pattern]), Trie()):
        if not ends(kind.allowed):
            continue
        row, _ = walk.readings(kind, without_slash)
        if walk.is_granted(kind, without_slash):
            routes[row.name if row is not None else ""] = None
        else:
            by = next(
                (text(one) for one in made.denied if covered([one], kind.pattern)), "nothing: no such path exists"
            )
            exceptions[row.name if row is not None else "no rule", by] = None
    return Wildcard(methods, text(pattern), tuple(routes), tuple(exceptions))


def trials(  # noqa: PLR0913  # who calls what, when, and the answer
    policies: Policies, who: Principal, api: Api, now: float, stage: str, document: dict[str, Any]
) -> Iterator[Trial]:
    """One path of every kind, called with every method, decided by rules and policy, as for an event without a template.

    On an HTTP API `$default` is what no other route covers. Where the table is complete, all else does not exist.
    """
    policy = Policy.parse(document)
    default = "$default" if api is Api.HTTP and policies.rules.table.special("$default") else None
    is_whole = policies.rules.complete and policies.rules.everywhere is None
    for method in METHODS:
        for path in _paths(policies, method):
            called = arn.parse(f"{stage}{method}{path}")
            asked = Request(surface=Surface.REST_TOKEN, arn=called, method=method, template=default)
            if is_whole and policies.rules.select(asked).route is None:
                continue
            by_policy = policy.evaluate(Call(arn=called.text)).outcome is Outcome.ALLOW
            yield Trial(f"{method} {path}", _granted(policies, who, asked, now), by_policy)


def _granted(policies: Policies, who: Principal, asked: Request, now: float) -> bool:
    try:
        policies.rules.decide(who, asked, now)
    except Refused:
        return False
    return True


def _paths(policies: Policies, method: str) -> list[str]:
    """Paths of every kind that the templates of a method tell apart, and of those with one segment more."""
    routes = of_method(policies.rules.routes, method)
    texts = {text for route in routes for rank, text in route.template.segments if rank == LITERAL and text}
    values = (*sorted(texts), _VALUE)
    seen: dict[str, None] = {"/": None}
    for route in routes:
        parts = [text if rank == LITERAL else _VALUE for rank, text in route.template.segments]
        longer = [[*parts, value] for value in values]
        other = [[*parts[:at], value, *parts[at + 1 :]] for at in range(len(parts)) for value in values]
        seen |= dict.fromkeys("/" + "/".join(one) for one in (parts, [*parts, _VALUE, _VALUE], *longer, *other))
    return list(seen)
