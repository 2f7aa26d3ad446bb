from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.tools.gateway.message import HttpRequest, HttpResponse
from authorizer.tools.gateway.websocket_calls import Connection
from authorizer.tools.serve.wire import checked
from tests.unit.tools.gateway.gateways import (
    NOW,
    TOKEN,
    Handler,
    guarded,
    http_api,
    http_authorizer,
    http_route,
    policy,
    rest_api,
    rest_authorizer,
    rest_method,
    running,
    websocket_api,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.unit.tools.gateway.gateways import Running

SHARED = ("Backend", "Authorizer")
AUTHORIZED = ("Authorization", "Bearer abc")


def renamed(resources: dict[str, dict[str, Any]], prefix: str) -> dict[str, Any]:
    """The resources with other logical ids, so that several APIs fit into one template."""

    def name(value: str) -> str:
        logical_id = value.partition(".")[0]
        return prefix + value if logical_id in resources and logical_id not in SHARED else value

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(one) for key, one in value.items()}
        if isinstance(value, list):
            return list(map(turned, value))
        return name(value.replace("${Target}", "${" + prefix + "Target}")) if isinstance(value, str) else value

    return {
        name(one): {"Type": given_["Type"], **turned({"Properties": given_["Properties"]})}
        for one, given_ in resources.items()
    }


@contextmanager
def apis(folder: Path) -> Iterator[Running]:
    """A REST, an HTTP and a WebSocket API, all with CORS or gateway responses that repeat what was sent."""
    origin = {"gatewayresponse.header.Access-Control-Allow-Origin": "method.request.header.Origin"}
    repeats = "$context.path $context.httpMethod $context.identity.userAgent"
    own = {
        "RestApiId": {"Ref": "Api"},
        "ResponseType": "DEFAULT_4XX",
        "ResponseParameters": origin | {"gatewayresponse.header.X-Path": "context.path"},
        "ResponseTemplates": {"text/plain": repeats},
    }
    rest = {
        **rest_api(),
        **rest_authorizer(),
        **rest_method(**guarded()),
        **rest_method("{proxy+}", "ANY"),
        "Own": {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": own},
    }
    http = {
        **http_api(CorsConfiguration={"AllowOrigins": ["https://*"]}),
        **http_authorizer(),
        "Orders": http_route("GET /orders", **guarded()),
        "Rest": http_route("$default"),
    }
    together = {**renamed(rest, "Rest"), **renamed(http, "Http"), **renamed(websocket_api("$connect", "send"), "Ws")}
    handlers = {"Authorizer": Handler(policy()), "Backend": Handler({"statusCode": 200, "body": "ok"})}
    with running(folder, together, handlers) as local:
        yield local


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Running]:
    with apis(tmp_path) as local:
        yield local


def test_index(three: Running) -> None:
    index = three.call("/").json()
    assert {one["name"]: (one["type"], one["paths"], one["routes"]) for one in index["apis"]} == {
        "RestApi": ("rest", ["/RestApi/prod"], ["GET /orders", "ANY /{proxy+}"]),
        "HttpApi": ("http", ["/HttpApi"], ["GET /orders", "$default"]),
        "WsApi": ("websocket", ["/WsApi/prod"], ["$connect", "send"]),
    }
    assert three.records == []


@pytest.mark.parametrize("target", ["/Other", "/Other/prod/orders", "//RestApi/prod/orders", "/restapi/prod", "", "*"])
def test_api_that_is_not_there(target: str, three: Running) -> None:
    assert three.call(target).status == 404
    assert three.records == []


@pytest.mark.parametrize(
    ("target", "status", "path"),
    [
        ("/RestApi/prod/orders", 401, "/orders"),
        ("/RestApi/prod/x/y?q=/z", 200, "/x/y"),
        ("/RestApi/prod/", 403, "/"),
        ("/RestApi/prod", 403, "/"),
        ("/RestApi", 403, "/"),
        ("/RestApi/prod//x", 200, "//x"),
        ("/RestApi/prod/a%2Fb", 200, "/a%2Fb"),
        ("/HttpApi/orders", 401, "/orders"),
        ("/HttpApi", 200, "/"),
        ("/HttpApi/", 200, "/"),
        ("/HttpApi?a=b", 200, "/"),
        ("/HttpApi//x", 200, "//x"),
    ],
)
def test_path_after_api_and_stage(target: str, status: int, path: str, three: Running) -> None:
    assert three.call(target).status == status
    assert three.records[0].received.path == path


@pytest.mark.parametrize("target", ["/WsApi", "/WsApi/prod", "/WsApi/prod/anything"])
def test_websocket_api_that_is_called_as_another(target: str, three: Running) -> None:
    response = three.call(target)
    assert (response.status, response.header("upgrade")) == (426, "websocket")


@pytest.mark.parametrize("target", ["/RestApi/prod", "/HttpApi", "/Other"])
def test_handshake_with_what_is_no_websocket_api(target: str, three: Running) -> None:
    found = three.gateway.connect(HttpRequest(target=target))
    assert isinstance(found, HttpResponse)
    assert found.status == 404


def cached(folder: Path, auth: Handler, **options: Any) -> Any:
    """A REST API whose authorizer's answers are kept."""
    given = rest_authorizer(AuthorizerResultTtlInSeconds=300)
    return running(folder, {**rest_api(), **given, **rest_method(**guarded())}, {"Authorizer": auth}, **options)


def test_flush(tmp_path: Path) -> None:
    auth = Handler(policy())
    with cached(tmp_path, auth) as local:
        for _ in range(2):
            local.call("/Api/prod/orders", AUTHORIZED)
        assert len(auth.events) == 1
        flushed = local.call("/_cache", method="DELETE")
        local.call("/Api/prod/orders", AUTHORIZED)
        assert (flushed.status, len(auth.events)) == (204, 2)


@pytest.mark.parametrize("method", ["GET", "POST", "delete"])
def test_other_methods_flush_nothing(method: str, tmp_path: Path) -> None:
    auth = Handler(policy())
    with cached(tmp_path, auth) as local:
        local.call("/Api/prod/orders", AUTHORIZED)
        response = local.call("/_cache", method=method)
        local.call("/Api/prod/orders", AUTHORIZED)
        assert (response.status, response.header("allow"), len(auth.events)) == (405, "DELETE", 1)


@pytest.mark.parametrize(("later", "asked"), [(299.0, 1), (300.0, 2)])
def test_time_is_that_of_the_stack(later: float, asked: int, tmp_path: Path) -> None:
    times, auth = [NOW, NOW + later], Handler(policy())
    with cached(tmp_path, auth, now=lambda: times.pop(0)) as local:
        for _ in range(2):
            local.call("/Api/prod/orders", AUTHORIZED)
        assert len(auth.events) == asked


def test_same_authorizer_of_two_apis_has_two_caches(tmp_path: Path) -> None:
    auth = Handler(policy())
    one = {**rest_api(), **rest_authorizer(AuthorizerResultTtlInSeconds=300), **rest_method(**guarded())}
    with running(tmp_path, {**renamed(one, "A"), **renamed(one, "B")}, {"Authorizer": auth}) as local:
        assert [local.call(f"/{name}/prod/orders", AUTHORIZED).status for name in ("AApi", "BApi")] == [200, 200]
        assert len(auth.events) == 2


def test_many_threads(three: Running) -> None:
    targets = ("/RestApi/prod/orders", "/HttpApi/orders", "/HttpApi/x", "/RestApi/prod/x", "/")
    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(lambda at: three.call(targets[at % 5], AUTHORIZED).status, range(500)))
    assert set(found) == {200}
    assert len(three.records) == 400


def test_many_threads_with_one_cache(tmp_path: Path) -> None:
    auth = Handler(policy())
    with cached(tmp_path, auth) as local, ThreadPoolExecutor(50) as pool:
        found = list(pool.map(lambda _: local.call("/Api/prod/orders", AUTHORIZED).status, range(200)))
        assert set(found) == {200}
        assert 1 <= len(auth.events) <= 50


def test_record_of_a_call_does_not_show_a_token(three: Running) -> None:
    three.call(f"/RestApi/prod/orders?t={TOKEN}", ("Authorization", TOKEN), ("Cookie", TOKEN))
    three.call(f"/RestApi/prod/none?t={TOKEN}", ("Authorization", TOKEN), method="PUT", body=TOKEN.encode())
    three.call("/HttpApi/orders", ("Authorization", TOKEN))
    assert len(three.records) == 3
    assert TOKEN not in str([(one.received, one.grant, one.failure) for one in three.records])


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The three APIs, for many calls."""
    with apis(tmp_path_factory.mktemp("three")) as local:
        yield local


TEXTS = st.text(max_size=30) | st.sampled_from(["", "\0", "a\r\nb", "é", "\ud800", TOKEN, "a" * 100_000, "*", "{x}"])
STARTS = st.sampled_from(
    ["/RestApi/prod/", "/HttpApi/", "/WsApi/prod", "/RestApi/prod/orders", "/HttpApi/orders", "/", ""]
)
NAMES = st.sampled_from(["Authorization", "Origin", "Accept", "User-Agent", "Referer", "Cookie", "x-api-key"])
METHODS = st.sampled_from(["GET", "POST", "OPTIONS", "HEAD", "DELETE", "ANY", "get", ""]) | st.text(max_size=5)
HEADERS = st.lists(st.tuples(NAMES | TEXTS, TEXTS), max_size=4).map(tuple)
TARGETS = st.tuples(STARTS, TEXTS, st.just("") | TEXTS.map("?{}".format)).map("".join)


@given(method=METHODS, target=TARGETS, headers=HEADERS, body=st.binary(max_size=40))
def test_any_request_is_answered(
    shared: Running, method: str, target: str, headers: tuple[tuple[str, str], ...], body: bytes
) -> None:
    request = HttpRequest(method=method, target=target, headers=headers, body=body)
    assert checked(shared.gateway.handle(request))


@given(target=TARGETS, headers=HEADERS, messages=st.lists(TEXTS, max_size=3))
def test_any_handshake_and_message_is_answered(
    shared: Running, target: str, headers: tuple[tuple[str, str], ...], messages: list[str]
) -> None:
    found = shared.gateway.connect(HttpRequest(target=target, headers=headers))
    if isinstance(found, Connection):
        answers = [found.receive(text.encode("utf-8", "replace").decode()) for text in messages]
        found.disconnect(1000)
        assert all(isinstance(one, str) for answer in answers for one in answer)
    else:
        assert checked(found)
