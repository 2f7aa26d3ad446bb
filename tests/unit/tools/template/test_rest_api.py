"""REST APIs of resources and methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.surface import Api as Kind
from authorizer.tools.template import Authorization, AuthorizerKind, Unresolved

if TYPE_CHECKING:
    from tests.unit.tools.template.conftest import Read

TEMPLATE = """
Parameters:
  Ttl: {Type: Number, Default: 60}
  Elsewhere: {Type: String}
  Root: {Type: String}
Conditions:
  Never: !Equals [a, b]
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: n}}
  Orders: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId,
      PathPart: orders}}
  Order: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref Orders, PathPart: "{id}"}}
  Loop: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref Loop, PathPart: a}}
  Function: {Type: AWS::Lambda::Function, Properties: {Handler: a.b, FunctionName: called}}
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Function}}
  Alias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !GetAtt Function.Arn,
      FunctionVersion: !GetAtt Version.Version, Name: live}}
  Token:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Name: label
      Type: TOKEN
      IdentitySource: method.request.header.X
      IdentityValidationExpression: "^x$"
      AuthorizerCredentials: arn:aws:iam::123456789012:role/r
      AuthorizerUri: !Sub "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Alias}/invocations"
  Request:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Type: REQUEST
      IdentitySource: "method.request.header.A, method.request.querystring.b,context.path"
      AuthorizerResultTtlInSeconds: !Ref Ttl
      AuthorizerUri:
        arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:1:function:called:live/invocations
  Gone: {Type: AWS::ApiGateway::Authorizer, Condition: Never, Properties: {RestApiId: !Ref Api, Type: TOKEN}}
  Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref Order, HttpMethod: get,
      AuthorizationType: CUSTOM, AuthorizerId: !Ref Token, ApiKeyRequired: true, Integration: {Type: AWS_PROXY,
      Uri: !Sub "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"}}}
  Any: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId,
      HttpMethod: ANY, AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: !GetAtt Request.AuthorizerId,
      AuthorizationScopes: [a, b]}}
  Put: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref Loop, HttpMethod: PUT}}
  Deployment: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api, StageName: early}}
  Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: v1, Variables: {a: 1}}}
  Far: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Elsewhere, ResourceId: !Ref FarAway,
      HttpMethod: GET, AuthorizationType: CUSTOM, AuthorizerId: !ImportValue Shared}}
  FarAway: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Elsewhere, ParentId: !Ref Root,
      PathPart: far}}
  Mapping: {Type: AWS::ApiGateway::BasePathMapping, Properties: {RestApiId: !ImportValue Other}}
"""


def test_routes(read: Read) -> None:
    get, any_method, put = read(TEMPLATE).apis[0].routes
    assert (get.name, get.authorization, get.authorizer) == ("GET /orders/{id}", Authorization.CUSTOM, "Token")
    assert (get.api_key_required, get.scopes) == (True, ())
    assert get.backend is not None
    assert (get.backend.kind, get.backend.function) == ("AWS_PROXY", "Function")
    assert (any_method.name, any_method.authorization) == ("ANY /", Authorization.COGNITO_USER_POOLS)
    assert (any_method.authorizer, any_method.scopes) == ("Request", ("a", "b"))
    assert (put.authorization, put.authorizer, put.backend) == (Authorization.NONE, None, None)


def test_authorizers(read: Read) -> None:
    token, request = read(TEMPLATE).apis[0].authorizers
    assert (token.name, token.label, token.kind) == ("Token", "label", AuthorizerKind.TOKEN)
    assert (token.ttl, token.ttl_is_default, token.validation_expression) == (300, True, "^x$")
    assert (token.function, token.credentials) == ("Function", "arn:aws:iam::123456789012:role/r")
    assert (request.ttl, request.ttl_is_default, request.function) == (60, False, "Function")
    assert request.identity_sources == ("method.request.header.A", "method.request.querystring.b", "context.path")


def test_stages(read: Read) -> None:
    stages = read(TEMPLATE).apis[0].stages
    assert [(stage.name, stage.variables) for stage in stages] == [("v1", {"a": "1"}), ("early", {})]


def test_api_from_elsewhere(read: Read) -> None:
    _, far = read(TEMPLATE).apis
    assert (far.kind, far.external, far.logical_id) == (Kind.REST, True, "Ref Elsewhere")
    assert far.routes[0].path == Unresolved("${Ref Root}/far")
    assert far.routes[0].authorizer == Unresolved("ImportValue Shared")


def test_value_that_is_not_known(read: Read) -> None:
    template = TEMPLATE.replace("Default: 60", "Default: !Ref No").replace("IdentitySource: method", "Unused: method")
    token, request = read(template).apis[0].authorizers
    assert request.ttl == Unresolved("Ref Ttl")
    assert token.identity_sources == ()


@pytest.mark.parametrize("given", ["3600", "0"])
def test_parameter_can_be_given(given: str, read: Read) -> None:
    assert read(TEMPLATE, Ttl=given).apis[0].authorizers[1].ttl == int(given)


def test_body_beside_methods(read: Read) -> None:
    body = "{swagger: '2.0', paths: {/body: {get: {}}}}"
    api = read(TEMPLATE.replace("Properties: {Name: n}", f"Properties: {{Body: {body}}}")).apis[0]
    assert [route.name for route in api.routes][:2] == ["GET /body", "GET /orders/{id}"]
    assert str(api.routes[0].place) == "Api.Properties.Body.paths./body.get"


@pytest.mark.parametrize("body", ["!ImportValue Body", "text", "{'Fn::Transform': {Name: Macro}}"])
def test_body_that_cannot_be_read(body: str, read: Read) -> None:
    document = read(TEMPLATE.replace("Properties: {Name: n}", f"Properties: {{Body: {body}}}"))
    assert [problem.code for problem in document.problems] == ["body_unreadable"]
    assert len(document.apis[0].routes) == 3


@pytest.mark.parametrize("kind", ["!Ref Elsewhere", "!If [Unknown, TOKEN, REQUEST]"])
def test_authorizer_of_an_unknown_kind_is_a_problem(kind: str, read: Read) -> None:
    document = read(TEMPLATE.replace("Type: TOKEN\n", f"Type: {kind}\n"))
    assert [(one.code, str(one.place)) for one in document.problems] == [
        ("authorizer_kind_unknown", "Token.Properties")
    ]


def test_method_that_is_not_known_may_be_any(read: Read) -> None:
    route = read(TEMPLATE.replace("HttpMethod: get", "HttpMethod: !Ref Elsewhere")).apis[0].routes[0]
    assert route.name == "ANY /orders/{id}"


def test_ids_may_be_written_as_texts(read: Read) -> None:
    text = TEMPLATE.replace("RestApiId: !Ref Api", 'RestApiId: !Sub "${Api}"')
    document = read(text.replace("AuthorizerId: !Ref Token", 'AuthorizerId: !Join ["", [!Ref Token]]'))
    assert document.apis[0].routes[0].authorizer == "Token"
    assert (len(document.apis), document.problems) == (2, ())


def test_ttl_that_cannot_be_read_is_no_default(read: Read) -> None:
    request = read(TEMPLATE, Ttl="-1").apis[0].authorizers[1]
    assert (request.ttl, request.ttl_is_default) == (Unresolved("-1"), False)


@pytest.mark.parametrize("kind", ["Method", "Authorizer"])
@pytest.mark.parametrize("api", ["!If [Unknown, !Ref Api, !Ref Second]", "!If [Unknown, !Ref Api, !Ref Elsewhere]"])
def test_api_that_is_not_known_is_a_problem(kind: str, api: str, read: Read) -> None:
    text = TEMPLATE.replace("Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api", "Type: T, P: {x: 1")
    more = f"  Lost: {{Type: AWS::ApiGateway::{kind}, Properties: {{RestApiId: {api}, Type: TOKEN}}}}\n"
    document = read(f"{text}{more}  Second: {{Type: AWS::ApiGateway::RestApi}}\n")
    assert [(one.code, str(one.place)) for one in document.problems] == [
        ("api_unresolved", "Lost.Properties.RestApiId")
    ]


def test_authorizer_of_no_kind_is_a_problem(read: Read) -> None:
    document = read(TEMPLATE.replace("Type: TOKEN", "Type: TOKENS"))
    assert [(one.code, str(one.place)) for one in document.problems] == [("authorizer_kind", "Token.Properties")]
    assert document.apis[0].routes[0].authorizer == "Token"
