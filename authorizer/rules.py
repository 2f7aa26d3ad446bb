"""Principal + Request → Decision: the only place that makes an `Allow`. What no rule grants is refused.

A path that may be read in more than one way is granted only when every reading is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from authorizer.errors import Fault, Refused
from authorizer.model import Allow, Principal
from authorizer.path import is_doubtful, split
from authorizer.reasons import Reason
from authorizer.requirement import Asked, Requirement
from authorizer.route import Route, RouteTable, Selection
from authorizer.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from authorizer.context import ContextMap
    from authorizer.model import Request

ANONYMOUS: Final = Principal(subject="anonymous")
MAX_TEMPLATES: Final = 4096  # of one API: API Gateway's own quota is a few hundred routes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Either one requirement for everything, or a route table. With neither, everything is refused.

    `exact`: the API and all servers behind it take a path as it is spelled; case counts, and no path has an escape.
    `complete`: the API has no routes but those of the table.
    """

    routes: Sequence[Route] = ()
    everywhere: Requirement | None = None
    context: ContextMap
    exact: bool = False
    complete: bool = False
    table: RouteTable = field(init=False, repr=False, compare=False)
    _has_public: bool = field(init=False, repr=False, compare=False)
    _templates: dict[str, Template | None] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", RouteTable(self.routes, exact=self.exact))
        object.__setattr__(self, "_has_public", any(route.public for route in self.routes))

    def is_public(self, request: Request) -> bool:
        """Whether the request is answered without looking at a credential."""
        if not self._has_public:
            return False
        found = self.select(request)
        return found.route is not None and found.route.public and all(other.public for other in found.others)

    def grant_public(self, request: Request) -> Allow:
        """The grant of a public route: for nobody in particular, whatever credential came along."""
        route = self.select(request).route
        if route is None or not self.is_public(request):
            raise _no_route()
        return Allow(principal=ANONYMOUS, rule=route.name, context={})

    def decide(self, principal: Principal, request: Request, now: float) -> Allow:
        """The grant; `Refused` when no rule grants the request to this principal. `now` is in seconds since 1970."""
        rule, check = self._governing(request)
        try:
            check(Asked(principal, now, request))
            return Allow(principal=principal, rule=rule, context=self.context.of(principal))
        except Refused as refused:
            refused.rule = rule
            raise

    def _governing(self, request: Request) -> tuple[str, Callable[[Asked], None]]:
        if self.everywhere is not None:
            return "require", self.everywhere.check
        found = self.select(request)
        if found.route is not None:
            return found.route.name, partial(_check_readings, found.route, found.others)
        if found.doubtful:
            raise _ambiguous("a path that can be read in one way only")
        raise _no_route()

    def select(self, request: Request) -> Selection:
        """The rule of a request, as API Gateway selects routes: by the called path, within the API's own route.

        TOKEN events have no route. `$connect` has no path, and `$default` is what no path of the table covers.
        """
        template = request.template
        if template == "$connect":
            return Selection(self.table.special(template))
        path = request.arn.path  # and the method of the ARN: what a policy is compared with
        found = self.table.select(request.arn.method, path)
        if template is None or (found.route is not None and found.route.template.text == template):
            return found
        if template == "$default":
            return found if found.route or found.doubtful else self._by_default(path)
        return found if self._lies_in(template, path) else Selection(doubtful=True)

    def _by_default(self, path: str) -> Selection:
        """`$default` is what no path of the table covers in any reading, which nobody can tell of a doubtful path."""
        doubtful = is_doubtful(path, exact=self.exact)
        return Selection(doubtful=True) if doubtful else Selection(self.table.special("$default"))

    def _lies_in(self, template: str, path: str) -> bool:
        """Whether a path, as it is spelled, lies in the API's own route: else the API has read it in another way."""
        if template not in self._templates and len(self._templates) < MAX_TEMPLATES:
            self._templates[template] = _parsed(template)
        parsed = self._templates.get(template)
        return parsed is not None and parsed.matches(split(path))


def _check_readings(route: Route, others: Sequence[Route], asked: Asked) -> None:
    """The rule of the path must grant, and so must the rules of all that the path may also mean."""
    _check(route, asked)
    for other in others:
        try:
            _check(other, asked)
        except Refused:
            raise _ambiguous(f"a path that cannot mean {other.name}") from None


def _check(route: Route, asked: Asked) -> None:
    if route.deny:
        raise Refused(Reason.ROUTE_DENIED, Fault(claim="route", expected="another route", found="deny = true"))
    route.requirement.check(asked)


def _parsed(template: str) -> Template | None:
    try:
        return Template.parse(template)
    except ValueError:  # no template that API Gateway would accept
        return None


def _no_route() -> Refused:
    return Refused(Reason.ROUTE_UNKNOWN, Fault(claim="route", expected="a [[route]] that covers it", found="none"))


def _ambiguous(expected: str) -> Refused:
    return Refused(Reason.PATH_AMBIGUOUS, Fault(claim="path", expected=expected, found="another spelling"))
