"""What a stage really serves: the API as it was when it was deployed, which AWS exports as an OpenAPI document.

What was changed since is not served. Source: API Gateway Developer Guide, "Export a REST API", "Exporting HTTP APIs".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.deployed.calls import HTTP_EXPORT, REST_EXPORT, Call
from authorizer.tools.doctor.deployed.http_reader import add_route, target
from authorizer.tools.doctor.deployed.reading import worded
from authorizer.tools.doctor.deployed.rest_reader import (
    add_method,
    add_response,
    method_id,
    referring,
    responses_of,
    root_of,
)
from authorizer.tools.template import Place
from authorizer.tools.template.model import ApiAuthorizer, ApiRoute, Authorization, Backend
from authorizer.tools.template.openapi import OpenApi
from authorizer.tools.template.openapi_security import AUTHORIZER, written_schemes
from authorizer.tools.template.shape import as_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.doctor.deployed.access import Access
    from authorizer.tools.doctor.deployed.reading import Reading

_RESPONSES: Final = "x-amazon-apigateway-gateway-responses"
_POLICY: Final = "x-amazon-apigateway-policy"


def exported(access: Access, api: str, kind: Kind, stage: str) -> Mapping[str, Any] | None:
    """The document of a stage; None where it could not be seen."""
    subject = f"{api}/{stage}"
    if kind is Kind.REST:
        what = {"restApiId": api, "stageName": stage, "exportType": "oas30", "accepts": "application/json"}
        return _read(access, REST_EXPORT, subject, what | {"parameters": {"extensions": "apigateway"}})
    what = {"ApiId": api, "StageName": stage, "Specification": "OAS30", "OutputType": "JSON"}
    return _read(access, HTTP_EXPORT, subject, what)


def _read(access: Access, call: Call, subject: str, parameters: Mapping[str, Any]) -> Mapping[str, Any] | None:
    answer = access.asked(call, subject, **parameters)
    if answer.value is None:
        if answer.gone:
            access.note(call, subject, "there is no such export")
        return None
    try:
        document = json.loads(answer.value.get("body") or b"")
    except ValueError:
        document = None
    if isinstance(document, dict) and isinstance(document.get("paths"), dict):
        return document
    access.note(call, subject, "the export is no OpenAPI document")
    return None


def put_over(reading: Reading, api: str, kind: Kind, body: Mapping[str, Any]) -> None:
    """Replaces what is set up by what is deployed."""
    imported = OpenApi(body=body, kind=kind, place=Place(api), resources={}).imported()
    ids = {one.name: _put_authorizer(reading, api, one, body) for one in imported.authorizers}
    served = {method_id(api, one.name): one for one in imported.routes}
    prefix = method_id(api, "")
    for name in [one for one in reading.resources if one.startswith(prefix)]:
        if name not in served and reading.resources[name].type.endswith(("::Method", "::Route")):
            del reading.resources[name]
    for name, route in served.items():
        _put_route(reading, api, name, route, ids)
    if kind is Kind.REST:
        _put_settings(reading, api, body)


def _put_settings(reading: Reading, api: str, body: Mapping[str, Any]) -> None:
    if _RESPONSES in body:
        for name in [one.logical_id for one in responses_of(reading.resources, api)]:
            del reading.resources[name]
    for name, response in as_map(body.get(_RESPONSES)).items():
        add_response(reading, api, name, worded(response))
    if _POLICY in body:
        own = reading.resources[api]
        reading.add(own.type, api, {**own.properties, "Policy": body[_POLICY]})


def _put_authorizer(reading: Reading, api: str, one: ApiAuthorizer, body: Mapping[str, Any]) -> str:
    """The id of the authorizer; its name where it was deleted since."""
    rest = reading.resources[api].type == "AWS::ApiGateway::RestApi"
    kind = "AWS::ApiGateway::Authorizer" if rest else "AWS::ApiGatewayV2::Authorizer"
    owner = {"RestApiId": api} if rest else {"ApiId": api}
    now = next((it for it in reading.resources.values() if _is(it, kind, owner, one.name)), None)
    given = worded(as_map(written_schemes(body)[one.name][AUTHORIZER]), "type")
    before = {} if now is None else now.properties
    sources = list(map(str, one.identity_sources)) or before.get("IdentitySource")
    said = {"IdentitySource": sources, "Name": one.name, "Type" if rest else "AuthorizerType": one.kind.value}
    return reading.add(kind, now.logical_id if now else one.name, {**before, **given, **said, **owner}).logical_id


def _is(resource: Any, kind: str, owner: Mapping[str, str], name: str) -> bool:
    properties = resource.properties
    return bool(resource.type == kind and owner.items() <= properties.items() and properties.get("Name") == name)


def _put_route(reading: Reading, api: str, name: str, route: ApiRoute, ids: Mapping[str, str]) -> None:
    if not isinstance(route.authorization, Authorization):
        return  # a scheme that cannot be read: what is set up stays
    now = reading.resources.get(name)
    before = {} if now is None else now.properties
    said: dict[str, Any] = {
        "AuthorizationType": route.authorization.value,
        "AuthorizerId": ids.get(str(route.authorizer)) if route.authorizer is not None else None,
        "AuthorizationScopes": list(map(str, route.scopes)),
        "ApiKeyRequired": route.api_key_required,
    }
    if reading.resources[api].type == "AWS::ApiGateway::RestApi":
        where = before.get("ResourceId") or _place(reading, api, str(route.path))
        integration = {**before.get("Integration", {}), **_integration(route.backend)}
        said |= {"HttpMethod": route.method, "ResourceId": where, "Integration": integration}
        add_method(reading, api, route.name, {**before, **said})
    else:
        said |= {"RouteKey": route.name, "Target": _target(reading, api, route.backend, before.get("Target"))}
        add_route(reading, api, {**before, **said})


def _place(reading: Reading, api: str, path: str) -> Any:
    """A resource for the path of a method that was deleted since."""
    if path == "/":
        return root_of(api)
    name = f"deployed{len(reading.resources)}"
    place = {"RestApiId": api, "ParentId": root_of(api), "PathPart": path.removeprefix("/")}
    return referring(reading.add("AWS::ApiGateway::Resource", name, place).logical_id)


def _integration(backend: Backend | None) -> dict[str, Any]:
    if backend is None:
        return {}
    given = worded(backend.given, "httpMethod", "responses", "type")
    verb = {"IntegrationHttpMethod": backend.given["httpMethod"]} if "httpMethod" in backend.given else {}
    return {**given, **verb, "Type": backend.kind}


def _target(reading: Reading, api: str, backend: Backend | None, now: Any) -> Any:
    """The integration that a route had, which is the one that it has unless that leads elsewhere."""
    if backend is None:
        return now
    known = reading.resources.get(next(iter(getattr(now, "resources", ())), ""))
    if known is not None and known.properties.get("IntegrationUri") == backend.uri:
        return now
    own = {"ApiId": api, "IntegrationType": backend.kind, "IntegrationUri": backend.uri}
    own["PayloadFormatVersion"] = backend.payload_version
    name = f"deployed{len(reading.resources)}"
    return target(reading.add("AWS::ApiGatewayV2::Integration", name, own).logical_id)
