"""Which rules may decide for a route of an API, and which mean only a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.route import ANY_METHOD, METHODS
from authorizer.template import GREEDY, LITERAL, Segment, Template, covers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from authorizer.route import Route
    from authorizer.tools.template import ApiRoute

_END = Segment(LITERAL, "")


def template_of(route: ApiRoute) -> Template | None:
    """The path of a route; None when only a deployment knows it."""
    try:
        return Template.parse(route.path) if isinstance(route.path, str) else None
    except ValueError:
        return None


def overlaps(rule: Template, route: Template) -> bool:
    """Whether a call may be one that the rule means and one of this route of the API."""
    if rule.special or route.special:
        return rule.text == route.text or (route.text == "$default" and not rule.special)
    for index, segment in enumerate(rule.segments):
        if index >= len(route.segments):
            return False
        other = route.segments[index]
        if GREEDY in (segment.rank, other.rank):
            return _END not in (segment, other)
        if not _meet(segment, other):
            return False
    return len(rule.segments) == len(route.segments)


def _meet(one: Segment, other: Segment) -> bool:
    if one.rank == other.rank == LITERAL:
        return one == other
    return _END not in (one, other)


def deciding(rules: Iterable[Route], route: ApiRoute, beside: Iterable[ApiRoute] = ()) -> tuple[Route, ...]:
    """The rules that may decide for a route. `beside`: the API's routes; a more specific one takes its own calls."""
    template = template_of(route)
    if template is None:
        return tuple(rules)
    narrower = [
        (one.method, other) for one in beside if (other := template_of(one)) is not None and other.rank < template.rank
    ]
    return tuple(
        rule
        for rule in rules
        if ANY_METHOD in (rule.method, route.method) or rule.method == route.method
        if overlaps(rule.template, template)
        if not any(method in (ANY_METHOD, rule.method) and covers(other, rule.template) for method, other in narrower)
    )


def is_covered(rules: Sequence[Route], route: ApiRoute) -> bool:
    """Whether every call of a route is one that a rule means."""
    template = template_of(route)
    if template is None:
        return True
    methods = METHODS if route.method == ANY_METHOD and not template.special else (route.method,)
    return all(
        any(rule.method in (ANY_METHOD, method) and covers(rule.template, template) for rule in rules)
        for method in methods
    )


def is_part(rule: Route, route: ApiRoute) -> bool:
    """Whether a rule means only some of the paths of a route."""
    template = template_of(route)
    return template is None or not covers(rule.template, template)
