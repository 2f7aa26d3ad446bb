"""What of a template could not be read: an error where a route or an authorizer may be lost by it, else a note."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from authorizer.tools import template
from authorizer.tools.template import read_template
from authorizer.tools.template_check import unread
from authorizer.tools.template_check.command import check_template
from authorizer.tools.template_check.finding import Severity
from tests.unit.tools.template_check.conftest import errors

if TYPE_CHECKING:
    from tests.unit.tools.template_check.conftest import Reporting

API = "Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP"
OAUTH = "components: {securitySchemes: {o: {type: oauth2}, a: {x-amazon-apigateway-authorizer: {type: jwt}}}}"


def body(text: str) -> tuple[str, str]:
    return API, f"{API}, Body: {{openapi: 3.0.1, {text}}}"


LOST = {
    "transform_unknown": ("Conditions:", "Transform: Macro\nConditions:"),
    "body_elsewhere": (API, f"{API}, BodyS3Location: s3://a/b"),
    "body_unreadable": (API, f"{API}, Body: !ImportValue x"),
    "authorizer_kind": ("AuthorizerType: REQUEST", "AuthorizerType: REQUESTS"),
    "authorizer_kind_unknown": ("AuthorizerType: REQUEST", "AuthorizerType: !Ref P"),
    "authorizer_unresolved": body("components: {securitySchemes: !If [C, {a: {}}, {b: {}}]}"),
    "scheme_unknown": body("paths: {/a: {get: {security: [{nobody: []}]}}}"),
    "path_unresolved": body("paths: {/a: !If [C, {get: {}}, {put: {}}]}"),
    "security_unresolved": body("paths: {/a: {get: {security: !If [C, [], [{}]]}}}"),
    "path_ref": body("paths: {/a: {$ref: other.yaml}}"),
    "base_path_unresolved": (API, f"{API}, BasePath: !Ref P, Body: {{openapi: 3.0.1, servers: [{{url: /v1}}]}}"),
    "api_unresolved": ("ApiId: !Ref Api, RouteKey: GET /me", "ApiId: !If [C, !Ref Api, !Ref P], RouteKey: GET /me"),
    "properties_unresolved": ("Properties: {Handler: other.handler}", "Properties: !Ref P"),
}
HINTS = {
    "root_security_ignored": body("security: [{a: []}]"),
    "scheme_idle": body(f"{OAUTH}, paths: {{/a: {{get: {{security: [{{o: []}}]}}}}}}"),
    "authorizers_several": body(
        OAUTH.replace("o: {type: oauth2}", "o: {x-amazon-apigateway-authorizer: {type: jwt}}")
        + ", paths: {/a: {get: {security: [{a: []}, {o: []}]}}}"
    ),
}


def test_every_code_of_the_reader_has_its_row() -> None:
    folder = Path(template.__file__).parent
    written = {code for file in folder.glob("*.py") for code in re.findall(r'Problem\(\s*"(\w+)"', file.read_text())}
    assert written == {*unread.LOST, *unread.HINTS}
    assert not set(unread.LOST) & set(unread.HINTS)
    assert {*LOST, "loops_unread"} == set(unread.LOST)
    assert set(HINTS) == set(unread.HINTS)


@pytest.mark.parametrize("code", LOST)
def test_what_may_hide_a_route_or_an_authorizer_is_an_error(code: str, reporting: Reporting) -> None:
    found = reporting(LOST[code])
    (finding,) = [one for one in found.findings if one.severity is Severity.ERROR]
    assert finding.code == code
    assert finding.line is not None
    assert (bool(finding.found), bool(finding.right), found.ok) == (True, True, False)


def test_loops_that_are_not_written_out_are_an_error(reporting: Reporting) -> None:
    loop = "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Broken: [a]"
    assert errors(reporting(("Resources:", loop))) == ["loops_unread"]


@pytest.mark.parametrize("code", HINTS)
def test_what_hides_nothing_is_a_note(
    code: str, reporting: Reporting, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = reporting(HINTS[code])
    assert errors(found) == []
    check_template(tmp_path / "template.yaml", [], None)
    assert capsys.readouterr().err.count("Api.Properties.Body") == 1


def test_error_is_not_told_twice(reporting: Reporting, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reporting(LOST["path_ref"])
    check_template(tmp_path / "template.yaml", [], None)
    assert capsys.readouterr().err == ""


def test_parameter_that_would_tell_is_named(reporting: Reporting) -> None:
    (finding,) = [one for one in reporting(LOST["path_unresolved"]).findings if one.code == "path_unresolved"]
    assert "--parameter P=" in "".join(finding.fix)


INCLUDE = "!Transform {Name: AWS::Include, Parameters: {Location: s3://a/b}}"


@pytest.mark.parametrize(
    ("resources", "lost"),
    [
        (f"Topic: {{Type: AWS::SNS::Topic, Properties: {INCLUDE}}}", []),
        ("Gone: {Type: AWS::ApiGatewayV2::Api, Condition: Never, Properties: {BodyS3Location: s3://a/b}}", []),
        (
            "Kept: {Type: AWS::ApiGatewayV2::Api, Condition: C, Properties: {BodyS3Location: s3://a/b}}",
            ["body_elsewhere"],
        ),
        ("Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://a/b}}", ["body_elsewhere"]),
        (f"Mine: {{Type: AWS::Lambda::Function, Properties: {{Environment: {INCLUDE}}}}}", ["body_elsewhere"]),
        (f"Mine: {{Type: T}}\nOutputs: {INCLUDE}", []),
        (f"Mine: {{Type: T}}\nMappings: {INCLUDE}", ["body_elsewhere"]),
    ],
)
def test_file_elsewhere_counts_where_it_may_hide_something(resources: str, lost: list[str], tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    conditions = "Conditions: {C: !Equals [!ImportValue x, y], Never: !Equals [a, b]}"
    file.write_text(f"{conditions}\nResources:\n  {resources}\n")
    assert [one.code for one in unread.lost(read_template(file))] == lost
