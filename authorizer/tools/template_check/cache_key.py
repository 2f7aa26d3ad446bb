"""Whether all that an answer depends on is in the cache's key, or in the policy itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.inexpressible import table_conflicts
from authorizer.route import ANY_METHOD
from authorizer.surface import Api, Fact
from authorizer.tools.template_check.coverage import is_part
from authorizer.tools.template_check.identity import METHOD, PATH, ROUTE_KEY, SOURCE_IP, Identity, spelled
from authorizer.tools.template_check.template_lines import Property, property_lines, source_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.template_check.finding import Finding
    from authorizer.tools.template_check.guarded import Guarded

_NOT_CACHED = "TTL 0, in the API and in the settings"


def wrong_key(one: Guarded) -> Iterator[Finding]:
    """What the answers of a caching authorizer depend on, and its key lacks."""
    fields = one.readers(Fact.FIELDS)
    if fields:
        words = f"{one.span}, and {', '.join(fields)}, which may read anything of a request", _NOT_CACHED
        yield one.finding(
            "fields_cached", Property.TTL, words, property_lines(one.authorizer.place, Property.TTL, one.kind, 0)
        )
    yield from _public(one)
    addresses = [name for name in one.readers(Fact.SOURCE_IP) if name not in fields]
    if addresses and not one.is_token:  # which is wrong with or without a cache
        yield from _addresses(one, addresses)
    yield from _inexpressible(one, {*fields, *addresses})


def _public(one: Guarded) -> Iterator[Finding]:
    public = [rule.name for rule in (one.rules.routes if one.own.refuses else one.reached) if rule.public]
    if public:
        words = (
            f"{one.span}, and the public {', '.join(public)}: without a credential a call gets 401 from API Gateway",
            "no authorizer on public routes, and no rule for them",
        )
        fix = ("# Delete the rule from the settings, and at the route write:", _without_authorizer(one))
        yield one.finding("public_route_cached", Property.TTL, words, fix)


def _without_authorizer(one: Guarded) -> str:
    return "security: []" if "security" in str(one.authorizer.place) else "AuthorizationType: NONE"


def _addresses(one: Guarded, readers: list[str]) -> Iterator[Finding]:
    needed = {SOURCE_IP, *of_the_call(one)}
    if one.own.refuses:
        words = (
            f"{', '.join(readers)}, by address, and settings that refuse such rules",
            '[cache] inexpressible = "method"',
        )
        fix = ("[cache]", 'inexpressible = "method"', *_lines(one, needed))
        yield one.finding("source_ip_not_in_key", Property.SOURCES, words, fix)
    elif missing := needed - one.identities:
        yield _lacking(one, "source_ip_not_in_key", missing, f"{', '.join(readers)}, which reads the caller's address")


def _inexpressible(one: Guarded, told: set[str]) -> Iterator[Finding]:
    """Rules that no policy for the whole stage says: the function refuses them, or answers for the called method alone.

    One such rule is enough, wherever it applies: the function does not know which routes an API has.
    """
    told = {name.strip("[]") for name in told}
    conflicts = [conflict for conflict in table_conflicts(one.rules) if conflict.granted not in told]
    if not conflicts:
        return
    found = "; ".join(map(str, conflicts[:3]))
    if one.own.refuses:
        words = found, 'rules that a policy can say, or cache.inexpressible = "method" and method and path in the key'
        fix = ("[cache]", 'inexpressible = "method"', *_lines(one, of_the_call(one)))
        yield one.finding("rules_inexpressible", Property.SOURCES, words, fix)
    elif not one.is_simple and (missing := of_the_call(one) - one.identities):
        yield _lacking(one, "rules_inexpressible", missing, found)


def of_the_call(one: Guarded) -> set[Identity]:
    """The sources that tell method and path. A route key tells the method where no route is for any."""
    if one.kind is Api.REST:
        return {PATH, METHOD}
    return {PATH, METHOD if any(route.method == ANY_METHOD for route in one.routes) else ROUTE_KEY}


def _lacked_by_simple(one: Guarded) -> set[Identity]:
    """What a yes or no of a cache must be kept apart by: the route, and what decides within one route.

    Within a route with parameters that is always the path: an ambiguous one is refused, whatever the rules say.
    """
    if not one.is_simple or one.rules.everywhere is not None:
        return set()
    needed = {ROUTE_KEY}
    for route in one.routes:
        rules = one.deciding(route)
        if "{" in route.name or any(is_part(rule, route) for rule in rules):
            needed.add(PATH)
        if route.method == ANY_METHOD and any(rule.method != ANY_METHOD for rule in rules):
            needed.add(METHOD)
    return needed - one.identities


def wrong_simple(one: Guarded) -> Iterator[Finding]:
    """A cached yes names no route."""
    missing = _lacked_by_simple(one)
    if ROUTE_KEY in missing:
        yield _lacking(one, "route_not_in_key", missing, "simple responses, where a yes to one route is a yes to all")
    elif missing:
        yield _lacking(
            one,
            "path_not_in_key",
            missing,
            "paths or methods of one route decided differently",
        )


def _lacking(one: Guarded, code: str, missing: set[Identity], why: str) -> Finding:
    if one.is_token:
        words = f"a TOKEN authorizer, which has one source, with {why}", "a REQUEST authorizer"
        return one.finding(
            code, Property.KIND, words, property_lines(one.authorizer.place, Property.KIND, one.kind, "REQUEST")
        )
    words = f"{one.span} with {why}", f"{' and '.join(spelled(missing, one.kind))} among the identity sources"
    return one.finding(code, Property.SOURCES, words, _lines(one, missing))


def _lines(one: Guarded, more: set[Identity]) -> tuple[str, ...]:
    return source_lines(one.authorizer.place, one.kind, one.identities | more)
