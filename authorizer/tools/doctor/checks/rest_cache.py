"""How long API Gateway keeps the answers of a function, and what for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.told import is_foreign, listed, property_place
from authorizer.tools.gateway.cache import MAX_TTL
from authorizer.tools.template import Unresolved
from authorizer.tools.template_check.identity import identities
from authorizer.tools.template_check.template_lines import Property, property_lines, source_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import ApiRoute
    from authorizer.tools.template_check.finding import Finding

_OF_ONE_CALL: Final = ("requestId", "extendedRequestId", "requestTime", "requestTimeEpoch", "authorizer.requestId")
_UNSAID: Final = 300  # seconds, of REST APIs


def ttl_range(view: View) -> Iterator[Finding]:
    """What API Gateway does not take, on both types of API that keep answers."""
    for api, one in view.authorizers(Kind.REST, Kind.HTTP):
        ttl = one.ttl if isinstance(one.ttl, int) else _negative(one.ttl)
        if one.kind.calls_function and ttl is not None and not 0 <= ttl <= MAX_TTL:
            yield view.finding(
                "ttl_out_of_range",
                property_place(api, one, Property.TTL),
                found=f"{ttl} s",
                right=f"0 to {MAX_TTL} s",
                fix=property_lines(one.place, Property.TTL, api.kind, _UNSAID if ttl > 0 else 0),
            )


def _negative(ttl: int | Unresolved | None) -> int | None:
    text = str(ttl) if isinstance(ttl, Unresolved) else ""
    return int(text) if text.startswith("-") and text[1:].isdecimal() else None


def unsaid_default(view: View) -> Iterator[Finding]:
    """A function from elsewhere, which may answer for the called method alone, at an API that says nothing of its cache."""
    for api, one in view.authorizers(Kind.REST):
        routes = view.guarded(api, one)
        if one.ttl_is_default and is_foreign(view, api, one) and one.identity_sources and _is_several(routes):
            yield view.finding(
                "cache_default_unsaid",
                property_place(api, one, Property.TTL),
                found=f"no TTL, so that an answer for one of {listed(routes)} counts for all of them during {_UNSAID} s",
                right="a TTL that somebody chose, and a policy that says all that the caller may do",
                fix=property_lines(one.place, Property.TTL, api.kind, 0),
            )


def _is_several(routes: tuple[ApiRoute, ...]) -> bool:
    """Whether there is more than one ARN to ask for."""
    return len(routes) > 1 or any(one.method == "ANY" or "{" in str(one.path) for one in routes)


def useless_key(view: View) -> Iterator[Finding]:
    """A key with a part that no second call has."""
    for api, one in view.authorizers(Kind.REST):
        known = identities(one)
        never = {source for source in known if source.kind == "context" and source.name in _OF_ONE_CALL}
        if never and one.kind.calls_function and one.ttl != 0:
            name = min(never).name
            yield view.finding(
                "cache_never_hits",
                property_place(api, one, Property.SOURCES),
                found=f"context.{name}, which is another in every call, in the key of a cache",
                right="identity sources that a caller repeats, or a TTL of 0",
                fix=source_lines(one.place, api.kind, known - never)
                if known - never
                else property_lines(one.place, Property.TTL, api.kind, 0),
            )


CHECKS = (ttl_range, unsaid_default, useless_key)
