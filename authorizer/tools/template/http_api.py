"""HTTP and WebSocket APIs: AWS::ApiGatewayV2::Api with a body, or with routes and integrations of their own.

Source: CloudFormation reference, AWS::ApiGatewayV2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.template.api_parts import Parts, authorization, authorizer_name, parts_of, stage
from authorizer.tools.template.authorizers import authorizer
from authorizer.tools.template.imported import imported_body
from authorizer.tools.template.model import Api, ApiAuthorizer, ApiRoute, Backend, Stage
from authorizer.tools.template.place import Place, Problem
from authorizer.tools.template.resources import function_of
from authorizer.tools.template.shape import as_flag, as_text, as_texts
from authorizer.tools.template.unresolved import Text, Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.template.model import Resource
    from authorizer.tools.template.resources import Resources

_API, _ROUTE = ("AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Route")
_AUTHORIZER, _STAGE = ("AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::Stage")
_INTEGRATION: Final = "AWS::ApiGatewayV2::Integration"


def http_and_websocket_apis(resources: Resources, problems: list[Problem]) -> Iterator[Api]:
    """All HTTP and WebSocket APIs of a template. What cannot be read is added to the problems."""
    for parts in parts_of(resources, _API, "ApiId", (_ROUTE, _AUTHORIZER)):
        kind = _kind(parts)
        body = imported_body(parts, kind)
        found = [_authorizer(one, kind, resources) for one in parts.of(_AUTHORIZER)]
        problems += [*parts.problems, *body.problems, *(one for one in found if isinstance(one, Problem))]
        quick = list(_quick_route(parts))
        yield Api(
            kind=kind,
            logical_id=parts.logical_id,
            place=parts.place,
            stages=tuple(_stages(parts, quick=bool(quick))),
            routes=(*body.routes, *quick, *(_route(one, kind, resources) for one in parts.of(_ROUTE))),
            authorizers=(*body.authorizers, *(one for one in found if isinstance(one, ApiAuthorizer))),
            external=parts.api is None,
            body=parts.body,
            properties=parts.properties,
        )


def _kind(parts: Parts) -> Kind:
    """By the protocol; by its routes for an API from elsewhere."""
    if parts.api is not None:
        return Kind.WEBSOCKET if parts.api.properties.get("ProtocolType") == "WEBSOCKET" else Kind.HTTP
    keys = [str(one.properties.get("RouteKey")) for one in parts.of(_ROUTE)]
    sources = [str(one.properties.get("IdentitySource")) for one in parts.of(_AUTHORIZER)]
    websocket = any(" " not in key and key != "$default" for key in keys) or any(
        "route.request." in one for one in sources
    )
    return Kind.WEBSOCKET if websocket else Kind.HTTP


def _stages(parts: Parts, *, quick: bool) -> Iterator[Stage]:
    for one in parts.of(_STAGE):
        yield stage(one, "StageName", one.properties.get("StageVariables"))
    if quick:
        yield Stage(name="$default", place=parts.place)


def _authorizer(resource: Resource, kind: Kind, resources: Resources) -> ApiAuthorizer | Problem:
    return authorizer(
        resource.logical_id, resource.properties, kind, Place(resource.logical_id, ("Properties",)), resources
    )


def _quick_route(parts: Parts) -> Iterator[ApiRoute]:
    """An API with a target of its own has one route and one stage without further resources ("quick create")."""
    given = parts.properties
    if "Target" in given:
        method, path = _split(as_text(given.get("RouteKey")) or "$default", Kind.HTTP)
        uri = as_text(given.get("Target"))
        backend = Backend(uri=uri, function=function_of(uri, parts.resources))
        yield ApiRoute(method=method, path=path, place=parts.place / "Properties" / "Target", backend=backend)


def _route(route: Resource, kind: Kind, resources: Resources) -> ApiRoute:
    given = route.properties
    method, path = _split(as_text(given.get("RouteKey")) or "", kind)
    return ApiRoute(
        method=method,
        path=path,
        place=Place(route.logical_id, ("Properties",)),
        authorization=authorization(given.get("AuthorizationType")),
        authorizer=authorizer_name(given.get("AuthorizerId"), resources),
        scopes=as_texts(given.get("AuthorizationScopes")),
        api_key_required=as_flag(given.get("ApiKeyRequired")),
        backend=_backend(as_text(given.get("Target")), resources),
    )


def _split(key: Text, kind: Kind) -> tuple[str, Text]:
    if isinstance(key, Unresolved) or kind is Kind.WEBSOCKET or " " not in key:
        return "ANY", key
    method, _, path = key.partition(" ")
    return method.upper(), path.strip()


def _backend(target: Text | None, resources: Resources) -> Backend | None:
    """The integration that a route's target names: `integrations/${Ref Integration}`."""
    names = target.resources if isinstance(target, Unresolved) else frozenset()
    integration = next((resources[one] for one in names if one in resources), None)
    if integration is None or integration.type != _INTEGRATION:
        return Backend(uri=target) if target is not None else None
    given = integration.properties
    uri = as_text(given.get("IntegrationUri"))
    return Backend(
        kind=as_text(given.get("IntegrationType")),
        uri=uri,
        function=function_of(uri, resources),
        payload_version=as_text(given.get("PayloadFormatVersion")),
        given=given,
    )
