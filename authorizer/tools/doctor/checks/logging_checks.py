"""Whether the logs of a REST API tell why a call was refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.roles import GATEWAY, allows, role_of, trusts_gateway
from authorizer.tools.doctor.told import decided, of_own, stage_place, stage_properties, stages
from authorizer.tools.template import Authorization, Place, Unresolved
from authorizer.tools.template.shape import as_flag, as_list, as_map, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, Stage
    from authorizer.tools.template_check.finding import Finding

_LOGS: Final = "AccessLogSetting"
_SETTINGS: Final = "MethodSettings"
_ACCOUNT: Final = "AWS::ApiGateway::Account"
_TELLING: Final = re.compile(r"\$context\.authorizer\.(?:error|status|integrationStatus)\b")
_KEY: Final = re.compile(r"\$context\.identity\.apiKey\b(?!Id)")
_LEVELS: Final = ("ERROR", "INFO")
_FORMAT: Final = (
    '{"requestId":"$context.requestId","status":"$context.status","error":"$context.error.message",'
    '"responseType":"$context.error.responseType","authorizerError":"$context.authorizer.error",'
    '"authorizerStatus":"$context.authorizer.status","integrationStatus":"$context.authorizer.integrationStatus"}'
)


def _stages(view: View) -> Iterator[tuple[Api, Stage, Mapping[str, Any]]]:
    """The stages of APIs that ask for anything, with what is set for them."""
    for api in view.apis(Kind.REST):
        if of_own(view, api) and any(one.authorization is not Authorization.NONE for one in api.routes):
            yield from ((api, one, stage_properties(view, one)) for one in stages(view, api))


def access_logs(view: View) -> Iterator[Finding]:
    """Whether there is one, and what is in it."""
    for api, stage, given in _stages(view):
        place = stage_place(view, api, stage) / _LOGS
        settings = given.get(_LOGS)
        if settings is None:
            if not decided(view, api, stage, _LOGS):
                yield _without(view, api, stage, place)
            continue
        format_ = as_text(as_map(settings).get("Format"))
        if isinstance(settings, Unresolved) or not isinstance(format_, str):
            continue
        if not _TELLING.search(format_):
            yield view.finding(
                "access_log_without_authorizer_fields",
                place / "Format",
                found="no $context.authorizer.error, status or integrationStatus in the format",
                right="what the authorizer answered, and why",
                fix=(f"Format: '{_FORMAT}'",),
            )
        if _KEY.search(format_):
            yield view.finding(
                "access_log_writes_api_key",
                place / "Format",
                found="$context.identity.apiKey in the format",
                right="$context.identity.apiKeyId, which is no secret",
                fix=('"apiKeyId":"$context.identity.apiKeyId"',),
            )


def _without(view: View, api: Api, stage: Stage, place: Place) -> Finding:
    return view.finding(
        "access_log_missing",
        place,
        found=f"no access log for the stage {stage.name} of {api.logical_id}",
        right="an access log with the fields of authorizers",
        fix=(f"{_LOGS}:", "  DestinationArn: !GetAtt AccessLogs.Arn", f"  Format: '{_FORMAT}'"),
    )


def execution_logs(view: View) -> Iterator[Finding]:
    """Settings of methods that ask for traces or for nothing."""
    for api, stage, given in _stages(view):
        place = stage_place(view, api, stage) / _SETTINGS
        settings = [as_map(one) for one in as_list(given.get(_SETTINGS))]
        levels = [str(one.get("LoggingLevel", "")).upper() for one in settings]
        traced = [one for one in settings if as_flag(one.get("DataTraceEnabled", False)) is True]
        logged = [one for one in traced if str(one.get("LoggingLevel", "")).upper() in _LEVELS]
        if logged:
            yield view.finding(
                "data_trace_on",
                place,
                found=f"DataTraceEnabled: true for {api.logical_id}",
                right="false, but for the hour in which somebody reads it",
                fix=("DataTraceEnabled: false",),
            )
        elif (traced or "OFF" in levels) and not any(level in _LEVELS for level in levels):
            yield view.finding(
                "execution_log_off",
                place,
                found=f"DataTraceEnabled without a LoggingLevel for {api.logical_id}"
                if traced
                else "LoggingLevel: OFF",
                right="LoggingLevel: ERROR, which writes a line for each failure",
                fix=(
                    "MethodSettings:",
                    "  - {ResourcePath: '/*', HttpMethod: '*', LoggingLevel: ERROR, DataTraceEnabled: false}",
                ),
            )


def log_role(view: View) -> Iterator[Finding]:
    """The role of the account, where the template sets it."""
    wanted = [api for api, _, given in _stages(view) if _writes(given)]
    for account in view.of_type(_ACCOUNT):
        given = account.properties.get("CloudWatchRoleArn")
        place = Place(account.logical_id, ("Properties", "CloudWatchRoleArn"))
        if not given and wanted:
            yield view.finding(
                "log_role_missing",
                place,
                found=f"no role for the logs of {wanted[0].logical_id}",
                right=f"a role that {GATEWAY} may assume, with AmazonAPIGatewayPushToCloudWatchLogs",
                fix=("CloudWatchRoleArn: !GetAtt LogRole.Arn",),
            )
            continue
        role = role_of(view, given)
        if role is None:
            continue
        trusted, may_write = trusts_gateway(role), allows(view, role, "logs:PutLogEvents", None)
        if trusted is False or not (may_write or _pushes(role.properties)):
            yield view.finding(
                "log_role_unfit",
                Place(role.logical_id, ("Properties",)),
                found=f"{role.logical_id}, which {GATEWAY} may not assume"
                if trusted is False
                else f"{role.logical_id}, which may not write logs",
                right=f"{GATEWAY} in its trust policy, and AmazonAPIGatewayPushToCloudWatchLogs",
                fix=_role_lines(),
            )


def _writes(given: Mapping[str, Any]) -> bool:
    levels = [str(as_map(one).get("LoggingLevel", "")).upper() for one in as_list(given.get(_SETTINGS))]
    return given.get(_LOGS) is not None or any(level in _LEVELS for level in levels)


def _pushes(role: Mapping[str, Any]) -> bool:
    return "AmazonAPIGatewayPushToCloudWatchLogs" in str(role.get("ManagedPolicyArns"))


def _role_lines() -> tuple[str, ...]:
    policy = "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    return (
        "AssumeRolePolicyDocument:",
        '  Version: "2012-10-17"',
        "  Statement:",
        f"    - {{Effect: Allow, Principal: {{Service: {GATEWAY}}}, Action: sts:AssumeRole}}",
        f'ManagedPolicyArns: [!Sub "{policy}"]',
    )


CHECKS = (access_logs, execution_logs, log_role)
