"""The authorizers of an API as a template describes them → what checks calls here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.cache import CachingAuthorizer, IdentitySources, ResultCache
from authorizer.tools.gateway.lambda_authorizer import PATIENCE, LambdaAuthorizer
from authorizer.tools.gateway.names import made_up
from authorizer.tools.gateway.native_authorizer import NativeAuthorizer
from authorizer.tools.gateway.native_cognito import CognitoAuthorizer
from authorizer.tools.gateway.native_jwt_http import HttpJwtAuthorizer
from authorizer.tools.gateway.native_jwt_rest import AdditionalClaim, RestJwtAuthorizer, TrustedJwtIssuer
from authorizer.tools.template import AuthorizerKind, Unresolved
from authorizer.tools.template.shape import as_flag, as_list, as_map
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.tools.gateway.issuers import Issuers
    from authorizer.tools.gateway.lambda_authorizer import Functions
    from authorizer.tools.gateway.local_api import Authorizer
    from authorizer.tools.gateway.names import Names
    from authorizer.tools.gateway.native_authorizer import Native
    from authorizer.tools.gateway.permissions import Permissions
    from authorizer.tools.template import Api, ApiAuthorizer
    from authorizer.tools.template.unresolved import Text

_FUNCTION: Final = re.compile(r":function:([A-Za-z0-9_-]+)")
_DEFAULT_TTL: Final = 300  # seconds, where only a deployment knows the number


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What all APIs of a template share. `why_not`: why a function cannot be invoked here; None for one that can."""

    names: Names
    functions: Functions
    why_not: Callable[[str], str | None]
    issuers: Issuers
    permissions: Permissions
    cache: ResultCache

    def function(self, function: Text | None, uri: Text | None) -> str:
        """The name to invoke a function by: its logical id, or its name where it is not in the template."""
        if isinstance(function, str):
            return function
        found = _FUNCTION.search(self.names.text(uri))
        return found[1] if found else self.names.text(uri)


def authorizers(api: Api, around: Surroundings) -> dict[str, Authorizer]:
    """By the name that routes call them by; `CommandError` for one that API Gateway would not create."""
    return {one.name: _authorizer(one, api, around) for one in api.authorizers}


def _authorizer(one: ApiAuthorizer, api: Api, around: Surroundings) -> Authorizer:
    try:
        sources = IdentitySources.parse([around.names.text(text) for text in one.identity_sources])
        if not one.kind.calls_function:
            return NativeAuthorizer(kind=api.kind, sources=sources, native=_native(one, api, around))
        return _lambda(one, api, sources, around)
    except ValueError as error:
        message = f"the authorizer {one.name} of {api.logical_id} cannot be created: {error}"
        raise CommandError(message, "mend it in the template: API Gateway would refuse it") from None


def authorizer_arn(one: ApiAuthorizer, api: Api, names: Names) -> str:
    """The ARN of an authorizer: the SourceArn of API Gateway when it invokes the function."""
    key = f"{api.logical_id}/{one.name}"
    identifier = names.of(one.name) if one.name in names.document.resources else made_up(key, 6)
    return names.arn("execute-api", f"{names.of(api.logical_id)}/authorizers/{identifier}")


def _lambda(one: ApiAuthorizer, api: Api, sources: IdentitySources, around: Surroundings) -> LambdaAuthorizer:
    names, function = around.names, around.function(one.function, one.uri)
    key = f"{api.logical_id}/{one.name}"
    known = isinstance(one.function, str) and one.credentials is None  # else only a deployment knows who may invoke it
    permitted = not known or around.permissions.covers(one.uri, authorizer_arn(one, api, names))
    expression = names.text(one.validation_expression)
    ttl = _DEFAULT_TTL if isinstance(one.ttl, Unresolved) else one.ttl or 0
    payload = names.text(one.payload_version) or "2.0"
    return LambdaAuthorizer(
        kind=api.kind,
        type=one.kind,
        caching=CachingAuthorizer(name=key, sources=sources, ttl=ttl, cache=around.cache),
        function=function,
        functions=around.functions,
        validation=_compiled(expression) if expression else None,
        payload=payload,
        simple=one.simple_responses is True and payload == "2.0",
        permitted=permitted and around.permissions.assumable(one.credentials),
        missing=around.why_not(function),
        patience=PATIENCE[api.kind],
    )


def _compiled(expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except re.error as error:
        right = f"right would be one that Python can read ({error})"
        raise ValueError(f"found the validation expression {expression!r}; {right}") from None


def _native(one: ApiAuthorizer, api: Api, around: Surroundings) -> Native:
    names = around.names
    if one.kind is AuthorizerKind.COGNITO_USER_POOLS:
        return CognitoAuthorizer(
            user_pools=tuple(map(names.text, one.user_pools)),
            validation_expression=names.text(one.validation_expression) or None,
            issuers=around.issuers,
        )
    if api.kind is Kind.HTTP:
        if len(one.issuers) != 1:
            raise ValueError(f"found {len(one.issuers)} issuers; right would be one")
        audience = tuple(map(names.text, one.issuers[0].audience))
        return HttpJwtAuthorizer(issuer=names.text(one.issuers[0].issuer), audience=audience, issuers=around.issuers)
    given = _lowered(names.value(_lowered(_written(one, api, names)).get("jwtconfiguration")))
    return RestJwtAuthorizer(
        trusted=tuple(_trusted(said) for said in _needed(given, "issuers")),
        algorithms=tuple(str(name) for name in _needed(given, "defaultalgorithms")),
        issuers=around.issuers,
    )


def _written(one: ApiAuthorizer, api: Api, names: Names) -> Any:
    """The authorizer as the template has it: a resource, or an extension of a security scheme."""
    resource = names.document.resources.get(one.name)
    if resource is not None and resource.type == "AWS::ApiGateway::Authorizer":
        return resource.properties
    schemes = as_map(as_map(api.body.get("components")).get("securitySchemes"))
    schemes = {**as_map(api.body.get("securityDefinitions")), **schemes}
    return as_map(schemes.get(one.name)).get("x-amazon-apigateway-authorizer")


def _trusted(given: Any) -> TrustedJwtIssuer:
    said = {"audiences": _lowered(given).get("audience")} | _lowered(given)
    return TrustedJwtIssuer(
        issuer=str(said.get("issuer")),
        audiences=tuple(map(str, _needed(said, "audiences"))),
        additional_claims=tuple(_claim(one) for one in as_list(said.get("additionalclaims"))),
    )


def _needed(given: dict[str, Any], name: str) -> list[Any]:
    """A list that AWS wants to have something in it."""
    found = as_list(given.get(name))
    if not found:
        raise ValueError(f"found no {name}; right would be one or more")
    return found


def _claim(given: Any) -> AdditionalClaim:
    said = _lowered(given)
    return AdditionalClaim(
        name=str(said.get("claimname")),
        required=as_flag(said.get("required", False)) is True,
        expected_values=tuple(map(str, as_list(said.get("expectedvalues")))),
    )


def _lowered(given: Any) -> dict[str, Any]:
    return {str(name).lower(): value for name, value in as_map(given).items()}
