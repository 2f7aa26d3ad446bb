"""What a token opens: every rule of the settings asked about the principal that the token names.

No call is at hand, so what depends on one stays open: an address or a check is not asked for, and of path parameters that
must equal a claim it is said only whether some path has them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer import arn
from authorizer.errors import NO_FAULT, Fault, Refused
from authorizer.fields import NO_FIELDS, Fields
from authorizer.model import Request
from authorizer.requirement import OF_THE_PRINCIPAL, is_binding
from authorizer.route import ANY_METHOD
from authorizer.rules import Rules
from authorizer.surface import Surface
from authorizer.tools.config_summary import DENIED, needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.model import Principal
    from authorizer.reasons import Reason
    from authorizer.requirement import Requirement
    from authorizer.route import Route
    from authorizer.surface import Fact

_STAGE: Final = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/"
_PARAMETER: Final = re.compile(r"\{[^}]*\}")
_EVERY: Final = "every route"


class RouteAnswer(NamedTuple):
    """What one rule says of a token, supposing that it is proven. `requirement` is None for a public route.

    `depends_on`: what of a call decides, where the token alone does not.
    """

    route: str
    requirement: Requirement | None
    reason: Reason | None = None
    fault: Fault = NO_FAULT
    denied: bool = False
    depends_on: frozenset[Fact] = frozenset()

    @property
    def opens(self) -> bool:
        """Whether the token, and not the rule alone, lets its bearer through, whatever else the call is."""
        return self.requirement is not None and self.reason is None and not self.depends_on

    @property
    def needs(self) -> str:
        """What the rule asks for, in words."""
        if self.denied:
            return DENIED
        return "nothing: it is public" if self.requirement is None else needs(self.requirement)

    def document(self, *, allowed: bool) -> dict[str, Any]:
        """For `--json`. `allowed`: whether the token as a whole is."""
        return {
            "route": self.route,
            "allowed": allowed and self.reason is None and not self.depends_on,
            "would_open": self.reason is None and not self.depends_on,
            "depends_on": sorted(fact.value for fact in self.depends_on),
            "public": self.requirement is None,
            "needs": self.needs,
            "reason": self.reason.value if self.reason is not None else None,
            "claim": self.fault.claim,
            "found": self.fault.found,
        }


def route_answers(rules: Rules, principal: Principal, now: float) -> Iterator[RouteAnswer]:
    """The answer of every rule, in the order of the settings. Each is asked alone, so that no other covers it."""
    if rules.everywhere is not None:
        alone = Rules(everywhere=_askable(rules.everywhere), context=rules.context)
        yield _answer(RouteAnswer(_EVERY, rules.everywhere), alone, called_with("GET", "/"), principal, now)
    for route in rules.routes:
        if route.public:
            yield RouteAnswer(route.name, None)
            continue
        asked = replace(route, requirement=_askable(route.requirement))
        alone = Rules(routes=(asked,), context=rules.context, exact=rules.exact)
        called = called_with(route.method, _fitting(route, principal))
        plain = RouteAnswer(route.name, route.requirement, denied=route.deny)
        yield _answer(plain, alone, called, principal, now)


def _askable(requirement: Requirement) -> Requirement:
    """The part that a call can be made up for."""
    conditions = tuple(one for one in requirement.conditions if one.reads <= OF_THE_PRINCIPAL or is_binding(one))
    return replace(requirement, conditions=conditions)


def _fitting(route: Route, principal: Principal) -> str:
    """The template with the texts that the claims demand for its parameters."""
    parts = route.template.text.split("/")
    for condition in route.requirement.conditions:
        if is_binding(condition):
            parts[condition.index + 1] = condition.value(principal) or parts[condition.index + 1]
    return "/".join(parts)


def _answer(plain: RouteAnswer, rules: Rules, called: Request, principal: Principal, now: float) -> RouteAnswer:
    try:
        rules.decide(principal, called, now)
    except Refused as refused:
        return plain._replace(reason=refused.reason, fault=refused.fault)
    assert plain.requirement is not None
    return plain._replace(depends_on=plain.requirement.reads - OF_THE_PRINCIPAL)


def called_with(method: str, template: str, fields: Fields = NO_FIELDS) -> Request:
    """A call of a route, of no API in particular, with some value for each parameter."""
    method = "GET" if method == ANY_METHOD else method
    called = arn.parse(f"{_STAGE}{method}{'' if template.startswith('$') else _PARAMETER.sub('x', template)}")
    return Request(surface=Surface.HTTP_V2, arn=called, method=method, template=template, fields=fields)
