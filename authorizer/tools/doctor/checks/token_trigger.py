"""The pre token generation trigger: without an answer of its function Cognito issues no token at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.native_settings import spelled
from authorizer.tools.doctor.told import told
from authorizer.tools.doctor.trigger_code import mentions, python_handler, returns_a_value, says
from authorizer.tools.doctor.user_pools import ADDS_SCOPES, all_told, user_pools
from authorizer.tools.gateway.glob import matcher
from authorizer.tools.template.shape import as_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.user_pools import Trigger, UserPool
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Function, Resource
    from authorizer.tools.template_check.finding import Finding

_CALLER: Final = "cognito-idp.amazonaws.com"
_ACTIONS: Final = ("lambda:InvokeFunction", "lambda:*", "*")
_PATIENCE: Final = 5  # seconds that Cognito waits for a trigger; it asks three times at most
_NEWER: Final = ("claimsAndScopeOverrideDetails", "scope_override_details", "accessTokenGeneration", *ADDS_SCOPES)
_OLDER: Final = ("claimsOverrideDetails", "claims_override_details")
_OF_MACHINES: Final = ("TokenGeneration_ClientCredentials",)
_SETTING: Final = ("PreTokenGenerationConfig:", "  LambdaArn: !GetAtt {function}.Arn", "  LambdaVersion: {version}")


def permissions(view: View) -> Iterator[Finding]:
    """Whether Cognito may invoke the function."""
    for pool, trigger, function in _functions(view):
        named = [one for one in view.of_type("AWS::Lambda::Permission") if _is_for(view, one, trigger)]
        sources = [one.properties.get("SourceArn") for one in named]
        if not named:
            code, found = "trigger_permission_missing", f"no permission for Cognito to invoke {function.logical_id}"
        elif not any(_admits(view, source, pool) for source in sources):
            code, found = (
                "trigger_permission_wrong_pool",
                f"a permission for {spelled(str(sources[0]))}, not {pool.name}",
            )
        else:
            continue
        yield view.finding(
            code,
            trigger.place,
            found=found,
            right=f"an AWS::Lambda::Permission whose Principal is {_CALLER} and whose SourceArn is the pool",
            fix=_permission_lines(pool, trigger, function),
        )


def _permission_lines(pool: UserPool, trigger: Trigger, function: Function) -> tuple[str, ...]:
    return (
        f"{function.logical_id}Permission:",
        "  Type: AWS::Lambda::Permission",
        "  Properties:",
        "    Action: lambda:InvokeFunction",
        f"    FunctionName: {spelled(str(trigger.said))}",
        f"    Principal: {_CALLER}",
        f"    SourceArn: !GetAtt {pool.name}.Arn",
    )


def _is_for(view: View, permission: Resource, trigger: Trigger) -> bool:
    """Whether a permission is for Cognito and the function of a trigger, with its alias or version; yes if not told."""
    given = permission.properties
    principal, action = told(view, given.get("Principal")), told(view, given.get("Action"))
    if principal not in (None, _CALLER, "*") or action not in (None, *_ACTIONS):
        return False
    named = told(view, given.get("FunctionName"))
    arn = told(view, trigger.said)
    return named is None or arn is None or _name(named) == _name(arn)


def _name(function: str) -> str:
    return (function.rpartition(":function:")[2] or function).removesuffix(":$LATEST")


def _admits(view: View, source: object, pool: UserPool) -> bool:
    arn = told(view, source)
    return arn is None or matcher(arn)(pool.arn)


def versions(view: View) -> Iterator[Finding]:
    """The version of the event, and what the function makes of it."""
    for _, trigger, function in _functions(view):
        version, place = trigger.version, trigger.place
        if version == "V1_0" and says(view, function, *_NEWER):
            code, wanted = "trigger_version_for_scopes", "V2_0"
            found = f"{function.logical_id} changes access tokens, and gets events of version 1, for ID tokens alone"
        elif version == "V2_0" and says(view, function, *_OF_MACHINES):
            code, wanted = "trigger_version_for_machines", "V3_0"
            found = f"{function.logical_id} waits for TokenGeneration_ClientCredentials, which V2_0 never brings"
        elif version in ("V2_0", "V3_0") and _says_only_older(view, function):
            code, wanted = "trigger_answer_of_version_one", version
            found = f"{function.logical_id} answers with claimsOverrideDetails to events of {version}"
            place = function.place
        else:
            continue
        fix = tuple(line.format(function=function.logical_id, version=wanted) for line in _SETTING)
        if code == "trigger_answer_of_version_one":
            fix = ('event["response"]["claimsAndScopeOverrideDetails"] = {"idTokenGeneration": {…}}',)
        yield view.finding(code, place, found=found, right=f"{wanted} and claimsAndScopeOverrideDetails", fix=fix)


def _says_only_older(view: View, function: Function) -> bool:
    return says(view, function, *_OLDER) and mentions(view, function, *_NEWER) is False


def settings(view: View) -> Iterator[Finding]:
    """`LambdaConfig` itself."""
    for pool in user_pools(view):
        given = as_map(pool.resource.properties.get("LambdaConfig"))
        newer, older = as_map(given.get("PreTokenGenerationConfig")), given.get("PreTokenGeneration")
        place = pool.place / "LambdaConfig"
        arns = all_told(view, [older, newer.get("LambdaArn")])
        if newer and older is not None and arns is not None and arns[0] != arns[1]:
            yield view.finding(
                "trigger_both_settings",
                place / "PreTokenGeneration",
                found=f"{arns[0]}, and {arns[1]} in PreTokenGenerationConfig",
                right="PreTokenGenerationConfig alone",
                fix=("# remove: PreTokenGeneration",),
            )
        if newer and not {"LambdaArn", "LambdaVersion"} <= newer.keys():
            yield view.finding(
                "trigger_setting_incomplete",
                place / "PreTokenGenerationConfig",
                found=f"only {', '.join(newer)}",
                right="LambdaArn and LambdaVersion",
                fix=tuple(line.format(function="Function", version="V2_0") for line in _SETTING),
            )


def tiers(view: View) -> Iterator[Finding]:
    """The plan of the pool."""
    for pool in user_pools(view):
        tier = told(view, pool.resource.properties.get("UserPoolTier"))
        if tier == "LITE" and pool.trigger is not None and pool.trigger.version in ("V2_0", "V3_0"):
            yield view.finding(
                "trigger_needs_tier",
                pool.place / "UserPoolTier",
                found=f"the tier LITE, and a trigger of {pool.trigger.version}",
                right="ESSENTIALS or PLUS",
                fix=("UserPoolTier: ESSENTIALS",),
            )


def answers(view: View) -> Iterator[Finding]:
    """Whether an answer comes, and in time."""
    for _, _, function in _functions(view):
        if isinstance(function.timeout, int) and function.timeout > _PATIENCE:
            yield view.finding(
                "trigger_too_slow",
                function.place / "Timeout",
                found=f"{function.timeout} s for {function.logical_id}",
                right=f"less than the {_PATIENCE} s that Cognito waits",
                fix=(f"Timeout: {_PATIENCE - 1}",),
            )
        handler = python_handler(view, function)
        if handler is not None and not returns_a_value(handler):
            yield view.finding(
                "trigger_returns_nothing",
                function.place / "Code",
                found=f"{handler.name} of {function.logical_id} returns nothing",
                right="the event, with its response",
                fix=("    return event",),
            )


def _functions(view: View) -> Iterator[tuple[UserPool, Trigger, Function]]:
    """The triggers whose function is in the document."""
    for pool in user_pools(view):
        if pool.trigger is not None and pool.trigger.function is not None:
            yield pool, pool.trigger, pool.trigger.function


CHECKS = (permissions, versions, settings, tiers, answers)
