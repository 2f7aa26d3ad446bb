"""Mistakes with the pre token generation trigger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.unit.tools.doctor.mutation import Mutation
from tests.unit.tools.doctor.mutations_cognito import at, each, without

if TYPE_CHECKING:
    from tests.unit.tools.doctor.mutations_cognito import Edit

BASE: Final = "token_trigger.yaml"
_ARN: Final[dict[str, Any]] = {"Fn::GetAtt": ["Trigger", "Arn"]}
_LEGACY: Final = at("Pool.LambdaConfig", {"PreTokenGeneration": _ARN})
_OLD_WORDS: Final = """
def handler(event, context):
    event["response"]["claimsOverrideDetails"] = {"claimsToAddOrOverride": {"tenant": "example"}}
    return event
"""
_MACHINES: Final = """
def handler(event, context):
    if event["triggerSource"] == "TokenGeneration_ClientCredentials":
        event["response"]["claimsAndScopeOverrideDetails"] = {"accessTokenGeneration": {"scopesToAdd": ["orders/read"]}}
    return event
"""
_SILENT: Final = """
def handler(event, context):
    def added():
        return ["orders/read"]

    event["response"]["claimsAndScopeOverrideDetails"] = {"accessTokenGeneration": {"scopesToAdd": added()}}
"""


def _mutation(code: str, edit: Edit, *, name: str = "", trigger: str | None = None) -> Mutation:
    files = {} if trigger is None else {"trigger.py": trigger}
    return Mutation(name=name or code, base=BASE, edit=edit, code=code, files=files)


def _unchanged(_: object) -> None:
    """Only the function is another."""


MUTATIONS: Final = [
    _mutation("trigger_permission_missing", without("TriggerPermission")),
    _mutation(
        "trigger_permission_missing",
        at("TriggerPermission.Principal", "apigateway.amazonaws.com"),
        name="for API Gateway",
    ),
    _mutation(
        "trigger_permission_missing",
        at("Pool.LambdaConfig.PreTokenGenerationConfig.LambdaArn", {"Fn::Sub": "${Trigger.Arn}:live"}),
        name="permission without the alias",
    ),
    _mutation("trigger_permission_wrong_pool", at("TriggerPermission.SourceArn", {"Fn::GetAtt": ["OtherPool", "Arn"]})),
    _mutation("trigger_version_for_scopes", _LEGACY),
    _mutation(
        "trigger_version_for_scopes",
        at("Pool.LambdaConfig.PreTokenGenerationConfig.LambdaVersion", "V1_0"),
        name="version 1 by its name",
    ),
    _mutation(
        "trigger_version_for_scopes",
        each(
            without("TriggerPermission"),
            without("Pool.LambdaConfig"),
            at(
                "Trigger.Events",
                {
                    "Tokens": {
                        "Type": "Cognito",
                        "Properties": {"UserPool": {"Ref": "Pool"}, "Trigger": "PreTokenGeneration"},
                    }
                },
            ),
        ),
        name="trigger by an event of SAM",
    ),
    _mutation("trigger_version_for_machines", _unchanged, trigger=_MACHINES),
    _mutation(
        "trigger_answer_of_version_one",
        at("Orders.Events.Read.Properties.Auth", {"AuthorizationScopes": ["aws.cognito.signin.user.admin"]}),
        trigger=_OLD_WORDS,
    ),
    _mutation(
        "jwt_scopes_need_oauth_flow",
        _LEGACY,
        name="trigger of version 1 for ID tokens",
        trigger=_OLD_WORDS,
    ),
    _mutation(
        "trigger_both_settings",
        at("Pool.LambdaConfig.PreTokenGeneration", {"Fn::GetAtt": ["Orders", "Arn"]}),
    ),
    _mutation("trigger_setting_incomplete", without("Pool.LambdaConfig.PreTokenGenerationConfig.LambdaVersion")),
    _mutation("trigger_needs_tier", at("Pool.UserPoolTier", "LITE")),
    _mutation("trigger_too_slow", at("Trigger.Timeout", 30)),
    _mutation("trigger_returns_nothing", _unchanged, trigger=_SILENT),
]
