"""examples/attach/terraform: read as text, for there is no Terraform here. That it plans or applies is not checked."""

from __future__ import annotations

import re

import pytest

from tests.integration.examples.attachments import exports
from tests.integration.sam_project import EXAMPLES

TEXT = (EXAMPLES / "attach" / "terraform" / "main.tf").read_text("utf-8")
BLOCK = re.compile(r'^(resource|data|variable|output) "(\w+)"(?: "(\w+)")? \{(.*?)\}$', re.MULTILINE | re.DOTALL)
ARGUMENT = re.compile(r"^  (\w+) += (.+?)(?: # .*)?$", re.MULTILINE)


def blocks(kind: str, resource: str) -> dict[str, dict[str, str]]:
    """Name → arguments of all blocks of a kind, each written over lines of its own."""
    found = [match for match in BLOCK.finditer(TEXT) if match[1] == kind and match[2] == resource]
    return {match[3]: dict(ARGUMENT.findall(match[4])) for match in found}


AUTHORIZERS = blocks("resource", "aws_api_gateway_authorizer") | blocks("resource", "aws_apigatewayv2_authorizer")


def test_brackets_are_closed() -> None:
    bare = re.sub(r'"[^"]*"|#.*', "", TEXT)
    for opened, closed in ("{}", "()", "[]"):
        assert bare.count(opened) == bare.count(closed) > 0


def test_first_lines_say_that_it_is_not_run() -> None:
    assert "Not run" in "".join(TEXT.splitlines()[:2])


@pytest.mark.parametrize("name", ["token", "simple"])
def test_answers_are_cached_as_the_functions_know(name: str) -> None:
    assert AUTHORIZERS[name]["authorizer_result_ttl_in_seconds"] == "300"


@pytest.mark.parametrize(("name", "api"), [("token", "rest_api_id"), ("simple", "http_api_id")])
def test_every_authorizer_has_a_permission(name: str, api: str) -> None:
    permission = blocks("resource", "aws_lambda_permission")[name]
    assert permission["action"] == '"lambda:InvokeFunction"'
    assert permission["principal"] == '"apigateway.amazonaws.com"'
    assert permission["source_arn"] == f'"${{local.execute_api}}:${{var.{api}}}/authorizers/*"'
    assert f"var.{api}" in AUTHORIZERS[name].values()


def test_http_authorizer_has_the_event_that_its_function_answers() -> None:
    assert AUTHORIZERS["simple"]["authorizer_payload_format_version"] == '"2.0"'
    assert AUTHORIZERS["simple"]["enable_simple_responses"] == "true"


def test_imports_are_exports_of_the_project() -> None:
    imported = {
        one["name"].strip('"').partition("-")[2] for one in blocks("data", "aws_cloudformation_export").values()
    }
    assert imported == {"RestTokenAuthorizerArn", "HttpAuthorizerArn"} <= exports()


def test_every_reference_leads_to_a_block() -> None:
    code = re.sub(r"#.*", "", TEXT)
    for kind, name in re.findall(r"\bdata\.(\w+)\.(\w+)", code):
        assert name in blocks("data", kind) or f'data "{kind}" "{name}" {{}}' in TEXT
    declared = {match[2] for match in BLOCK.finditer(TEXT) if match[1] == "variable"}
    assert set(re.findall(r"\bvar\.(\w+)", code)) == declared
