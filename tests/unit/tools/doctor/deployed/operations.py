"""What AWS answers to each call, from an account in memory. Lists come in pages of the size that is asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.unit.tools.doctor.deployed.account import ACCOUNT, Account, NotThere

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Given = dict[str, Any]
FEW = 500  # of a page where nobody says


def there(table: dict[str, Any], name: str) -> Any:
    """An entry; `NotThere` otherwise."""
    if name not in table:
        raise NotThere(name)
    return table[name]


def page(items: Sequence[Any], given: Given, key: str, token: tuple[str, str], size: str) -> Given:
    """One page; `token` is its name in the question and in the answer."""
    start, most = int(given.get(token[0], 0)), int(given.get(size, FEW))
    more = {token[1]: str(start + most)} if start + most < len(items) else {}
    return {key: list(items[start : start + most]), **more}


def of_rest(part: str) -> Callable[[Account, Given], Given]:
    """A list of a REST API."""
    return lambda account, given: page(
        there(account.rest, given["restApiId"])[part], given, "items", ("position", "position"), "limit"
    )


def of_http(part: str) -> Callable[[Account, Given], Given]:
    """A list of an HTTP or WebSocket API."""
    return lambda account, given: page(
        there(account.http, given["ApiId"])[part], given, "Items", ("NextToken", "NextToken"), "MaxResults"
    )


def rest_stages(account: Account, given: Given) -> Given:
    return {"item": there(account.rest, given["restApiId"])["stages"]}


def export(exports: dict[str, Any], stage: str) -> Given:
    return {"body": json.dumps(there(exports, stage)).encode()}


def function(account: Account, given: Given) -> Given:
    found: Given = there(account.functions, given["FunctionName"])
    if "Qualifier" in given and given["Qualifier"] not in found["qualifiers"]:
        raise NotThere(given["Qualifier"])
    return found


def policy(account: Account, given: Given) -> Given:
    name = ":".join(filter(None, (given["FunctionName"], given.get("Qualifier"))))
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": there(account.policies, name)})}


def concurrency(account: Account, given: Given) -> Given:
    reserved = function(account, given)["reserved"]
    return {} if reserved is None else {"ReservedConcurrentExecutions": reserved}


def metrics(account: Account, given: Given) -> Given:
    results = []
    for one in given["MetricDataQueries"]:
        metric = one["MetricStat"]["Metric"]
        value = account.metrics.get((metric["Dimensions"][0]["Value"], metric["MetricName"]))
        results.append({"Id": one["Id"], "Label": one["Id"], "Values": [] if value is None else [float(value)]})
    return {"MetricDataResults": results}


def log_groups(account: Account, given: Given) -> Given:
    found = [one for one in sorted(account.log_groups) if one.startswith(given["logGroupNamePrefix"])]
    return {"logGroups": [{"logGroupName": one} for one in found]}


def pool_client(account: Account, given: Given) -> Given:
    return {"UserPoolClient": there(there(account.pools, given["UserPoolId"])["clients"], given["ClientId"])}


def pool_clients(account: Account, given: Given) -> Given:
    clients = there(account.pools, given["UserPoolId"])["clients"].values()
    named = [{name: one[name] for name in ("ClientId", "UserPoolId", "ClientName")} for one in clients]
    return page(named, given, "UserPoolClients", ("NextToken", "NextToken"), "MaxResults")


def servers(account: Account, given: Given) -> Given:
    found = there(account.pools, given["UserPoolId"])["servers"]
    return page(found, given, "ResourceServers", ("NextToken", "NextToken"), "MaxResults")


def role_policy(account: Account, given: Given) -> Given:
    document = there(there(account.roles, given["RoleName"])["policies"], given["PolicyName"])
    return {"RoleName": given["RoleName"], "PolicyName": given["PolicyName"], "PolicyDocument": json.dumps(document)}


def role(account: Account, given: Given) -> Given:
    return {"Role": there(account.roles, given["RoleName"])["role"]}


def managed(account: Account, given: Given) -> Given:
    there(account.managed, given["PolicyArn"])
    return {"Policy": {"Arn": given["PolicyArn"], "DefaultVersionId": "v1"}}


def managed_version(account: Account, given: Given) -> Given:
    document = json.dumps(there(account.managed, given["PolicyArn"]))
    return {"PolicyVersion": {"VersionId": given["VersionId"], "Document": document}}


OPERATIONS: dict[tuple[str, str], Callable[[Account, Given], Given]] = {
    ("sts", "get_caller_identity"): lambda *_: {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/somebody"},
    ("apigateway", "get_rest_api"): lambda account, given: there(account.rest, given["restApiId"])["api"],
    ("apigateway", "get_resources"): of_rest("resources"),
    ("apigateway", "get_authorizers"): of_rest("authorizers"),
    ("apigateway", "get_gateway_responses"): of_rest("responses"),
    ("apigateway", "get_stages"): rest_stages,
    ("apigateway", "get_export"): lambda account, given: export(
        there(account.rest, given["restApiId"])["exports"], given["stageName"]
    ),
    ("apigateway", "get_usage_plans"): lambda account, given: page(
        account.plans, given, "items", ("position", "position"), "limit"
    ),
    ("apigateway", "get_usage_plan_keys"): lambda account, given: page(
        account.plan_keys.get(given["usagePlanId"], []), given, "items", ("position", "position"), "limit"
    ),
    ("apigateway", "get_api_keys"): lambda account, given: page(
        account.keys, given, "items", ("position", "position"), "limit"
    ),
    ("apigateway", "get_account"): lambda account, _: (
        {"cloudwatchRoleArn": account.log_role} if account.log_role else {}
    ),
    ("apigatewayv2", "get_api"): lambda account, given: there(account.http, given["ApiId"])["api"],
    ("apigatewayv2", "get_routes"): of_http("routes"),
    ("apigatewayv2", "get_integrations"): of_http("integrations"),
    ("apigatewayv2", "get_authorizers"): of_http("authorizers"),
    ("apigatewayv2", "get_stages"): of_http("stages"),
    ("apigatewayv2", "export_api"): lambda account, given: export(
        there(account.http, given["ApiId"])["exports"], given["StageName"]
    ),
    ("lambda", "get_function_configuration"): lambda account, given: function(account, given)["configuration"],
    ("lambda", "get_policy"): policy,
    ("lambda", "get_function_concurrency"): concurrency,
    ("cloudwatch", "get_metric_data"): metrics,
    ("logs", "describe_log_groups"): log_groups,
    ("cognito-idp", "describe_user_pool"): lambda account, given: {
        "UserPool": there(account.pools, given["UserPoolId"])["pool"]
    },
    ("cognito-idp", "list_user_pool_clients"): pool_clients,
    ("cognito-idp", "describe_user_pool_client"): pool_client,
    ("cognito-idp", "list_resource_servers"): servers,
    ("iam", "get_role"): role,
    ("iam", "list_role_policies"): lambda account, given: {
        "PolicyNames": list(there(account.roles, given["RoleName"])["policies"])
    },
    ("iam", "get_role_policy"): role_policy,
    ("iam", "list_attached_role_policies"): lambda account, given: {
        "AttachedPolicies": [
            {"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn}
            for arn in there(account.roles, given["RoleName"])["attached"]
        ]
    },
    ("iam", "get_policy"): managed,
    ("iam", "get_policy_version"): managed_version,
}
