"""HTTP and WebSocket APIs of routes and integrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.surface import Api as Kind
from authorizer.tools.template import Authorization, AuthorizerKind, Issuer, Unresolved

if TYPE_CHECKING:
    from tests.unit.tools.template.conftest import Read

TEMPLATE = """
Parameters:
  Elsewhere: {Type: String}
Resources:
  Http: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  Function: {Type: AWS::Lambda::Function, Properties: {Handler: a.b}}
  Jwt: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Http, AuthorizerType: JWT,
      IdentitySource: [$request.header.Authorization], JwtConfiguration: {Issuer: "https://i/", Audience: [a,
      !Ref Client]}}}
  Simple: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Http, AuthorizerType: REQUEST,
      AuthorizerPayloadFormatVersion: "2.0", EnableSimpleResponses: true, IdentitySource: [$request.header.A,
      $context.routeKey],
      AuthorizerUri: !Sub "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Function.Arn}/invocations",
      AuthorizerCredentialsArn: role}}
  Policy: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Http, AuthorizerType: REQUEST,
      AuthorizerResultTtlInSeconds: "30"}}
  Client: {Type: AWS::Cognito::UserPoolClient}
  Integration: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Http, IntegrationType: AWS_PROXY,
      IntegrationUri: !GetAtt Function.Arn, PayloadFormatVersion: "2.0"}}
  Proxy: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Http, IntegrationType: HTTP_PROXY,
      IntegrationUri: https://example.com}}
  One: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Http, RouteKey: "GET /orders/{id}",
      AuthorizationType: JWT, AuthorizerId: !Ref Jwt, AuthorizationScopes: [s],
      Target: !Sub "integrations/${Integration}"}}
  Two: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Http, RouteKey: $default, AuthorizationType: CUSTOM,
      AuthorizerId: !Ref Simple, Target: !Join [/, [integrations, !Ref Proxy]]}}
  Three: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Http, RouteKey: !Ref Elsewhere,
      AuthorizationType: AWS_IAM}}
  Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Http, StageName: $default, StageVariables: {a: b}}}
  Socket: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
  Connecting: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Socket, AuthorizerType: REQUEST,
      IdentitySource: [route.request.querystring.t]}}
  Connect: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !GetAtt Socket.ApiId, RouteKey: $connect,
      AuthorizationType: CUSTOM, AuthorizerId: !Ref Connecting}}
  Send: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Socket, RouteKey: send a message}}
  Quick: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, RouteKey: "GET /quick",
      Target: !GetAtt Function.Arn}}
  Far: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Elsewhere, RouteKey: $connect}}
  Farther: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: other, RouteKey: GET /a}}
"""


def test_routes(read: Read) -> None:
    one, two, three = read(TEMPLATE).apis[0].routes
    assert (one.name, one.authorization, one.authorizer) == ("GET /orders/{id}", Authorization.JWT, "Jwt")
    assert one.scopes == ("s",)
    assert one.backend is not None
    assert (one.backend.kind, one.backend.function, one.backend.payload_version) == ("AWS_PROXY", "Function", "2.0")
    assert (two.method, two.path, two.name, two.authorizer) == ("ANY", "$default", "$default", "Simple")
    assert two.backend is not None
    assert (two.backend.uri, two.backend.function) == ("https://example.com", None)
    assert (three.path, three.authorization) == (Unresolved("Ref Elsewhere"), Authorization.AWS_IAM)


def test_authorizers(read: Read) -> None:
    jwt, simple, policy = read(TEMPLATE).apis[0].authorizers
    assert jwt.kind is AuthorizerKind.JWT
    assert jwt.issuers == (Issuer(issuer="https://i/", audience=("a", Unresolved("Ref Client"))),)
    assert (jwt.ttl, jwt.ttl_is_default) == (None, False)
    assert (simple.ttl, simple.ttl_is_default, simple.payload_version) == (0, True, "2.0")
    assert (simple.simple_responses, simple.function, simple.credentials) == (True, "Function", "role")
    assert simple.identity_sources == ("$request.header.A", "$context.routeKey")
    assert (policy.ttl, policy.simple_responses, policy.uri, policy.function) == (30, False, None, None)


def test_websocket(read: Read) -> None:
    socket = read(TEMPLATE).apis[1]
    assert socket.kind is Kind.WEBSOCKET
    assert [(route.method, route.path) for route in socket.routes] == [("ANY", "$connect"), ("ANY", "send a message")]
    assert socket.authorizers[0].identity_sources == ("route.request.querystring.t",)
    assert socket.authorizers[0].ttl is None


def test_quick_create(read: Read) -> None:
    quick = read(TEMPLATE).apis[2]
    assert [route.name for route in quick.routes] == ["GET /quick"]
    assert quick.routes[0].backend is not None
    assert quick.routes[0].backend.function == "Function"
    assert [stage.name for stage in quick.stages] == ["$default"]


def test_kind_of_an_api_from_elsewhere_is_told_by_its_routes(read: Read) -> None:
    far, farther = read(TEMPLATE).apis[3:]
    assert (far.logical_id, far.kind, far.external) == ("Ref Elsewhere", Kind.WEBSOCKET, True)
    assert (farther.logical_id, farther.kind, farther.external) == ("other", Kind.HTTP, True)


def test_stage_variables(read: Read) -> None:
    stage = read(TEMPLATE).apis[0].stages[0]
    assert (stage.name, stage.variables, str(stage.place)) == ("$default", {"a": "b"}, "Stage.Properties")


def test_authorizer_is_found_by_its_name(read: Read) -> None:
    api = read(TEMPLATE).apis[0]
    assert api.authorizer("Jwt") is api.authorizers[0]
    assert api.authorizer("Nobody") is None
    assert api.authorizer(None) is None
