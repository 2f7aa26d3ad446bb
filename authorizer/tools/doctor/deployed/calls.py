"""Every call of the AWS API that the doctor makes, with the IAM action that it needs. There is no other, and all read.

Source: Service Authorization Reference of Amazon API Gateway Management (V1 and V2), AWS Lambda, Amazon Cognito User Pools,
AWS Identity and Access Management, Amazon CloudWatch and Amazon CloudWatch Logs.
"""

from __future__ import annotations

from typing import Final, NamedTuple

_REST, _HTTP = "arn:aws:apigateway:*::/restapis/*", "arn:aws:apigateway:*::/apis/*"
_FUNCTION: Final = "arn:aws:lambda:*:*:function:*"
_POOL: Final = "arn:aws:cognito-idp:*:*:userpool/*"
_ROLE: Final = "arn:aws:iam::*:role/*"
_READ: Final = "apigateway:GET"


class Call(NamedTuple):
    """One call. `what` says what it tells, `resources` what a policy must allow it on."""

    service: str
    operation: str
    action: str
    resources: tuple[str, ...]
    what: str


IDENTITY: Final = Call("sts", "get_caller_identity", "sts:GetCallerIdentity", ("*",), "the account")

REST_API: Final = Call("apigateway", "get_rest_api", _READ, (_REST,), "the settings of an API")
REST_RESOURCES: Final = Call(
    "apigateway", "get_resources", _READ, (f"{_REST}/resources", f"{_REST}/resources/*"), "the methods of an API"
)
REST_AUTHORIZERS: Final = Call(
    "apigateway", "get_authorizers", _READ, (f"{_REST}/authorizers",), "the authorizers of an API"
)
REST_RESPONSES: Final = Call(
    "apigateway", "get_gateway_responses", _READ, (f"{_REST}/gatewayresponses",), "the gateway responses of an API"
)
REST_STAGES: Final = Call("apigateway", "get_stages", _READ, (f"{_REST}/stages",), "the stages of an API")
REST_EXPORT: Final = Call(
    "apigateway", "get_export", _READ, (f"{_REST}/stages/*/exports/*",), "what is deployed in a stage"
)
PLANS: Final = Call("apigateway", "get_usage_plans", _READ, ("arn:aws:apigateway:*::/usageplans",), "usage plans")
PLAN_KEYS: Final = Call(
    "apigateway",
    "get_usage_plan_keys",
    _READ,
    ("arn:aws:apigateway:*::/usageplans/*/keys",),
    "the keys of a usage plan",
)
KEYS: Final = Call(
    "apigateway", "get_api_keys", _READ, ("arn:aws:apigateway:*::/apikeys",), "which API keys are enabled"
)
ACCOUNT: Final = Call(
    "apigateway", "get_account", _READ, ("arn:aws:apigateway:*::/account",), "the role that API Gateway logs with"
)

HTTP_API: Final = Call("apigatewayv2", "get_api", _READ, (_HTTP,), "the settings of an API")
HTTP_ROUTES: Final = Call("apigatewayv2", "get_routes", _READ, (f"{_HTTP}/routes",), "the routes of an API")
HTTP_INTEGRATIONS: Final = Call(
    "apigatewayv2", "get_integrations", _READ, (f"{_HTTP}/integrations",), "the integrations of an API"
)
HTTP_AUTHORIZERS: Final = Call(
    "apigatewayv2", "get_authorizers", _READ, (f"{_HTTP}/authorizers",), "the authorizers of an API"
)
HTTP_STAGES: Final = Call("apigatewayv2", "get_stages", _READ, (f"{_HTTP}/stages",), "the stages of an API")
HTTP_EXPORT: Final = Call("apigatewayv2", "export_api", _READ, (f"{_HTTP}/exports/*",), "what is deployed in a stage")

FUNCTION: Final = Call(
    "lambda", "get_function_configuration", "lambda:GetFunctionConfiguration", (_FUNCTION,), "a function"
)
FUNCTION_POLICY: Final = Call("lambda", "get_policy", "lambda:GetPolicy", (_FUNCTION,), "who may invoke a function")
CONCURRENCY: Final = Call(
    "lambda",
    "get_function_concurrency",
    "lambda:GetFunctionConcurrency",
    (_FUNCTION,),
    "the reserved concurrency of a function",
)
METRICS: Final = Call(
    "cloudwatch", "get_metric_data", "cloudwatch:GetMetricData", ("*",), "errors and throttles of the last hour"
)
LOG_GROUPS: Final = Call(
    "logs", "describe_log_groups", "logs:DescribeLogGroups", ("arn:aws:logs:*:*:log-group:*",), "log groups"
)

POOL: Final = Call(
    "cognito-idp", "describe_user_pool", "cognito-idp:DescribeUserPool", (_POOL,), "a user pool and its triggers"
)
POOL_CLIENTS: Final = Call(
    "cognito-idp",
    "list_user_pool_clients",
    "cognito-idp:ListUserPoolClients",
    (_POOL,),
    "which app clients a user pool has",
)
POOL_CLIENT: Final = Call(
    "cognito-idp",
    "describe_user_pool_client",
    "cognito-idp:DescribeUserPoolClient",
    (_POOL,),
    "an app client of a user pool",
)
RESOURCE_SERVERS: Final = Call(
    "cognito-idp",
    "list_resource_servers",
    "cognito-idp:ListResourceServers",
    (_POOL,),
    "the scopes of a user pool",
)

ROLE: Final = Call("iam", "get_role", "iam:GetRole", (_ROLE,), "who may assume a role")
ROLE_POLICIES: Final = Call(
    "iam", "list_role_policies", "iam:ListRolePolicies", (_ROLE,), "the names of a role's own policies"
)
ROLE_POLICY: Final = Call("iam", "get_role_policy", "iam:GetRolePolicy", (_ROLE,), "a policy of a role")
ROLE_ATTACHED: Final = Call(
    "iam",
    "list_attached_role_policies",
    "iam:ListAttachedRolePolicies",
    (_ROLE,),
    "the managed policies of a role",
)
MANAGED_POLICY: Final = Call("iam", "get_policy", "iam:GetPolicy", ("arn:aws:iam::*:policy/*",), "a managed policy")
POLICY_VERSION: Final = Call(
    "iam", "get_policy_version", "iam:GetPolicyVersion", ("arn:aws:iam::*:policy/*",), "the text of a managed policy"
)

CALLS: Final = tuple(one for one in list(globals().values()) if isinstance(one, Call))
