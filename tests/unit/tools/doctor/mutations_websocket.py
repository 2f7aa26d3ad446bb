"""Known mistakes of WebSocket APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.tools.doctor.mutation import Mutation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.tools.doctor.mutation import Template


def _set(resource: str, **properties: Any) -> Callable[[Template], object]:
    return lambda template: template["Resources"][resource]["Properties"].update(properties)


def _source(rest: str) -> dict[str, str]:
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:{rest}"}


def _behind_another_api(template: Template) -> None:
    """No authorizer at all, and a backend that an HTTP API guards."""
    resources, function = template["Resources"], {"Fn::GetAtt": ["News", "Arn"]}
    _open(template)
    del resources["Users"]
    _set("UsersPermission", SourceArn=_source("${Api}/$connect"))(template)
    _add(template, "Http", "ApiGatewayV2::Api", Name="news", ProtocolType="HTTP")
    _add(
        template,
        "HttpRoute",
        "ApiGatewayV2::Route",
        ApiId={"Ref": "Http"},
        RouteKey="GET /news",
        AuthorizationType="AWS_IAM",
        Target={"Fn::Sub": "integrations/${HttpIntegration}"},
    )
    integration = {"IntegrationType": "AWS_PROXY", "IntegrationUri": function, "PayloadFormatVersion": "2.0"}
    _add(template, "HttpIntegration", "ApiGatewayV2::Integration", ApiId={"Ref": "Http"}, **integration)
    given = {**resources["NewsPermission"]["Properties"], "SourceArn": _source("${Http}/*/GET/news")}
    _add(template, "HttpPermission", "Lambda::Permission", **given)


def _add(template: Template, name: str, kind: str, **properties: Any) -> None:
    template["Resources"][name] = {"Type": f"AWS::{kind}", "Properties": properties}


def _open(template: Template) -> None:
    given = template["Resources"]["Connect"]["Properties"]
    del given["AuthorizerId"]
    given["AuthorizationType"] = "NONE"


def _guard_default(template: Template) -> None:
    _set("Default", AuthorizationType="CUSTOM", AuthorizerId={"Ref": "Users"})(template)


def _mutation(name: str, code: str, edit: Callable[[Template], object]) -> Mutation:
    return Mutation(name=f"websocket: {name}", base="websocket.yaml", edit=edit, code=code)


MUTATIONS = [
    _mutation("an authorizer on $default too", "websocket_route_authorizer_not_on_connect", _guard_default),
    _mutation("$connect is open, and its backend is guarded elsewhere", "websocket_connect_open", _behind_another_api),
    _mutation(
        "the token in a header",
        "websocket_identity_header_only",
        _set("Users", IdentitySource=["route.request.header.Authorization"]),
    ),
    _mutation(
        "identity source as in REST APIs",
        "websocket_identity_source_words",
        _set("Users", IdentitySource=["method.request.querystring.access_token"]),
    ),
    _mutation(
        "identity source as in HTTP APIs",
        "websocket_identity_source_words",
        _set("Users", IdentitySource=["$request.querystring.access_token"]),
    ),
    _mutation(
        "a payload version",
        "websocket_payload_version_set",
        _set("Users", AuthorizerPayloadFormatVersion="1.0"),
    ),
    _mutation("a cache", "websocket_ttl_set", _set("Users", AuthorizerResultTtlInSeconds=300)),
    _mutation("simple responses", "websocket_simple_responses_set", _set("Users", EnableSimpleResponses=True)),
    _mutation("a slow function", "function_timeout_beyond_gateway", _set("NewsAuth", Timeout=60)),
]
