"""What only a deployment knows is no mistake: the checks of REST APIs say nothing of it. And patterns that meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from authorizer.tools.doctor.policy_statements import SEGMENT, meet
from tests.unit.tools.doctor.mutation import findings
from tests.unit.tools.doctor.rest_edits import add, attribute, both, drop, put

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.tools.doctor.mutation import Template
    from tests.unit.tools.doctor.rest_edits import Edit

SAM, RAW, OPENAPI = "rest_sam.yaml", "rest_cloudformation.yaml", "rest_openapi.yaml"
_UNKNOWN: Final = {"Ref": "Unknown"}
_SOURCE: Final = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}"
_TOKEN: Final = ("Api", "Auth", "Authorizers", "Token")
_STATEMENT: Final = ("Api", "Policy", "Statement", 0)
_LOG: Final = {
    "DestinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:x",
    "Format": "$context.authorizer.error",
}
_URI: Final = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions"
_ELSEWHERE: Final = f"{_URI}/arn:aws:lambda:us-east-1:123456789012:function:shared-decider/invocations"


def _if(met: Any, otherwise: Any) -> dict[str, Any]:
    return {"Fn::If": ["Chosen", met, otherwise]}


SILENT: Final[dict[str, tuple[str, Edit]]] = {
    "a function by a parameter": (SAM, put(_UNKNOWN, *_TOKEN, "FunctionArn")),
    "a function of another stack": (SAM, put({"Fn::ImportValue": "decider"}, *_TOKEN, "FunctionArn")),
    "a function of another template": (RAW, both(put(_ELSEWHERE, "Token", "AuthorizerUri"), drop("DeciderPermission"))),
    "a function of a nested stack": (
        SAM,
        both(
            add("Nested", "AWS::CloudFormation::Stack", TemplateURL="https://example.com/nested.yaml"),
            put({"Fn::GetAtt": ["Nested", "Outputs.DeciderArn"]}, *_TOKEN, "FunctionArn"),
        ),
    ),
    "a permission for an API that may be this one": (
        RAW,
        put({"Fn::Sub": f"{_SOURCE}:${{Unknown}}/authorizers/*"}, "DeciderPermission", "SourceArn"),
    ),
    "a permission for whoever": (RAW, put(_UNKNOWN, "DeciderPermission", "Principal")),
    "a permission of an alias that may be another": (
        RAW,
        put(_if({"Ref": "DeciderLive"}, {"Ref": "Decider"}), "DeciderPermission", "FunctionName"),
    ),
    "a permission without a source": (RAW, drop("DeciderPermission", "SourceArn")),
    "an identity source by a parameter": (RAW, put(_UNKNOWN, "Request", "IdentitySource")),
    "a TTL by a parameter": (
        OPENAPI,
        put(
            _UNKNOWN,
            *("Api", "Body", "components", "securitySchemes", "decider"),
            "x-amazon-apigateway-authorizer",
            "authorizerResultTtlInSeconds",
        ),
    ),
    "an expression by a parameter": (RAW, put(_UNKNOWN, "Token", "IdentityValidationExpression")),
    "an expression of another scheme": (RAW, put("Basic [A-Za-z0-9+/=]+", "Token", "IdentityValidationExpression")),
    "an expression of opaque tokens": (RAW, put("Bearer [0-9a-f]{40}", "Token", "IdentityValidationExpression")),
    "an expression in Java's words": (RAW, put(r"Bearer \p{Alnum}+", "Token", "IdentityValidationExpression")),
    "a role of another template": (
        RAW,
        put("arn:aws:iam::123456789012:role/invoke", "Request", "AuthorizerCredentials"),
    ),
    "a role with a policy of somebody": (
        RAW,
        both(drop("InvokePolicy"), put(["arn:aws:iam::123456789012:policy/x"], "InvokeRole", "ManagedPolicyArns")),
    ),
    "a policy about a stage by a parameter": (
        OPENAPI,
        put({"Fn::Sub": "execute-api:/${Unknown}/*"}, *_STATEMENT, "Resource"),
    ),
    "a policy by a parameter": (OPENAPI, put(_UNKNOWN, "Api", "Policy")),
    "a plan of stages by a condition": (RAW, put(_if([{"ApiId": "a", "Stage": "b"}], []), "Plan", "ApiStages")),
    "a plan of a stage by a parameter": (RAW, put(_UNKNOWN, "Plan", "ApiStages", 0, "Stage")),
    "a key that may be enabled": (RAW, put(_UNKNOWN, "Key", "Enabled")),
    "a source of keys by a parameter": (RAW, put(_UNKNOWN, "Api", "ApiKeySourceType")),
    "a key that a foreign function may say": (RAW, put("AUTHORIZER", "Api", "ApiKeySourceType")),
    "a response by a parameter": (
        RAW,
        both(put(_UNKNOWN, "Failed", "ResponseType"), put(_UNKNOWN, "Failed", "StatusCode")),
    ),
    "a header by a parameter": (
        RAW,
        put(_UNKNOWN, "Refused", "ResponseParameters", "gatewayresponse.header.Access-Control-Allow-Origin"),
    ),
    "a list of headers by a parameter": (
        RAW,
        put(
            _UNKNOWN,
            "OrdersPreflight",
            "Integration",
            "IntegrationResponses",
            0,
            "ResponseParameters",
            "method.response.header.Access-Control-Allow-Headers",
        ),
    ),
    "a log by a parameter": (RAW, put(_if(_LOG, {"Ref": "AWS::NoValue"}), "Stage", "AccessLogSetting")),
    "a format by a parameter": (RAW, put(_UNKNOWN, "Stage", "AccessLogSetting", "Format")),
    "levels by a condition": (RAW, put(_if([{"LoggingLevel": "OFF"}], []), "Stage", "MethodSettings")),
    "a route that may ask": (RAW, put(_UNKNOWN, "ListOrders", "AuthorizationType")),
    "a deployment with a hash": (
        RAW,
        both(
            lambda template: template["Resources"].update(Deployment4f0c2a9b1d=template["Resources"].pop("Deployment")),
            attribute([], "Deployment4f0c2a9b1d", "DependsOn"),
            put({"Ref": "Deployment4f0c2a9b1d"}, "Stage", "DeploymentId"),
        ),
    ),
    "an open route that is said to be open": (
        OPENAPI,
        both(
            put({"get": {"responses": {}, "security": []}}, "Api", "Body", "paths", "/all"),
            drop("Api", "Policy"),
        ),
    ),
}


def _with_parameters(edit: Edit) -> Edit:
    def edited(template: Template) -> None:
        template["Parameters"] = {"Unknown": {"Type": "String"}}
        template["Conditions"] = {"Chosen": {"Fn::Equals": [{"Ref": "Unknown"}, "yes"]}}
        edit(template)

    return edited


@pytest.mark.parametrize("name", SILENT)
def test_nothing_is_said_of_what_nobody_can_tell(name: str, tmp_path: Path) -> None:
    base, edit = SILENT[name]
    assert [str(one) for one in findings(tmp_path, base, _with_parameters(edit), {})] == []


@pytest.mark.parametrize(
    ("pattern", "arn", "expected"),
    [
        ("*", "", True),
        ("a*", "ab/c", True),
        ("a/*/d", f"a/{SEGMENT}/d", True),
        ("a/b/c", f"a/{SEGMENT}", False),
        ("a/b/c", "a/*", True),
        ("a/?", f"a/{SEGMENT}", True),
        ("*/GET/me", f"v1/GET/orders/{SEGMENT}", False),
        ("*/GET/*", f"v1/{SEGMENT}/orders", True),
        ("v2/*", "v1/*", False),
    ],
)
def test_patterns_and_arns_meet(pattern: str, arn: str, *, expected: bool) -> None:
    assert meet(pattern, arn) is expected
