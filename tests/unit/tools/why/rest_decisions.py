"""REST APIs whose authorizer says no, and what is refused after it said yes."""

from __future__ import annotations

from typing import Final

from tests.unit.tools.why.failing_apis import (
    Case,
    GatewayTimeout,
    access,
    answers,
    execution,
    policy,
    raises,
    rest,
    without,
)
from tests.unit.tools.why.rest_parts import (
    DENIED,
    DONE,
    KEYED,
    NAMED_POLICY,
    NO_PLAN,
    STARTED,
    TOKEN,
    USAGE,
    WITH_KEY,
    denies,
    plan,
    returned,
)

DECIDED: Final = (
    Case(
        name="explicit deny",
        code="authorizer_explicit_deny",
        api=rest({}),
        options=TOKEN,
        authorizer=answers(policy("Deny")),
        log=returned(NAMED_POLICY % "Deny", *DONE, *DENIED),
    ),
    Case(
        name="implicit deny",
        code="authorizer_implicit_deny",
        api=rest({}),
        options=TOKEN,
        authorizer=answers(policy("Allow", "arn:aws:execute-api:*:*:*/dev/*")),
        log=returned(NAMED_POLICY % "Allow", *DONE, *DENIED),
    ),
    Case(
        name="empty policy beside a silent resource policy",
        code="authorizer_implicit_deny",
        api=rest({}, api=denies("Allow", "execute-api:/prod/GET/none")),
        options=TOKEN,
        authorizer=answers(policy(None)),
        log=returned('{"policyDocument":{"Version":"2012-10-17","Statement":[]}}', *DONE, *DENIED),
    ),
    Case(
        name="cached for another method",
        code="cached_policy_of_another_method",
        api=rest({"AuthorizerResultTtlInSeconds": 300}),
        options=TOKEN,
        before=("/orders",),
        path="/items",
        authorizer=lambda event, context: policy("Allow", event["methodArn"]),
        log=execution(*STARTED, DONE[0], *DENIED),
    ),
    Case(
        name="cached denial",
        code="cached_denial",
        api=rest({"AuthorizerResultTtlInSeconds": 300}),
        options=TOKEN,
        before=("/orders",),
        authorizer=answers(policy("Deny")),
        log=execution(
            *STARTED, DONE[0], "User is not authorized to access this resource with an explicit deny", *DENIED[1:]
        ),
    ),
    Case(
        name="no usage key",
        code="usage_key_missing",
        api=rest({}, method=KEYED, api={"ApiKeySourceType": "AUTHORIZER"}, more=plan()),
        options=TOKEN,
        log=returned(
            NAMED_POLICY % "Allow",
            *DONE,
            USAGE,
            NO_PLAN,
            "Gateway response type: INVALID_API_KEY with status code: 403",
        ),
    ),
    Case(name="no api key", code="api_key_missing", api=rest(method=KEYED, more=plan()), log=execution(USAGE, NO_PLAN)),
    Case(
        name="quota",
        code="quota_exceeded",
        api=rest(method=KEYED, more=plan(Quota={"Limit": 1, "Period": "DAY"})),
        options=WITH_KEY,
        before=("/orders",),
        log=execution("Key quota limit exceeded for RestApi abc, Stage prod. Limit: 1 per DAY"),
    ),
    Case(
        name="rate",
        code="rate_exceeded",
        api=rest(method=KEYED, more=plan(Throttle={"RateLimit": 0.0001, "BurstLimit": 1})),
        options=WITH_KEY,
        before=("/orders",),
        log=execution(
            "Key throttle limit exceeded for RestApi abc, Stage prod, Resource x, HttpMethod GET. Limit: 1.00 Burst: 1"
        ),
    ),
)

BEHIND: Final = (
    Case(
        name="integration not permitted",
        code="integration_permission_missing",
        api=without(rest({}), "BackendPermission"),
        options=TOKEN,
        log=returned(
            NAMED_POLICY % "Allow",
            *DONE,
            "Execution failed due to configuration error: Invalid permissions on Lambda function",
            "Method completed with status: 500",
        ),
    ),
    Case(
        name="integration in a wrong shape",
        code="integration_malformed",
        api=rest(),
        backend=answers("Bad response"),
        log=execution(
            "Execution failed due to configuration error: Malformed Lambda proxy response",
            "Method completed with status: 502",
        ),
    ),
    Case(
        name="integration raises",
        code="integration_failed",
        api=rest(),
        backend=raises(KeyError("x")),
        log=execution(
            "Lambda execution failed with status 200 due to customer function error: 'x'. Lambda request id: "
            "758a8c2f-35eb-4713-b55e-56879fbc968b",
            "Method completed with status: 502",
        ),
    ),
    Case(
        name="integration reads another shape",
        code="code_backend_reads_wrong_context",
        api=rest(),
        backend=raises(KeyError("claims")),
        log=("[ERROR] KeyError: 'claims'", "Traceback (most recent call last):"),
    ),
    Case(
        name="integration too slow",
        code="integration_timeout",
        api=rest(),
        backend=raises(GatewayTimeout("x")),
        log=execution("Execution failed due to a timeout error", "Method completed with status: 504"),
    ),
    Case(
        name="backend answers itself",
        code="backend_answered",
        api=rest(),
        backend=answers({"statusCode": 403, "body": '{"detail":"not yours"}'}),
        log=access(status=403, error__responseType="-", integrationStatus=403),
    ),
)
