"""What is no template, and what is kept of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from tests.unit.tools.template.conftest import Read


@pytest.mark.parametrize("text", ["a: b", "Resources: []", "Transform: AWS::Serverless-2016-10-31"])
def test_what_is_no_template_is_told(text: str, read: Read) -> None:
    with pytest.raises(CommandError):
        read(text)


def test_resources_are_kept_evaluated(read: Read) -> None:
    document = read("""
Parameters: {P: {Type: String, Default: a}}
Conditions: {Never: !Equals [a, b], Unknown: !Equals [!ImportValue x, b]}
Resources:
  Topic: {Type: AWS::SNS::Topic, DependsOn: Other, Properties: {Name: !Ref P, Gone: !Ref AWS::NoValue}}
  Other: {Type: AWS::SNS::Topic, Condition: Never}
  Perhaps: {Type: AWS::SNS::Topic, Condition: Unknown}
""")
    assert set(document.resources) == {"Topic", "Perhaps"}
    assert document.resources["Topic"].properties == {"Name": "a"}
    assert document.resources["Topic"].attributes == {"DependsOn": "Other"}
    assert document.parameters["P"] == "a"


@pytest.mark.parametrize(
    "resource",
    ["5", "{Type: 5}", "{Type: {a: b}}", "{Type: AWS::ApiGateway::RestApi, Properties: 5}", "[]"],
)
def test_odd_resources_do_no_harm(resource: str, read: Read) -> None:
    assert read(f"Resources: {{Odd: {resource}}}").functions == ()


def test_deep_nesting_is_told(read: Read) -> None:
    deep = "{a: " * 150 + "1" + "}" * 150
    assert read(f"Resources: {{A: {{Type: X, Properties: {deep}}}}}").resources
    with pytest.raises(CommandError):
        read(f"Resources: {{A: {{Type: X, Properties: {'{a: ' * 5000}1{'}' * 5000}}}}}")
