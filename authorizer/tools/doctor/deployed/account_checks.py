"""What of the account decides too: logs that are not written, and API keys that nobody has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.deployed.account_reader import LOG_GROUP, access_log_group, log_group_of
from authorizer.tools.doctor.deployed.calls import LOG_GROUPS, PLAN_KEYS
from authorizer.tools.template import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.deployed.deployment import Deployment
    from authorizer.tools.doctor.deployed.view import DeployedView
    from authorizer.tools.template import Resource
    from authorizer.tools.template_check.finding import Finding

_ACCOUNT: Final = "AWS::ApiGateway::Account"
_LEVELS: Final = ("ERROR", "INFO")


def log_groups(one: Deployment, view: DeployedView) -> Iterator[Finding]:
    """Groups that functions and stages would write to."""
    known = {str(it.properties["LogGroupName"]) for it in view.of_type(LOG_GROUP)}
    deciding = {it.function for it in one.served.authorizers}
    for function in view.of_type("AWS::Lambda::Function"):
        name = log_group_of(function)
        if function.logical_id in deciding and name not in known and one.saw(LOG_GROUPS, name):
            found = f"no log group {name}"
            yield view.finding("log_group_missing", Place(function.logical_id), found=found, right="a log group")
    own = one.stage_resource
    group = access_log_group(own) if own is not None else None
    if own is not None and group is not None and group[0] not in known and one.saw(LOG_GROUPS, group[0]):
        place = Place(own.logical_id, ("Properties", "AccessLogSettings"))
        found = f"{group[0]}, which does not exist"
        yield view.finding("access_log_group_missing", place, found=found, right="a log group that exists")


def log_role(one: Deployment, view: DeployedView) -> Iterator[Finding]:
    """The role without which WebSocket APIs write no logs; that of REST APIs is looked at in templates too."""
    own, account = one.stage_resource, next(view.of_type(_ACCOUNT), None)
    if own is None or account is None or one.served.kind is not Kind.WEBSOCKET:
        return
    if _logs(own) and not account.properties.get("CloudWatchRoleArn"):
        yield view.finding(
            "account_log_role_missing",
            Place(own.logical_id, ("Properties",)),
            found="a stage with logs in an account without a role for them",
            right="a role with AmazonAPIGatewayPushToCloudWatchLogs",
            fix=("aws apigateway update-account --patch-operations op=replace,path=/cloudwatchRoleArn,value=ROLE_ARN",),
        )


def usage_plans(one: Deployment, view: DeployedView) -> Iterator[Finding]:
    """Usage plans of routes that ask for an API key, in which nobody has one."""
    keys = [it.properties["UsagePlanId"] for it in view.of_type("AWS::ApiGateway::UsagePlanKey")]
    for plan in view.of_type("AWS::ApiGateway::UsagePlan"):
        if plan.logical_id not in keys and one.saw(PLAN_KEYS, plan.logical_id):
            place = Place(plan.logical_id, ("Properties",))
            yield view.finding(
                "usage_plan_without_key", place, found="a usage plan without keys", right="an API key in it"
            )


def _logs(stage: Resource) -> bool:
    level = (stage.properties.get("DefaultRouteSettings") or {}).get("LoggingLevel")
    return level in _LEVELS or bool(stage.properties.get("AccessLogSettings"))


CHECKS = (log_groups, log_role, usage_plans)
