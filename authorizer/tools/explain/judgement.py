"""What the rules say of a call, and what the client sees of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from authorizer import arn
from authorizer.conditions import Check
from authorizer.errors import EventError, Fault, InternalError, Refused
from authorizer.model import Principal
from authorizer.reasons import Class, Reason
from authorizer.response import PolicyResponder
from authorizer.tools.reasons_page import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from authorizer.model import Request
    from authorizer.pipeline import Pipeline
    from authorizer.requirement import Asked, Requirement
    from authorizer.response import Statuses
    from authorizer.rules import Rules
    from authorizer.surface import Api
    from authorizer.tools.explain.finding import Finding, Findings

NOBODY = Principal(subject="unnamed")


class Judgement(NamedTuple):
    """The rule that decides a call, and what it asks for; neither where no rule covers it. `not_asked`: its `check`
    functions, where the token is not proven."""

    rule: str | None = None
    requirement: Requirement | None = None
    public: bool = False
    not_asked: tuple[str, ...] = ()


def judge(asked: Asked, pipeline: Pipeline, findings: Findings, *, unproven: bool = True) -> Judgement:
    """All that stands between a principal and a call. Of `NOBODY`, only whether a rule covers the call.

    A `check` is code of the deployment, which on Lambda sees proven principals only: so it is not run on unproven claims.
    """
    rules, called, known = pipeline.rules, asked.request, asked.principal is not NOBODY
    assert called is not None
    if unproven:
        pipeline = replace(pipeline, rules=_without_checks(rules))
    if rules.is_public(called):
        grant = rules.grant_public(called)
        findings.passed(lambda: pipeline.respond(grant, called, asked.now))
        return Judgement(rule=grant.rule, public=True)
    rule = _governing(rules, called)
    passed = (known or rule is None) and _decide(pipeline, asked, findings, unproven=unproven)
    requirement = _requirement(rules, rule)
    not_asked = _checks(requirement) if requirement is not None and unproven else ()
    judgement = Judgement(rule=rule, requirement=requirement, not_asked=not_asked)
    if known and not passed and requirement is not None:
        _ask_on(_askable(requirement) if unproven else requirement, rules, asked, findings, unproven=unproven)
    if _needs_the_path(pipeline, asked):
        findings.passed(lambda: arn.resource(called.arn))
    return judgement


def _without_checks(rules: Rules) -> Rules:
    routes = tuple(replace(route, requirement=_askable(route.requirement)) for route in rules.routes)
    return replace(rules, routes=routes, everywhere=rules.everywhere and _askable(rules.everywhere))


def _checks(requirement: Requirement) -> tuple[str, ...]:
    return tuple(one.name for one in requirement.conditions if isinstance(one, Check))


def _askable(requirement: Requirement) -> Requirement:
    return replace(requirement, conditions=tuple(one for one in requirement.conditions if not isinstance(one, Check)))


def _governing(rules: Rules, called: Request) -> str | None:
    """The name of the rule of a call, whoever calls."""
    if rules.everywhere is not None:
        return "require"
    route = rules.select(called).route
    return route.name if route is not None else None


def _decide(pipeline: Pipeline, asked: Asked, findings: Findings, *, unproven: bool) -> bool:
    """Whether the Lambda grants it, else what it says first. That no rule covers a call, or that one refuses everybody, is
    no matter of claims."""
    called = asked.request
    assert called is not None
    try:
        grant = pipeline.rules.decide(asked.principal, called, asked.now)
        findings.passed(lambda: pipeline.respond(grant, called, asked.now))
        return True
    except Refused as refused:
        of_claims = refused.rule is not None and refused.reason is not Reason.ROUTE_DENIED
        findings.add(refused.reason, refused.fault, unproven=unproven and of_claims)
    except EventError as error:
        findings.add(error.reason, error.fault)
    except KeyboardInterrupt:
        raise
    except BaseException as bug:  # noqa: BLE001 - of a `check` of the deployment's own, which may also `sys.exit`
        findings.add(Reason.INTERNAL_ERROR, _place(bug))
    return False


def _place(bug: BaseException) -> Fault:
    """Where a bug is, as the log says it."""
    return Fault(found=str(InternalError.of(bug)))


def _needs_the_path(pipeline: Pipeline, asked: Asked) -> bool:
    """Whether the answer would have to name the called path."""
    assert asked.request is not None
    respond = pipeline.respond
    if not isinstance(respond, PolicyResponder):
        return False
    return respond.for_the_stage(asked.principal, asked.request, asked.now) is None


def _ask_on(requirement: Requirement, rules: Rules, asked: Asked, findings: Findings, *, unproven: bool) -> None:
    """What would be refused next, once the first thing is there."""
    for part in requirement.parts:
        try:
            findings.passed(lambda part=part: part.check(asked), unproven=unproven)  # type: ignore[misc]
        except KeyboardInterrupt:
            raise
        except BaseException as bug:  # noqa: BLE001 - as above
            findings.add(Reason.INTERNAL_ERROR, _place(bug))
    findings.passed(lambda: rules.context.of(asked.principal), unproven=unproven)


def _requirement(rules: Rules, rule: str | None) -> Requirement | None:
    if rules.everywhere is not None:
        return rules.everywhere
    return next((route.requirement for route in rules.routes if route.name == rule and not route.deny), None)


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
