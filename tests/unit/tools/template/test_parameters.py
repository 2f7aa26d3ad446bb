"""Values of parameters."""

from __future__ import annotations

from typing import Any

import pytest

from authorizer.tools.template.parameters import parameter_values, pseudo_parameters
from authorizer.tools.template.unresolved import Unresolved
from authorizer.tools.terminal import CommandError


@pytest.mark.parametrize(
    ("definition", "given", "value"),
    [
        ({"Type": "String", "Default": "a"}, None, "a"),
        ({"Type": "String", "Default": "a"}, "b", "b"),
        ({"Type": "String", "Default": ""}, None, ""),
        ({"Type": "Number", "Default": 300}, None, "300"),
        ({"Type": "String", "Default": True}, None, "true"),
        ({"Type": "CommaDelimitedList", "Default": "a, b"}, None, ["a", "b"]),
        ({"Type": "List<Number>", "Default": "1,2"}, "3", ["3"]),
        ({"Type": "String"}, None, Unresolved("Ref P")),
        ({"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/a"}, None, Unresolved("SSM /a")),
        ({"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/a"}, "b", "b"),
        ("no table", None, Unresolved("Ref P")),
    ],
)
def test_value_of_a_parameter(definition: Any, given: str | None, value: Any) -> None:
    template = {"Parameters": {"P": definition}}
    assert parameter_values(template, {} if given is None else {"P": given})["P"] == value


def test_unknown_parameter_is_told_with_the_nearest() -> None:
    with pytest.raises(CommandError) as caught:
        parameter_values({"Parameters": {"SampleApi": {"Type": "String"}}}, {"SampelApi": "yes"})
    assert "SampleApi" in caught.value.hint


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("eu-west-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
    ],
)
def test_partition_follows_the_region(region: str, partition: str, suffix: str) -> None:
    found = pseudo_parameters({"AWS::Region": region})
    assert (found["AWS::Partition"], found["AWS::URLSuffix"]) == (partition, suffix)
    assert found["AWS::StackId"].startswith(f"arn:{partition}:cloudformation:{region}:123456789012:stack/local/")


def test_partition_can_be_given() -> None:
    assert pseudo_parameters({"AWS::Partition": "aws-iso"})["AWS::Partition"] == "aws-iso"
