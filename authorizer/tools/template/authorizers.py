"""Authorizers, from CloudFormation's properties and from OpenAPI's: the same words but for the first letter's case.

Sources: CloudFormation reference of AWS::ApiGateway::Authorizer and AWS::ApiGatewayV2::Authorizer; API Gateway Developer
Guide, "x-amazon-apigateway-authorizer object".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.template.model import ApiAuthorizer, AuthorizerKind, Issuer
from authorizer.tools.template.place import Problem
from authorizer.tools.template.resources import function_of
from authorizer.tools.template.shape import as_flag, as_list, as_map, as_number, as_text, as_texts
from authorizer.tools.template.unresolved import Text, Unresolved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.template.place import Place
    from authorizer.tools.template.resources import Resources

REST_TTL: Final = (
    300  # seconds, AWS::ApiGateway::Authorizer AuthorizerResultTtlInSeconds; HTTP APIs cache nothing unless told to
)
_KINDS: Final = {one.value: one for one in AuthorizerKind} | {"LAMBDA": AuthorizerKind.REQUEST}


def authorizer(
    name: str, given: Mapping[str, Any], kind: Kind, place: Place, resources: Resources
) -> ApiAuthorizer | Problem:
    """The authorizer that properties describe; a problem when their type is none that API Gateway has."""
    written = {key.lower(): value for key, value in given.items()}
    known = _kind(as_text(written.get("authorizertype", written.get("type"))), place)
    if isinstance(known, Problem):
        return known
    uri = as_text(written.get("authorizeruri"))
    ttl = as_number(written.get("authorizerresultttlinseconds"))
    cached = known is not AuthorizerKind.JWT and kind is not Kind.WEBSOCKET
    return ApiAuthorizer(
        name=name,
        label=as_text(written.get("name")) or name,
        kind=known,
        place=place,
        identity_sources=_sources(written.get("identitysource")),
        ttl=None if not cached else _default_ttl(kind) if ttl is None else ttl,
        ttl_is_default=cached and ttl is None,
        validation_expression=as_text(written.get("identityvalidationexpression")),
        payload_version=as_text(written.get("authorizerpayloadformatversion")),
        simple_responses=as_flag(written.get("enablesimpleresponses")),
        uri=uri,
        function=function_of(uri, resources),
        credentials=as_text(written.get("authorizercredentials", written.get("authorizercredentialsarn"))),
        user_pools=as_texts(written.get("providerarns")),
        issuers=_issuers(as_map(written.get("jwtconfiguration"))),
    )


def _kind(what: Text | None, place: Place) -> AuthorizerKind | Problem:
    if isinstance(what, Unresolved):
        return Problem("authorizer_kind_unknown", place, f"{what}, which does not tell the type of authorizer")
    return _KINDS.get(str(what).upper()) or Problem("authorizer_kind", place, f"{what} is no type of authorizer")


def _default_ttl(kind: Kind) -> int:
    return REST_TTL if kind is Kind.REST else 0


def _sources(given: Any) -> tuple[Text, ...]:
    """One by one: REST APIs write them with commas in one text, the others as a list."""
    sources: list[Text] = []
    for one in as_texts(given):
        sources += [one] if isinstance(one, Unresolved) else [part.strip() for part in one.split(",") if part.strip()]
    return tuple(sources)


def _issuers(given: Mapping[str, Any]) -> tuple[Issuer, ...]:
    """`issuer` and `audience` of an HTTP API, `issuers` with `audiences` of a REST API."""
    written = {key.lower(): value for key, value in given.items()}
    found = []
    for one in [written, *as_list(written.get("issuers"))]:
        said = {key.lower(): value for key, value in as_map(one).items()}
        issuer = as_text(said.get("issuer"))
        if issuer is not None:
            found.append(Issuer(issuer=issuer, audience=as_texts(said.get("audience", said.get("audiences")))))
    return tuple(found)
