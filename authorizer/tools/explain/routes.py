"""What a token opens: every rule of the settings asked about the principal that the token names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer import arn
from authorizer.errors import NO_FAULT, Fault, Refused
from authorizer.fields import NO_FIELDS, Fields
from authorizer.model import Request
from authorizer.route import ANY_METHOD
from authorizer.rules import Rules
from authorizer.surface import Surface
from authorizer.tools.config_summary import needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.model import Principal
    from authorizer.reasons import Reason
    from authorizer.requirement import Requirement

_STAGE: Final = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/"
_PARAMETER: Final = re.compile(r"\{[^}]*\}")
_EVERY: Final = "every route"


class RouteAnswer(NamedTuple):
    """What one rule says of a token, supposing that it is proven. `requirement` is None for a public route."""

    route: str
    requirement: Requirement | None
    reason: Reason | None = None
    fault: Fault = NO_FAULT

    @property
    def opens(self) -> bool:
        """Whether the token, and not the rule alone, lets its bearer through."""
        return self.requirement is not None and self.reason is None

    @property
    def needs(self) -> str:
        """What the rule asks for, in words."""
        return "nothing: it is public" if self.requirement is None else needs(self.requirement)

    def document(self, *, allowed: bool) -> dict[str, Any]:
        """For `--json`. `allowed`: whether the token as a whole is."""
        return {
            "route": self.route,
            "allowed": allowed and self.reason is None,
            "would_open": self.reason is None,
            "public": self.requirement is None,
            "needs": self.needs,
            "reason": self.reason.value if self.reason is not None else None,
            "claim": self.fault.claim,
            "found": self.fault.found,
        }


def route_answers(rules: Rules, principal: Principal, now: float) -> Iterator[RouteAnswer]:
    """The answer of every rule, in the order of the settings. Each is asked alone, so that no other covers it."""
    if rules.everywhere is not None:
        yield _answer(RouteAnswer(_EVERY, rules.everywhere), rules, called_with("GET", "/"), principal, now)
    for route in rules.routes:
        if route.public:
            yield RouteAnswer(route.name, None)
            continue
        alone = Rules(routes=(route,), context=rules.context, exact=rules.exact)
        called = called_with(route.method, route.template.text)
        yield _answer(RouteAnswer(route.name, route.requirement), alone, called, principal, now)


def _answer(open_: RouteAnswer, rules: Rules, called: Request, principal: Principal, now: float) -> RouteAnswer:
    try:
        rules.decide(principal, called, now)
    except Refused as refused:
        return open_._replace(reason=refused.reason, fault=refused.fault)
    return open_


def called_with(method: str, template: str, fields: Fields = NO_FIELDS) -> Request:
    """A call of a route, of no API in particular, with some value for each parameter."""
    method = "GET" if method == ANY_METHOD else method
    called = arn.parse(f"{_STAGE}{method}{'' if template.startswith('$') else _PARAMETER.sub('x', template)}")
    return Request(surface=Surface.HTTP_V2, arn=called, method=method, template=template, fields=fields)
