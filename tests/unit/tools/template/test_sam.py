"""SAM templates: what SAM makes of them, and where they say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.surface import Api as Kind
from authorizer.tools.template import Authorization, AuthorizerKind, Document, Unresolved, read_template
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.tools.template.conftest import Read

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String}
  Ttl: {Type: Number, Default: 60}
  More: {Type: String, Default: "no"}
Conditions:
  WithMore: !Equals [!Ref More, "yes"]
Globals:
  Function: {Runtime: python3.13, Handler: a.b, CodeUri: src/, Timeout: 5}
  Api:
    Auth:
      DefaultAuthorizer: Token
      Authorizers:
        Token: {FunctionArn: !GetAtt Auth.Arn}
        Request:
          FunctionPayloadType: REQUEST
          FunctionArn: !Ref Auth.Alias
          Identity: {Headers: [A], QueryStrings: [q], ReauthorizeEvery: !Ref Ttl}
        Pool: {UserPoolArn: !GetAtt UserPool.Arn}
Resources:
  UserPool: {Type: AWS::Cognito::UserPool}
  Auth: {Type: AWS::Serverless::Function, Properties: {AutoPublishAlias: live}}
  Maybe:
    Type: AWS::Serverless::Function
    Condition: WithMore
    Properties:
      Policies: [AWSLambdaBasicExecutionRole]
      Events:
        More: {Type: Api, Properties: {Path: /more, Method: get}}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: orders/
      Events:
        Default: {Type: Api, Properties: {Path: /default, Method: get}}
        Any: {Type: Api, Properties: {Path: "/any/{proxy+}", Method: any, Auth: {Authorizer: Request}}}
        Key: {Type: Api, Properties: {Path: /pool, Method: post, Auth: {Authorizer: Pool, AuthorizationScopes: [s],
            ApiKeyRequired: true}}}
        Nobody: {Type: Api, Properties: {Path: /open, Method: get, Auth: {Authorizer: NONE}}}
        Http: {Type: HttpApi, Properties: {Path: /http, Method: put, ApiId: !Ref Http, Auth: {Authorizer: Jwt}}}
        Simple: {Type: HttpApi, Properties: {Path: /simple, Method: any, ApiId: !Ref Http, Auth: {Authorizer: Lambda}}}
        CatchAll: {Type: HttpApi}
  Http:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        Authorizers:
          Jwt: {IdentitySource: $request.header.Authorization, JwtConfiguration: {issuer: "https://i/", audience: [a]}}
          Lambda: {FunctionArn: !GetAtt Auth.Arn, AuthorizerPayloadFormatVersion: 2.0, EnableSimpleResponses: true,
              Identity: {Headers: [X]}}
  Named:
    Type: AWS::Serverless::Api
    Properties: {StageName: !Ref Stage, Variables: {a: b}, Auth: {ApiKeyRequired: true}}
  Application: {Type: AWS::Serverless::Application, Properties: {Location: {ApplicationId: arn,
      SemanticVersion: 1.0.0}}}
"""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    file = tmp_path_factory.mktemp("sam") / "template.yaml"
    file.write_text(TEMPLATE)
    return read_template(file, {"Stage": "v1"})


def test_apis(document: Document) -> None:
    assert [(api.kind, api.logical_id) for api in document.apis] == [
        (Kind.REST, "Named"),
        (Kind.REST, "ServerlessRestApi"),
        (Kind.HTTP, "Http"),
        (Kind.HTTP, "ServerlessHttpApi"),
    ]
    assert document.problems == ()


def test_routes_of_events(document: Document) -> None:
    routes = {route.name: route for route in document.apis[1].routes}
    asked = {name: (route.authorization, route.authorizer, route.scopes) for name, route in routes.items()}
    assert asked == {
        "GET /default": (Authorization.CUSTOM, "Token", ()),
        "ANY /any/{proxy+}": (Authorization.CUSTOM, "Request", ()),
        "POST /pool": (Authorization.COGNITO_USER_POOLS, "Pool", ("s",)),
        "GET /open": (Authorization.NONE, None, ()),
    }
    assert routes["POST /pool"].api_key_required is True
    assert routes["GET /default"].backend is not None
    assert routes["GET /default"].backend.function == "Orders"


def test_authorizers_of_globals(document: Document) -> None:
    authorizers = {one.name: one for one in document.apis[1].authorizers}
    assert (authorizers["Token"].kind, authorizers["Token"].ttl) == (AuthorizerKind.TOKEN, 300)
    assert (authorizers["Request"].kind, authorizers["Request"].ttl) == (AuthorizerKind.REQUEST, 60)
    assert authorizers["Request"].identity_sources == ("method.request.header.A", "method.request.querystring.q")
    assert {authorizers[name].function for name in ("Token", "Request")} == {"Auth"}
    assert authorizers["Pool"].user_pools == (Unresolved("GetAtt UserPool.Arn"),)


def test_http_api(document: Document) -> None:
    api, implicit = document.apis[2:]
    assert {route.name: route.authorization for route in api.routes} == {
        "PUT /http": Authorization.JWT,
        "ANY /simple": Authorization.CUSTOM,
    }
    simple = api.authorizer("Lambda")
    assert simple is not None
    assert (simple.payload_version, simple.simple_responses, simple.ttl) == ("2.0", True, 0)
    assert [route.name for route in implicit.routes] == ["$default"]


def test_places_are_those_of_the_template_itself(document: Document) -> None:
    _, rest, http, implicit = document.apis
    places = {route.name: str(route.place) for api in (rest, http, implicit) for route in api.routes}
    assert places["POST /pool"] == "Orders.Properties.Events.Key"
    assert places["ANY /simple"] == "Orders.Properties.Events.Simple"
    assert places["$default"] == "Orders.Properties.Events.CatchAll"
    assert str(http.authorizers[0].place) in (
        "Http.Properties.Auth.Authorizers.Jwt",
        "Http.Properties.Auth.Authorizers.Lambda",
    )
    assert str(rest.authorizers[0].place) == "Globals.Api.Auth.Authorizers.Token"
    assert document.line(rest.authorizers[0].place) == 14


def test_code_is_where_it_is_on_this_machine(document: Document) -> None:
    assert {one.logical_id: one.code for one in document.functions} == {"Auth": "src/", "Orders": "orders/"}
    assert {one.timeout for one in document.functions} == {5}


def test_condition_adds_a_function_and_its_route(read: Read) -> None:
    document = read(TEMPLATE, More="yes")
    assert "GET /more" in [route.name for api in document.apis for route in api.routes]
    assert document.function("Maybe") is not None
    assert document.apis[0].stages[0].name == Unresolved("Ref Stage")


def test_route_under_a_condition_that_is_not_known_is_kept(read: Read) -> None:
    document = read(TEMPLATE.replace('!Equals [!Ref More, "yes"]', '!Equals [!Ref Stage, "yes"]'))
    routes = {route.name: route for api in document.apis for route in api.routes}
    assert (routes["GET /more"].authorization, routes["GET /more"].authorizer) == (Authorization.CUSTOM, "Token")
    assert str(routes["GET /more"].place) == "Maybe.Properties.Events.More"
    assert routes["GET /more"].backend is not None
    assert routes["GET /more"].backend.function == "Maybe"
    assert document.problems == ()


OPENAPI = "openapi: 3.0.1\npaths: {/file: {get: {}}}\n"
INCLUDE = "DefinitionBody: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: api.yaml}}}"


@pytest.mark.parametrize(
    ("properties", "place"),
    [
        ("DefinitionUri: api.yaml", "Api.Properties.DefinitionUri.paths./file.get"),
        (INCLUDE, "Api.Properties.DefinitionBody.paths./file.get"),
    ],
)
def test_document_in_a_file_is_read(properties: str, place: str, read: Read, tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(OPENAPI)
    api = f"Resources:\n  Api: {{Type: AWS::Serverless::Api, Properties: {{StageName: p, {properties}}}}}"
    document = read("Transform: AWS::Serverless-2016-10-31\n" + api)
    assert [(route.name, str(route.place)) for route in document.apis[0].routes] == [("GET /file", place)]
    assert document.problems == ()


@pytest.mark.parametrize(("name", "code"), [("none.yaml", "body_unreadable"), ("s3://a/b", "body_elsewhere")])
def test_document_that_is_not_there_is_a_problem(name: str, code: str, read: Read) -> None:
    api = f"Resources:\n  Api: {{Type: AWS::Serverless::HttpApi, Properties: {{DefinitionUri: {name}}}}}"
    assert [one.code for one in read("Transform: AWS::Serverless-2016-10-31\n" + api).problems] == [code]


def test_file_that_includes_itself_ends(read: Read, tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(f"a: {{{INCLUDE.partition(': {')[2]}")
    assert read(f"Resources: {{Api: {{Type: AWS::ApiGateway::RestApi, Properties: {{{INCLUDE}}}}}}}").apis


def test_raw_api_with_a_local_body(read: Read, tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(OPENAPI)
    document = read("Resources: {Api: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: api.yaml}}}")
    assert [route.name for route in document.apis[0].routes] == ["GET /file"]


def test_websocket_of_sam(read: Read) -> None:
    document = read("""
Transform: AWS::Serverless-2016-10-31
Resources:
  Function: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: a.b, InlineCode: pass}}
  Socket:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      StageName: v1
      RouteSelectionExpression: $request.body.action
      Auth: {AuthType: CUSTOM, AuthArn: !GetAtt Function.Arn, IdentitySource: [route.request.header.Authorization]}
      Routes: {$connect: {FunctionArn: !GetAtt Function.Arn}, send: {FunctionArn: !GetAtt Function.Arn}}
""")
    (socket,) = document.apis
    assert {route.name: route.authorization for route in socket.routes} == {
        "$connect": Authorization.CUSTOM,
        "send": Authorization.NONE,
    }
    assert socket.authorizers[0].function == "Function"


def test_loops_are_written_out(read: Read) -> None:
    document = read("""
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Resources:
  Fn::ForEach::Functions:
    - Name
    - [A, B]
    - Function${Name}:
        Type: AWS::Serverless::Function
        Properties: {Runtime: python3.13, Handler: !Sub "${Name}.h", CodeUri: x}
""")
    assert {one.logical_id: one.handler for one in document.functions} == {"FunctionA": "A.h", "FunctionB": "B.h"}


def test_unknown_transform_is_a_problem(read: Read) -> None:
    document = read("Transform: [Macro]\nResources: {A: {Type: AWS::SNS::Topic}}")
    assert [(one.code, str(one.place)) for one in document.problems] == [("transform_unknown", "Transform")]


@pytest.mark.parametrize(
    "resources",
    [
        "{A: {Type: AWS::Serverless::Api}}",
        "{A: {Type: AWS::Serverless::Function, Properties: {Handler: []}}}",
        "{A: {Type: AWS::Serverless::Function, Properties: 5}}",
        "{A: 5}",
    ],
)
def test_template_that_sam_refuses_is_told(resources: str, read: Read) -> None:
    with pytest.raises(CommandError):
        read(f"Transform: AWS::Serverless-2016-10-31\nResources: {resources}")


def test_refusal_names_parameters_without_a_value(read: Read) -> None:
    properties = "{Runtime: python3.13, Handler: a.b, AutoPublishAlias: live, AutoPublishCodeSha256: !Ref Digest}"
    function = f"Resources: {{A: {{Type: AWS::Serverless::Function, Properties: {properties}}}}}"
    template = "Transform: AWS::Serverless-2016-10-31\nParameters: {Digest: {Type: String}}\n" + function
    with pytest.raises(CommandError) as caught:
        read(template)
    assert "Digest" in caught.value.hint
    assert read(template, Digest="a").functions


def test_nothing_is_written_on_the_way(read: Read, capfd: pytest.CaptureFixture[str]) -> None:
    read(TEMPLATE.replace("Transform: AWS", "Transform: [AWS::LanguageExtensions, AWS").replace("-10-31", "-10-31]"))
    assert capfd.readouterr() == ("", "")
