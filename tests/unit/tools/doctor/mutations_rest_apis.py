"""Mistakes with the REST API around an authorizer: its policy, API keys, refusals, logs, and what is attached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.unit.tools.doctor.mutation import Mutation
from tests.unit.tools.doctor.rest_edits import add, attribute, both, drop, put

if TYPE_CHECKING:
    from tests.unit.tools.doctor.rest_edits import Edit

SAM, RAW, OPENAPI, OURS = "rest_sam.yaml", "rest_cloudformation.yaml", "rest_openapi.yaml", "rest_usage_keys.yaml"
_ALLOW: Final = ("Api", "Policy", "Statement", 0, "Resource")
_REFUSED: Final = ("Api", "GatewayResponses", "ACCESS_DENIED", "ResponseTemplates", "application/json")
_WITHOUT_KEYS: Final = {
    "AUTHORIZER_CACHE_TTL": "60",
    "AUTHORIZER_ISSUER": "https://id.example.com",
    "AUTHORIZER_AUDIENCE": "orders",
    "AUTHORIZER_SCOPES": "orders/read",
}
_WRITE: Final = ("Orders", "Events", "Write", "Properties")
_WITHOUT_TOKEN: Final = (drop("Token"), drop("DeciderPermission"))  # which would be unused, and is another mistake
_OPEN_EVENT: Final = {
    "Type": "Api",
    "Properties": {
        "RestApiId": {"Ref": "Api"},
        "Path": "/health",
        "Method": "get",
        "Auth": {"Authorizer": "NONE", "ApiKeyRequired": True},
    },
}
_LOGS: Final = ("AccessLogSetting", "Format")
_TELLING: Final = "$context.status $context.error.responseType $context.authorizer.error"
_SECURITY: Final = ("Api", "Body", "paths", "/orders/{id}", "get", "security")


def _mutation(code: str, name: str, base: str, edit: Edit) -> Mutation:
    return Mutation(name=name, base=base, edit=edit, code=code)


def _own(path: str) -> str:
    return f"execute-api:/*/GET/{path}"


POLICIES: Final = [
    _mutation(
        "resource_policy_malformed",
        "a policy with an unknown effect",
        OPENAPI,
        put("Permit", "Api", "Policy", "Statement", 0, "Effect"),
    ),
    _mutation(
        "resource_policy_other_api",
        "a policy about another API",
        OPENAPI,
        put("arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/*", *_ALLOW),
    ),
    _mutation(
        "resource_policy_fits_no_route",
        "a policy about a stage that is not there",
        OPENAPI,
        put("execute-api:/prod/*", *_ALLOW),
    ),
    _mutation(
        "resource_policy_fits_no_route",
        "a policy with the name of a path parameter",
        OPENAPI,
        put(_own("orders/{id}"), *_ALLOW),
    ),
    _mutation(
        "resource_policy_denies_everything",
        "a denial without a condition",
        OPENAPI,
        drop("Api", "Policy", "Statement", 1, "Condition"),
    ),
    _mutation(
        "resource_policy_misses_cognito_route",
        "a policy without the route of the user pool",
        OPENAPI,
        put([_own("health")], *_ALLOW),
    ),
    _mutation(
        "resource_policy_silent_on_open_route",
        "a policy without the open route",
        OPENAPI,
        put([_own("me")], *_ALLOW),
    ),
    _mutation(
        "resource_policy_allows_beside_lambda",
        "a policy that allows all",
        OPENAPI,
        put("execute-api:/*", *_ALLOW),
    ),
    _mutation(
        "resource_policy_allows_beside_lambda",
        "a policy of SAM that allows addresses",
        SAM,
        put({"IpRangeWhitelist": ["203.0.113.0/24"]}, "Api", "Auth", "ResourcePolicy"),
    ),
    _mutation(
        "private_api_without_policy",
        "a private API",
        RAW,
        put({"Types": ["PRIVATE"]}, "Api", "EndpointConfiguration"),
    ),
]
KEYS: Final = [
    _mutation("api_key_without_usage_plan", "no usage plan", SAM, drop("Api", "Auth", "UsagePlan")),
    _mutation(
        "api_key_without_usage_plan",
        "a usage plan of another API",
        RAW,
        put([{"ApiId": "a1b2c3d4e5", "Stage": "prod"}], "Plan", "ApiStages"),
    ),
    _mutation(
        "usage_plan_without_stage", "another stage in the plan", RAW, put("test", "Plan", "ApiStages", 0, "Stage")
    ),
    _mutation("api_key_disabled", "a key that nobody enabled", RAW, drop("Key", "Enabled")),
    _mutation("api_key_disabled", "a key that is switched off", RAW, put(False, "Key", "Enabled")),
    _mutation("api_key_in_no_plan", "a key without a plan", RAW, drop("KeyInPlan")),
    _mutation(
        "api_key_source_authorizer_without_key",
        "a key from a function that knows none",
        OURS,
        put(_WITHOUT_KEYS, "Decider", "Environment", "Variables"),
    ),
    _mutation(
        "api_key_source_authorizer_without_key",
        "a key from a route without an authorizer",
        OURS,
        put(_OPEN_EVENT, "Backend", "Events", "Health"),
    ),
    _mutation(
        "api_key_source_header_beside_usage_key",
        "a key that the function says and nobody reads",
        OURS,
        drop("Api", "ApiKeySourceType"),
    ),
]
RESPONSES: Final = [
    _mutation(
        "gateway_response_type_unknown",
        "a type that is none",
        RAW,
        add("Forbidden", "AWS::ApiGateway::GatewayResponse", RestApiId={"Ref": "Api"}, ResponseType="FORBIDDEN"),
    ),
    _mutation(
        "refusal_with_success_status",
        "a refusal with 200",
        SAM,
        put(200, "Api", "GatewayResponses", "ACCESS_DENIED", "StatusCode"),
    ),
    _mutation("default_4xx_status_overridden", "400 for all", RAW, put("400", "Refused", "StatusCode")),
    _mutation(
        "gateway_response_template_broken",
        "quotes around what has quotes",
        SAM,
        put('{"message":"$context.error.messageString"}', *_REFUSED),
    ),
    _mutation(
        "gateway_response_template_broken",
        "a text without quotes",
        SAM,
        put('{"message":$context.error.messageString,"type":$context.error.responseType}', *_REFUSED),
    ),
    _mutation(
        "gateway_response_template_broken",
        "a comma too much",
        RAW,
        put({"application/json": '{"message":$context.error.messageString,}'}, "Refused", "ResponseTemplates"),
    ),
    _mutation(
        "gateway_response_template_has_logic",
        "a condition in a template",
        SAM,
        put('#if($context.authorizer.reason){"message":"no"}#end', *_REFUSED),
    ),
]
LOGS: Final = [
    _mutation("access_log_missing", "no access log", RAW, drop("Stage", "AccessLogSetting")),
    _mutation("access_log_missing", "no access log of SAM", OURS, drop("Api", "AccessLogSetting")),
    _mutation(
        "access_log_without_authorizer_fields",
        "an access log that says little",
        RAW,
        put("$context.requestId $context.status $context.authorizer.principalId", "Stage", *_LOGS),
    ),
    _mutation(
        "access_log_writes_api_key",
        "an access log with keys",
        SAM,
        put(f"{_TELLING} $context.identity.apiKey", "Api", *_LOGS),
    ),
    _mutation(
        "execution_log_off",
        "an execution log that is off",
        RAW,
        put("OFF", "Stage", "MethodSettings", 0, "LoggingLevel"),
    ),
    _mutation(
        "execution_log_off",
        "traces without a level",
        SAM,
        put([{"ResourcePath": "/*", "HttpMethod": "*", "DataTraceEnabled": True}], "Api", "MethodSettings"),
    ),
    _mutation("data_trace_on", "traces", SAM, put(True, "Api", "MethodSettings", 0, "DataTraceEnabled")),
    _mutation("log_role_missing", "an account without a role", RAW, drop("Account", "CloudWatchRoleArn")),
    _mutation("log_role_unfit", "a role that may not write", RAW, drop("LogRole", "ManagedPolicyArns")),
    _mutation(
        "log_role_unfit",
        "a role of Lambda for logs",
        RAW,
        put({"Service": "lambda.amazonaws.com"}, "LogRole", "AssumeRolePolicyDocument", "Statement", 0, "Principal"),
    ),
]
ATTACHMENT: Final = [
    _mutation("authorizer_unused", "an authorizer that nobody asks", SAM, drop(*_WRITE, "Auth")),
    _mutation(
        "route_without_authorizer_beside_guarded",
        "an open route",
        OPENAPI,
        both(
            put({"get": {"responses": {"200": {"description": "All"}}}}, "Api", "Body", "paths", "/all"),
            put([_own("health"), _own("me"), _own("all")], *_ALLOW),
        ),
    ),
    _mutation(
        "route_names_missing_authorizer",
        "an authorizer that is not there",
        RAW,
        both(put({"Ref": "Nobody"}, "ListOrders", "AuthorizerId"), *_WITHOUT_TOKEN),
    ),
    _mutation(
        "route_names_missing_authorizer",
        "no authorizer for CUSTOM",
        RAW,
        both(drop("ListOrders", "AuthorizerId"), *_WITHOUT_TOKEN),
    ),
    _mutation(
        "authorizer_named_but_not_asked",
        "an authorizer that is named and not asked",
        RAW,
        put("NONE", "ListOrders", "AuthorizationType"),
    ),
    _mutation(
        "scopes_on_lambda_authorizer",
        "scopes for a function",
        RAW,
        put(["orders/read"], "ListOrders", "AuthorizationScopes"),
    ),
    _mutation(
        "scopes_on_lambda_authorizer",
        "scopes for a function in OpenAPI",
        OPENAPI,
        put([{"decider": ["orders/read"]}], *_SECURITY),
    ),
    _mutation(
        "iam_route_with_bearer_clients",
        "a signed route",
        SAM,
        put({"Authorizer": "AWS_IAM"}, "Orders", "Events", "Health", "Properties", "Auth"),
    ),
    _mutation(
        "deployment_stale",
        "a deployment that waits for nothing",
        RAW,
        lambda template: template["Resources"]["Deployment"].pop("DependsOn"),
    ),
    _mutation(
        "deployment_stale",
        "a deployment that waits for some",
        RAW,
        attribute(["ListOrders"], "Deployment", "DependsOn"),
    ),
    _mutation(
        "api_without_stage",
        "no stage",
        OPENAPI,
        both(drop("Stage"), drop("ApiDeployment"), drop("Mapping"), drop("Domain")),
    ),
]
MUTATIONS: Final = [*POLICIES, *KEYS, *RESPONSES, *LOGS, *ATTACHMENT]
