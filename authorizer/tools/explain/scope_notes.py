"""Near misses of what a rule asks for: scopes and groups that the token has in another form or another place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import Note, listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from authorizer.model import Principal
    from authorizer.requirement import Requirement

_SDK_SCOPE: Final = "aws.cognito.signin.user.admin"
_SEPARATORS: Final = re.compile(r"[:/.]")
_JOINED: Final = re.compile(r"[\s,;|]+")
_PLACES: Final = ("permissions", "roles", "authorities", "groups", "cognito:groups")
_GROUPS: Final = frozenset({"groups", "roles", "cognito:groups"})


def scope_notes(requirement: Requirement, principal: Principal) -> Iterator[Note]:
    """Of the required scopes that a principal does not have."""
    held = principal.scopes or frozenset()
    lacking = requirement.scopes - held
    if requirement.any_scopes.isdisjoint(held):
        lacking |= requirement.any_scopes
    if not lacking:
        return
    if held == {_SDK_SCOPE}:
        yield Note(NearMiss.SCOPE_SDK_ONLY)
    for wanted in sorted(lacking):
        yield from _spelling(wanted, held)
        yield from _elsewhere(wanted, principal)
    yield from _joined(lacking, held, "scope")


def group_notes(requirement: Requirement, principal: Principal, groups_claim: str) -> Iterator[Note]:
    """Of the required groups that a principal does not have. No group of the token is told."""
    held = principal.groups or frozenset()
    lacking = requirement.all_groups - held
    if requirement.groups.isdisjoint(held):
        lacking |= requirement.groups
    if not lacking:
        return
    lowered = {name.lower() for name in held}
    for wanted in sorted(lacking):
        if wanted.lower() in lowered:
            yield Note(NearMiss.GROUP_CASE, f"the settings say {quoted(wanted)}")
    yield from _joined(lacking, held, groups_claim)
    places = {place: names for place, names in _group_claims(principal.claims).items() if place != groups_claim}
    holding = [place for place, names in places.items() if not lacking.isdisjoint(names)]
    if holding:
        detail = f"groups_claim is {quoted(groups_claim)}, it is in {listed(holding)}"
        yield Note(NearMiss.GROUPS_IN_OTHER_CLAIM, detail)


def _spelling(wanted: str, held: Iterable[str]) -> Iterator[Note]:
    for scope in sorted(held):
        detail = f"the token says {quoted(scope)}, the rule says {quoted(wanted)}"
        if scope.lower() == wanted.lower():
            yield Note(NearMiss.SCOPE_CASE, detail)
        elif _SEPARATORS.sub("/", scope) == _SEPARATORS.sub("/", wanted):
            yield Note(NearMiss.SCOPE_SEPARATOR, detail)
        elif _ends_with(wanted, scope) or _ends_with(scope, wanted):
            yield Note(NearMiss.SCOPE_PREFIX, detail)


def _ends_with(scope: str, name: str) -> bool:
    """Whether `scope` is `name` with a resource server before it."""
    return bool(name) and scope.endswith(name) and _SEPARATORS.fullmatch(scope[-len(name) - 1 : -len(name)]) is not None


def _elsewhere(wanted: str, principal: Principal) -> Iterator[Note]:
    claims = principal.claims
    if "scope" in claims and wanted in _names(claims.get("scp")):
        yield Note(NearMiss.SCOPE_IN_SCP, f"scp has {quoted(wanted)}")
    places = [place for place in _PLACES if wanted in _names(claims.get(place))]
    if places:
        yield Note(NearMiss.SCOPE_IN_OTHER_CLAIM, f"{quoted(wanted)} is in {listed(places)}")


def _joined(wanted: frozenset[str], held: Iterable[str], claim: str) -> Iterator[Note]:
    for text in sorted(held):
        parts = _JOINED.split(text)
        if len(parts) > 1 and not wanted.isdisjoint(parts):
            yield Note(NearMiss.NAMES_IN_ONE_TEXT, f"in {quoted(claim)}")


def _group_claims(claims: Mapping[str, Any]) -> dict[str, list[str]]:
    """Where issuers put groups and roles: Cognito, Entra, Keycloak, and URLs as Auth0 wants them."""
    found = {name: _names(value) for name, value in claims.items() if name.rsplit("/", 1)[-1] in _GROUPS}
    access = claims.get("realm_access")
    if isinstance(access, dict) and "roles" in access:
        found["realm_access.roles"] = _names(access["roles"])
    return found


def _names(value: object) -> list[str]:
    if isinstance(value, str):
        return value.split(" ")
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
