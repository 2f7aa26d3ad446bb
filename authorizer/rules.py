"""Principal + Request → Decision: the only place that makes an `Allow`. What no rule grants is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from authorizer.errors import Fault, Refused
from authorizer.model import Allow, Principal
from authorizer.reasons import Reason
from authorizer.requirement import ANY_VALID_TOKEN, Asked, Requirement
from authorizer.template import Template, contains, covers, is_plain_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from authorizer.context import ContextMap
    from authorizer.model import Request

ANY_METHOD: Final = "ANY"
ANONYMOUS: Final = Principal(subject="anonymous")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One row of the route table. A public route asks for no credential and looks at none."""

    method: str  # "GET", or "ANY"
    template: Template
    requirement: Requirement = ANY_VALID_TOKEN
    public: bool = False

    name: str = field(init=False, compare=False)  # as written in the settings: `GET /orders/{id}`

    def __post_init__(self) -> None:
        name = self.template.text if self.template.special else f"{self.method} {self.template.text}"
        object.__setattr__(self, "name", name)


# The route of an API's own template, and the routes that mean a part of it.
Selected = tuple[Route | None, "Sequence[Route]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Either one requirement for everything, or a route table. With neither, everything is refused."""

    routes: Sequence[Route] = ()
    everywhere: Requirement | None = None
    context: ContextMap
    _selected: dict[tuple[str, str], Selected] = field(default_factory=dict, repr=False, compare=False)

    def is_public(self, request: Request) -> bool:
        """Whether the request is answered without looking at a credential."""
        route = self._route(request)
        return route is not None and route.public

    def grant_public(self, request: Request) -> Allow:
        """The grant of a public route: for nobody in particular, whatever credential came along."""
        route = self._route(request)
        if route is None or not route.public:
            raise _no_route()
        return Allow(principal=ANONYMOUS, rule=route.name, context={})

    def decide(self, principal: Principal, request: Request, now: float) -> Allow:
        """The grant; `Refused` when no rule grants the request to this principal. `now` is in seconds since 1970."""
        rule, requirement = self._governing(request)
        try:
            requirement.check(Asked(principal, now, request))
            return Allow(principal=principal, rule=rule, context=self.context.of(principal))
        except Refused as refused:
            refused.rule = rule
            raise

    def _governing(self, request: Request) -> tuple[str, Requirement]:
        if self.everywhere is not None:
            return "require", self.everywhere
        route = self._route(request)
        if route is None:
            raise _no_route()
        return route.name, route.requirement

    def _route(self, request: Request) -> Route | None:
        """The most specific route that covers the request, as API Gateway selects routes.

        Where one covers the API's own route, `/{proxy+}` or `$default`, and others mean a part of that, `/admin/{proxy+}`,
        the called path decides between them.
        """
        if not self.routes:
            return None
        if request.template is None:
            return most_specific(self.routes, request.method, Template.of_path(request.arn.path))
        selected, narrower = self._of_template(request.method, request.template)
        if selected is None or not narrower:
            return selected
        if not is_plain_path(request.arn.path):
            return None
        path = request.arn.path.rstrip("/") or "/"  # servers answer `/admin/` as they answer `/admin`
        return most_specific(narrower, request.method, Template.of_path(path)) or selected

    def _of_template(self, method: str, template: str) -> Selected:
        """The route of an API's own template, and the routes that mean a part of it. Remembered, up to a bound."""
        known = self._selected.get((method, template))
        if known is None:
            known = self._select(method, template)
            if len(self._selected) < MAX_SELECTED:
                self._selected[method, template] = known
        return known

    def _select(self, method: str, template: str) -> Selected:
        try:
            called = Template.parse(template)
        except ValueError:  # no template that API Gateway would accept, so none that a route could mean
            return None, ()
        selected = most_specific(self.routes, method, called)
        inside = [route for route in self.routes if contains(called, route.template) and route is not selected]
        return selected, tuple(inside)


def most_specific(routes: Sequence[Route], method: str, called: Template) -> Route | None:
    """The route that API Gateway would select among `routes`; None when none covers what was called."""
    matching = [route for route in routes if route.method in (method, ANY_METHOD) and covers(route.template, called)]
    return min(matching, key=lambda route: (route.template.rank, route.method == ANY_METHOD), default=None)


MAX_SELECTED: Final = 4096  # method × template of one API: API Gateway's own quota is a few hundred routes


def _no_route() -> Refused:
    return Refused(Reason.ROUTE_UNKNOWN, Fault(claim="route", expected="a [[route]] that covers it", found="none"))
