"""Each intrinsic function, told and not told."""

from __future__ import annotations

from typing import Any

import pytest

from authorizer.tools.template.intrinsics import Intrinsics
from authorizer.tools.template.unresolved import Unresolved

TEMPLATE: dict[str, Any] = {
    "Mappings": {"Map": {"eu": {"size": 3}}},
    "Conditions": {
        "Yes": {"Fn::Equals": [{"Ref": "Given"}, "value"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Unknown": {"Fn::Equals": [{"Ref": "Absent"}, "value"]},
    },
}
NO_VALUE = {"Ref": "AWS::NoValue"}
PARAMETERS = {"Given": "value", "List": ["a", "b"], "Absent": Unresolved("Ref Absent"), "AWS::Region": "eu-west-1"}


def value(node: Any) -> Any:
    return Intrinsics(TEMPLATE, PARAMETERS).value(node)


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ({"Ref": "Given"}, "value"),
        ({"Ref": "AWS::Region"}, "eu-west-1"),
        ({"Fn::Sub": "${Given}-${!Given}-${AWS::Region}"}, "value-${Given}-eu-west-1"),
        ({"Fn::Sub": ["${a}${Given}", {"a": {"Ref": "Given"}}]}, "valuevalue"),
        ({"Fn::Sub": ["$", {}]}, "$"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Given"}, 1, True]]}, "a-value-1-true"),
        ({"Fn::Join": [",", {"Ref": "List"}]}, "a,b"),
        ({"Fn::Split": ["-", "a-b"]}, ["a", "b"]),
        ({"Fn::Select": [1, {"Ref": "List"}]}, "b"),
        ({"Fn::Select": ["0", {"Fn::Split": ["/", "x/y"]}]}, "x"),
        ({"Fn::If": ["Yes", "met", "not"]}, "met"),
        ({"Fn::If": ["No", "met", "not"]}, "not"),
        ({"Fn::FindInMap": ["Map", "eu", "size"]}, 3),
        ({"Fn::FindInMap": ["Map", "us", "size", {"DefaultValue": 1}]}, 1),
        ({"Fn::Base64": "a"}, "YQ=="),
        ({"Fn::Length": ["a", "b"]}, 2),
        ({"Fn::ToJsonString": {"a": {"Ref": "Given"}}}, '{"a":"value"}'),
        ({"a": {"Fn::If": ["No", 1, {"Ref": "AWS::NoValue"}]}, "b": 2}, {"b": 2}),
        ([1, {"Ref": "AWS::NoValue"}, 2], [1, 2]),
        ({"Ref": "AWS::NoValue"}, None),
        ({"Ref": "a", "and": "more"}, {"Ref": "a", "and": "more"}),
        ({200: "a"}, {"200": "a"}),
        ({"Fn::If": ["Unknown", {"a": {"Ref": "Given"}}, NO_VALUE]}, {"a": "value"}),
        ({"Fn::If": ["Unknown", NO_VALUE, {"a": {"Fn::If": ["Unknown", {"b": 1}, NO_VALUE]}}]}, {"a": {"b": 1}}),
        ([{"Fn::If": ["Unknown", {"a": 1}, NO_VALUE]}], [{"a": 1}]),
        ({"a": {"Fn::If": ["Unknown", NO_VALUE, NO_VALUE]}}, {}),
    ],
)
def test_what_the_template_tells(node: Any, found: Any) -> None:
    assert value(node) == found


@pytest.mark.parametrize(
    ("node", "text", "resources"),
    [
        ({"Ref": "Absent"}, "Ref Absent", set()),
        ({"Ref": "Api"}, "Ref Api", {"Api"}),
        ({"Fn::GetAtt": ["Function", "Arn"]}, "GetAtt Function.Arn", {"Function"}),
        ({"Fn::GetAtt": "Stack.Outputs.Url"}, "GetAtt Stack.Outputs.Url", {"Stack"}),
        ({"Fn::GetAtt": ["Stack", {"Ref": "Given"}]}, "GetAtt Stack.value", {"Stack"}),
        ({"Fn::Sub": "a:${Function.Arn}:${Absent}"}, "a:${GetAtt Function.Arn}:${Ref Absent}", {"Function"}),
        ({"Fn::Join": [":", ["a", {"Ref": "Api"}]]}, "a:${Ref Api}", {"Api"}),
        ({"Fn::Sub": ["${a}!", {"a": {"Fn::Sub": "<${Api}>"}}]}, "<${Ref Api}>!", {"Api"}),
        ({"Fn::ImportValue": {"Fn::Sub": "${Given}-Arn"}}, "ImportValue value-Arn", set()),
        ({"Fn::Sub": ["${a}/b", {"a": {"Fn::ImportValue": "x"}}]}, "${ImportValue x}/b", set()),
        ({"Fn::If": ["Unknown", {"Ref": "A"}, {"Ref": "B"}]}, "If Unknown", {"A", "B"}),
        ({"Fn::If": ["Unknown", {"a": {"Ref": "A"}}, {"b": {"Ref": "B"}}]}, "If Unknown", {"A", "B"}),
        ({"Fn::If": ["Unknown", {"Ref": "A"}, NO_VALUE]}, "If Unknown", {"A"}),
        ({"Fn::If": ["Unknown", [{"Ref": "A"}], NO_VALUE]}, "If Unknown", {"A"}),
        ({"Fn::FindInMap": ["Map", "us", "size"]}, 'FindInMap ["Map", "us", "size"]', set()),
        ({"Fn::Select": [7, ["a"]]}, 'Select [7, ["a"]]', set()),
        ({"Fn::GetAZs": ""}, "GetAZs ", set()),
        ({"Fn::Transform": {"Name": "M"}}, 'Transform {"Name": "M"}', set()),
    ],
)
def test_what_only_a_deployment_knows(node: Any, text: str, resources: set[str]) -> None:
    found = value(node)
    assert found == Unresolved(text)
    assert found.resources == resources


@pytest.mark.parametrize(
    "node",
    [
        {"Ref": ["a"]},
        {"Fn::GetAtt": "NoDot"},
        {"Fn::GetAtt": []},
        {"Fn::Sub": 5},
        {"Fn::Sub": ["a", "b"]},
        {"Fn::Join": "a"},
        {"Fn::Split": ["", "a"]},
        {"Fn::Select": [-1, ["a"]]},
        {"Fn::Select": [{"a": 1}, ["a"]]},
        {"Fn::If": ["Yes"]},
        {"Fn::If": [{"a": 1}, 1, 2]},
        {"Fn::FindInMap": "x"},
        {"Fn::Base64": []},
        {"Fn::Unheard": {"Ref": "Given"}},
    ],
)
def test_wrong_shape_stays_opaque(node: Any) -> None:
    assert isinstance(value(node), Unresolved)


@pytest.mark.parametrize(
    ("node", "met"),
    [
        ({"Fn::Equals": ["a", "a"]}, True),
        ({"Fn::Equals": [True, "true"]}, True),
        ({"Fn::Equals": [1, "1"]}, True),
        ({"Fn::Equals": [{"Ref": "Absent"}, {"Ref": "Absent"}]}, True),
        ({"Fn::Equals": [{"Ref": "Absent"}, "a"]}, None),
        ({"Fn::Equals": [{"Fn::If": ["Unknown", "a", "b"]}, {"Fn::If": ["Unknown", "b", "a"]}]}, None),
        ({"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]}, False),
        ({"Fn::And": [{"Condition": "Unknown"}, {"Condition": "No"}]}, False),
        ({"Fn::And": [{"Condition": "Unknown"}, {"Condition": "Yes"}]}, None),
        ({"Fn::Or": [{"Condition": "Unknown"}, {"Condition": "Yes"}]}, True),
        ({"Fn::Or": [{"Condition": "Unknown"}, {"Condition": "No"}]}, None),
        ({"Fn::Or": [{"Condition": "No"}, {"Condition": "No"}]}, False),
        ({"Fn::Not": [{"Condition": "Unknown"}]}, None),
        ({"Condition": "Itself"}, None),
        ({"Condition": "Nobody"}, None),
        ({"Fn::Equals": "a"}, None),
        (True, True),
    ],
)
def test_condition(node: Any, met: bool | None) -> None:
    template = {"Conditions": {**TEMPLATE["Conditions"], "Itself": {"Condition": "Itself"}, "One": node}}
    assert Intrinsics(template, PARAMETERS).conditions.holds("One") is met
