"""Small templates of one API and one authorizer, and what a token meets there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from authorizer.testing import cognito_access_claims, cognito_id_claims, cognito_issuer, key_set, mint
from authorizer.testing.cognito import CLIENT_ID, USER_POOL_ID
from authorizer.testing.mint import AUDIENCE, ISSUER
from authorizer.tools.explain_template.engine import verdicts
from authorizer.tools.explain_template.fetched_keys import NoKeys
from authorizer.tools.explain_template.scene import Asked, Scene
from authorizer.tools.gateway.issuers import Unreachable
from authorizer.tools.gateway.names import Names
from authorizer.tools.template import read_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from authorizer.testing import SigningKey
    from authorizer.tools.explain_template.verdict import RouteVerdict

    Resources = dict[str, dict[str, Any]]

NOW: Final = 1_800_000_000.0
POOL_ARN: Final = f"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{USER_POOL_ID}"
HEADER: Final = "method.request.header.Authorization"
HTTP_HEADER: Final = "$request.header.Authorization"
READ: Final = "orders/read"
_START: Final = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"


class Published:
    """All issuers, with the same keys; counts who was asked."""

    def __init__(self, *keys: SigningKey) -> None:
        self.keys = keys
        self.asked: list[str] = []

    def key_set(self, issuer: str) -> Mapping[str, Any]:
        self.asked.append(issuer)
        if not self.keys:
            raise Unreachable("keys: nobody is there")
        return key_set(*self.keys)


def met(
    folder: Path,
    resources: Resources,
    token: str,
    issuers: Published | None = None,
    *,
    parameters: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
    **sections: Any,
) -> list[RouteVerdict]:
    """The verdicts; without issuers, nobody is asked for keys."""
    file = write(folder, resources, **sections)
    document = read_template(file, parameters or {})
    asked = Asked(token=token, now=NOW, issuers=issuers or NoKeys(), offline=issuers is None)
    return list(verdicts(Scene(document=document, names=Names(document, given or {}), asked=asked)))


def write(folder: Path, resources: Resources, **sections: Any) -> Path:
    """The file of a template."""
    file = folder / "template.yaml"
    file.write_text(json.dumps({"Resources": resources, **sections}), "utf-8")
    return file


def access(key: SigningKey, **claims: Any) -> str:
    """An access token of the pool."""
    return mint(key, cognito_access_claims(now=NOW) | claims, header={"typ": ...})


def identity(key: SigningKey, **claims: Any) -> str:
    """An ID token of the pool."""
    return mint(key, cognito_id_claims(now=NOW) | claims, header={"typ": ...})


def oidc(key: SigningKey, **claims: Any) -> str:
    """A token of an OpenID provider; `...` drops a claim."""
    return mint(key, now=NOW, **claims)


def rest(authorizer: Mapping[str, Any], kind: str = "CUSTOM", **method: Any) -> Resources:
    """A REST API with `GET /orders`, guarded by the authorizer `Auth`."""
    given = {"AuthorizationType": kind, "AuthorizerId": {"Ref": "Auth"}, **method}
    place = {"RestApiId": {"Ref": "Api"}, "ParentId": {"Fn::GetAtt": "Api.RootResourceId"}, "PathPart": "orders"}
    return {
        "Api": _of("ApiGateway::RestApi", Name="api"),
        "Orders": {"Type": "AWS::ApiGateway::Resource", "Properties": place},
        "Method": _of(
            "ApiGateway::Method",
            RestApiId={"Ref": "Api"},
            ResourceId={"Ref": "Orders"},
            **{"HttpMethod": "GET", "Integration": {"Type": "MOCK"}, **given},
        ),
        "Stage": _of("ApiGateway::Stage", RestApiId={"Ref": "Api"}, StageName="prod"),
        "Auth": _of("ApiGateway::Authorizer", **{"RestApiId": {"Ref": "Api"}, "IdentitySource": HEADER, **authorizer}),
    }


def cognito(pools: Any = (POOL_ARN,), scopes: tuple[str, ...] = (), **authorizer: Any) -> Resources:
    """A REST API with an authorizer for user pools."""
    given = {"Name": "auth", "Type": "COGNITO_USER_POOLS", "ProviderARNs": list(pools), **authorizer}
    return rest(given, "COGNITO_USER_POOLS", AuthorizationScopes=list(scopes))


def rest_jwt(scopes: tuple[str, ...] = (), **issuer: Any) -> Resources:
    """A REST API with a JWT authorizer for RS256."""
    one = {"Issuer": ISSUER, "Audiences": [AUDIENCE], **issuer}
    given = {"Name": "auth", "Type": "JWT", "JwtConfiguration": {"Issuers": [one], "DefaultAlgorithms": ["RS256"]}}
    return rest(given, "JWT", AuthorizationScopes=list(scopes))


def http(authorizer: Mapping[str, Any], kind: str = "CUSTOM", key: str = "GET /orders", **route: Any) -> Resources:
    """An HTTP API with one route, guarded by the authorizer `Auth`."""
    api = {"ApiId": {"Ref": "Api"}}
    guard = {"AuthorizationType": kind, "AuthorizerId": {"Ref": "Auth"}}
    return {
        "Api": _of("ApiGatewayV2::Api", Name="api", ProtocolType="HTTP"),
        "Route": _of("ApiGatewayV2::Route", **{**api, "RouteKey": key, **guard, **route}),
        "Auth": _of(
            "ApiGatewayV2::Authorizer", **{**api, "Name": "auth", "IdentitySource": [HTTP_HEADER], **authorizer}
        ),
    }


def http_jwt(
    issuer: Any = ISSUER, audience: tuple[Any, ...] = (AUDIENCE,), scopes: tuple[str, ...] = (), **authorizer: Any
) -> Resources:
    """An HTTP API with a JWT authorizer."""
    configuration = {"Issuer": issuer, "Audience": list(audience)}
    given = {"AuthorizerType": "JWT", "JwtConfiguration": configuration, **authorizer}
    return http(given, "JWT", AuthorizationScopes=list(scopes))


def our_http(settings: Any, key: str = "GET /orders", **authorizer: Any) -> Resources:
    """An HTTP API with our function that says yes or no."""
    usual = {"AuthorizerType": "REQUEST", "AuthorizerPayloadFormatVersion": "2.0", "EnableSimpleResponses": True}
    given = {**usual, "AuthorizerUri": uri("Function"), **authorizer}
    return http(given, key=key) | function("http", settings)


def our_rest(settings: Any, kind: str = "TOKEN", **authorizer: Any) -> Resources:
    """A REST API with our function."""
    given = {"Name": "auth", "Type": kind, "AuthorizerUri": uri("Function"), "AuthorizerResultTtlInSeconds": 0}
    return rest(given | authorizer) | function("rest", settings)


def our_websocket(settings: Any) -> Resources:
    """A WebSocket API with our function at `$connect`, and one more route."""
    api = {"ApiId": {"Ref": "Api"}}
    source = ["route.request.querystring.access_token"]
    return {
        "Api": _of("ApiGatewayV2::Api", Name="api", ProtocolType="WEBSOCKET"),
        "Connect": _of(
            "ApiGatewayV2::Route",
            **api,
            RouteKey="$connect",
            AuthorizationType="CUSTOM",
            AuthorizerId={"Ref": "Auth"},
        ),
        "Send": _of("ApiGatewayV2::Route", **api, RouteKey="send"),
        "Auth": _of(
            "ApiGatewayV2::Authorizer",
            **api,
            Name="auth",
            AuthorizerType="REQUEST",
            IdentitySource=source,
            AuthorizerUri=uri("Function"),
        ),
        **function("websocket", settings),
    }


def function(entry_point: str, settings: Any, **properties: Any) -> Resources:
    """A function of ours with these settings, and its permission."""
    return {
        "Function": _of(
            "Lambda::Function",
            **{
                "Handler": f"authorizer.handler.{entry_point}",
                "Runtime": "python3.13",
                "Role": "role",
                "Code": {"S3Bucket": "b", "S3Key": "k"},
                "Environment": {"Variables": {"AUTHORIZER_CONFIG": settings}},
                **properties,
            },
        ),
        "Permission": _of(
            "Lambda::Permission",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            FunctionName={"Ref": "Function"},
        ),
    }


def settings_of(key: SigningKey | None, rules: str = f'[require]\nscopes = ["{READ}"]\n', **more: Any) -> str:
    """Settings that trust the pool; without a key, theirs would have to be fetched."""
    keys = "" if key is None else f"jwks = '{json.dumps(key_set(key))}'\n"
    pool = {"user_pool_id": USER_POOL_ID, "client_ids": [CLIENT_ID], "token_use": ["access"], **more}
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in pool.items())
    return f'{rules}[[issuer]]\nkind = "cognito"\n{lines}{keys}'


def uri(name: str) -> dict[str, str]:
    """The URI of a function."""
    return {"Fn::Sub": _START + "${" + name + ".Arn}/invocations"}


def pool_issuer(form: str = "") -> str:
    """The pool's issuer; `form` is put before its host."""
    return cognito_issuer().replace("https://", f"https://{form}")


def _of(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}
