"""`authorizer config check --template`: one edit of template.yaml each, and exactly the error that it makes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import pytest

from authorizer.tools.cli import commands, run
from authorizer.tools.function_environment import PROJECT
from authorizer.tools.template import read_template
from authorizer.tools.template_check.finding import Severity
from authorizer.tools.template_check.report import report

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.template_check.finding import Finding

PRODUCT = PROJECT / "template.yaml"
TEXT = PRODUCT.read_text("utf-8")
EXAMPLES = sorted(PROJECT.glob("examples/**/template.yaml"))
TOKEN = """              type: token
              authorizerResultTtlInSeconds: !Ref CacheTtl
"""
REQUEST = """              identitySource: method.request.header.Authorization
              authorizerResultTtlInSeconds: !Ref CacheTtl
"""
SIMPLE = (
    "      EnableSimpleResponses: true\n"
    "      IdentitySource: [$request.header.Authorization, $context.routeKey, $context.path]"
)
POLICY = "      EnableSimpleResponses: false\n      IdentitySource: [$request.header.Authorization]"
POLICY_AUTHORIZER = f'      AuthorizerType: REQUEST\n      AuthorizerPayloadFormatVersion: "2.0"\n{POLICY}'
TTL_OF_SIMPLE = f"{SIMPLE}  # a yes names neither\n      AuthorizerResultTtlInSeconds: !Ref CacheTtl"
NATIVE = "        paths:\n"
ACCESS = "security: [{users: [orders/read]}]"
PLACES = '                websocket = ["query:access_token", "header:Authorization"]\n'
PATHS = "                [paths]\n                complete = true\n"
CONNECT = '                [[route]]\n                match = "$connect"\n'
HTTP_FUNCTION = "!If [AtAlias, !Ref HttpAuthorizer.Alias, !GetAtt HttpAuthorizer.Arn]\n\n  SampleHttpPolicy"
POLICY_FUNCTION = (
    "!If [AtAlias, !Ref HttpPolicyAuthorizer.Alias, !GetAtt HttpPolicyAuthorizer.Arn]\n\n  SampleHttpHealth"
)
WEBSOCKET_FUNCTION = (
    "!If [AtAlias, !Ref WebsocketAuthorizer.Alias, !GetAtt WebsocketAuthorizer.Arn]\n\n  SampleWebsocketInt"
)


class Edit(NamedTuple):
    """What is replaced, by what, and the code that has to be found; two where two kinds of authorizers are wrong by it."""

    old: str
    new: str
    code: str


def rule(match: str, needs: str) -> str:
    """One more rule for all functions."""
    return f'                [[route]]\n                match = "{match}"\n                {needs}\n{CONNECT}'


def own(function: str, *rules: str) -> tuple[str, str]:
    """Settings of its own for one function: what to replace, and by what."""
    old = f'Description: !Sub "Authorizer for {function}. ${{Release}}"'
    issuer = '[[issuer]]\nkind = "cognito"\nuser_pool_id = "eu-west-1_A"\nclient_ids = ["a"]\ntoken_use = ["access"]'
    cache = '[cache]\ninexpressible = "method"\n[paths]\ncomplete = true'
    lines = "\n".join((issuer, cache, *(f"[[route]]\nmatch = {one}" for one in rules))).splitlines()
    text = "\n".join(f"            {line}" for line in lines)
    return old, f"Environment:\n        Variables:\n          AUTHORIZER_CONFIG: |\n{text}\n      {old}"


TOKEN_FUNCTION, REQUEST_FUNCTION = "REST APIs, TOKEN", "REST APIs, REQUEST"
NEAR = 'networks = ["192.0.2.0/24"]'
OF_TOKEN = (f'"GET /token/orders/{{id}}"\n{NEAR}', '"GET /token/admin/{proxy+}"\ngroups = ["admins"]')
OF_REQUEST = (f'"GET /request/orders/{{id}}"\n{NEAR}', '"GET /request/admin/{proxy+}"\ngroups = ["admins"]')
OF_CHECK = (OF_REQUEST[0].replace(NEAR, 'check = "authorizer.clock.now"'), OF_REQUEST[1])


BROKEN = {
    "route key is no identity source": Edit(SIMPLE, SIMPLE.replace(", $context.routeKey", ""), "route_not_in_key"),
    "another header is the identity source": Edit(
        REQUEST, REQUEST.replace("Authorization", "X-Caller"), "credential_not_in_key"
    ),
    "a TOKEN event for a credential in the query": Edit(
        PLACES, PLACES + '                rest = ["query:token"]\n', "token_lacks_place, credential_not_in_key"
    ),
    "the credential is in the query": Edit(
        PLACES, PLACES + '                http = ["query:token"]\n', "credential_not_in_key"
    ),
    "the credential is in a cookie": Edit(
        PLACES, PLACES + '                http = ["cookie:s"]\n', "credential_not_in_key"
    ),
    "the credential is in one of two places": Edit(
        PLACES, PLACES + '                rest = ["header:Authorization", "query:token"]\n', "credential_places_several"
    ),
    "the API caches nothing, the function knows other": Edit(TOKEN, TOKEN.replace("!Ref CacheTtl", "0"), "ttl_differs"),
    "the function knows of no cache": Edit(
        "AUTHORIZER_CACHE_TTL: !Ref CacheTtl", 'AUTHORIZER_CACHE_TTL: ""', "ttl_differs"
    ),
    "an HTTP API that says nothing caches nothing": Edit(
        POLICY + "\n      AuthorizerResultTtlInSeconds: !Ref CacheTtl", POLICY, "ttl_differs"
    ),
    "a rule reads the address": Edit(*own(REQUEST_FUNCTION, *OF_REQUEST), "source_ip_not_in_key"),
    "a TOKEN event has no address": Edit(*own(TOKEN_FUNCTION, *OF_TOKEN), "token_lacks_facts"),
    "a check may read anything": Edit(*own(REQUEST_FUNCTION, *OF_CHECK), "fields_cached"),
    "the path is no identity source": Edit(SIMPLE, SIMPLE.replace(", $context.path", ""), "path_not_in_key"),
    "rules that no policy says": Edit(PATHS, "", "rules_inexpressible"),
    "a public rule": Edit(CONNECT, rule("GET /policy/orders/{id}", "public = true"), "public_route_cached"),
    "a route without a rule where there is none": Edit(
        'RouteKey: "GET /policy/orders/{id}"', 'RouteKey: "GET /policy/bills/{id}"', "route_without_rule"
    ),
    "simple answers where a policy is wanted": Edit(
        POLICY_FUNCTION, POLICY_FUNCTION.replace("HttpPolicyAuthorizer", "HttpAuthorizer"), "simple_responses_needed"
    ),
    "policies where a simple answer is wanted": Edit(
        HTTP_FUNCTION, HTTP_FUNCTION.replace("HttpAuthorizer", "HttpPolicyAuthorizer"), "simple_responses_refused"
    ),
    "simple answers with payload 1.0": Edit(
        f'      AuthorizerPayloadFormatVersion: "2.0"\n{SIMPLE}',
        f'      AuthorizerPayloadFormatVersion: "1.0"\n{SIMPLE}',
        "payload_version",
    ),
    "a REST function at a WebSocket API": Edit(
        WEBSOCKET_FUNCTION,
        WEBSOCKET_FUNCTION.replace("WebsocketAuthorizer", "RestRequestAuthorizer"),
        "function_of_other_api",
    ),
    "a function with wrong settings": Edit(PATHS, PATHS.replace("complete", "whole"), "settings_wrong"),
    "a handler that only a deployment knows": Edit(
        "Handler: authorizer.handler.websocket",
        "Handler: !If [Unknown, authorizer.handler.websocket, other.handler]",
        "handler_unknown",
    ),
    "one of two functions, as only a deployment knows": Edit(
        WEBSOCKET_FUNCTION,
        WEBSOCKET_FUNCTION.replace("AtAlias", "Unknown", 1).replace("Websocket", "Http", 1),
        "function_unknown",
    ),
    "a type of authorizer that only a deployment knows": Edit(
        POLICY_AUTHORIZER,
        POLICY_AUTHORIZER.replace("REQUEST", "!If [Unknown, REQUEST, JWT]"),
        "authorizer_kind_unknown",
    ),
    "a type of authorizer that is none": Edit(TOKEN, TOKEN.replace("type: token", "type: tokn"), "authorizer_kind"),
    "a negative TTL": Edit(TOKEN, TOKEN.replace("!Ref CacheTtl", "-1"), "ttl_unknown"),
    "a TTL in a list": Edit(TTL_OF_SIMPLE, TTL_OF_SIMPLE.replace("!Ref CacheTtl", "[300]"), "ttl_unknown"),
    "an unknown TTL without the route in the key": Edit(
        TTL_OF_SIMPLE,
        TTL_OF_SIMPLE.replace(", $context.routeKey, $context.path", "").replace(
            "!Ref CacheTtl", "!If [Unknown, 300, 0]"
        ),
        "ttl_unknown, route_not_in_key",
    ),
    "a path that only a deployment knows": Edit(
        NATIVE, f"{NATIVE}          /more: !If [Unknown, {{get: {{}}}}, {{}}]\n", "path_unresolved"
    ),
    "security that only a deployment knows": Edit(
        ACCESS, ACCESS.replace("[{users: [orders/read]}]", "!If [Unknown, [{token: []}], []]"), "security_unresolved"
    ),
    "a path in another document": Edit(NATIVE, f'{NATIVE}          /more: {{$ref: "more.yaml#/a"}}\n', "path_ref"),
    "a scheme that is not there": Edit(ACCESS, ACCESS.replace("users", "user"), "scheme_unknown"),
    "a document that is elsewhere": Edit(
        "          /health:\n",
        "          Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://a/b}}\n          /health:\n",
        "body_elsewhere",
    ),
    "a macro": Edit(
        "Transform: AWS::Serverless-2016-10-31", "Transform: [Macro, AWS::Serverless-2016-10-31]", "transform_unknown"
    ),
    "an API that only a deployment knows": Edit(
        "      ApiId: !Ref SampleHttpApi\n      RouteKey: GET /health",
        "      ApiId: !If [Unknown, !Ref SampleHttpApi, !Ref SampleWebsocketApi]\n      RouteKey: GET /health",
        "api_unresolved",
    ),
    "a route whose authorizer only a deployment knows": Edit(
        'RouteKey: "GET /policy/orders/{id}"\n      Target: !Sub "integrations/${SampleHttpIntegration}"\n'
        "      AuthorizationType: CUSTOM\n      AuthorizerId: !Ref SampleHttpPolicy",
        'RouteKey: "GET /policy/bills/{id}"\n      Target: !Sub "integrations/${SampleHttpIntegration}"\n'
        "      AuthorizationType: CUSTOM\n      AuthorizerId: !If [Unknown, !Ref SampleHttpPolicy, !Ref AWS::NoValue]",
        "route_without_rule",
    ),
}


def findings(text: str, folder: Path, **parameters: str) -> list[Finding]:
    file = folder / "template.yaml"
    file.write_text(text, "utf-8")
    found = report(read_template(file, {"SampleApi": "yes", **parameters}))
    return list(found.findings)


def errors(found: list[Finding]) -> set[str]:
    return {one.code for one in found if one.severity is Severity.ERROR}


@pytest.mark.parametrize("name", BROKEN)
def test_each_edit_makes_exactly_one_error(name: str, tmp_path: Path) -> None:
    edit = BROKEN[name]
    assert TEXT.count(edit.old) == 1, name
    found = findings(TEXT.replace(edit.old, edit.new), tmp_path)
    assert errors(found) == set(edit.code.split(", "))
    assert all(one.line is not None and one.found and one.right for one in found if one.severity is Severity.ERROR)


def test_a_rest_api_that_says_nothing_caches(tmp_path: Path) -> None:
    silent = TEXT.replace(REQUEST, REQUEST.replace("              authorizerResultTtlInSeconds: !Ref CacheTtl\n", ""))
    (error,) = [one for one in findings(silent, tmp_path, CacheTtl="0") if one.severity is Severity.ERROR]
    assert (error.code, error.fix[-1].strip()) == ("ttl_differs", "authorizerResultTtlInSeconds: 0")
    assert "300 s, which is the default," in error.found


def test_token_from_another_header_is_warned_of(tmp_path: Path) -> None:
    other = TEXT.replace(TOKEN, "              identitySource: method.request.header.X-Token\n" + TOKEN)
    found = findings(other, tmp_path)
    assert "token_header_differs" in {one.code for one in found if one.severity is Severity.WARNING}
    assert errors(found) == set()


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) >= 10


@pytest.mark.parametrize("ttl", ["0", "1", "300", "3600"])
def test_unbroken_template_has_no_error(ttl: str, tmp_path: Path) -> None:
    assert errors(findings(TEXT, tmp_path, CacheTtl=ttl)) == set()


def test_template_without_a_sample_has_nothing_to_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--template", PRODUCT) == 0
    assert "0 authorizers of ours" in capsys.readouterr().out


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: file.parent.name)
def test_examples_have_no_error(example: Path) -> None:
    assert check("--template", example) == 0


def check(*arguments: object) -> int:
    return run(commands, "authorizer", ["config", "check", *map(str, arguments)])


def test_report_tells_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--template", PRODUCT, "--parameter", "SampleApi=yes") == 0
    out = capsys.readouterr().out
    assert "5 authorizers of ours, nothing wrong" in out
    assert "not ours, not checked: SampleHttpApi SampleHttpUsers, JWT" in out
    assert "by up to 300 s" in out
    assert "a withdrawn key is refused after 300 s + 300 s" in out


def test_errors_are_status_2_with_the_lines_that_mend_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "template.yaml"
    edit = BROKEN["route key is no identity source"]
    file.write_text(TEXT.replace(edit.old, edit.new), "utf-8")
    assert check("--template", file, "--parameter", "SampleApi=yes", "--json") == 2
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert document["ok"] is False
    (error,) = [one for one in document["findings"] if one["severity"] == "error"]
    assert error["place"] == "SampleHttpSimple.Properties.IdentitySource"
    assert error["fix"] == ["IdentitySource: [$request.header.Authorization, $context.path, $context.routeKey]"]
    assert "1 error in" in err


@pytest.mark.parametrize(
    "arguments",
    [(), ("--parameter", "A=b"), ("--template", PRODUCT, "--parameter", "SampleApi"), ("--template", "missing.yaml")],
)
def test_what_cannot_be_checked_is_status_2(arguments: tuple[object, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert check(*arguments) == 2
    assert "hint: " in capsys.readouterr().err


def test_file_that_no_function_reads_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(PROJECT / "authorizer.toml", "--template", PRODUCT, "--parameter", "SampleApi=yes") == 2
    assert "no authorizer in the template reads" in capsys.readouterr().err
