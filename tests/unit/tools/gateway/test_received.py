from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.cache import IdentitySources, MissingIdentity
from authorizer.tools.gateway.message import HttpRequest
from authorizer.tools.template import Unresolved
from tests.unit.tools.gateway.gateways import ARN, NOW, TOKEN, received, route, sent

if TYPE_CHECKING:
    from authorizer.tools.gateway.received import Received

SOURCES = (("Authorization", "a"), ("authorization", "b"))


def identity(call: Received, *sources: str) -> tuple[str, ...]:
    return IdentitySources.parse(list(sources)).values(call.visit())


@pytest.mark.parametrize(
    ("path", "rest"),
    [
        ("/", ""),
        ("/a", "a"),
        ("/a/b", "a/b"),
        ("/a/", "a"),
        ("/a//", "a/"),
        ("//a", "/a"),
        ("/a:b/c:d", "a:b/c:d"),
        ("/a%2Fb%20c", "a%2Fb%20c"),
        ("/é", "é"),
        ("/*", "*"),
        ("/{proxy+}", "{proxy+}"),
    ],
)
def test_arn_of_a_rest_api_ends_with_the_called_path(path: str, rest: str) -> None:
    assert received(path=path).arn == f"{ARN}/prod/GET/{rest}"


@pytest.mark.parametrize(
    ("path", "rest"), [("/", ""), ("/a", "a"), ("/a/", "a/"), ("//a", "/a"), ("/a%2Fb:c", "a%2Fb:c")]
)
def test_arn_of_an_http_api_keeps_a_slash_at_its_end(path: str, rest: str) -> None:
    assert received(Kind.HTTP, path=path).arn == f"{ARN}/$default/GET/{rest}"


def test_arn_of_a_default_route_has_the_called_path() -> None:
    call = received(Kind.HTTP, path="/a/b", route=route("$default"), stage="v1")
    assert call.arn == f"{ARN}/v1/GET/a/b"


def test_arn_has_the_method_that_was_sent() -> None:
    call = received(request=sent(method="DELETE"), route=route("ANY /orders/{id}"))
    assert call.arn == f"{ARN}/prod/DELETE/orders/1"


def test_arn_of_a_websocket_api_is_that_of_the_handshake() -> None:
    assert received(Kind.WEBSOCKET, path="/whatever").arn == f"{ARN}/prod/$connect"


@given(path=st.text(st.characters(codec="utf-8"), max_size=30), kind=st.sampled_from([Kind.REST, Kind.HTTP]))
def test_arn_splits_into_its_parts_whatever_the_path(path: str, kind: Kind) -> None:
    call = received(kind, path="/" + path)
    head, stage, method, rest = call.arn.split(":", 5)[5].split("/", 3)
    assert (head, stage, method) == ("abcdef1234", call.stage, "GET")
    assert rest in (path, path.removesuffix("/"))


@pytest.mark.parametrize(
    ("kind", "values"), [(Kind.REST, ("b", "2")), (Kind.WEBSOCKET, ("b", "2")), (Kind.HTTP, ("a,b", "1,2"))]
)
def test_value_of_a_repeated_name(kind: Kind, values: tuple[str, ...]) -> None:
    call = received(kind, sent(*SOURCES, target="/?k=1&k=2"))
    prefix = "$request" if kind is Kind.HTTP else "method.request"
    assert identity(call, f"{prefix}.header.AUTHORIZATION", f"{prefix}.querystring.k") == values


@pytest.mark.parametrize(("target", "value"), [("/?k=a%20b+c", "a b c"), ("/?k=%C3%A9", "é"), ("/?k=%ff", "\ufffd")])
def test_query_of_a_visit_is_decoded(target: str, value: str) -> None:
    assert identity(received(request=sent(target=target)), "method.request.querystring.k") == (value,)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("method.request.header.Authorization", "/"),
        ("method.request.querystring.k", "/?k="),
        ("method.request.querystring.K", "/?k=1"),
        ("stageVariables.none", "/"),
        ("context.identity.userAgent", "/"),
        ("context.nothing", "/"),
    ],
)
def test_source_that_is_not_there(source: str, target: str) -> None:
    with pytest.raises(MissingIdentity):
        identity(received(request=sent(target=target)), source)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("stageVariables.tier", "gold"),
        ("context.httpMethod", "GET"),
        ("context.path", "/prod/orders/1"),
        ("context.resourcePath", "/orders/{id}"),
        ("context.stage", "prod"),
        ("context.accountId", "123456789012"),
        ("context.apiId", "abcdef1234"),
        ("context.domainName", "abcdef1234.execute-api.us-east-1.amazonaws.com"),
        ("context.domainPrefix", "abcdef1234"),
        ("context.identity.sourceIp", "127.0.0.1"),
        ("context.protocol", "HTTP/1.1"),
        ("context.requestTime", "15/Jan/2027:08:00:00 +0000"),
        ("context.requestTimeEpoch", "1800000000000"),
        ("context.requestId", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"),
    ],
)
def test_context_of_a_rest_api(source: str, value: str) -> None:
    assert identity(received(), source) == (value,)


def test_context_of_an_http_api_has_the_route_key() -> None:
    assert received(Kind.HTTP).context()["routeKey"] == "GET /orders/{id}"
    assert received(Kind.HTTP, route=route("ANY /a")).context()["routeKey"] == "ANY /a"
    assert received(Kind.HTTP, route=route("$default")).context()["routeKey"] == "$default"
    assert "resourcePath" not in received(Kind.HTTP).context()


@pytest.mark.parametrize(("stage", "path"), [("$default", "/orders/1"), ("v1", "/v1/orders/1")])
def test_path_of_the_context_has_the_stage_before_it(stage: str, path: str) -> None:
    assert received(Kind.HTTP, stage=stage).context()["path"] == path


def test_context_without_a_route() -> None:
    call = received(route=None)
    assert not {"resourcePath", "resourceId", "routeKey"} & call.context().keys()
    assert (call.route_key, call.resource_path, call.scopes) == ("", "/orders/1", ())


def test_resource_id_is_that_of_the_template() -> None:
    first, second = received(path="/orders/1"), received(path="/orders/2")
    other = received(route=route("GET /users/{id}"))
    assert first.context()["resourceId"] == second.context()["resourceId"] != other.context()["resourceId"]


@pytest.mark.parametrize(("stage", "found"), [("prod", {"tier": "gold"}), ("test", {})])
def test_stage_variables_are_those_of_the_stage(stage: str, found: dict[str, str]) -> None:
    assert received(stage=stage).stage_variables == found


def test_request_ids_of_two_calls_differ() -> None:
    given: dict[str, Any] = {name: getattr(received(), name) for name in ("request", "api", "stage", "path", "at")}
    first, second = type(received())(**given), type(received())(**given)
    assert first.request_id != second.request_id
    assert first.extended_request_id != second.extended_request_id
    assert re.fullmatch(r"[a-z0-9]{15}=", first.extended_request_id)


def test_scopes_are_those_of_the_route() -> None:
    assert received(route=route(scopes=("read", Unresolved("Ref X")))).scopes == ("read", "${Ref X}")


def test_values_of_condition_keys() -> None:
    call = received(request=sent(("User-Agent", "curl"), ("Referer", "https://a")), at=NOW + 0.5)
    assert call.conditions() == {
        "aws:SourceIp": "127.0.0.1",
        "aws:CurrentTime": "2027-01-15T08:00:00.500000+00:00",
        "aws:EpochTime": "1800000000",
        "aws:SecureTransport": "true",
        "aws:UserAgent": "curl",
        "aws:Referer": "https://a",
    }


def test_condition_key_of_a_header_that_was_not_sent_is_not_there() -> None:
    assert not {"aws:UserAgent", "aws:Referer"} & received().conditions().keys()


def test_call_does_not_show_what_may_hold_a_credential() -> None:
    request = HttpRequest(target=f"/orders/1?t={TOKEN}", headers=(("Authorization", TOKEN),))
    assert TOKEN not in repr(received(request=request))
