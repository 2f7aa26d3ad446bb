"""Lambda functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.tools.template import Unresolved

if TYPE_CHECKING:
    from tests.unit.tools.template.conftest import Read

TEMPLATE = """
Resources:
  Plain: {Type: AWS::Lambda::Function, Properties: {Handler: a.b, Runtime: python3.13, Code: src/}}
  Full:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: named
      Handler: index.handler
      Code: {ZipFile: "pass"}
      Timeout: "9"
      MemorySize: !Ref Memory
      Layers: [!Ref Layer, arn]
      Role: !GetAtt Role.Arn
      Environment: {Variables: {NUMBER: 5, TRUE: true, REF: !Ref Table, EMPTY: ""}}
"""


def test_defaults_are_those_of_aws(read: Read) -> None:
    plain = read(TEMPLATE).functions[0]
    assert (plain.handler, plain.runtime, plain.timeout, plain.memory) == ("a.b", "python3.13", 3, 128)
    assert (plain.code, plain.inline, plain.environment, plain.layers) == ("src/", None, {}, ())


def test_all_that_is_said(read: Read) -> None:
    full = read(TEMPLATE).functions[1]
    assert (full.logical_id, full.name, full.inline, full.code) == ("Full", "named", "pass", None)
    assert (full.timeout, full.memory) == (9, Unresolved("Ref Memory"))
    assert full.layers == (Unresolved("Ref Layer"), "arn")
    assert full.role == Unresolved("GetAtt Role.Arn")
    assert full.environment == {"NUMBER": "5", "TRUE": "true", "REF": Unresolved("Ref Table"), "EMPTY": ""}


def test_function_is_found_by_its_logical_id(read: Read) -> None:
    document = read(TEMPLATE)
    assert document.function("Full") is document.functions[1]
    assert document.function(Unresolved("Full")) is None
