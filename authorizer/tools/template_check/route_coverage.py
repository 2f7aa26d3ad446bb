"""Routes of the APIs without a rule, rules without a route, and rules for routes that no authorizer guards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.tools.template import Authorization, Unresolved
from authorizer.tools.template_check.coverage import deciding, is_covered
from authorizer.tools.template_check.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from authorizer.tools.template import ApiRoute, Document
    from authorizer.tools.template_check.guarded import Guarded


def routes_without_rule(one: Guarded) -> Iterator[Finding]:
    """What every caller is refused; an error where the settings say that there is no such route."""
    if one.rules.everywhere is not None:
        return
    for route in one.routes:
        rules = one.deciding(route)
        complete = one.rules.complete
        if is_covered(rules, route) if complete else rules:
            continue
        name = route.name
        found = f"{name}, which {'not every rule covers as a whole' if rules else 'no rule covers'}"
        if complete:
            found += ", while paths.complete = true says that the API has no such route"
        yield Finding(
            code="route_without_rule",
            severity=Severity.ERROR if complete else Severity.WARNING,
            place=route.place,
            line=one.document.line(route.place),
            found=found,
            right="a rule in the settings: without one every caller gets 403 there",
            fix=("[[route]]", f'match = "{name}"', 'scopes = ["…"]'),
        )


def rules_without_route(document: Document, all_guarded: Sequence[Guarded]) -> Iterator[Finding]:
    """Rules of each function's settings that decide nothing, told once for all functions with the same settings."""
    if any(api.external for api in document.apis):  # whose other routes are in another template
        return
    routes = [route for api in document.apis for route in api.routes]
    told: set[str] = set()
    for one in all_guarded:
        for rule in one.rules.routes:
            if rule.name in told or any(deciding([rule], route) for route in routes):
                continue
            told.add(rule.name)
            yield Finding(
                code="rule_without_route",
                severity=Severity.WARNING,
                place=one.function.place,
                line=document.line(one.function.place),
                found=f"{rule.name} in {one.own.origin}, which is no route of any API in the template",
                right="a route of an API, spelled as the API spells it, or no rule",
            )


def open_routes(one: Guarded) -> Iterator[Finding]:
    """Routes of a guarded API that ask for nothing, or perhaps, though a rule is there. Preflights carry no credential."""
    for route in one.api.routes:
        if not _is_open(route):
            continue
        asking = [rule.name for rule in one.deciding(route) if not rule.public and is_covered([rule], route)]
        if asking:
            yield Finding(
                code="route_without_authorizer",
                severity=Severity.WARNING,
                place=route.place,
                line=one.document.line(route.place),
                found=f"{route.name}, which {_how_open(route)}, though there is a rule {', '.join(asking)}",
                right="an authorizer there, or no such rule",
            )


def _is_open(route: ApiRoute) -> bool:
    told = route.authorization if isinstance(route.authorization, Authorization) else Authorization.NONE
    return told is Authorization.NONE and route.method != "OPTIONS" and str(route.path).startswith("/")


def _how_open(route: ApiRoute) -> str:
    perhaps = isinstance(route.authorization, Unresolved)
    return f"perhaps no authorizer guards, by {route.authorization}" if perhaps else "no authorizer guards"
