"""One known mistake at a time, in an account that has none: which API it is about, and what the doctor must find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.unit.tools.doctor.deployed.account import Account, execute, function_arn, function_uri, permission
from tests.unit.tools.doctor.deployed.exports import http_export, rest_export
from tests.unit.tools.doctor.deployed.issuer import issuer_of
from tests.unit.tools.doctor.deployed.right import (
    CLIENT,
    HTTP,
    POOL,
    REST,
    SOCKET,
    Table,
    http_part,
    http_stage,
    method,
    rest_api,
    rest_part,
    route,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """`edit` changes the account in place; `get` asks the issuer, in place of one that is right."""

    name: str
    api: str
    edit: Callable[[Account], object]
    code: str
    get: Callable[[str], bytes] | None = None

    def __str__(self) -> str:
        return self.name


def facts(account: Account, name: str) -> Table:
    """The configuration of a function."""
    found: Table = account.functions[name]["configuration"]
    return found


def lose_function(name: str) -> Callable[[Account], object]:
    return lambda account: (account.functions.pop(name), account.policies.pop(name, None))


def other_url(account: Account) -> None:
    elsewhere = function_uri("authorizer").replace(":123456789012:function", ":210987654321:function")
    http_part(account, "authorizers", "lam123")["AuthorizerUri"] = elsewhere


def unattached_since(account: Account) -> None:
    """The stage asks the authorizer; what is set up does not any more."""
    resource = rest_part(account, "resources", "oid123")
    resource["resourceMethods"]["GET"] = method("NONE")


def attached_since(account: Account) -> None:
    """What is set up asks an authorizer; the stage lets everybody in, which is a finding of its own."""
    api = account.rest[REST]
    older = rest_api()
    older["resources"][2]["resourceMethods"]["GET"] = method("NONE")
    api["exports"]["prod"] = rest_export(older)


def slow_stage(account: Account, edit: Callable[[Table], object]) -> None:
    """A stage that somebody deploys by hand, and a change since."""
    api = account.http[HTTP]
    api["stages"] = [http_stage("slow", auto=False)]
    api["exports"]["slow"] = http_export(api)
    edit(api)


def other_issuer(account: Account) -> None:
    rest_part(account, "authorizers", "cog123")["providerARNs"] = [
        "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Deleted00"
    ]
    account.rest[REST]["exports"]["prod"] = rest_export(account.rest[REST])


def add_permission(account: Account) -> None:
    source = execute("deleted123", "authorizers/*")
    account.policies["authorizer"].append(permission(function_arn("authorizer"), source, "apigateway.amazonaws.com"))


def stage_of(account: Account, api: str) -> Table:
    """The one stage of an API."""
    found: Table = (account.rest if api == REST else account.http)[api]["stages"][0]
    return found


def counted(name: str, **numbers: float) -> Callable[[Account], object]:
    """What CloudWatch counted of a function."""
    return lambda account: account.metrics.update({(name, metric): value for metric, value in numbers.items()})


def no_logs(account: Account) -> None:
    account.log_role = None


def role_of_nobody(account: Account) -> None:
    del account.roles["invoker"]


def changed(account: Account, **settings: Any) -> None:
    rest_part(account, "authorizers", "tok123").update(settings)


OWN = [
    Mistake(name="authorizer taken off since", api=REST, edit=unattached_since, code="not_redeployed"),
    Mistake(
        name="TTL changed since",
        api=REST,
        edit=lambda account: changed(account, authorizerResultTtlInSeconds=60),
        code="not_redeployed",
    ),
    Mistake(
        name="another function since",
        api=REST,
        edit=lambda account: changed(account, authorizerUri=function_uri("by-role")),
        code="not_redeployed",
    ),
    Mistake(
        name="method deleted since",
        api=REST,
        edit=lambda account: rest_part(account, "resources", "mee123")["resourceMethods"].pop("GET"),
        code="not_redeployed",
    ),
    Mistake(
        name="resource deleted since",
        api=REST,
        edit=lambda account: account.rest[REST]["resources"].remove(rest_part(account, "resources", "oid123")),
        code="not_redeployed",
    ),
    Mistake(
        name="gateway response changed since",
        api=REST,
        edit=lambda account: rest_part(account, "responses", "DEFAULT_4XX").update(statusCode="418"),
        code="not_redeployed",
    ),
    Mistake(
        name="gateway response added since",
        api=REST,
        edit=lambda account: account.rest[REST]["responses"].append(
            {"responseType": "UNAUTHORIZED", "statusCode": "403", "defaultResponse": False}
        ),
        code="not_redeployed",
    ),
    Mistake(
        name="method added since",
        api=REST,
        edit=lambda account: rest_part(account, "resources", "oid123")["resourceMethods"].update(
            DELETE=method("CUSTOM", "tok123", httpMethod="DELETE")
        ),
        code="route_not_deployed",
    ),
    Mistake(
        name="HTTP scopes changed since",
        api=HTTP,
        edit=lambda account: slow_stage(account, lambda api: api["routes"][1].pop("AuthorizationScopes")),
        code="not_redeployed",
    ),
    Mistake(
        name="HTTP authorizer deleted since",
        api=HTTP,
        edit=lambda account: slow_stage(account, lambda api: (api["authorizers"].pop(0), api["routes"].pop(0))),
        code="not_redeployed",
    ),
    Mistake(
        name="HTTP route added since",
        api=HTTP,
        edit=lambda account: slow_stage(
            account,
            lambda api: api["routes"].append(
                route("rou125", "GET /new", AuthorizationType="CUSTOM", AuthorizerId="lam123")
            ),
        ),
        code="route_not_deployed",
    ),
    Mistake(name="no stage", api=HTTP, edit=lambda account: account.http[HTTP].update(stages=[]), code="stage_missing"),
    Mistake(
        name="stage without a deployment",
        api=HTTP,
        edit=lambda account: (
            stage_of(account, HTTP).update(AutoDeploy=False),
            stage_of(account, HTTP).pop("DeploymentId"),
        ),
        code="stage_without_deployment",
    ),
    Mistake(
        name="deployment failed",
        api=HTTP,
        edit=lambda account: stage_of(account, HTTP).update(
            LastDeploymentStatusMessage="Deployment attempt failed: no"
        ),
        code="stage_deployment_failed",
    ),
    Mistake(name="authorizer's function gone", api=HTTP, edit=lose_function("authorizer"), code="function_deleted"),
    Mistake(name="route's function gone", api=SOCKET, edit=lose_function("orders"), code="function_deleted"),
    Mistake(
        name="alias gone",
        api=HTTP,
        edit=lambda account: http_part(account, "authorizers", "lam123").update(
            AuthorizerUri=function_uri("authorizer:live")
        ),
        code="function_deleted",
    ),
    Mistake(name="role gone", api=REST, edit=role_of_nobody, code="credentials_role_deleted"),
    Mistake(
        name="function failed",
        api=HTTP,
        edit=lambda account: facts(account, "authorizer").update(State="Failed", StateReason="no subnet"),
        code="function_state_failed",
    ),
    Mistake(
        name="function inactive",
        api=SOCKET,
        edit=lambda account: facts(account, "authorizer").update(State="Inactive", StateReasonCode="Idle"),
        code="function_inactive",
    ),
    Mistake(
        name="update failed",
        api=REST,
        edit=lambda account: facts(account, "by-role").update(LastUpdateStatus="Failed"),
        code="function_last_update_failed",
    ),
    Mistake(
        name="backend switched off",
        api=HTTP,
        edit=lambda account: account.functions["orders"].update(reserved=0),
        code="function_no_concurrency",
    ),
    Mistake(
        name="HTTP authorizer fails",
        api=HTTP,
        edit=counted("authorizer", Errors=1, Invocations=90),
        code="function_failing_lately",
    ),
    Mistake(
        name="REST authorizer always fails",
        api=REST,
        edit=counted("by-role", Errors=3, Invocations=3),
        code="function_failing_lately",
    ),
    Mistake(
        name="throttled",
        api=SOCKET,
        edit=counted("authorizer", Throttles=2, Invocations=3, Errors=0),
        code="function_throttled_lately",
    ),
    Mistake(name="another account", api=HTTP, edit=other_url, code="authorizer_url_of_another_account_unseen"),
    Mistake(name="permission of nobody", api=HTTP, edit=add_permission, code="permission_of_deleted_api"),
    Mistake(
        name="pool gone",
        api=HTTP,
        edit=lambda account: account.pools.clear(),
        code="pool_deleted",
        get=issuer_of(None, None),
    ),
    Mistake(name="another pool", api=REST, edit=other_issuer, code="pool_deleted"),
    Mistake(
        name="app client gone",
        api=HTTP,
        edit=lambda account: account.pools[POOL]["clients"].pop(CLIENT),
        code="pool_client_deleted",
    ),
    Mistake(name="trigger's function gone", api=HTTP, edit=lose_function("trigger"), code="trigger_deleted"),
    Mistake(
        name="trigger without permission",
        api=REST,
        edit=lambda account: account.policies.pop("sign-up"),
        code="trigger_not_invocable",
    ),
    Mistake(
        name="trigger fails",
        api=HTTP,
        edit=counted("trigger", Errors=1, Invocations=5),
        code="trigger_failing_lately",
    ),
    Mistake(
        name="never logged",
        api=HTTP,
        edit=lambda account: account.log_groups.remove("/aws/lambda/authorizer"),
        code="log_group_missing",
    ),
    Mistake(
        name="access log nowhere",
        api=REST,
        edit=lambda account: account.log_groups.remove("access"),
        code="access_log_group_missing",
    ),
    Mistake(name="no role for logs", api=SOCKET, edit=no_logs, code="account_log_role_missing"),
    Mistake(
        name="plan without keys",
        api=REST,
        edit=lambda account: account.plan_keys.clear(),
        code="usage_plan_without_key",
    ),
]
SHARED = [
    Mistake(
        name="no permission",
        api=HTTP,
        edit=lambda account: account.policies.pop("authorizer"),
        code="authorizer_permission_missing",
    ),
    Mistake(
        name="no permission of a WebSocket API",
        api=SOCKET,
        edit=lambda account: account.policies["authorizer"].pop(2),
        code="authorizer_permission_of_another_api",
    ),
    Mistake(
        name="authorizer switched off",
        api=REST,
        edit=lambda account: account.functions["by-role"].update(reserved=0),
        code="function_reserved_concurrency_zero",
    ),
    Mistake(
        name="role for another function",
        api=REST,
        edit=lambda account: account.add_role("invoker", "apigateway.amazonaws.com", ["s3:GetObject"]),
        code="credentials_role_without_invoke",
    ),
    Mistake(
        name="no usage plan", api=REST, edit=lambda account: account.plans.clear(), code="api_key_without_usage_plan"
    ),
    Mistake(
        name="key disabled",
        api=REST,
        edit=lambda account: account.keys[0].update(enabled=False),
        code="api_key_disabled",
    ),
    Mistake(name="no role for REST logs", api=REST, edit=no_logs, code="log_role_missing"),
    Mistake(
        name="no CORS on refusals",
        api=REST,
        edit=lambda account: (
            account.rest[REST].update(responses=[]),
            account.rest[REST]["exports"].update(prod=rest_export(account.rest[REST])),
        ),
        code="cors_missing_on_gateway_responses",
    ),
    Mistake(
        name="plan of the pool too small",
        api=HTTP,
        edit=lambda account: account.pools[POOL]["pool"].update(UserPoolTier="LITE"),
        code="trigger_needs_tier",
    ),
    Mistake(
        name="pool may not call its trigger",
        api=HTTP,
        edit=lambda account: account.policies.pop("trigger"),
        code="trigger_permission_missing",
    ),
    Mistake(
        name="stage variable missing",
        api=REST,
        edit=lambda account: stage_of(account, REST).update(variables={}),
        code="stage_variable_unset",
    ),
    Mistake(
        name="REST API without a stage",
        api=REST,
        edit=lambda account: account.rest[REST].update(stages=[]),
        code="api_without_stage",
    ),
    Mistake(
        name="authorizer that nobody asks",
        api=HTTP,
        edit=lambda account: account.http[HTTP]["authorizers"].append(
            http_part(account, "authorizers", "jwt123") | {"AuthorizerId": "idle12", "Name": "idle"}
        ),
        code="authorizer_unused",
    ),
]
# Mistakes that are more than one thing.
SEVERAL = {
    "authorizer attached since": (
        REST,
        attached_since,
        {"authorizer_unused", "not_redeployed", "route_without_authorizer_beside_guarded"},
    ),
}
