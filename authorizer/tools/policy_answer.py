"""Everything that can be said of one caller's policy: what is allowed, why, and whether it is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authorizer.policy_document import Document, size, written
from authorizer.surface import Api
from authorizer.tools.policy_proof import Trial, Wildcard, trials, wildcards

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from authorizer.entitlement import Verdict
    from authorizer.expression import Conflict
    from authorizer.model import Principal
    from authorizer.policy import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAnswer:
    """`routes` are (route, allowed in words). Without a policy there are conflicts."""

    routes: Sequence[tuple[str, str]]
    policy: Document | None
    conflicts: Sequence[Conflict]
    wildcards: Sequence[Wildcard]
    trials: Sequence[Trial]

    @property
    def wrong(self) -> list[Trial]:
        """Where rules and policy differ. Never; but that is what a proof is for."""
        return [one for one in self.trials if one.by_rules is not one.by_policy]

    @property
    def is_right(self) -> bool:
        """Whether there is a policy for all routes, and it says what the rules say."""
        return self.policy is not None and not self.wrong

    def wildcard_rows(self) -> Iterator[tuple[str, ...]]:
        """As rows of a table."""
        for one in self.wildcards:
            matches = "\n".join(what for what, _ in one.exceptions) or "nothing else"
            denied = "\n".join(by for _, by in one.exceptions)
            yield " ".join(one.methods), one.pattern, "\n".join(one.routes), matches, denied

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "answer": "all routes" if self.policy is not None else "the called method",
            "bytes": size(self.policy) if self.policy is not None else None,
            "routes": [{"route": route, "allowed": allowed} for route, allowed in self.routes],
            "conflicts": [
                {"granted": one.granted, "refused": one.refused, "why": one.why.name.lower(), "text": str(one)}
                for one in self.conflicts
            ],
            "wildcards": [one.document() for one in self.wildcards],
            "trials": len(self.trials),
            "wrong": [one._asdict() for one in self.wrong],
            "policy": self.policy,
        }


def answer_for(policies: Policies, who: Principal, api: Api, stage: str, now: float) -> PolicyAnswer:
    """What a caller gets at a time (seconds since 1970). `stage`: as in `MethodArn.stage_prefix`."""
    verdicts = policies.entitlements.of(who, now)
    compiled = policies.compiled(verdicts, api, stage)
    for_all = compiled.is_exact and api is not Api.WEBSOCKET  # a handshake is answered for itself
    policy = written(compiled.patterns, stage) if for_all else None
    tried = [] if policy is None else list(trials(policies, who, api, now, stage, policy))
    return PolicyAnswer(
        routes=list(_routes(policies, verdicts)),
        policy=policy,
        conflicts=compiled.conflicts,
        wildcards=wildcards(policies, verdicts, api, stage) if policy is not None else (),
        trials=tried,
    )


def _routes(policies: Policies, verdicts: tuple[Verdict, ...]) -> Iterator[tuple[str, str]]:
    if policies.rules.everywhere is not None:
        yield "every route", _words(verdicts[0])
    for route in policies.rules.routes:
        yield route.name, _words(policies.entitlements.verdict(route, verdicts))


def _words(verdict: Verdict) -> str:
    if isinstance(verdict, tuple):
        return "where " + " and ".join(f"segment {at + 1} is {text}" for at, text in verdict)
    return {True: "yes", False: "no", None: "depends on the request"}[verdict]
