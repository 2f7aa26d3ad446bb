"""What only a deployment knows counts as the worst case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.template_check.finding import Severity
from tests.unit.tools.template_check.conftest import SETTINGS, errors

if TYPE_CHECKING:
    from authorizer.tools.template_check.report import Report
    from tests.unit.tools.template_check.conftest import Reporting

TTL = "AuthorizerResultTtlInSeconds: 300"
BELIEVED = 'AUTHORIZER_CACHE_TTL: "300"'
SOURCES = ("$request.header.Authorization, $context.routeKey", "$request.header.Authorization")
OF_ADMIN = "RouteKey: GET /admin,\n      AuthorizationType: CUSTOM, AuthorizerId: !Ref Az"
BY_ADDRESS = SETTINGS.replace('scopes = ["admin"]', 'networks = ["192.0.2.0/24"]\n[cache]\ninexpressible = "method"')
UNREADABLE = ["3e2", "-1", "[300]", '"+300"', "99999999999", "!If [C, 300, 0]", "!Ref P", '""']


def warnings(found: Report) -> list[str]:
    return [one.code for one in found.findings if one.severity is Severity.WARNING]


@pytest.mark.parametrize("ttl", ["300.0", '"300 "', "0x12C", '"300.0"'])
def test_ttl_in_another_spelling(ttl: str, reporting: Reporting) -> None:
    found = reporting((TTL, f"AuthorizerResultTtlInSeconds: {ttl}"))
    assert (found.findings, found.checked[0].ttl) == ([], 300)


@pytest.mark.parametrize("believed", ["300", "0"])
@pytest.mark.parametrize("ttl", UNREADABLE)
def test_unknown_ttl_counts_as_cached(ttl: str, believed: str, reporting: Reporting) -> None:
    edits = (TTL, f"AuthorizerResultTtlInSeconds: {ttl}"), (BELIEVED, f'AUTHORIZER_CACHE_TTL: "{believed}"')
    assert errors(reporting(*edits)) == ["ttl_unknown"]
    assert errors(reporting(*edits, SOURCES)) == ["ttl_unknown", "route_not_in_key"]


def test_unknown_ttl_is_told_as_such(reporting: Reporting) -> None:
    found = reporting((TTL, "AuthorizerResultTtlInSeconds: !Ref P"))
    (finding,) = found.findings
    assert str(finding.place) == "Az.Properties.AuthorizerResultTtlInSeconds"
    assert finding.line is not None
    assert "--parameter P=" in "".join(finding.fix)
    (row,) = found.document()["authorizers"]
    assert row["ttl"] is None
    assert row["delays"][0].endswith("by up to an unknown time")


def test_same_unknown_ttl_in_both_is_a_warning(reporting: Reporting) -> None:
    edits = (TTL, "AuthorizerResultTtlInSeconds: !Ref P"), (BELIEVED, "AUTHORIZER_CACHE_TTL: !Ref P")
    found = reporting(*edits)
    assert (errors(found), warnings(found)) == ([], ["ttl_unknown"])
    assert errors(reporting(*edits, SOURCES)) == ["route_not_in_key"]
    assert reporting(*edits, P="300").findings == []


def test_choices_by_the_same_condition_may_differ(reporting: Reporting) -> None:
    found = reporting(
        (TTL, "AuthorizerResultTtlInSeconds: !If [C, 300, 0]"), (BELIEVED, "AUTHORIZER_CACHE_TTL: !If [C, 0, 300]")
    )
    assert errors(found) == ["ttl_unknown"]


def test_number_that_the_function_believes_may_be_unknown(reporting: Reporting) -> None:
    assert errors(reporting((BELIEVED, "AUTHORIZER_CACHE_TTL: !Ref P"))) == ["ttl_unknown"]


@pytest.mark.parametrize(
    ("settings", "edits", "code"),
    [
        (SETTINGS.replace('scopes = ["admin"]', 'check = "authorizer.clock.now"'), (), "fields_cached"),
        (BY_ADDRESS, (), "source_ip_not_in_key"),
        (SETTINGS.replace('scopes = ["admin"]', "public = true"), (), "public_route_cached"),
        (SETTINGS, (("RouteKey: GET /admin", 'RouteKey: "GET /{proxy+}"'),), "path_not_in_key"),
        (SETTINGS + '[credential]\nhttp = ["header:X"]\n', (), "credential_not_in_key"),
        (SETTINGS + '[credential]\nhttp = ["header:X", "query:y"]\n', (), "credential_places_several"),
    ],
)
def test_every_question_of_the_cache_is_asked(
    settings: str, edits: tuple[tuple[str, str], ...], code: str, reporting: Reporting
) -> None:
    ttl = (TTL, "AuthorizerResultTtlInSeconds: !Ref P"), (BELIEVED, "AUTHORIZER_CACHE_TTL: !Ref P")
    assert code in errors(reporting(*ttl, *edits, settings=settings))


@pytest.mark.parametrize(
    "guard",
    [
        "AuthorizationType: CUSTOM, AuthorizerId: !If [C, !Ref Az, !Ref Az]",
        "AuthorizationType: CUSTOM, AuthorizerId: !If [C, !Ref Az, !Ref P]",
        "AuthorizationType: !If [C, CUSTOM, NONE], AuthorizerId: !If [C, !Ref Az, !Ref AWS::NoValue]",
        "AuthorizationType: !If [C, CUSTOM, NONE], AuthorizerId: !Ref Az",
        'AuthorizationType: CUSTOM, AuthorizerId: !Sub "${Az}"',
    ],
)
def test_route_of_an_unknown_authorizer_counts_for_all_that_it_may_be(guard: str, reporting: Reporting) -> None:
    found = reporting((OF_ADMIN, f"RouteKey: GET /admin, {guard}"), settings=BY_ADDRESS)
    assert "source_ip_not_in_key" in errors(found)


@pytest.mark.parametrize(
    "guard", ["AuthorizationType: NONE", "AuthorizationType: CUSTOM, AuthorizerId: !ImportValue x"]
)
def test_route_of_another_authorizer_does_not_count(guard: str, reporting: Reporting) -> None:
    found = reporting((OF_ADMIN, f"RouteKey: GET /admin, {guard}"), settings=BY_ADDRESS)
    assert errors(found) == []


def test_route_that_may_be_open_is_warned_of(reporting: Reporting) -> None:
    guard = "AuthorizationType: !If [C, CUSTOM, NONE], AuthorizerId: !Ref Az"
    assert warnings(reporting((OF_ADMIN, f"RouteKey: GET /admin, {guard}"))) == ["route_without_authorizer"]
