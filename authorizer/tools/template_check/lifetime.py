"""How long an answer counts: whether API and function know the same of it, and what outlives what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.surface import Api
from authorizer.tools.template.unresolved import same
from authorizer.tools.template_check.finding import Severity
from authorizer.tools.template_check.template_lines import Property, property_lines, variable_lines
from authorizer.tools.template_check.unread import TELLING, parameters_that_tell
from authorizer.variables import CACHE_TTL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.template_check.finding import Finding
    from authorizer.tools.template_check.guarded import Guarded


def wrong_lifetime(one: Guarded) -> Iterator[Finding]:
    """The two that have to say the same, and do not."""
    given, believed = one.authorizer.ttl, one.own.ttl
    if one.kind is Api.WEBSOCKET or given == believed:
        return
    if not isinstance(given, int) or believed is None:
        yield _unknown(one)
        return
    said = f"{given} s, which is the default," if one.authorizer.ttl_is_default else f"{given} s"
    harm = "refusals that heal would be cached, and answers for the called method alone be reused"
    if believed:
        harm = "it answers for another time than the API keeps its answers"
    found = f"{said} while the function {one.function.logical_id} goes by {believed} s: {harm}"
    in_api = bool(believed) or one.authorizer.ttl_is_default
    fix = (
        property_lines(one.authorizer.place, Property.TTL, one.kind, believed)
        if in_api
        else variable_lines(CACHE_TTL, given)
    )
    yield one.finding("ttl_differs", Property.TTL, (found, "the same number in both, from one parameter"), fix)


def _unknown(one: Guarded) -> Finding:
    """An error unless both have it from the same parameter, and so cannot differ."""
    given = one.authorizer.ttl
    believed = one.function.environment.get(CACHE_TTL) if one.own.ttl is None else one.own.ttl
    severity = Severity.WARNING if same(given, believed) else Severity.ERROR
    words = (
        f"{given} s in the API and {believed} s in the function {one.function.logical_id}, which does not tell a number",
        f"the same number of seconds in both, from one parameter: {TELLING}",
    )
    return one.finding("ttl_unknown", Property.TTL, words, parameters_that_tell(one.document), severity)


def delays(one: Guarded) -> list[str]:
    """What an answer may outlive, in words."""
    if one.kind is Api.WEBSOCKET:
        return [
            "an allow lasts as long as its connection, whatever becomes of the token: nothing is cached, nothing asked again"
        ]
    age = one.own.key_age
    lasting = f"by up to {one.span}" if one.caches else "by nothing: every call asks the function"
    texts = [f"an allow outlives exp, revocation, a change of groups and max_auth_age {lasting}"]
    if one.caches:
        texts.append(f"a refusal outlives a change of groups by up to {one.span}")
    if age is None:
        return [*texts, "a withdrawn key counts until a deployment changes it"]
    return [*texts, f"a withdrawn key is refused after {age:g} s + {one.span}, longer while fetching keys fails"]
