"""What was set up since a stage was deployed, as far as it decides who is let in: it counts from the next deployment."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.deployed.rest_reader import responses_of
from authorizer.tools.template import Place
from authorizer.tools.template.shape import as_list, as_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from authorizer.tools.template import Api, ApiAuthorizer, ApiRoute, Resource
    from authorizer.tools.template.resources import Resources

_OF_ROUTE: Final[Mapping[str, Callable[[ApiRoute], str]]] = {
    "authorization": lambda one: getattr(one.authorization, "value", str(one.authorization)),
    "authorizer": lambda one: str(one.authorizer or ""),
    "scopes": lambda one: ", ".join(sorted(map(str, one.scopes))),
    "API key": lambda one: "required" if one.api_key_required is True else "not required",
}
_OF_AUTHORIZER: Final[Mapping[str, Callable[[ApiAuthorizer], str]]] = {
    "type": lambda one: one.kind.value,
    "function": lambda one: str(one.uri or ""),
    "role": lambda one: str(one.credentials or ""),
    "identity sources": lambda one: ", ".join(map(str, one.identity_sources)),
    "validation expression": lambda one: str(one.validation_expression or ""),
    "TTL": lambda one: str(one.ttl),
    "user pools": lambda one: ", ".join(sorted(map(str, one.user_pools))),
    "issuers": lambda one: "; ".join(
        sorted(f"{it.issuer} for {', '.join(map(str, it.audience))}" for it in one.issuers)
    ),
    "payload format": lambda one: str(one.payload_version or ""),
    "simple responses": lambda one: str(one.simple_responses is True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that the stage serves otherwise than it is set up. `added` is a route that it does not serve at all."""

    place: Place
    served: str
    now: str
    added: bool = False


def changes(now: Api, served: Api) -> Iterator[Change]:
    """All of them, route by route and authorizer by authorizer."""
    yield from _of_routes({one.name: one for one in now.routes}, {one.name: one for one in served.routes})
    for one in served.authorizers:
        other = now.authorizer(one.name)
        if other is None:
            yield Change(place=one.place, served=f"authorizer {one.label}", now="no such authorizer")
        else:
            yield from _of_authorizer(one, other)


def response_changes(api: str, now: Resources, served: Resources) -> Iterator[Change]:
    """Of the gateway responses of a REST API."""
    both = [{one.logical_id: one for one in responses_of(resources, api)} for resources in (now, served)]
    for name in dict.fromkeys([*both[0], *both[1]]):
        said = [_response(one.get(name)) for one in both]
        if said[0] != said[1]:
            words = [f"gateway response {one}" for one in said]
            yield Change(place=Place(api, ("Properties",)), served=words[1], now=words[0])


def policy_changes(api: str, now: Resources, served: Resources) -> Iterator[Change]:
    """Of the resource policy of a REST API."""
    policies = [_effects(resources[api].properties.get("Policy")) for resources in (now, served)]
    if policies[0] != policies[1]:
        words = [f"a resource policy of {len(one)} statements" for one in policies]
        yield Change(place=Place(api, ("Properties", "Policy")), served=words[1], now=f"{words[0]}, others")


def _response(resource: Resource | None) -> str:
    """Without its templates, which AWS fills in where nobody gave any."""
    if resource is None:
        return "none"
    given = resource.properties
    headers = ", ".join(f"{name}: {value}" for name, value in sorted((given.get("ResponseParameters") or {}).items()))
    return f"{given['ResponseType']} {given.get('StatusCode', '')} with {headers or 'no headers'}"


def _effects(policy: object) -> list[str]:
    """The statements of a policy without their resources, which AWS writes out once it is attached."""
    statements = as_list(as_map(policy).get("Statement"))
    kept = [{name: value for name, value in as_map(one).items() if name != "Resource"} for one in statements]
    return sorted(json.dumps(one, sort_keys=True) for one in kept)


def _of_routes(now: Mapping[str, ApiRoute], served: Mapping[str, ApiRoute]) -> Iterator[Change]:
    for name, one in now.items():
        if name not in served:
            yield Change(place=one.place, served=f"no {name}", now=name, added=True)
    for name, one in served.items():
        if name not in now:
            yield Change(place=one.place, served=name, now=f"no {name}")
        else:
            yield from _change(one.place, {word: (said(one), said(now[name])) for word, said in _OF_ROUTE.items()})


def _of_authorizer(served: ApiAuthorizer, now: ApiAuthorizer) -> Iterator[Change]:
    said = {word: (say(served), say(now)) for word, say in _OF_AUTHORIZER.items()}
    if not now.issuers:  # of a REST API, which a library from before 2026 does not tell
        del said["issuers"]
    return _change(served.place, said)


def _change(place: Place, said: Mapping[str, tuple[str, str]]) -> Iterator[Change]:
    """One change for all that differs."""
    differing = {word: pair for word, pair in said.items() if pair[0] != pair[1]}
    if differing:
        served, now = (", ".join(f"{word} {pair[at] or 'none'}" for word, pair in differing.items()) for at in (0, 1))
        yield Change(place=place, served=served, now=now)
