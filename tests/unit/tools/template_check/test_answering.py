"""Which function answers an authorizer, and what it means when only a deployment knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.template_check.finding import Severity
from tests.unit.tools.template_check.conftest import errors

if TYPE_CHECKING:
    from tests.unit.tools.template_check.conftest import Reporting

URI = "AuthorizerUri: !GetAtt Auth.Arn"
OF_LAMBDA = "arn:aws:apigateway:a:lambda:path/2015-03-31/functions/"
BY_STAGE = f'AuthorizerUri: "{OF_LAMBDA}arn:aws:lambda:a:1:function:${{stageVariables.f}}/invocations"'
HANDLER = "Handler: authorizer.handler.http"


def test_template_is_fine(reporting: Reporting) -> None:
    found = reporting()
    assert (found.findings, [one.authorizer.name for one in found.checked]) == ([], ["Az"])


@pytest.mark.parametrize("handler", ["!Ref P", "!If [C, authorizer.handler.http, other.handler]"])
def test_handler_that_only_a_deployment_knows(handler: str, reporting: Reporting) -> None:
    found = reporting((HANDLER, f"Handler: {handler}"))
    (finding,) = found.findings
    assert (finding.code, finding.severity, str(finding.place)) == (
        "handler_unknown",
        Severity.ERROR,
        "Auth.Properties.Handler",
    )
    assert "--parameter P=" in "".join(finding.fix)
    assert (finding.line is not None, found.checked, found.foreign) == (True, [], [])


def test_told_handler_is_checked(reporting: Reporting) -> None:
    handler = (HANDLER, "Handler: !If [C, authorizer.handler.http, other.handler]")
    assert [one.authorizer.name for one in reporting(handler, P="x").checked] == ["Az"]
    assert reporting(handler, P="y").foreign == ["Api Az, REQUEST"]


@pytest.mark.parametrize("handler", ["other.handler", "!Ref AWS::NoValue"])
def test_foreign_handler_is_not_ours(handler: str, reporting: Reporting) -> None:
    found = reporting((HANDLER, f"Handler: {handler}"))
    assert (found.findings, found.foreign) == ([], ["Api Az, REQUEST"])


@pytest.mark.parametrize(
    "uri",
    [
        "AuthorizerUri: !If [C, !GetAtt Auth.Arn, !GetAtt Other.Arn]",
        f'AuthorizerUri: !Sub ["{OF_LAMBDA}${{F}}/x", {{F: !If [C, !GetAtt Auth.Arn, !GetAtt Other.Arn]}}]',
        BY_STAGE,
    ],
)
def test_function_that_only_a_deployment_knows(uri: str, reporting: Reporting) -> None:
    found = reporting((URI, uri))
    (finding,) = found.findings
    assert (finding.code, finding.severity, str(finding.place)) == (
        "function_unknown",
        Severity.ERROR,
        "Az.Properties.AuthorizerUri",
    )
    assert (finding.line is not None, found.checked, found.foreign) == (True, [], [])


@pytest.mark.parametrize("uri", ["AuthorizerUri: !If [C, !GetAtt Auth.Arn, !GetAtt Other.Arn]", BY_STAGE])
def test_functions_of_which_none_is_ours(uri: str, reporting: Reporting) -> None:
    found = reporting((URI, uri), (HANDLER, "Handler: mine.handler"))
    assert (found.findings, found.foreign) == ([], ["Api Az, REQUEST"])


def test_several_functions_with_an_unknown_handler(reporting: Reporting) -> None:
    found = reporting(
        (URI, "AuthorizerUri: !If [C, !GetAtt Auth.Arn, !GetAtt Other.Arn]"), (HANDLER, "Handler: !Ref P")
    )
    assert errors(found) == ["function_unknown"]


@pytest.mark.parametrize("uri", ["AuthorizerUri: !ImportValue Authorizer", "AuthorizerUri: !Ref P"])
def test_function_of_another_template_is_not_ours(uri: str, reporting: Reporting) -> None:
    found = reporting((URI, uri))
    assert (found.findings, found.foreign) == ([], ["Api Az, REQUEST"])


def test_kind_that_only_a_deployment_knows(reporting: Reporting) -> None:
    found = reporting(("AuthorizerType: REQUEST", "AuthorizerType: !If [C, REQUEST, JWT]"))
    assert (errors(found), found.ok) == (["authorizer_kind_unknown"], False)
