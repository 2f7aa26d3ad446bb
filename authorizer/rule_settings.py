"""Settings → the rules: `[[route]]` tables, or one `[require]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.context_settings import read_context
from authorizer.requirement import Requirement
from authorizer.route import Route
from authorizer.rules import Rules
from authorizer.template import parse_match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from authorizer.section import Section


def read_rules(root: Section) -> Rules:
    """A route table, or one requirement for everything; which of the two must be said."""
    context = read_context(root)
    routes = _routes(root.sections("route"))
    require = root.section("require")
    if "route" in root and "require" in root:
        root.problem("require", "[require] and [[route]]", "one of the two")
    if "route" not in root and "require" not in root:
        root.problem(
            "require", "nothing", "[require] or [[route]]; any_valid_token = true asks for no more than a token"
        )
    everywhere = _requirement(require) if "require" in root else None
    if "require" in root:
        _check_spelled(require, everywhere)
    require.finish()
    return Rules(routes=tuple(routes), everywhere=everywhere, context=context)


def _routes(sections: Sequence[Section]) -> list[Route]:
    routes: dict[tuple[str, object], Route] = {}
    for section in sections:
        route = _route(section)
        if route is None:
            continue
        if (route.method, route.template.segments) in routes:
            section.problem("match", f"{route.name} again", "one [[route]] per method and template")
        routes[route.method, route.template.segments] = route
    return list(routes.values())


def _route(section: Section) -> Route | None:
    match = section.text("match")
    requirement, public = _requirement(section), section.flag("public", False)
    any_token = section.flag("any_valid_token", False)
    demands = requirement != Requirement()
    if (demands, public, any_token).count(True) != 1:
        right = "exactly one of: scopes, any_scopes or groups; any_valid_token = true; public = true"
        section.problem("match", "none of them" if not (demands or public or any_token) else "several", right)
    section.finish()
    try:
        method, template = parse_match(match or "")
    except ValueError:
        if match is not None:
            section.problem("match", repr(match[:60]), '"METHOD /path/{parameter}", "$connect" or "$default"')
        return None
    return Route(method=method, template=template, requirement=requirement, public=public)


def _requirement(section: Section) -> Requirement:
    return Requirement(
        scopes=frozenset(section.texts("scopes", ())),
        any_scopes=frozenset(section.texts("any_scopes", ())),
        groups=frozenset(section.texts("groups", ())),
    )


def _check_spelled(section: Section, requirement: Requirement | None) -> None:
    spelled = section.flag("any_valid_token", False)
    if spelled == (requirement != Requirement()):
        found = "any_valid_token beside others" if spelled else "no requirement"
        section.problem("any_valid_token", found, "scopes, any_scopes or groups; or any_valid_token = true alone")
