"""REST APIs: AWS::ApiGateway::RestApi with a body, or with resources and methods of their own.

Source: CloudFormation reference, AWS::ApiGateway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.template.api_parts import Parts, authorization, authorizer_name, parts_of, stage
from authorizer.tools.template.authorizers import authorizer
from authorizer.tools.template.imported import imported_body
from authorizer.tools.template.model import Api, ApiAuthorizer, ApiRoute, Backend
from authorizer.tools.template.place import Place, Problem
from authorizer.tools.template.resources import function_of, referred
from authorizer.tools.template.shape import as_flag, as_map, as_text, as_texts
from authorizer.tools.template.unresolved import Text, Unresolved, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.template.model import Resource, Stage
    from authorizer.tools.template.resources import Resources

_API, _METHOD, _AUTHORIZER = ("AWS::ApiGateway::RestApi", "AWS::ApiGateway::Method", "AWS::ApiGateway::Authorizer")
_RESOURCE, _STAGE, _DEPLOYMENT = ("AWS::ApiGateway::Resource", "AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment")
_MAX_DEPTH: Final = 100  # of resources below each other; a loop has no end


def rest_apis(resources: Resources, problems: list[Problem]) -> Iterator[Api]:
    """All REST APIs of a template. What cannot be read is added to the problems."""
    for parts in parts_of(resources, _API, "RestApiId", (_METHOD, _AUTHORIZER)):
        body = imported_body(parts, Kind.REST)
        found = [_authorizer(one, resources) for one in parts.of(_AUTHORIZER)]
        problems += [*parts.problems, *body.problems, *(one for one in found if isinstance(one, Problem))]
        yield Api(
            kind=Kind.REST,
            logical_id=parts.logical_id,
            place=parts.place,
            stages=tuple(_stages(parts)),
            routes=(*body.routes, *(_route(one, resources) for one in parts.of(_METHOD))),
            authorizers=(*body.authorizers, *(one for one in found if isinstance(one, ApiAuthorizer))),
            external=parts.api is None,
            body=parts.body,
            properties=parts.properties,
        )


def _stages(parts: Parts) -> Iterator[Stage]:
    for one in parts.of(_STAGE):
        yield stage(one, "StageName", one.properties.get("Variables"))
    for one in parts.of(_DEPLOYMENT):
        if "StageName" in one.properties:
            yield stage(one, "StageName", as_map(one.properties.get("StageDescription")).get("Variables"))


def _authorizer(resource: Resource, resources: Resources) -> ApiAuthorizer | Problem:
    place = Place(resource.logical_id, ("Properties",))
    return authorizer(resource.logical_id, resource.properties, Kind.REST, place, resources)


def _route(method: Resource, resources: Resources) -> ApiRoute:
    given = method.properties
    method_name = as_text(given.get("HttpMethod"))
    return ApiRoute(
        method=method_name.upper() if isinstance(method_name, str) else "ANY",
        path=_path(given.get("ResourceId"), resources) or "/",
        place=Place(method.logical_id, ("Properties",)),
        authorization=authorization(given.get("AuthorizationType")),
        authorizer=authorizer_name(given.get("AuthorizerId"), resources),
        scopes=as_texts(given.get("AuthorizationScopes")),
        api_key_required=as_flag(given.get("ApiKeyRequired")),
        backend=_backend(as_map(given.get("Integration")), resources),
    )


def _backend(given: Any, resources: Resources) -> Backend | None:
    if not given:
        return None
    uri = as_text(given.get("Uri"))
    return Backend(kind=as_text(given.get("Type")), uri=uri, function=function_of(uri, resources), given=given)


def _path(given: Any, resources: Resources, depth: int = 0) -> Text:
    """The path of a resource by those above it; nothing for the root of the API, which is an attribute of it."""
    resource = referred(given, resources)
    if resource is None or resource.type != _RESOURCE or depth > _MAX_DEPTH:
        is_root = isinstance(given, Unresolved) and given.text.endswith(".RootResourceId")
        return "" if is_root else Unresolved(str(as_text(given)), composed=True)
    above = _path(resource.properties.get("ParentId"), resources, depth + 1)
    return joined([above, "/", as_text(resource.properties.get("PathPart")) or ""])
