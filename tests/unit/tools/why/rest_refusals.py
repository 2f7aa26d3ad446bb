"""REST APIs that refuse before any function is asked, or whose own authorizers refuse."""

from __future__ import annotations

from typing import Final

from tests.unit.tools.why.failing_apis import ISSUER_NAME, OTHER_NAME, RID, Case, access, execution, proxy, rest
from tests.unit.tools.why.rest_parts import COGNITO, JWT, PLAIN_401, POOL, SCOPED, TOKEN, denies, token

REFUSED: Final = (
    Case(
        name="token missing",
        code="token_missing",
        api=rest({}),
        log=execution(f"Unauthorized request: {RID}"),
        others=PLAIN_401,
    ),
    Case(
        name="expression",
        code="token_regex_mismatch",
        api=rest({"IdentityValidationExpression": r"\w{5}"}),
        options=TOKEN,
        log=execution(f"Unauthorized request: {RID}"),
        others=PLAIN_401,
    ),
    Case(
        name="request source",
        code="identity_source_missing",
        api=rest({"Type": "REQUEST", "IdentitySource": "method.request.header.X-Token"}),
        log=execution(f"Unauthorized request: {RID}"),
        others=PLAIN_401,
    ),
    Case(
        name="resource policy denies",
        code="resource_policy_denies",
        api=rest({}, api=denies("Deny")),
        options=TOKEN,
        log=access(
            status=403,
            error__message="User: anonymous is not authorized to perform: execute-api:Invoke on resource:"
            " arn:aws:execute-api:us-east-1:********9012:abc/prod/GET/orders with an explicit deny",
        ),
    ),
    Case(
        name="resource policy silent",
        code="resource_policy_silent",
        api=rest(api=denies("Allow", "execute-api:/prod/GET/none")),
        log=access(
            status=403,
            authorizer__claims__sub="-",
            error__message="User: anonymous is not authorized to perform:"
            " execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:abc/prod/GET/orders",
        ),
    ),
    Case(
        name="resource policy silent with a pool",
        code="resource_policy_misses_cognito_route",
        api=rest(COGNITO, api=denies("Allow", "execute-api:/prod/GET/none"), more=POOL),
        token=token(token_use="id"),
        log=access(
            status=403,
            authorizer__claims__sub="user-1",
            error__message="User: anonymous is not authorized to perform:"
            " execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:abc/prod/GET/orders",
        ),
    ),
    Case(
        name="wrong path",
        code="wrong_url",
        api=rest(),
        path="/none",
        log=access(status=403, error__responseType="MISSING_AUTHENTICATION_TOKEN", resourcePath="-"),
    ),
    Case(
        name="wrong path with a token",
        code="wrong_url",
        api=rest(),
        path="/none",
        options=TOKEN,
        log=access(status=403, error__responseType="INVALID_SIGNATURE", resourcePath="-"),
    ),
    Case(
        name="signature asked for",
        code="iam_method_unsigned",
        api=rest(method={"AuthorizationType": "AWS_IAM"}),
        log=access(status=403, error__responseType="MISSING_AUTHENTICATION_TOKEN", resourcePath="/orders"),
    ),
    Case(
        name="bad signature",
        code="aws_signature_invalid",
        api=rest(method={"AuthorizationType": "AWS_IAM"}),
        options={"headers": {"Authorization": "AWS4-HMAC-SHA256 Credential=x"}},
    ),
    Case(
        name="arn too long",
        code="uri_too_long",
        api=rest({}, more=proxy()),
        path="/long" + "x" * 1600,
        options=TOKEN,
    ),
    Case(name="headers too large", code="headers_too_large", api=rest(), options={"headers": {"X-Large": "x" * 10241}}),
    Case(name="body too large", code="body_too_large", api=rest(), options={"body": b"x" * (10 * 1024 * 1024 + 1)}),
)

NATIVE: Final = (
    Case(name="pool: no token", code="cognito_token_missing", api=rest(COGNITO, more=POOL)),
    Case(name="pool: no JWT", code="cognito_token_malformed", api=rest(COGNITO, more=POOL), options=TOKEN),
    Case(
        name="pool: access token",
        code="cognito_access_token_without_scopes",
        api=rest(COGNITO, more=POOL),
        token=token(token_use="access"),
    ),
    Case(
        name="pool: id token",
        code="cognito_id_token_with_scopes",
        api=rest(COGNITO, method=SCOPED, more=POOL),
        token=token(token_use="id"),
    ),
    Case(
        name="pool: scope",
        code="cognito_scope_missing",
        api=rest(COGNITO, method=SCOPED, more=POOL),
        token=token(scopes=["openid"]),
    ),
    Case(
        name="pool: sdk",
        code="cognito_sdk_login",
        api=rest(COGNITO, method=SCOPED, more=POOL),
        token=token(scopes=["aws.cognito.signin.user.admin"]),
    ),
    Case(
        name="pool: expired",
        code="cognito_token_expired",
        api=rest(COGNITO, more=POOL),
        token=token(token_use="id", broken="token_expired"),
        log=execution("The incoming token has expired", "Gateway response type: EXPIRED_TOKEN with status code: 401"),
    ),
    Case(name="pool: another", code="cognito_other_pool", api=rest(COGNITO, more=POOL), token=token(issuer=OTHER_NAME)),
    Case(
        name="pool: audience",
        code="cognito_audience_expression",
        api=rest({**COGNITO, "IdentityValidationExpression": "x"}, more=POOL),
        token=token(token_use="id"),
    ),
    Case(
        name="jwt: audience",
        code="rest_jwt_refused",
        api=rest(JWT),
        token=token(issuer=ISSUER_NAME, audience=("another",)),
    ),
    Case(
        name="jwt: expired",
        code="cognito_token_expired",
        api=rest(JWT),
        token=token(issuer=ISSUER_NAME, broken="token_expired"),
        log=execution("Gateway response type: EXPIRED_TOKEN with status code: 401"),
    ),
)
