"""Which of the two kinds of token a user pool's authorizer takes, and whether clients have that kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.native_settings import lines, natives, place_of, spelled, way
from authorizer.tools.doctor.told import told
from authorizer.tools.doctor.user_pools import clients_taken
from authorizer.tools.template import AuthorizerKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import ApiRoute
    from authorizer.tools.template_check.finding import Finding

_COGNITO: Final = re.compile(r"https://(issuer-)?cognito-idp\.")


def machines_without_scopes(view: View) -> Iterator[Finding]:
    """Methods that want ID tokens, of clients that get none."""
    for api, one in natives(view, AuthorizerKind.COGNITO_USER_POOLS):
        clients, routes = clients_taken(view, one), [route for route in view.guarded(api, one) if not route.scopes]
        if routes and clients and all(client.for_machines for client in clients):
            scopes = sorted(scope for client in clients for scope in client.scopes or ())
            yield view.finding(
                "cognito_access_token_without_scopes",
                routes[0].place,
                found=f"no scopes at {_names(routes)}, and only clients for machines, which have no ID token",
                right="a scope at each method, so that access tokens count",
                fix=(f"AuthorizationScopes: [{scopes[0] if scopes else 'orders/read'}]",),
            )


def expression_with_scopes(view: View) -> Iterator[Finding]:
    """An expression for `aud` at an authorizer that is asked about access tokens."""
    for api, one in natives(view, AuthorizerKind.COGNITO_USER_POOLS):
        routes = [route for route in view.guarded(api, one) if route.scopes]
        if routes and one.validation_expression and not _about_bearer(view, one.validation_expression):
            yield view.finding(
                "cognito_expression_with_scopes",
                place_of(one, "IdentityValidationExpression"),
                found=f"{spelled(str(one.validation_expression))} for aud; {_names(routes)} take access tokens, without aud",
                right="no expression; a scope that only those clients get, or another authorizer for ID tokens",
                fix=(f"# remove {' '.join(way(one, 'IdentityValidationExpression'))}",),
            )


def expression_for_bearer(view: View) -> Iterator[Finding]:
    """An expression that is written for the whole header, as TOKEN authorizers have it."""
    for _, one in natives(view, AuthorizerKind.COGNITO_USER_POOLS):
        if one.validation_expression and _about_bearer(view, one.validation_expression):
            yield view.finding(
                "cognito_identity_validation_on_bearer",
                place_of(one, "IdentityValidationExpression"),
                found=f"{spelled(str(one.validation_expression))}, which is compared with aud, an app client's id",
                right="no expression, or one for the ids of app clients",
                fix=lines(one, ("IdentityValidationExpression",), '"^(ClientId1|ClientId2)$"'),
            )


def id_tokens_accepted(view: View) -> Iterator[Finding]:
    """A JWT authorizer of which no route asks for a scope, so that ID tokens pass as well. Who asks for scopes at some
    routes knows of it."""
    for api, one in natives(view, AuthorizerKind.JWT, Kind.HTTP):
        routes = view.guarded(api, one)
        clients = clients_taken(view, one)
        issuer = told(view, one.issuers[0].issuer) if one.issuers else None
        if not routes or any(route.scopes for route in routes) or _COGNITO.match(issuer or "") is None:
            continue
        if clients is None or any(not client.for_machines for client in clients):
            yield view.finding(
                "jwt_id_tokens_accepted",
                one.place,
                found=f"no scopes at {_names(routes)}: ID tokens of the user pool pass like access tokens",
                right="a scope at each route, which no ID token has",
                fix=("AuthorizationScopes: [orders/read]",),
            )


def _about_bearer(view: View, expression: object) -> bool:
    return "bearer" in (told(view, expression) or str(expression)).lower()


def _names(routes: Iterable[ApiRoute]) -> str:
    first, *others = [route.name for route in routes]
    return f"{first} and {len(others)} more" if others else first


CHECKS = (machines_without_scopes, expression_with_scopes, expression_for_bearer, id_tokens_accepted)
