"""Which answer callers get, by what they are entitled to: each demand of the rules alone, and all of them together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from authorizer.expression import Why
from authorizer.policy import Policies
from authorizer.policy_document import MAX_BYTES, size, written
from authorizer.requirement import OF_THE_PRINCIPAL, includes, is_binding
from authorizer.surface import Api
from authorizer.tools.config_summary import needs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from authorizer.entitlement import Verdict
    from authorizer.expression import Conflict
    from authorizer.requirement import Requirement
    from authorizer.rules import Rules

STAGE = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/"
SOME_TEXT = "12345678"  # what a path parameter may be that a claim decides about
MAX_ROWS = 40


class PolicySize(NamedTuple):
    """One entitlement: in words, and the size of its policy, or what keeps it from having one for all routes."""

    entitlement: str
    bytes: int | None
    conflicts: Sequence[Conflict] = ()

    @property
    def answer(self) -> str:
        """In words."""
        if self.bytes is not None:
            return f"all routes, {self.bytes:,} of {MAX_BYTES:,} bytes"
        more = f", and {len(self.conflicts) - 1} more" if len(self.conflicts) > 1 else ""
        return f"the called method alone: {self.conflicts[0]}{more}"

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        conflicts = [str(conflict) for conflict in self.conflicts]
        return {"caller_with": self.entitlement, "bytes": self.bytes, "conflicts": conflicts}


def too_large(sizes: Sequence[PolicySize], ttl: int) -> Iterator[str]:
    """What happens to callers whose policy is too large, where answers are cached for `ttl` seconds."""
    for one in sizes:
        if ttl and any(conflict.why is Why.TOO_LARGE for conflict in one.conflicts):
            yield (
                f"a caller with {one.entitlement} gets a policy for the called method alone, and the API keeps it for"
                f" {ttl} s: other routes are refused meanwhile. Fewer, wider templates, or cache.ttl = 0, mend that"
            )


def policy_sizes(rules: Rules) -> Iterator[PolicySize]:
    """One row per demand, and one for who meets all of them; at most `MAX_ROWS`. `$default` is of HTTP APIs only."""
    policies, api = Policies(rules=rules), Api.HTTP if rules.table.special("$default") else Api.REST
    demands = policies.entitlements.demands
    for demand in demands[:MAX_ROWS]:
        yield _size(policies, [_verdict(one, (demand,)) for one in demands], api, needs(demand))
    if len(demands) > 1:
        yield _size(policies, [_verdict(one, demands) for one in demands], api, "all of these")


def _verdict(asked: Requirement, held: Sequence[Requirement]) -> Verdict:
    """What one who meets `held`, and nothing else, gets of a rule."""
    if not includes(held, asked):
        return False
    others = [one for one in asked.conditions if not one.reads <= OF_THE_PRINCIPAL]
    bound = tuple((one.index, SOME_TEXT) for one in others if is_binding(one))
    return None if len(bound) < len(others) else bound or True


def _size(policies: Policies, verdicts: Sequence[Verdict], api: Api, entitlement: str) -> PolicySize:
    compiled = policies.compiled(tuple(verdicts), api, STAGE)
    if not compiled.is_exact:
        return PolicySize(entitlement, None, compiled.conflicts)
    return PolicySize(entitlement, size(written(compiled.patterns, STAGE)))
