"""A deployed stack, told by its outputs."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import NoRegionError

from authorizer.tools.conformance.deployed import deployed_target
from authorizer.tools.conformance.local import ISSUER, TEMPLATE
from authorizer.tools.conformance.table import read_table
from authorizer.tools.template import read_template
from authorizer.tools.terminal import CommandError


class Stack:
    """CloudFormation with one stack."""

    def __init__(self, *outputs: tuple[str, str]) -> None:
        self._outputs = [{"OutputKey": key, "OutputValue": value} for key, value in outputs]
        self.asked: list[str] = []

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803  # boto3's
        self.asked.append(StackName)
        return {"Stacks": [{"Outputs": self._outputs}]}


def test_outputs_are_the_places_of_apis(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = Stack(("A", "https://a.example/v1"), ("B", "wss://b.example/v1"), ("Other", "text"))
    monkeypatch.setattr(boto3, "client", lambda _: stack)
    target = deployed_target("name")
    assert (target.bases, target.local) == ({"A": "https://a.example/v1", "B": "wss://b.example/v1"}, None)
    assert stack.asked == ["name"]


def test_stack_without_apis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto3, "client", lambda _: Stack())
    with pytest.raises(CommandError, match="the stack name has no APIs"):
        deployed_target("name")


def test_stack_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: str) -> None:
        raise NoRegionError

    monkeypatch.setattr(boto3, "client", refused)
    with pytest.raises(CommandError, match="NoRegionError"):
        deployed_target("name")


def test_template_has_an_output_for_every_api() -> None:
    document = read_template(TEMPLATE, {"Issuer": ISSUER})
    text = TEMPLATE.read_text("utf-8").partition("\nOutputs:")[2]
    outputs = {line.strip().partition(":")[0] for line in text.splitlines() if line.startswith("  ")}
    assert outputs == {api.logical_id for api in document.apis}
    assert {row.api for row in read_table()} == outputs


def test_template_without_an_issuer_has_no_apis_of_one() -> None:
    names = {api.logical_id for api in read_template(TEMPLATE).apis}
    assert {"IssuerRestApi", "IssuerHttpApi"} & names == set()
    assert "JwtHttpApi" in names
