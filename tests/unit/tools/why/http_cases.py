"""Failures of HTTP and WebSocket APIs, each with the lines of logs that prove it."""

from __future__ import annotations

from typing import Any, Final

from tests.unit.tools.why.failing_apis import (
    ISSUER,
    ISSUER_NAME,
    OTHER_NAME,
    Case,
    GatewayTimeout,
    access,
    answers,
    execution,
    http,
    policy,
    raises,
    websocket,
    without,
)
from tests.unit.tools.why.rest_parts import BROKEN, DENIED, SENT, TOKEN, returned, token

SIMPLE: Final[dict[str, Any]] = {"EnableSimpleResponses": True}
JWT: Final = {"AuthorizerType": "JWT", "JwtConfiguration": {"Issuer": ISSUER, "Audience": ["orders-api"]}}
GOOD: Final = {"issuer": ISSUER_NAME, "audience": ("orders-api",)}
NO_PERMISSION: Final = (
    "The IAM role configured on the authorizer or API Gateway doesn't have permissions to call the authorizer."
    " Check the permissions and try again."
)
CONNECT: Final = {"query": {"token": "opaque"}}


def invalid(text: str) -> tuple[str, ...]:
    """The access log of a refused JWT."""
    return access(api="http", status=401, authorizer__error=f"invalid_token: {text}")


def jwt(name: str, code: str, description: str, **options: Any) -> Case:
    """A JWT that is refused."""
    return Case(name=f"jwt: {name}", code=code, api=http(JWT), token=token(**GOOD | options), log=invalid(description))


LAMBDA: Final = (
    Case(
        name="no identity",
        code="http_identity_source_missing",
        api=http({}),
        log=access(api="http", status=401, authorizer__error="-"),
    ),
    Case(
        name="no permission",
        code="authorizer_permission_missing",
        api=without(http({}), "AuthorizerPermission"),
        options=TOKEN,
        log=access(api="http", status=500, authorizer__error=NO_PERMISSION),
    ),
    Case(
        name="policy where simple is expected",
        code="simple_response_mismatch",
        api=http(SIMPLE),
        options=TOKEN,
        authorizer=answers(policy()),
    ),
    Case(
        name="simple where a policy is expected",
        code="simple_response_mismatch",
        api=http({}),
        options=TOKEN,
        authorizer=answers({"isAuthorized": True}),
    ),
    Case(
        name="no isAuthorized",
        code="is_authorized_missing",
        api=http(SIMPLE),
        options=TOKEN,
        authorizer=answers({"IsAuthorized": True}),
    ),
    Case(
        name="no",
        code="is_authorized_false",
        api=http(SIMPLE),
        options=TOKEN,
        authorizer=answers({"isAuthorized": False}),
        log=access(api="http", status=403, authorizer__reason="some_reason"),
    ),
    Case(
        name="other resource",
        code="http_policy_other_resource",
        api=http({}),
        options=TOKEN,
        authorizer=answers(policy("Allow", "arn:aws:x")),
    ),
    Case(
        name="cached for another route",
        code="http_cached_yes_for_every_route",
        api=http({"AuthorizerResultTtlInSeconds": 300}),
        options=TOKEN,
        before=("/orders",),
        path="/items",
        authorizer=lambda event, context: policy("Allow", event["routeArn"]),
    ),
    Case(
        name="raises",
        code="http_authorizer_raised",
        api=http({}),
        options=TOKEN,
        authorizer=raises(RuntimeError("x")),
        log=(
            "[ERROR] ValueError: x",
            "Traceback (most recent call last):",
            *access(api="http", status=500, integrationErrorMessage="-"),
        ),
    ),
    Case(
        name="import error",
        code="authorizer_import_error",
        api=http({}),
        options=TOKEN,
        authorizer=raises(RuntimeError("y")),
        log=(
            "[ERROR] Runtime.ImportModuleError: Unable to import module 'app': No module named 'jwt'",
            *access(api="http", status=500, integrationErrorMessage="-"),
        ),
    ),
    Case(
        name="header in upper case",
        code="code_header_case",
        api=http({}),
        options=TOKEN,
        authorizer=raises(KeyError("Authorization")),
        log=("[ERROR] KeyError: 'Authorization'", *access(api="http", status=500, integrationErrorMessage="-")),
    ),
    Case(
        name="identity source null",
        code="code_identity_source_null",
        api=http({}),
        options=TOKEN,
        authorizer=raises(TypeError("z")),
        log=(
            "[ERROR] TypeError: 'NoneType' object is not subscriptable",
            *access(api="http", status=500, integrationErrorMessage="-"),
        ),
    ),
    Case(name="no route", code="http_route_missing", api=http(), path="/none", log=access(api="http", status=404)),
    Case(
        name="signature asked for",
        code="http_iam_route_unsigned",
        api=http(route={"AuthorizationType": "AWS_IAM"}),
        options=TOKEN,
    ),
    Case(
        name="integration not permitted",
        code="integration_permission_missing",
        api=without(http(), "BackendPermission"),
        log=access(
            api="http",
            status=500,
            integrationErrorMessage="The IAM role configured on the integration or API Gateway"
            " doesn't have permissions to call the integration. Check the permissions and try again.",
        ),
    ),
    Case(
        name="integration raises",
        code="integration_failed",
        api=http(),
        backend=raises(KeyError("x")),
        log=access(api="http", status=500, integrationErrorMessage="The Lambda function returned an error"),
    ),
    Case(
        name="integration too slow",
        code="integration_timeout",
        api=http(),
        backend=raises(GatewayTimeout("x")),
        log=access(api="http", status=503, integrationErrorMessage="Endpoint request timed out"),
    ),
    Case(name="headers too large", code="headers_too_large", api=http(), options={"headers": {"X-Large": "x" * 10241}}),
    Case(
        name="backend answers itself",
        code="backend_answered",
        api=http(),
        backend=answers({"statusCode": 401, "body": "login"}),
        log=access(api="http", status=401, integrationStatus=401),
    ),
)

JWTS: Final = (
    Case(
        name="jwt: no token",
        code="jwt_token_missing",
        api=http(JWT),
        log=access(api="http", status=401, authorizer__error="missing: token not provided"),
    ),
    Case(
        name="jwt: opaque",
        code="jwt_not_a_token",
        api=http(JWT),
        options=TOKEN,
        log=invalid("token contains an invalid number of segments"),
    ),
    jwt("expired", "jwt_expired", "the token has expired", broken="token_expired"),
    jwt("audience", "jwt_audience", "the token does not have a valid audience", audience=("another",)),
    jwt("issuer", "jwt_issuer", "issuer does not match", issuer=OTHER_NAME),
    jwt("algorithm", "jwt_algorithm", "signing method ES256 is invalid", algorithm="ES256"),
    jwt("signature", "jwt_signature", "crypto/rsa: verification error", broken="signature_invalid"),
    jwt("key", "jwt_key_unknown", "the token is unverifiable", broken="key_unknown"),
    jwt("not yet", "jwt_not_yet_valid", "the token is not valid yet", broken="token_not_yet_valid"),
    jwt("future", "jwt_issued_in_future", "the token is used before issued", broken="token_issued_in_future"),
    jwt("damaged", "jwt_damaged", "illegal base64 data", broken="token_base64_invalid"),
    Case(
        name="jwt: scope",
        code="jwt_scope_missing",
        api=http(JWT, route={"AuthorizationScopes": ["orders/read"]}),
        token=token(**GOOD, scopes=["openid"]),
        log=access(api="http", status=403, authorizer__error="insufficient_scope: x"),
    ),
)

WEBSOCKETS: Final = (
    Case(name="ws: no identity", code="websocket_identity_missing", api=websocket(), websocket=True),
    Case(
        name="ws: deny",
        code="websocket_denied",
        api=websocket(),
        websocket=True,
        options=CONNECT,
        authorizer=answers(policy("Deny")),
        log=returned('{"policyDocument":{}}', *DENIED),
    ),
    Case(
        name="ws: silence",
        code="websocket_denied",
        api=websocket(),
        websocket=True,
        options=CONNECT,
        authorizer=answers(policy(None)),
        log=returned('{"policyDocument":{}}', *DENIED),
    ),
    Case(
        name="ws: raises Unauthorized",
        code="authorizer_raised_unauthorized",
        api=websocket(),
        websocket=True,
        options=CONNECT,
        authorizer=raises(RuntimeError("Unauthorized")),
        log=returned('{"errorMessage":"Unauthorized"}', "Method completed with status: 401"),
    ),
    Case(
        name="ws: no permission",
        code="authorizer_permission_missing",
        api=without(websocket(), "AuthorizerPermission"),
        websocket=True,
        options=CONNECT,
        log=execution(
            *SENT, "Execution failed due to configuration error: Invalid permissions on Lambda function", *BROKEN
        ),
    ),
    Case(
        name="ws: too large",
        code="authorizer_result_too_large",
        api=websocket(),
        websocket=True,
        options=CONNECT,
        authorizer=answers(policy(context={"a": "x" * 9000})),
        log=returned(
            "{", "Execution failed due to configuration error: Authorizer response exceeds the limit", *BROKEN
        ),
    ),
    Case(
        name="ws: signature asked for",
        code="iam_method_unsigned",
        api=websocket(route={"AuthorizationType": "AWS_IAM"}),
        websocket=True,
    ),
    Case(name="ws: stage", code="wrong_url", api=websocket(), websocket=True, options={"stage": "none"}),
    Case(
        name="ws: integration refuses",
        code="backend_answered",
        api=websocket(),
        websocket=True,
        options=CONNECT,
        backend=answers({"statusCode": 403, "body": "no"}),
        log=access(status=403, connectionId="x=", integrationStatus=403, error__responseType="-"),
    ),
    Case(
        name="ws: raises another text",
        code="authorizer_raised_error",
        api=websocket(),
        websocket=True,
        options=CONNECT,
        authorizer=raises(RuntimeError("x")),
        log=returned('{"errorMessage":"x"}', *BROKEN),
    ),
    Case(
        name="ws: no api key",
        code="api_key_missing",
        api=websocket(route={"ApiKeyRequired": True}),
        websocket=True,
        options=CONNECT,
    ),
    Case(
        name="ws: integration raises",
        code="integration_failed",
        api=websocket(),
        websocket=True,
        options=CONNECT,
        backend=raises(KeyError("x")),
        log=execution(
            "Lambda execution failed with status 200 due to customer function error: x",
            "Method completed with status: 502",
        ),
    ),
    Case(
        name="ws: integration too slow",
        code="integration_timeout",
        api=websocket(),
        websocket=True,
        options=CONNECT,
        backend=raises(GatewayTimeout("x")),
        log=execution("Execution failed due to a timeout error", "Method completed with status: 504"),
    ),
    Case(
        name="ws: headers too large",
        code="headers_too_large",
        api=websocket(),
        websocket=True,
        options={"headers": {"X-Large": "x" * 10241}},
    ),
)

CASES: Final = (*LAMBDA, *JWTS, *WEBSOCKETS)
