"""Whether anybody can have the scopes that routes ask for: user pools say which there are, app clients who gets them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.native_settings import written
from authorizer.tools.doctor.user_pools import SDK_SCOPE, all_told, clients_taken, pools_asked
from authorizer.tools.template import AuthorizerKind
from authorizer.tools.template.shape import as_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.user_pools import AppClient, UserPool
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiAuthorizer, ApiRoute, Place
    from authorizer.tools.template_check.finding import Finding

_FAMILY: Final = {AuthorizerKind.COGNITO_USER_POOLS: "cognito", AuthorizerKind.JWT: "jwt"}
_MOST: Final = 10  # scopes of a route. AWS: "Quotas for configuring and running an HTTP API"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """The scopes that one route asks for, one of which will do. `family` is what codes begin with."""

    route: ApiRoute
    family: str
    scopes: tuple[str, ...]
    pools: tuple[UserPool, ...]
    clients: tuple[AppClient, ...] | None

    @property
    def place(self) -> Place:
        """Where the route stands."""
        return self.route.place

    @property
    def told(self) -> str:
        """What was found there."""
        return f"{self.route.name} asks for {' or '.join(self.scopes)}"


def spaces(view: View) -> Iterator[Finding]:
    """Several scopes in one text."""
    for route, _, _ in _scoped(view):
        for scope in route.scopes:
            if isinstance(scope, str) and len(scope.split()) > 1:
                yield view.finding(
                    "scope_with_space",
                    route.place,
                    found=f"the one scope {scope!r} of {route.name}",
                    right=f"{len(scope.split())} scopes, of which one will do",
                    fix=_scope_lines(route, scope.split()),
                )


def too_many(view: View) -> Iterator[Finding]:
    """Of routes of HTTP APIs."""
    for route, _, api in _scoped(view):
        if api.kind is Kind.HTTP and len(route.scopes) > _MOST:
            yield view.finding(
                "jwt_scopes_too_many",
                route.place,
                found=f"{len(route.scopes)} scopes of {route.name}",
                right=f"{_MOST} scopes at most",
                fix=_scope_lines(route, [*map(str, route.scopes[: _MOST - 1]), "one-scope-for-the-rest"]),
            )


def undefined(view: View) -> Iterator[Finding]:
    """Scopes that no resource server of the pool defines, so that no app client may have them."""
    for one in _demands(view):
        missing = [scope for scope in one.scopes if not any(pool.defines(scope) for pool in one.pools)]
        if not missing or any(pool.may_add_scopes(view) for pool in one.pools):
            continue
        code = f"{one.family}_scope_undefined" if len(missing) == len(one.scopes) else "scope_alternative_undefined"
        known = sorted(scope for pool in one.pools for scope in pool.scopes or ())
        yield view.finding(
            code,
            one.place,
            found=f"{one.told}, and {one.pools[0].name} has no {' and no '.join(missing)}",
            right=f"one of {', '.join(known)}" if known else "a resource server that defines it",
            fix=_defined_lines(one, missing[0], known),
        )


def unreachable(view: View) -> Iterator[Finding]:
    """Scopes that are there and that no app client can ask for."""
    for one in _demands(view):
        asked = [scope for scope in one.scopes if any(pool.defines(scope) for pool in one.pools)]
        if not asked or not one.clients or any(pool.may_add_scopes(view) for pool in one.pools):
            continue
        granted = [client.granted() for client in one.clients]
        if None in granted or any(not scopes.isdisjoint(asked) for scopes in granted if scopes is not None):
            continue
        yield _unreachable(view, one, one.clients)


def _unreachable(view: View, one: Demand, clients: tuple[AppClient, ...]) -> Finding:
    names = ", ".join(client.resource.logical_id for client in clients)
    if any(client.flows for client in clients):
        return view.finding(
            f"{one.family}_scopes_but_no_client_has_them",
            one.place,
            found=f"{one.told}, which is in AllowedOAuthScopes of none of {names}",
            right=f"{one.scopes[0]} in AllowedOAuthScopes of the clients that call it",
            fix=(f"AllowedOAuthScopes: [{', '.join(sorted({*(clients[0].scopes or ()), one.scopes[0]}))}]",),
        )
    return view.finding(
        f"{one.family}_scopes_need_oauth_flow",
        one.place,
        found=f"{one.told}, and tokens by {names} come from the SDK only, with the scope {SDK_SCOPE} alone",
        right="an OAuth flow of an app client, or a pre token generation trigger of version 2 that adds the scope",
        fix=(
            "AllowedOAuthFlowsUserPoolClient: true",
            "AllowedOAuthFlows: [code]",
            f"AllowedOAuthScopes: [openid, {one.scopes[0]}]",
            "CallbackURLs: [https://…]",
        ),
    )


def kept_by_sam(view: View) -> Iterator[Finding]:
    """`AuthorizationScopes: []` at an event of an HTTP API, which does not take away those of the authorizer."""
    for route, authorizer, api in _scoped(view):
        event = as_map(as_map(written(view, route.place)).get("Properties"))
        auth = as_map(event.get("Auth"))
        if api.kind is Kind.HTTP and auth.get("AuthorizationScopes") == []:
            yield view.finding(
                "authorization_scopes_empty_does_not_clear",
                route.place / "Properties" / "Auth" / "AuthorizationScopes",
                found=f"no scopes at {route.name}, which asks for {', '.join(map(str, route.scopes))} all the same",
                right=f"an authorizer without AuthorizationScopes beside {authorizer.name}, for such routes",
                fix=("Auth:", f"  Authorizer: {authorizer.name}WithoutScopes"),
            )


def _scoped(view: View) -> Iterator[tuple[ApiRoute, ApiAuthorizer, Api]]:
    """The routes that ask a native authorizer for scopes."""
    for api, route in view.routes():
        authorizer = api.authorizer(route.authorizer)
        if authorizer is not None and authorizer.kind in _FAMILY and route.scopes:
            yield route, authorizer, api


def _demands(view: View) -> Iterator[Demand]:
    """Those of which all is known."""
    asked: dict[Place, tuple[tuple[UserPool, ...] | None, tuple[AppClient, ...] | None]] = {}
    for route, authorizer, _ in _scoped(view):
        if authorizer.place not in asked:
            asked[authorizer.place] = (pools_asked(view, authorizer), clients_taken(view, authorizer))
        scopes, (pools, clients) = all_told(view, route.scopes), asked[authorizer.place]
        if scopes is not None and pools is not None and not any(" " in scope for scope in scopes):
            family = _FAMILY[authorizer.kind]
            yield Demand(route=route, family=family, scopes=scopes, pools=pools, clients=clients)


def _scope_lines(route: ApiRoute, scopes: list[str]) -> tuple[str, ...]:
    if "Events" in route.place.path:
        return "Auth:", f"  AuthorizationScopes: [{', '.join(scopes)}]"
    if "paths" in route.place.path:
        return "security:", f"  - {route.authorizer}: [{', '.join(scopes)}]"
    return (f"AuthorizationScopes: [{', '.join(scopes)}]",)


def _defined_lines(one: Demand, scope: str, known: list[str]) -> tuple[str, ...]:
    """The scope that was meant, if one is spelled much like it; else a resource server that defines it."""
    meant = [it for it in known if it.endswith(f"/{scope}")] or get_close_matches(scope, known, 1)
    if meant:
        return _scope_lines(one.route, list(dict.fromkeys(meant[0] if it == scope else it for it in one.scopes)))
    return _server_lines(one.pools[0], scope)


def _server_lines(pool: UserPool, scope: str) -> tuple[str, ...]:
    server, _, name = scope.rpartition("/")
    return (
        "Type: AWS::Cognito::UserPoolResourceServer",
        "Properties:",
        f"  UserPoolId: !Ref {pool.name}",
        f"  Identifier: {server or 'orders'}",
        f"  Name: {server or 'orders'}",
        f"  Scopes: [{{ScopeName: {name}, ScopeDescription: …}}]",
    )


CHECKS = (spaces, too_many, undefined, unreachable, kept_by_sam)
