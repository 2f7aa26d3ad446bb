"""Least privilege: every action of every role, and what uses it. An action that nobody can explain fails here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.function_environment import PROJECT
from tests.integration.artifact.built_project import AUTHORIZERS
from tests.integration.sam_project import read, transformed

if TYPE_CHECKING:
    from collections.abc import Iterator

LAMBDA_LOGS = "Lambda, for what the function prints (authorizer/decision_format.py)"
LAMBDA_TRACES = "Lambda, with Tracing=Active"
LAMBDA_NETWORK = "Lambda, with SubnetIds: the function's network interfaces"

# role → action → (the resource, who uses it)
USES = {
    "AuthorizerRole": {
        "logs:CreateLogStream": ("AuthorizerLogs", LAMBDA_LOGS),
        "logs:PutLogEvents": ("AuthorizerLogs", LAMBDA_LOGS),
        "xray:PutTraceSegments": ("*", LAMBDA_TRACES),
        "xray:PutTelemetryRecords": ("*", LAMBDA_TRACES),
        "ec2:CreateNetworkInterface": ("*", LAMBDA_NETWORK),
        "ec2:DeleteNetworkInterface": ("*", LAMBDA_NETWORK),
        "ec2:DescribeNetworkInterfaces": ("*", LAMBDA_NETWORK),
        "ec2:DescribeSubnets": ("*", LAMBDA_NETWORK),
        "ec2:AssignPrivateIpAddresses": ("*", LAMBDA_NETWORK),
        "ec2:UnassignPrivateIpAddresses": ("*", LAMBDA_NETWORK),
    },
    "SampleRole": {
        "logs:CreateLogStream": ("SampleLogs", "Lambda, for the trigger and the backend"),
        "logs:PutLogEvents": ("SampleLogs", "Lambda, for the trigger and the backend"),
    },
    "SampleAccessLogRole": {},
}
MANAGED = {
    "SampleAccessLogRole": {
        "service-role/AmazonAPIGatewayPushToCloudWatchLogs": "API Gateway, for access logs; the policy that its guide names",
    }
}
TRUSTED = {
    "AuthorizerRole": {"lambda.amazonaws.com"},
    "SampleRole": {"lambda.amazonaws.com"},
    "SampleAccessLogRole": {"apigateway.amazonaws.com"},
}
RESOURCES = transformed(read(PROJECT / "template.yaml"))
ROLES = {name: one["Properties"] for name, one in RESOURCES.items() if one["Type"] == "AWS::IAM::Role"}


def statements(role: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Those of every condition too."""
    for policy in role.get("Policies", []):
        for branch in policy["Fn::If"][1:2] if "Fn::If" in policy else [policy]:
            yield from branch["PolicyDocument"]["Statement"]


def granted(role: dict[str, Any]) -> dict[str, set[str]]:
    """Action → all that it is granted for."""
    found: dict[str, set[str]] = {}
    for statement in statements(role):
        assert statement["Effect"] == "Allow"
        resource = statement["Resource"]
        for action in [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]:
            found.setdefault(action, set()).add(resource if isinstance(resource, str) else resource["Fn::GetAtt"][0])
    return found


def test_every_role_is_known() -> None:
    assert set(ROLES) == set(USES)


@pytest.mark.parametrize("name", USES)
def test_every_action_has_a_use(name: str) -> None:
    assert granted(ROLES[name]) == {action: {resource} for action, (resource, _) in USES[name].items()}


@pytest.mark.parametrize("name", USES)
def test_managed_policies_have_a_use(name: str) -> None:
    arns = [arn["Fn::Sub"] for arn in ROLES[name].get("ManagedPolicyArns", [])]
    assert {arn.partition(":policy/")[2] for arn in arns} == set(MANAGED.get(name, {}))


@pytest.mark.parametrize("name", TRUSTED)
def test_role_is_taken_by_one_service(name: str) -> None:
    (statement,) = ROLES[name]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": next(iter(TRUSTED[name]))}


def test_every_function_has_its_role() -> None:
    functions = {name: one["Properties"] for name, one in RESOURCES.items() if one["Type"] == "AWS::Lambda::Function"}
    roles = {name: one["Role"]["Fn::GetAtt"][0] for name, one in functions.items()}
    assert roles == dict.fromkeys(AUTHORIZERS, "AuthorizerRole") | dict.fromkeys(
        ("SamplePreTokenGeneration", "SampleBackend"), "SampleRole"
    )


def test_only_services_may_invoke_and_only_for_this_account() -> None:
    permissions = [one["Properties"] for one in RESOURCES.values() if one["Type"] == "AWS::Lambda::Permission"]
    assert {one["Principal"] for one in permissions} == {"apigateway.amazonaws.com", "cognito-idp.amazonaws.com"}
    for one in permissions:
        assert one["Action"] == "lambda:InvokeFunction"
        source = one["SourceArn"].get("Fn::Sub", "")
        assert "${AWS::AccountId}:" in source or one["SourceArn"] == {"Fn::GetAtt": ["SampleUserPool", "Arn"]}


def test_rest_api_has_one_stage() -> None:
    """SAM adds a second, named Stage, to deployments unless it is told not to."""
    deployments = [one for one in RESOURCES.values() if one["Type"] == "AWS::ApiGateway::Deployment"]
    assert deployments
    assert not [one for one in deployments if "StageName" in one["Properties"]]


def test_authorizers_are_invoked_by_authorizers_only() -> None:
    """`…:API/*/*/*` would let every integration call the function, and would not cover an authorizer."""
    sources = [
        one["Properties"]["SourceArn"]["Fn::Sub"]
        for name, one in RESOURCES.items()
        if one["Type"] == "AWS::Lambda::Permission" and name.endswith("AuthorizerPermission")
    ]
    assert len(sources) == 5
    assert all(
        re.fullmatch(r"arn:\$\{AWS::Partition\}:execute-api:.*:\$\{ApiId\}/authorizers/\*", one) for one in sources
    )


PARAMETERS_OF_A_VERSION = {"Release", "Runtime", "Architecture", "MemorySize", "Timeout", "Tracing"}


def test_change_of_a_version_s_description_makes_a_new_one() -> None:
    """SAM publishes a version when code changed, not when the value of a parameter did. CloudFormation replaces a version
    whose description changed."""
    versions = [one for one in RESOURCES.values() if one["Type"] == "AWS::Lambda::Version"]
    assert len(versions) == 5
    for version in versions:
        named = set(re.findall(r"\$\{(\w+)\}", version["Properties"]["Description"]["Fn::Sub"]))
        assert named >= PARAMETERS_OF_A_VERSION
        assert version["UpdateReplacePolicy"] == version["DeletionPolicy"] == "Retain"
        function = RESOURCES[version["Properties"]["FunctionName"]["Ref"]]["Properties"]
        assert "${Release}" in function["Description"]["Fn::Sub"]  # Lambda publishes nothing where nothing differs
