"""What of the account decides over an API too: usage plans, the role for logs, log groups, how functions fared lately."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer import clock
from authorizer.tools.doctor.deployed.calls import ACCOUNT, KEYS, LOG_GROUPS, METRICS, PLAN_KEYS, PLANS
from authorizer.tools.doctor.deployed.reading import arn_of, worded
from authorizer.tools.doctor.deployed.rest_reader import PAGES
from authorizer.tools.doctor.deployed.roles_reader import read_role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from authorizer.tools.doctor.deployed.reading import Reading
    from authorizer.tools.template import Api, Resource

HOUR: Final = 3600  # seconds
_QUERIES: Final = 500  # of one call, the most there can be
_METRICS: Final = ("Errors", "Throttles", "Invocations")
_TYPE: Final = "AWS::ApiGateway::"
LOG_GROUP: Final = "AWS::Logs::LogGroup"


def read_usage_plans(reading: Reading, api: Api) -> None:
    """The plans of an API of which a route asks for a key, with their keys; never the value of a key."""
    if not any(one.api_key_required is True for one in api.routes):
        return
    plans = reading.access.listed(PLANS, "", PaginationConfig=PAGES).value or []
    enabled: dict[str, bool] = {}
    for plan in plans:
        stages = [worded(one) for one in plan.get("apiStages", []) if one.get("apiId") == api.logical_id]
        if not stages:
            continue
        enabled = enabled or _enabled(reading)
        said = {"ApiStages": stages, "UsagePlanName": plan.get("name"), "Quota": plan.get("quota")}
        reading.add(f"{_TYPE}UsagePlan", plan["id"], said)
        _read_keys(reading, plan["id"], enabled)


def _enabled(reading: Reading) -> dict[str, bool]:
    answer = reading.access.listed(KEYS, "", includeValues=False, PaginationConfig=PAGES)
    return {one["id"]: bool(one.get("enabled")) for one in answer.value or []}


def _read_keys(reading: Reading, plan: str, enabled: Mapping[str, bool]) -> None:
    answer = reading.access.listed(PLAN_KEYS, plan, usagePlanId=plan, PaginationConfig=PAGES)
    for one in answer.value or []:
        key = one["id"]
        said = {"KeyId": key, "KeyType": one.get("type"), "UsagePlanId": plan}
        reading.add(f"{_TYPE}UsagePlanKey", f"{plan}/{key}", said)
        if key in enabled:
            reading.add(f"{_TYPE}ApiKey", key, {"Name": one.get("name"), "Enabled": enabled[key]})


def read_log_role(reading: Reading) -> None:
    """The role that API Gateway logs with, one for all REST and WebSocket APIs of the account in the Region."""
    answer = reading.access.asked(ACCOUNT, "")
    if answer.value is not None:
        role = answer.value.get("cloudwatchRoleArn")
        reading.add(f"{_TYPE}Account", "account", {"CloudWatchRoleArn": role})
        read_role(reading, str(role))


def read_log_groups(reading: Reading) -> None:
    """The groups that functions and stages write to."""
    for name, region in {**dict(_of_functions(reading)), **dict(_of_stages(reading))}.items():
        answer = reading.access.listed(LOG_GROUPS, name, region, logGroupNamePrefix=name)
        for one in answer.value or []:
            if one["logGroupName"] == name:
                said = {"LogGroupName": name, "RetentionInDays": one.get("retentionInDays")}
                reading.add(LOG_GROUP, f"log group {name}", said, name)


def log_group_of(function: Resource) -> str:
    """The group that a function writes to."""
    named = function.properties.get("LoggingConfig", {}).get("LogGroup")
    return str(named or f"/aws/lambda/{function.properties['FunctionName']}")


def access_log_group(stage: Resource) -> tuple[str, str] | None:
    """Name and Region of the group that a stage writes its access log to; none for a stream."""
    said = stage.properties.get("AccessLogSetting") or stage.properties.get("AccessLogSettings") or {}
    arn = arn_of(str(said.get("DestinationArn", "")))
    if arn is None or arn.service != "logs":
        return None
    return arn.rest.removeprefix("log-group:").removesuffix(":*"), arn.region


def _of_functions(reading: Reading) -> Iterator[tuple[str, str]]:
    for one in reading.resources.values():
        if one.type == "AWS::Lambda::Function":
            arn = arn_of(str(one.attributes.get("Arn", "")))
            yield log_group_of(one), arn.region if arn else ""


def _of_stages(reading: Reading) -> Iterator[tuple[str, str]]:
    for one in reading.resources.values():
        group = access_log_group(one) if one.type.endswith("::Stage") else None
        if group is not None:
            yield group


def read_metrics(reading: Reading) -> None:
    """How many errors, throttles and calls of each function there were within the last hour."""
    functions = [one for one in reading.resources.values() if _is_here(reading, one)]
    end = clock.now()
    several = _QUERIES // len(_METRICS)
    for start in range(0, len(functions), several):
        _read_metrics(reading, functions[start : start + several], end)


def _is_here(reading: Reading, resource: Resource) -> bool:
    arn = arn_of(str(resource.attributes.get("Arn", "")))
    return resource.type == "AWS::Lambda::Function" and arn is not None and arn.region == reading.region


def _read_metrics(reading: Reading, functions: Sequence[Resource], end: float) -> None:
    queries = [_query(number, one, metric) for number, one in enumerate(functions) for metric in _METRICS]
    minute = int(end) // 60 * 60
    times = {"StartTime": minute - HOUR, "EndTime": minute + 60}
    answer = reading.access.listed(METRICS, "functions", MetricDataQueries=queries, **times)
    sums: dict[str, float] = {}
    for one in answer.value or []:
        sums[one["Id"]] = sums.get(one["Id"], 0) + sum(one.get("Values", []))
    for number, function in enumerate(functions):
        found = {metric: sums.get(_id(number, metric)) for metric in _METRICS}
        reading.mark(function, **{name: int(value) for name, value in found.items() if value is not None})


def _query(number: int, function: Resource, metric: str) -> dict[str, Any]:
    dimensions = [{"Name": "FunctionName", "Value": function.properties["FunctionName"]}]
    named = {"Namespace": "AWS/Lambda", "MetricName": metric, "Dimensions": dimensions}
    return {"Id": _id(number, metric), "MetricStat": {"Metric": named, "Period": 300, "Stat": "Sum"}}


def _id(number: int, metric: str) -> str:
    return f"{metric.lower()}{number}"
