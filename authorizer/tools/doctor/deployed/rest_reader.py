"""A REST API as AWS tells it → resources of AWS::ApiGateway."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.doctor.deployed.calls import (
    REST_API,
    REST_AUTHORIZERS,
    REST_RESOURCES,
    REST_RESPONSES,
    REST_STAGES,
)
from authorizer.tools.doctor.deployed.reading import worded
from authorizer.tools.template.unresolved import Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.doctor.deployed.reading import Reading
    from authorizer.tools.template import Resource

PAGES: Final = {"PageSize": 500}  # of one answer, the most there can be
_TYPE: Final = "AWS::ApiGateway::"


def read_rest_api(reading: Reading, api: str) -> bool:
    """Whether there is such an API; all that it consists of is taken down."""
    answer = reading.access.asked(REST_API, api, restApiId=api)
    reading.access.expect_way(REST_API.service)
    if answer.gone:
        return False
    given = answer.value or {}
    properties = worded(given, "id", "createdDate", "policy", "apiKeySource", "rootResourceId", "ResponseMetadata")
    policy = _policy(given.get("policy"))
    reading.add(f"{_TYPE}RestApi", api, properties | {"Policy": policy, "ApiKeySourceType": given.get("apiKeySource")})
    _authorizers(reading, api)
    _resources(reading, api)
    _responses(reading, api)
    _stages(reading, api)
    return True


def _policy(text: str | None) -> Any:
    """The resource policy. AWS gives it as a JSON text whose quotes are escaped once more."""
    for candidate in (text, f'"{text}"'):
        with suppress(ValueError, TypeError):
            found = json.loads(candidate or "")
            return json.loads(found) if isinstance(found, str) else found
    return None


def _authorizers(reading: Reading, api: str) -> None:
    for one in reading.access.listed(REST_AUTHORIZERS, api, restApiId=api, PaginationConfig=PAGES).value or []:
        reading.add(f"{_TYPE}Authorizer", one["id"], worded(one, "id") | {"RestApiId": api})
        reading.learn_account(
            str(one.get("authorizerUri", "")).partition("/functions/")[2].removesuffix("/invocations")
        )


def _resources(reading: Reading, api: str) -> None:
    pages = reading.access.listed(REST_RESOURCES, api, restApiId=api, PaginationConfig=PAGES, embed=["methods"])
    for one in pages.value or []:
        above = one.get("parentId")
        if above is not None:
            place = {"RestApiId": api, "ParentId": _parent(api, above, pages.value), "PathPart": one["pathPart"]}
            reading.add(f"{_TYPE}Resource", one["id"], place)
        where = referring(one["id"]) if above is not None else root_of(api)
        for name, method in one.get("resourceMethods", {}).items():
            add_method(reading, api, f"{name} {one['path']}", _method(name, method) | {"ResourceId": where})


def root_of(api: str) -> Unresolved:
    """The id of the resource `/` of an API, as a template spells it."""
    return Unresolved(f"GetAtt {api}.RootResourceId")


def referring(logical_id: str) -> Unresolved:
    """A reference to a resource, as a template spells it: readers follow these, and no text."""
    return Unresolved(f"Ref {logical_id}", frozenset({logical_id}))


def add_method(reading: Reading, api: str, name: str, properties: Mapping[str, Any]) -> None:
    """Takes a method down: `GET /orders`."""
    reading.add(f"{_TYPE}Method", method_id(api, name), {**properties, "RestApiId": api})


def method_id(api: str, name: str) -> str:
    """The name of a method or route among all resources."""
    return f"{api} {name}"


def _parent(api: str, above: str, resources: list[Mapping[str, Any]]) -> Unresolved:
    root = next((one["id"] for one in resources if one.get("path") == "/"), None)
    return root_of(api) if above == root else referring(above)


def _method(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    integration = given.get("methodIntegration")
    properties = worded(given, "methodIntegration", "methodResponses", "httpMethod")
    responses = [worded(one) for one in given.get("methodResponses", {}).values()]
    if integration is not None:
        properties["Integration"] = _integration(integration)
    return properties | {"HttpMethod": name, "MethodResponses": responses}


def _integration(given: Mapping[str, Any]) -> dict[str, Any]:
    responses = [worded(one) for one in given.get("integrationResponses", {}).values()]
    properties = worded(given, "httpMethod", "integrationResponses") | {"IntegrationResponses": responses}
    return properties | ({"IntegrationHttpMethod": given["httpMethod"]} if "httpMethod" in given else {})


def _responses(reading: Reading, api: str) -> None:
    for one in reading.access.listed(REST_RESPONSES, api, restApiId=api, PaginationConfig=PAGES).value or []:
        if not one.get("defaultResponse"):  # AWS lists what nobody changed too
            add_response(reading, api, one["responseType"], worded(one, "defaultResponse"))


def add_response(reading: Reading, api: str, kind: str, properties: Mapping[str, Any]) -> None:
    """Takes a gateway response down: `UNAUTHORIZED`."""
    said = {**properties, "ResponseType": kind, "RestApiId": api}
    reading.add(f"{_TYPE}GatewayResponse", f"{api} {kind}", said)


def responses_of(resources: Mapping[str, Resource], api: str) -> Iterator[Resource]:
    """The gateway responses of an API that somebody changed."""
    of_it = (one for one in resources.values() if one.properties.get("RestApiId") == api)
    return (one for one in of_it if one.type == f"{_TYPE}GatewayResponse")


def _stages(reading: Reading, api: str) -> None:
    answer = reading.access.asked(REST_STAGES, api, restApiId=api)
    for one in (answer.value or {}).get("item", []):
        settings = [_setting(key, value) for key, value in one.get("methodSettings", {}).items()]
        logs = one.get("accessLogSettings")
        properties = worded(one, "methodSettings", "accessLogSettings", "createdDate", "lastUpdatedDate", "tags")
        properties |= {"RestApiId": api, "MethodSettings": settings, "AccessLogSetting": logs and worded(logs)}
        stage = reading.add(f"{_TYPE}Stage", f"{api}/{one['stageName']}", properties, one["stageName"])
        reading.mark(stage, Updated=one.get("lastUpdatedDate"))


def _setting(key: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of `*/*` or `~1orders/GET`, which CloudFormation spells `/*` with `*`, and `/orders` with `GET`."""
    path, _, method = key.rpartition("/")
    path = "/*" if path == "*" else path.replace("~1", "/").replace("~0", "~")
    return worded(value) | {"ResourcePath": path, "HttpMethod": method}
