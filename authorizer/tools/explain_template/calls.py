"""The calls that are made up to ask about a route: one, or one for each rule that means a part of the route only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from authorizer.route import ANY_METHOD
from authorizer.template import LITERAL, Template
from authorizer.tools.gateway.build_api import called_api
from authorizer.tools.gateway.message import HttpRequest
from authorizer.tools.gateway.received import Received
from authorizer.tools.gateway.routing import Routes
from authorizer.tools.template_check.coverage import is_part, template_of

if TYPE_CHECKING:
    from authorizer.route import Route
    from authorizer.tools.explain_template.scene import Seat
    from authorizer.tools.explain_template.sending import Sending
    from authorizer.tools.template import ApiRoute
    from authorizer.tools.template_check.guarded import Guarded

_SOME: Final = "x"  # what stands for a parameter of the path


class Target(NamedTuple):
    """A call of a route. `rule` names the rule that it is for, where the route is more than that rule means."""

    method: str
    path: str
    rule: str | None = None


def targets(guarded: Guarded, route: ApiRoute) -> list[Target]:
    """The calls that tell what a route does with a token."""
    template = template_of(route)
    rules = () if template is None or template.text == "$connect" else guarded.deciding(route)
    narrow = [rule for rule in rules if _is_narrow(rule, route)]
    found = [Target(_method(rule.method, route), _path(template, rule.template), rule.name) for rule in narrow]
    if len(narrow) < len(rules) or not narrow:
        found.append(Target(_method(route.method, route), _path(template, template)))
    return found


def received(seat: Seat, target: Target, sending: Sending) -> Received:
    """The call as the API has received it, with the token."""
    api, route = called_api(seat.api, seat.scene.names), seat.route
    match = Routes.of(seat.api.kind, [route]).select(target.method, target.path)
    query = f"?{sending.query}" if sending.query else ""
    return Received(
        request=HttpRequest(method=target.method, target=f"{target.path}{query}", headers=sending.headers),
        api=api,
        stage=next(iter(api.stages)),
        path=target.path,
        at=seat.scene.asked.now,
        route=route,
        parameters=match.parameters if match is not None else {},
    )


def _is_narrow(rule: Route, route: ApiRoute) -> bool:
    return is_part(rule, route) or (route.method == ANY_METHOD and rule.method != ANY_METHOD)


def _method(name: str, route: ApiRoute) -> str:
    """A method that both the rule and the route mean."""
    both = {name, route.method} - {ANY_METHOD}
    return both.pop() if both else "GET"


def _path(route: Template | None, rule: Template | None) -> str:
    """A path that both mean: the literal parts of either, and something for parameters."""
    templates = [one for one in (rule, route) if one is not None and not one.special]
    longest = max((len(one.segments) for one in templates), default=0)
    return "/" + "/".join(_part(templates, index) for index in range(longest))


def _part(templates: list[Template], index: int) -> str:
    segments = [one.segments[index] for one in templates if index < len(one.segments)]
    return next((one.text for one in segments if one.rank == LITERAL), _SOME)
