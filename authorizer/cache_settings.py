"""Settings → what API Gateway caches answers for, and whether the rules can be answered so: `[cache]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from authorizer.rules import Rules
    from authorizer.section import Section

MAX_TTL: Final = 3600  # seconds; AWS: `authorizerResultTtlInSeconds`
REFUSE, METHOD = "refuse", "method"


class Cache(NamedTuple):
    """`ttl` in seconds, as the API's authorizer has it.

    `inexpressible`: what becomes of rules that no policy for all routes can say. Either the settings are refused, or the
    answer is for the called method alone, which nobody may cache for another.
    """

    ttl: int = 0
    inexpressible: str = METHOD


def read_cache(section: Section) -> Cache:
    """What is cached, and for how long."""
    ttl = section.number("ttl", 0, maximum=MAX_TTL)
    if type(ttl) is not int:
        section.problem("ttl", repr(ttl), "whole seconds")
        ttl = 0
    default = REFUSE if ttl else METHOD
    inexpressible = section.text("inexpressible", default, choices=(REFUSE, METHOD)) or default
    section.finish()
    return Cache(ttl, inexpressible)


def check_cache(root: Section, cache: Cache, rules: Rules) -> None:
    """Notes what cannot be cached in a table that is to be."""
    if cache.inexpressible != REFUSE:
        return
    from authorizer.inexpressible import table_conflicts  # and what it walks with: for deployments that cache

    for conflict in table_conflicts(rules):
        root.problem(
            "cache", str(conflict), 'rules that a policy can say, or cache.inexpressible = "method" and ttl = 0'
        )
    public = [route.name for route in rules.routes if route.public]
    if cache.ttl and public:
        right = "no authorizer on public routes: without a credential a call never reaches one that caches"
        root.problem("cache.ttl", f"{cache.ttl} with the public {', '.join(public)}", right)
