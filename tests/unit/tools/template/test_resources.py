"""The functions that a URI may lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.template import Unresolved
from authorizer.tools.template.resources import functions_behind

if TYPE_CHECKING:
    from tests.unit.tools.template.conftest import Read

TEMPLATE = """
Parameters: {{P: {{Type: String}}}}
Resources:
  One: {{Type: AWS::Lambda::Function, Properties: {{Handler: a.b, FunctionName: !Sub "${{P}}-one"}}}}
  Two: {{Type: AWS::Lambda::Function, Properties: {{Handler: a.b, FunctionName: two}}}}
  Alias: {{Type: AWS::Lambda::Alias, Properties: {{FunctionName: !Ref Two, Name: live}}}}
  Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP}}}}
  Az: {{Type: AWS::ApiGatewayV2::Authorizer, Properties: {{ApiId: !Ref Api, AuthorizerType: REQUEST,
      AuthorizerUri: {uri}}}}}
"""
PATH = "arn:aws:apigateway:a:lambda:path/2015-03-31/functions/"
NAMED = f"{PATH}arn:aws:lambda:a:1:function:"


@pytest.mark.parametrize(
    ("uri", "behind", "function"),
    [
        ("!GetAtt One.Arn", {"One"}, "One"),
        ("!Ref Alias", {"Two"}, "Two"),
        ("!If [Unknown, !GetAtt One.Arn, !Ref Alias]", {"One", "Two"}, None),
        (f'!Sub ["{PATH}${{F}}/x", {{F: !If [Unknown, !GetAtt One.Arn, !GetAtt Two.Arn]}}]', {"One", "Two"}, None),
        ('!Sub ["${F}/x", {F: !If [Unknown, !GetAtt One.Arn, !GetAtt Two.Arn]}]', {"One", "Two"}, None),
        ("!If [Unknown, !GetAtt One.Arn, !ImportValue x]", {"One"}, "One"),
        (f'"{NAMED}two/invocations"', {"Two"}, "Two"),
        (f'"{NAMED}two:live/invocations"', {"Two"}, "Two"),
        (f'!Sub "{NAMED}${{P}}-one/invocations"', {"One"}, "One"),
        (f'!Sub "{NAMED}${{P}}-two/invocations"', set(), None),
        (f'"{NAMED}twofold/invocations"', set(), None),
        (f'"{NAMED}${{stageVariables.f}}/invocations"', {"One", "Two"}, None),
        (f'!Sub "{NAMED}t-${{!stageVariables.f}}:live/invocations"', {"One", "Two"}, None),
        (f'"{NAMED}two:${{stageVariables.alias}}/invocations"', {"Two"}, "Two"),
        ("!ImportValue x", set(), None),
        ("!Ref P", set(), None),
    ],
)
def test_functions_behind_a_uri(uri: str, behind: set[str], function: str | None, read: Read) -> None:
    document = read(TEMPLATE.format(uri=uri))
    (authorizer,) = document.apis[0].authorizers
    assert functions_behind(authorizer.uri, document.resources) == behind
    assert authorizer.function == function if function else isinstance(authorizer.function, Unresolved)


def test_nothing_is_behind_no_uri(read: Read) -> None:
    document = read(TEMPLATE.format(uri="!Ref AWS::NoValue"))
    assert functions_behind(None, document.resources) == set()
    assert document.apis[0].authorizers[0].function is None
