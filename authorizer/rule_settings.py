"""Settings → the rules: `[[route]]` tables, or one `[require]`; and how paths are to be read: `[paths]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.context_settings import read_context
from authorizer.path import is_doubtful
from authorizer.requirement import Requirement
from authorizer.route import ANY_METHOD, Route, folded_segments
from authorizer.rules import Rules
from authorizer.template import parse_match

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from authorizer.requirement import Condition
    from authorizer.section import Section

CONDITIONS: Final = ("claims", "issuers", "verifiers", "acr", "amr", "max_auth_age", "networks", "check")
DEMANDS: Final = f"scopes, any_scopes, groups, all_groups, {', '.join(CONDITIONS)}"


def read_rules(root: Section, issuers: Collection[str] = ()) -> Rules:
    """A route table, or one requirement for everything; which of the two must be said. `issuers`: the configured ones."""
    context, paths = read_context(root), root.section("paths")
    exact, complete = paths.flag("exact", False), paths.flag("complete", False)
    paths.finish()
    routes = _routes(root.sections("route"), issuers, exact=exact)
    require = root.section("require")
    if "route" in root and "require" in root:
        root.problem("require", "[require] and [[route]]", "one of the two")
    if "route" not in root and "require" not in root:
        root.problem(
            "require", "nothing", "[require] or [[route]]; any_valid_token = true asks for no more than a token"
        )
    everywhere = _requirement(require, issuers) if "require" in root else None
    if "require" in root:
        _check_spelled(require, everywhere)
    require.finish()
    return Rules(routes=tuple(routes), everywhere=everywhere, context=context, exact=exact, complete=complete)


def _routes(sections: Sequence[Section], issuers: Collection[str], *, exact: bool) -> list[Route]:
    routes: list[Route] = []
    for section in sections:
        route = _route(section, issuers)
        if route is None:
            continue
        if is_doubtful(route.template.text, exact=exact):
            section.problem("match", repr(route.name[:60]), "a template without signs that paths are refused for")
        other = next((one for one in routes if _ties(one, route, exact=exact)), None)
        if other is not None and other.template.segments == route.template.segments:
            section.problem("match", f"{route.name} again", "one [[route]] per method and template")
        elif other is not None:
            right = "routes that differ in more than case; or paths.exact = true, if nobody takes the one for the other"
            section.problem("match", f"{route.name} beside {other.name}", right)
        routes.append(route)
    return routes


def _ties(one: Route, other: Route, *, exact: bool) -> bool:
    """Whether two routes mean the same paths, so that neither is more specific; in any case, unless paths are exact."""
    if one.template.segments == other.template.segments:
        return one.method == other.method
    same = folded_segments(one.template.segments) == folded_segments(other.template.segments)
    return same and not exact and (one.method == other.method or ANY_METHOD in (one.method, other.method))


def _route(section: Section, issuers: Collection[str]) -> Route | None:
    match = section.text("match")
    path = (match or "").rpartition(" ")[2]
    requirement = _requirement(section, issuers, path)
    flags = {name: section.flag(name, False) for name in ("public", "deny", "any_valid_token")}
    demands = requirement != Requirement()
    if [demands, *flags.values()].count(True) != 1:
        right = f"exactly one of: {DEMANDS}; any_valid_token = true; public = true; deny = true"
        section.problem("match", "several" if demands or any(flags.values()) else "none of them", right)
    section.finish()
    try:
        method, template = parse_match(match or "")
    except ValueError:
        if match is not None:
            right = '"METHOD /path/{parameter}", "$connect" or "$default"'
            section.problem(
                "match", repr(match[:60]), f"{right}; for all that follows, {{proxy+}}" if "*" in match else right
            )
        return None
    return Route(method=method, template=template, requirement=requirement, public=flags["public"], deny=flags["deny"])


def _requirement(section: Section, issuers: Collection[str], path: str = "") -> Requirement:
    """What a rule asks for. Conditions are loaded where there are any."""
    named = {name: section.raw(name) for name in CONDITIONS}
    conditions: tuple[Condition, ...] = ()
    if any(value is not None for value in named.values()):
        from authorizer.condition_settings import read_conditions

        conditions = read_conditions(section, issuers, path)
    return Requirement(
        scopes=frozenset(section.texts("scopes", ())),
        any_scopes=frozenset(section.texts("any_scopes", ())),
        groups=frozenset(section.texts("groups", ())),
        all_groups=frozenset(section.texts("all_groups", ())),
        conditions=conditions,
    )


def _check_spelled(section: Section, requirement: Requirement | None) -> None:
    spelled = section.flag("any_valid_token", False)
    if spelled == (requirement != Requirement()):
        found = "any_valid_token beside others" if spelled else "no requirement"
        section.problem("any_valid_token", found, f"{DEMANDS}; or any_valid_token = true alone")
