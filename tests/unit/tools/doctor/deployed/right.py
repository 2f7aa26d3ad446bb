"""An account in which nothing is wrong: a REST, an HTTP and a WebSocket API, their functions and a user pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.tools.doctor.deployed.account import (
    ACCOUNT,
    REGION,
    SECRET,
    WHEN,
    Account,
    execute,
    function_arn,
    function_uri,
)
from tests.unit.tools.doctor.deployed.exports import http_export, rest_export

if TYPE_CHECKING:
    from collections.abc import Mapping

REST, HTTP, SOCKET = "rest123456", "http123456", "sock123456"
POOL, CLIENT = f"{REGION}_AbCdEfGhI", "1h57kf5cpq17m0eml12EXAMPLE"
POOL_ARN = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{POOL}"
ISSUER = f"https://cognito-idp.{REGION}.amazonaws.com/{POOL}"
LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:access"
FORMAT = '{"requestId":"$context.requestId","error":"$context.authorizer.error","status":"$context.authorizer.status"}'
INVOKED = f"arn:aws:iam::{ACCOUNT}:role/invoker"
ORIGIN = {"gatewayresponse.header.Access-Control-Allow-Origin": "'https://app.example.com'"}
Table = dict[str, Any]


def right() -> Account:
    """A new one."""
    account = Account()
    account.add_function("authorizer", *(execute(api, "authorizers/*") for api in (REST, HTTP, SOCKET)))
    account.add_function("orders", execute(REST, "*/*/*"), execute(HTTP, "*/*"), execute(SOCKET, "*"))
    account.add_function("by-role")
    account.add_function("trigger", POOL_ARN, principal="cognito-idp.amazonaws.com")
    account.add_function("sign-up", POOL_ARN, principal="cognito-idp.amazonaws.com")
    account.add_role("invoker", "apigateway.amazonaws.com", ["lambda:InvokeFunction"], function_arn("by-role"))
    account.add_role("gateway-logs", "apigateway.amazonaws.com", ["logs:PutLogEvents"])
    account.log_groups.add("access")
    account.pools[POOL] = pool()
    account.plans.append({"id": "plan12", "name": "partners", "apiStages": [{"apiId": REST, "stage": "prod"}]})
    account.plan_keys["plan12"] = [{"id": "key1234567", "type": "API_KEY", "value": SECRET, "name": "partner"}]
    account.keys.append({"id": "key1234567", "name": "partner", "enabled": True})
    account.rest[REST] = rest_api()
    account.http[HTTP] = http_api()
    account.http[SOCKET] = websocket_api()
    return account


def pool() -> Table:
    """A user pool with one app client, one resource server and two triggers."""
    triggers = {
        "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": function_arn("trigger")},
        "PreTokenGeneration": function_arn("trigger"),
        "PreSignUp": function_arn("sign-up"),
    }
    client = {
        "UserPoolId": POOL,
        "ClientId": CLIENT,
        "ClientName": "app",
        "ClientSecret": SECRET,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthScopes": ["openid", "orders/read"],
        "CallbackURLs": ["https://app.example.com/callback"],
        "SupportedIdentityProviders": ["COGNITO"],
        "EnableTokenRevocation": True,
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
    }
    scope = {"ScopeName": "read", "ScopeDescription": "Read orders"}
    server = {"UserPoolId": POOL, "Identifier": "orders", "Name": "Orders", "Scopes": [scope]}
    known = {"Id": POOL, "Name": "users", "Arn": POOL_ARN, "LambdaConfig": triggers, "UserPoolTier": "ESSENTIALS"}
    return {"pool": known | {"Domain": "orders-example"}, "clients": {CLIENT: client}, "servers": [server]}


def method(authorization: str, authorizer: str | None = None, **more: Any) -> Table:
    """A method before a function."""
    given: Table = {
        "httpMethod": "GET",
        "authorizationType": authorization,
        "apiKeyRequired": False,
        "methodIntegration": {"type": "AWS_PROXY", "httpMethod": "POST", "uri": function_uri("orders")},
    }
    return given | ({"authorizerId": authorizer} if authorizer else {}) | more


def preflight() -> Table:
    """An answer for browsers."""
    headers = {
        "method.response.header.Access-Control-Allow-Origin": "'https://app.example.com'",
        "method.response.header.Access-Control-Allow-Headers": "'Authorization,Content-Type,X-Api-Key'",
        "method.response.header.Access-Control-Allow-Methods": "'GET,POST,OPTIONS'",
    }
    answer = {"statusCode": "200", "responseParameters": headers}
    return method("NONE", httpMethod="OPTIONS") | {
        "methodIntegration": {"type": "MOCK", "requestTemplates": {}, "integrationResponses": {"200": answer}},
        "methodResponses": {"200": {"statusCode": "200", "responseParameters": dict.fromkeys(headers, True)}},
    }


def authorizer(identifier: str, name: str, kind: str, **more: Any) -> Table:
    """An authorizer of a REST API."""
    given = {"id": identifier, "name": name, "type": kind, "identitySource": "method.request.header.Authorization"}
    return given | {"authType": "cognito_user_pools" if kind == "COGNITO_USER_POOLS" else "custom"} | more


def resource(identifier: str, path: str, parent: str, **methods: Table) -> Table:
    """A resource with its methods."""
    part = path.rpartition("/")[2]
    return {"id": identifier, "parentId": parent, "pathPart": part, "path": path, "resourceMethods": methods}


def rest_authorizers() -> list[Table]:
    """One of each type that the library tells."""
    return [
        authorizer("tok123", "tokens", "TOKEN", authorizerUri=function_uri("authorizer"))
        | {"authorizerResultTtlInSeconds": 300},
        authorizer("rol123", "by-role", "REQUEST", authorizerUri=function_uri("by-role"))
        | {"authorizerCredentials": INVOKED, "authorizerResultTtlInSeconds": 300},
        authorizer("cog123", "users", "COGNITO_USER_POOLS", providerARNs=[POOL_ARN]),
    ]


def rest_resources() -> list[Table]:
    """Methods for each authorizer, with preflights; the function of one is named by a variable of the stage."""
    by_variable = function_uri("orders").replace(":function:orders", ":function:${stageVariables.fn}")
    me = method("COGNITO_USER_POOLS", "cog123", authorizationScopes=["orders/read"])
    me["methodIntegration"]["uri"] = by_variable
    orders = method("CUSTOM", "tok123", apiKeyRequired=True)
    return [
        {"id": "root12", "path": "/"},
        resource("ord123", "/orders", "root12", GET=orders, OPTIONS=preflight()),
        resource("oid123", "/orders/{id}", "ord123", GET=method("CUSTOM", "rol123"), OPTIONS=preflight()),
        resource("mee123", "/me", "root12", GET=me, OPTIONS=preflight()),
    ]


def rest_stage() -> Table:
    """A stage that is deployed, with logs."""
    return {
        "stageName": "prod",
        "deploymentId": "dep123",
        "accessLogSettings": {"destinationArn": LOGS, "format": FORMAT},
        "methodSettings": {"*/*": {"loggingLevel": "ERROR", "dataTraceEnabled": False}},
        "variables": {"fn": "orders"},
        "lastUpdatedDate": WHEN,
        "tracingEnabled": False,
    }


def rest_api() -> Table:
    """A REST API: a TOKEN, a REQUEST and a Cognito authorizer, a stage that is deployed."""
    told = {"responseParameters": ORIGIN, "defaultResponse": False}
    responses: list[Table] = [{"responseType": kind} | told for kind in ("DEFAULT_4XX", "DEFAULT_5XX")]
    api: Table = {
        "api": {
            "id": REST,
            "name": "orders",
            "apiKeySource": "HEADER",
            "createdDate": WHEN,
            "rootResourceId": "root12",
        },
        "authorizers": rest_authorizers(),
        "resources": rest_resources(),
        "responses": [*responses, {"responseType": "THROTTLED", "statusCode": "429", "defaultResponse": True}],
        "stages": [rest_stage()],
    }
    return api | {"exports": {"prod": rest_export(api)}}


def route(identifier: str, key: str, **more: Any) -> Table:
    """A route before the one integration."""
    return {"RouteId": identifier, "RouteKey": key, "Target": "integrations/int123", "ApiKeyRequired": False} | more


def http_stage(name: str, auto: bool) -> Table:
    """A stage that is deployed."""
    return {
        "StageName": name,
        "AutoDeploy": auto,
        "DeploymentId": "dep123",
        "AccessLogSettings": {"DestinationArn": LOGS, "Format": FORMAT},
        "LastUpdatedDate": WHEN,
        "LastDeploymentStatusMessage": "Successfully deployed stage with deployment ID 'dep123'",
    }


def http_authorizers() -> list[Table]:
    """A function and an issuer."""
    sources = {"IdentitySource": ["$request.header.Authorization"]}
    by_function = {
        "AuthorizerId": "lam123",
        "Name": "functions",
        "AuthorizerType": "REQUEST",
        "AuthorizerUri": function_uri("authorizer"),
        "AuthorizerPayloadFormatVersion": "2.0",
        "EnableSimpleResponses": True,
        "AuthorizerResultTtlInSeconds": 0,
    }
    trusted = {"JwtConfiguration": {"Issuer": ISSUER, "Audience": [CLIENT]}}
    by_issuer = {"AuthorizerId": "jwt123", "Name": "tokens", "AuthorizerType": "JWT"}
    return [by_function | sources, by_issuer | sources | trusted]


def http_api() -> Table:
    """An HTTP API: a Lambda and a JWT authorizer, a stage that deploys by itself."""
    integration = {
        "IntegrationId": "int123",
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": function_arn("orders"),
        "PayloadFormatVersion": "2.0",
    }
    api: Table = {
        "api": {"ApiId": HTTP, "Name": "orders", "ProtocolType": "HTTP", "RouteSelectionExpression": "$request.path"},
        "authorizers": http_authorizers(),
        "integrations": [integration],
        "routes": [
            route("rou123", "GET /orders", AuthorizationType="CUSTOM", AuthorizerId="lam123"),
            route(
                "rou124", "GET /me", AuthorizationType="JWT", AuthorizerId="jwt123", AuthorizationScopes=["orders/read"]
            ),
        ],
        "stages": [http_stage("$default", auto=True)],
    }
    return api | {"exports": {"slow": http_export(api)}}


def websocket_api() -> Table:
    """A WebSocket API with an authorizer at $connect."""
    asks = {
        "AuthorizerId": "soc123",
        "Name": "handshake",
        "AuthorizerType": "REQUEST",
        "AuthorizerUri": function_uri("authorizer"),
        "IdentitySource": ["route.request.querystring.access_token"],
    }
    integration = {
        "IntegrationId": "int123",
        "IntegrationType": "AWS_PROXY",
        "IntegrationMethod": "POST",
        "IntegrationUri": function_uri("orders"),
    }
    selection = {"RouteSelectionExpression": "$request.body.action"}
    return {
        "api": {"ApiId": SOCKET, "Name": "orders", "ProtocolType": "WEBSOCKET", **selection},
        "authorizers": [asks],
        "integrations": [integration],
        "routes": [
            route("rou123", "$connect", AuthorizationType="CUSTOM", AuthorizerId="soc123"),
            route("rou124", "$default", AuthorizationType="NONE"),
        ],
        "stages": [http_stage("v1", auto=True)],
        "exports": {},
    }


def rest_part(account: Account, part: str, identifier: str) -> Table:
    """An entry of a list of the REST API, by its id or path."""
    return find(account.rest[REST][part], identifier)


def http_part(account: Account, part: str, identifier: str, api: str = HTTP) -> Table:
    """An entry of a list of the HTTP API, by its id or key."""
    return find(account.http[api][part], identifier)


def find(entries: list[Table], identifier: str) -> Table:
    """The entry with this id."""
    return next(one for one in entries if identifier in _names(one))


def _names(entry: Mapping[str, Any]) -> set[Any]:
    return {value for value in entry.values() if isinstance(value, str)}
