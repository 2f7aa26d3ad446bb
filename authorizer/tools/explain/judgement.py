"""What the rules say of a call, and what the client sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from authorizer import arn, response
from authorizer.errors import Refused
from authorizer.model import Principal
from authorizer.reasons import Class, Reason
from authorizer.rules import Requirement
from authorizer.tools.reasons_page import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from authorizer.model import Request
    from authorizer.pipeline import Pipeline
    from authorizer.response import Statuses
    from authorizer.rules import Rules
    from authorizer.surface import Api
    from authorizer.tools.explain.finding import Finding, Findings

_NOBODY = Principal(subject="unnamed")


class Judgement(NamedTuple):
    """The rule that decides a call, and what it asks for; neither where no rule covers it."""

    rule: str | None = None
    requirement: Requirement | None = None
    public: bool = False


def judge(
    called: Request, pipeline: Pipeline, principal: Principal | None, findings: Findings, *, unproven: bool = True
) -> Judgement:
    """All that stands between a principal and a call. Without a principal, only whether a rule covers it."""
    rules, statuses = pipeline.rules, pipeline.statuses
    if rules.is_public(called):
        grant = rules.grant_public(called)
        findings.passed(lambda: pipeline.respond(grant, called, statuses))
        return Judgement(rule=grant.rule, public=True)
    try:
        grant = rules.decide(principal or _NOBODY, called)
        rule: str | None = grant.rule
        findings.passed(lambda: pipeline.respond(grant, called, statuses))
    except Refused as refused:
        rule = refused.rule
        if principal is not None or refused.reason is Reason.ROUTE_UNKNOWN:
            of_claims = refused.reason is not Reason.ROUTE_UNKNOWN
            findings.add(refused.reason, refused.fault, unproven=unproven and of_claims)
    judgement = Judgement(rule=rule, requirement=_requirement(rules, rule))
    if principal is not None and judgement.requirement is not None:
        _ask_on(judgement.requirement, rules, principal, findings, unproven=unproven)
    if pipeline.respond is response.policy:
        findings.passed(lambda: arn.resource(called.arn))
    return judgement


def _ask_on(
    requirement: Requirement, rules: Rules, principal: Principal, findings: Findings, *, unproven: bool
) -> None:
    """What would be refused next, once the first thing is there."""
    scopes = Requirement(scopes=requirement.scopes, any_scopes=requirement.any_scopes)
    groups = Requirement(groups=requirement.groups)
    findings.passed(lambda: scopes.check(principal), unproven=unproven)
    findings.passed(lambda: groups.check(principal), unproven=unproven)
    findings.passed(lambda: rules.context.of(principal), unproven=unproven)


def _requirement(rules: Rules, rule: str | None) -> Requirement | None:
    if rules.everywhere is not None:
        return rules.everywhere
    return next((route.requirement for route in rules.routes if route.name == rule), None)


def client_statuses(first: Finding | None, apis: Iterable[Api], statuses: Statuses) -> dict[str, int | None]:
    """What API Gateway answers, by API; None when the call goes through. Nothing where the keys were not asked for."""
    if first is not None and first.by_choice:
        return {}
    return {api.value: _status(first, api, statuses) for api in apis}


def _status(first: Finding | None, api: Api, statuses: Statuses) -> int | None:
    if first is None:
        return None
    klass = first.reason.klass
    return statuses.of(api) if klass is Class.AUTHN else int(getattr(ANSWERS[klass], api.value))
