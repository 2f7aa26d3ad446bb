"""Access logs in any naming, and in the formats of the console."""

from __future__ import annotations

from typing import Any

import pytest

from authorizer.tools.why.access_fields import NAMES, empty, from_json, from_text, own_format

RID = "394365dc-1b10-411f-9668-70521cec1205"


@pytest.mark.parametrize("name", NAMES)
def test_name_of_a_variable_is_itself(name: str) -> None:
    found = from_json({"requestId": RID, "status": "403", name: "1" if name == "status" else "x"}, {})
    assert found is None or name in found


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("authorizer_error", "authorizer.error"),
        ("authorizerError", "authorizer.error"),
        ("$context.authorizer.error", "authorizer.error"),
        ("errorMessage", "error.message"),
        ("responseType", "error.responseType"),
        ("integration_status", "integrationStatus"),
        ("integration.status", "integration.status"),
        ("wafResponseCode", "waf.responseCode"),
        ("route", "routeKey"),
    ],
)
def test_names_of_formats_are_mapped(name: str, known: str) -> None:
    found = from_json({"requestId": RID, name: "x"}, {})
    assert found is not None
    assert found[known] == "x"


@pytest.mark.parametrize(
    "document",
    [{}, {"status": "403"}, {"a": 1, "b": 2}, {"requestId": RID, "status": "done"}, {"requestId": RID, "status": {}}],
)
def test_other_documents_are_none(document: dict[str, Any]) -> None:
    assert from_json(document, {}) is None


def test_format_in_front_names_fields() -> None:
    names = own_format({"a": "$context.status", "b": "$context.requestId", "c": "$context.httpMethod $context.path"})
    assert names == {"a": "status", "b": "requestId"}
    assert from_json({"a": 403, "b": RID}, names) == {"status": "403", "requestId": RID}
    assert own_format({"a": "$context.status", "b": "else"}) is None


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (
            f'1.2.3.4 - - [05/Oct/2026:12:00:00 +0000] "GET /a HTTP/1.1" 403 23 {RID}',
            {
                "status": "403",
                "requestTime": "05/Oct/2026:12:00:00 +0000",
                "httpMethod": "GET",
                "resourcePath": "/a",
                "requestId": RID,
            },
        ),
        (
            '1.2.3.4 - - [05/Oct/2026:12:00:00 +0000]"GET $default HTTP/1.1" 500 35 AZzecgvEPHcEPew= it failed',
            {
                "status": "500",
                "requestTime": "05/Oct/2026:12:00:00 +0000",
                "httpMethod": "GET",
                "routeKey": "$default",
                "requestId": "AZzecgvEPHcEPew=",
                "integrationErrorMessage": "it failed",
            },
        ),
        (f'<request id="{RID}"> <status>401</status> <ip>1.2.3.4</ip> </request>', {"status": "401", "requestId": RID}),
        (
            f"1.2.3.4,-,-,05/Oct/2026:12:00:00 +0000,GET,/a,HTTP/1.1,403,23,{RID}",
            {
                "requestTime": "05/Oct/2026:12:00:00 +0000",
                "httpMethod": "GET",
                "resourcePath": "/a",
                "status": "403",
                "requestId": RID,
            },
        ),
        ("1,2,3,4,5,6,7,8,9,10", None),
        ('1.2.3.4 - - [05/Oct/2026:12:00:00 +0000] "GET /a" none', None),
        ("text", None),
    ],
)
def test_formats_of_the_console(line: str, fields: dict[str, str] | None) -> None:
    assert from_text(line) == fields


@pytest.mark.parametrize(
    ("value", "says_nothing"), [(None, True), ("-", True), ("", True), (" ", True), ("0", False), (0, False)]
)
def test_dash_says_nothing(value: object, says_nothing: bool) -> None:
    assert empty(value) is says_nothing
