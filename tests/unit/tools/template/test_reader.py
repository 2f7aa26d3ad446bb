"""What is no template, and what is kept of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.parametrize("properties", ["!If [Unknown, {Handler: a}, {Handler: b}]", "!ImportValue x", "[]"])
@pytest.mark.parametrize("kind", ["AWS::ApiGatewayV2::Route", "AWS::ApiGateway::Authorizer", "AWS::Lambda::Function"])
def test_properties_that_are_not_known_are_a_problem(kind: str, properties: str, read: Read) -> None:
    document = read(f"Resources: {{A: {{Type: {kind}, Properties: {properties}}}}}")
    assert [(one.code, str(one.place)) for one in document.problems] == [("properties_unresolved", "A.Properties")]


def test_properties_under_an_unknown_condition_count(read: Read) -> None:
    text = "{A: {Type: AWS::Lambda::Function, Properties: !If [Unknown, {Handler: a}, !Ref AWS::NoValue]}}"
    document = read(f"Resources: {text}")
    assert (document.functions[0].handler, document.problems) == ("a", ())


@pytest.mark.parametrize(
    "resource", ["{Type: AWS::SNS::Topic, Properties: !ImportValue x}", "{Type: AWS::ApiGatewayV2::Api}"]
)
def test_properties_of_others_are_no_problem(resource: str, read: Read) -> None:
    assert read(f"Resources: {{A: {resource}}}").problems == ()


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("Resources: {Fn::Transform: {Name: Macro}}", "transform_unknown", "Resources"),
        ("Resources: {A: {Type: T}, Fn::Transform: {Name: Macro}}", "transform_unknown", "Resources"),
        (
            "Resources: {A: {Type: T, Properties: {B: {Fn::Transform: {Name: Macro}, a: b}}}}",
            "transform_unknown",
            "A.Properties.B",
        ),
        ("openapi: 3.0.1\nFn::Transform: {Name: Macro}", "transform_unknown", ""),
    ],
)
def test_macro_that_adds_to_what_is_there_is_a_problem(text: str, code: str, place: str, read: Read) -> None:
    found = [(one.code, str(one.place).removeprefix("Resources.")) for one in read(text).problems]
    assert found == [(code, place)]


@pytest.mark.parametrize(
    "name", ["AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16", "AWS::CodeDeployBlueGreen"]
)
def test_transform_that_touches_no_api_is_no_problem(name: str, read: Read) -> None:
    assert read(f"Transform: [{name}]\nResources: {{A: {{Type: AWS::SNS::Topic}}}}").problems == ()


def test_files_that_include_each_other_without_end_are_a_problem(read: Read, tmp_path: Path) -> None:
    include = "{Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}}"
    (tmp_path / "more.yaml").write_text(f"a: {include}")
    document = read(f"Resources: {{A: {{Type: T, Properties: {include}}}}}")
    assert [one.code for one in document.problems] == ["body_unreadable"]


def test_deep_nesting_is_told(read: Read) -> None:
    deep = "{a: " * 150 + "1" + "}" * 150
    assert read(f"Resources: {{A: {{Type: X, Properties: {deep}}}}}").resources
    with pytest.raises(CommandError):
        read(f"Resources: {{A: {{Type: X, Properties: {'{a: ' * 5000}1{'}' * 5000}}}}}")
