"""What the failures of REST APIs are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.unit.tools.why.failing_apis import ISSUER, RID, execution

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.tools.fixture import GatewayFixture

URI: Final = (
    "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f"
)


STARTED: Final = ("Extended Request Id: AbCdEfGhIjKlMno=", f"Starting authorizer: abc123 for request: {RID}")


SENT: Final = (*STARTED, "Incoming identity: ****", f"Sending request to {URI}/invocations")


BROKEN: Final = ("Gateway response type: AUTHORIZER_CONFIGURATION_ERROR with status code: 500",)


DENIED: Final = (
    "The client is not authorized to perform this operation.",
    "Gateway response type: ACCESS_DENIED with status code: 403",
)


DONE: Final = ("Using valid authorizer policy for principal: ****", "Successfully completed authorizer execution")


TOKEN: Final = {"headers": {"Authorization": "Bearer opaque"}}


POOL: Final = {
    "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {}},
    "Client": {
        "Type": "AWS::Cognito::UserPoolClient",
        "Properties": {
            "UserPoolId": {"Ref": "Pool"},
            "AllowedOAuthScopes": ["openid", "orders/read"],
            "AllowedOAuthFlows": ["code"],
        },
    },
}


COGNITO: Final = {"Type": "COGNITO_USER_POOLS", "ProviderARNs": [{"Fn::GetAtt": "Pool.Arn"}]}


SCOPED: Final = {"AuthorizationScopes": ["orders/read"]}


JWT: Final = {
    "Type": "JWT",
    "JwtConfiguration": {
        "DefaultAlgorithms": ["RS256"],
        "Issuers": [{"Issuer": ISSUER, "Audiences": ["orders-api"]}],
    },
}


PLAIN_401: Final = (  # 401 {"message":"Unauthorized"}, and no line of a log that names which of them
    "token_missing",
    "token_regex_mismatch",
    "identity_source_missing",
    "cognito_token_missing",
)


def returned(body: str, *after: str) -> tuple[str, ...]:
    """The execution log of a request whose authorizer returned this."""
    return execution(*SENT, f"Authorizer result body before parsing: {body}", *after)


def errors(kind: str, message: str) -> str:
    """What Lambda makes of an error."""
    return f'{{"errorMessage":"{message}","errorType":"{kind}","stackTrace":[]}}'


def token(**options: Any) -> Callable[[GatewayFixture], str]:
    """A token of the pool."""
    return lambda here: here.token(**options)


def denies(effect: str, resource: str = "*") -> dict[str, Any]:
    """The resource policy of an API."""
    statement = {"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", "Resource": resource}
    return {"Policy": {"Version": "2012-10-17", "Statement": [statement]}}


def plan(**properties: Any) -> dict[str, Any]:
    """A key in a usage plan."""
    stage = {"ApiId": {"Ref": "Api"}, "Stage": "prod"}
    link = {"KeyId": {"Ref": "Key"}, "KeyType": "API_KEY", "UsagePlanId": {"Ref": "Plan"}}
    return {
        "Key": {"Type": "AWS::ApiGateway::ApiKey", "Properties": {"Enabled": True, "Value": "k" * 30}},
        "Plan": {"Type": "AWS::ApiGateway::UsagePlan", "Properties": {"ApiStages": [stage], **properties}},
        "Link": {"Type": "AWS::ApiGateway::UsagePlanKey", "Properties": link},
    }


NAMED_POLICY: Final = (
    '{"principalId":"a","policyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"%s","Resource":"x"}]}}'
)


KEYED: Final = {"ApiKeyRequired": True}


WITH_KEY: Final = {"headers": {"x-api-key": "k" * 30}}


USAGE: Final = f"Verifying Usage Plan for request: {RID}. API Key:  API Stage: abc/prod"


NO_PLAN: Final = (
    "API Key  not authorized because method 'GET /orders' requires API Key and API Key is not associated with a Usage Plan"
    " for API Stage abc/prod: No Usage Plan found for key and API Stage"
)
