from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.gateway.message import HttpResponse
from authorizer.tools.gateway.websocket_calls import Connection, WebSocketCalls
from tests.unit.tools.gateway.gateways import (
    TOKEN,
    Handler,
    guarded,
    http_authorizer,
    policy,
    running,
    sent,
    websocket_api,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.tools.gateway.gateways import Running

AUTHORIZED = ("Authorization", "Bearer abc")
SOURCES = {"IdentitySource": ["route.request.header.Authorization"]}
ROUTES = ("$connect", "$disconnect", "$default", "send")


def stack(
    folder: Path,
    auth: Handler | None = None,
    backend: Handler | None = None,
    routes: tuple[str, ...] = ROUTES,
    more: dict[str, Any] | None = None,
    **connect: Any,
) -> Any:
    """An API whose `$connect` is guarded, where an authorizer is given."""
    resources: dict[str, Any] = {**websocket_api(*routes, **({} if auth is None else guarded()), **connect)}
    resources |= {} if auth is None else http_authorizer(**SOURCES)
    resources |= more or {}
    handlers = ({"Authorizer": auth} if auth else {}) | ({"Backend": backend} if backend else {})
    return running(folder, resources, handlers)


def dial(local: Running, *headers: tuple[str, str], target: str = "/Api/prod") -> HttpResponse | Connection:
    return local.gateway.connect(sent(*headers, target=target))


def connection(local: Running, *headers: tuple[str, str]) -> Connection:
    found = dial(local, *headers)
    assert isinstance(found, Connection)
    return found


def refused(local: Running, *headers: tuple[str, str], target: str = "/Api/prod") -> tuple[int, str]:
    found = dial(local, *headers, target=target)
    assert isinstance(found, HttpResponse)
    return found.status, found.json()["message"]


@pytest.mark.parametrize(
    ("auth", "headers", "said"),
    [
        (Handler(policy()), (), (401, "Unauthorized")),
        (Handler(error="Unauthorized"), (AUTHORIZED,), (401, "Unauthorized")),
        (Handler(policy("Deny")), (AUTHORIZED,), (403, "Forbidden")),
        (Handler(policy(None)), (AUTHORIZED,), (403, "Forbidden")),
        (Handler(policy(resource="*/GET/*")), (AUTHORIZED,), (403, "Forbidden")),
        (Handler(error="no"), (AUTHORIZED,), (500, "Internal server error")),
        (Handler({"isAuthorized": True}), (AUTHORIZED,), (500, "Internal server error")),
        (Handler(policy(context={"a": "b" * 8192})), (AUTHORIZED,), (500, "Internal server error")),
    ],
)
def test_handshake_that_is_refused(auth: Handler, headers: Any, said: Any, tmp_path: Path) -> None:
    backend = Handler({"statusCode": 200})
    with stack(tmp_path, auth, backend) as local:
        assert refused(local, *headers) == said
        assert backend.events == []
        assert local.records[0].failure is not None


def test_authorizer_decides_by_the_arn_of_the_handshake(tmp_path: Path) -> None:
    auth = Handler(lambda event: policy(resource=event["methodArn"]))
    with stack(tmp_path, auth) as local:
        connection(local, AUTHORIZED)
        assert auth.event["methodArn"].endswith("/prod/$connect")


def test_all_events_of_a_connection_have_its_id(tmp_path: Path) -> None:
    auth, backend = Handler(policy()), Handler({"statusCode": 200})
    with stack(tmp_path, auth, backend) as local:
        opened = connection(local, AUTHORIZED)
        opened.receive("{}")
        opened.disconnect(1000)
        events = [*auth.events, *backend.events]
        assert {event["requestContext"]["connectionId"] for event in events} == {opened.id}
        assert [event["requestContext"]["eventType"] for event in backend.events] == [
            "CONNECT",
            "MESSAGE",
            "DISCONNECT",
        ]


def test_two_connections_have_two_ids(tmp_path: Path) -> None:
    with stack(tmp_path) as local:
        assert connection(local).id != connection(local).id


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"statusCode": 200}, None),
        ({"statusCode": 299}, None),
        ({"statusCode": 300}, 300),
        ({"statusCode": 403, "body": "no"}, 403),
        ({"statusCode": "500"}, 500),
        (None, 502),
    ],
)
def test_function_behind_connect_may_refuse(answer: Any, status: int | None, tmp_path: Path) -> None:
    with stack(tmp_path, None, Handler(answer)) as local:
        found = dial(local)
        assert status == (found.status if isinstance(found, HttpResponse) else None)
        assert local.records[0].response.status == (status or 101)


def test_function_behind_connect_that_fails(tmp_path: Path) -> None:
    with stack(tmp_path, None, Handler(error="no")) as local:
        assert refused(local) == (502, "Internal server error")


def test_api_without_a_connect_route_takes_everybody(tmp_path: Path) -> None:
    backend = Handler({"statusCode": 200})
    with stack(tmp_path, None, backend, ("$default",)) as local:
        connection(local)
        assert backend.events == []


@pytest.mark.parametrize("target", ["/Api/test", "/Api", "/Api/"])
def test_stage_that_is_not_there(target: str, tmp_path: Path) -> None:
    with stack(tmp_path) as local:
        assert refused(local, target=target) == (403, "Forbidden")


@pytest.mark.parametrize("target", ["/Other/prod", "/", ""])
def test_api_that_is_not_there(target: str, tmp_path: Path) -> None:
    with stack(tmp_path) as local:
        assert refused(local, target=target)[0] == 404


def test_nobody_gets_through_where_a_signature_is_asked_for(tmp_path: Path) -> None:
    with stack(tmp_path, AuthorizationType="AWS_IAM") as local:
        assert refused(local) == (403, "Forbidden")


@pytest.mark.parametrize(("headers", "status"), [((), 403), ((("x-api-key", "k" * 20),), None)])
def test_key_that_connect_asks_for(headers: Any, status: int | None, tmp_path: Path) -> None:
    plan = {"ApiStages": [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Prod"}}]}
    link = {"KeyId": {"Ref": "Key"}, "UsagePlanId": {"Ref": "Plan"}}
    more = {
        "Key": {"Type": "AWS::ApiGateway::ApiKey", "Properties": {"Enabled": True, "Value": "k" * 20}},
        "Plan": {"Type": "AWS::ApiGateway::UsagePlan", "Properties": plan},
        "Link": {"Type": "AWS::ApiGateway::UsagePlanKey", "Properties": link},
    }
    with stack(tmp_path, more=more, ApiKeyRequired=True) as local:
        found = dial(local, *headers)
        assert status == (found.status if isinstance(found, HttpResponse) else None)


def calls(selection: str, *keys: str) -> WebSocketCalls:
    """The routes of an API, and nothing else of it."""
    given: Any = {"api": None, "now": float, "routes": {key: key for key in keys}}
    return WebSocketCalls(selection=selection, **given)


@pytest.mark.parametrize(
    ("selection", "text", "key"),
    [
        ("$request.body.action", '{"action": "send"}', "send"),
        ("${request.body.action}", '{"action": "send"}', "send"),
        ("$request.body.action", '{"action": "Send"}', "$default"),
        ("$request.body.action", '{"action": "nothing"}', "$default"),
        ("$request.body.action", '{"other": "send"}', "$default"),
        ("$request.body.action", '{"action": null}', "$default"),
        ("$request.body.action", '{"action": ["send"]}', "$default"),
        ("$request.body.action", '{"action": {"send": 1}}', "$default"),
        ("$request.body.action", '{"action": 7}', "7"),
        ("$request.body.action", '{"action": true}', "true"),
        ("$request.body.action", '{"action": 1.5}', "$default"),
        ("$request.body.action", "send", "$default"),
        ("$request.body.action", '"send"', "$default"),
        ("$request.body.action", "[]", "$default"),
        ("$request.body.action", "", "$default"),
        ("$request.body.action", "{", "$default"),
        ("$request.body.action", "[" * 100_000, "$default"),
        ("$request.body.action", "9" * 5000, "$default"),
        ("$request.body.a.b", '{"a": {"b": "send"}}', "send"),
        ("$request.body.a.b", '{"a": "send"}', "$default"),
        ("$request.body.a.b", '{"a.b": "send"}', "$default"),
        ("$request.header.a", '{"action": "send"}', "$default"),
        ("", '{"action": "send"}', "$default"),
        # those that are there for the gateway are not to be had by a message
        ("$request.body.action", '{"action": "$connect"}', "$default"),
        ("$request.body.action", '{"action": "$disconnect"}', "$default"),
        ("$request.body.action", '{"action": "$default"}', "$default"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_route_of_a_message(selection: str, text: str, key: str) -> None:
    found = calls(selection, "$connect", "$disconnect", "$default", "send", "7", "true").route(text)
    assert str(found) == key


@pytest.mark.parametrize("text", ['{"action": "nothing"}', "no json", '{"action": "$connect"}'])
def test_message_without_a_route(text: str, tmp_path: Path) -> None:
    with stack(tmp_path, routes=("$connect", "send")) as local:
        opened = connection(local)
        (answer,) = opened.receive(text)
        assert json.loads(answer) | {"requestId": ""} == {
            "message": "Forbidden",
            "connectionId": opened.id,
            "requestId": "",
        }


@pytest.mark.parametrize("handler", [Handler(error="no"), Handler(None), Handler({"body": "no status"})])
def test_function_that_fails_for_a_message(handler: Handler, tmp_path: Path) -> None:
    with stack(tmp_path, None, handler, ("send",)) as local:
        opened = connection(local)
        (answer,) = opened.receive('{"action": "send"}')
        assert json.loads(answer)["message"] == "Internal server error"


RESPONSE = {
    "Type": "AWS::ApiGatewayV2::RouteResponse",
    "Properties": {"ApiId": {"Ref": "Api"}, "RouteId": {"Ref": "RouteSend"}, "RouteResponseKey": "$default"},
}


@pytest.mark.parametrize(
    ("more", "answer", "back"),
    [
        ({}, {"statusCode": 200, "body": "hi"}, []),
        ({"Response": RESPONSE}, {"statusCode": 200, "body": "hi"}, ["hi"]),
        ({"Response": RESPONSE}, {"statusCode": 200}, []),
        ({"Response": RESPONSE}, {"statusCode": 500, "body": "hi"}, ["hi"]),
    ],
)
def test_answer_goes_back_where_the_route_has_a_response(more: Any, answer: Any, back: Any, tmp_path: Path) -> None:
    with stack(tmp_path, None, Handler(answer), ("send", "$default"), more) as local:
        opened = connection(local)
        assert opened.receive('{"action": "send"}') == back
        assert opened.receive('{"action": "other"}') == []


def test_message_has_what_the_authorizer_said_and_no_token(tmp_path: Path) -> None:
    backend = Handler({"statusCode": 200})
    with stack(tmp_path, Handler(policy(context={"n": 1})), backend) as local:
        opened = connection(local, ("Authorization", TOKEN))
        opened.receive('{"action": "send"}')
        event = backend.event
        assert event["requestContext"]["authorizer"] == {"principalId": "alice", "n": "1", "integrationLatency": 1}
        assert (event["requestContext"]["routeKey"], event["body"]) == ("send", '{"action": "send"}')
        assert TOKEN not in json.dumps(event)


def test_authorizer_is_asked_once_per_connection(tmp_path: Path) -> None:
    auth = Handler(policy())
    with stack(tmp_path, auth) as local:
        opened = connection(local, AUTHORIZED)
        opened.receive("{}")
        opened.receive("{}")
        assert len(auth.events) == 1


def test_end_of_a_connection(tmp_path: Path) -> None:
    backend = Handler({"statusCode": 200})
    with stack(tmp_path, None, backend, ("$disconnect",)) as local:
        connection(local).disconnect(1001)
        context = backend.event["requestContext"]
        assert (context["eventType"], context["routeKey"], context["disconnectStatusCode"]) == (
            "DISCONNECT",
            "$disconnect",
            1001,
        )
        assert backend.event["body"] is None


@pytest.mark.parametrize(("routes", "handler"), [((), Handler()), (("$disconnect",), Handler(error="no"))])
def test_end_of_a_connection_that_nobody_hears_of(routes: Any, handler: Handler, tmp_path: Path) -> None:
    with stack(tmp_path, None, handler, routes) as local:
        connection(local).disconnect(1000)


def test_integration_that_is_not_run_here_is_an_echo(tmp_path: Path) -> None:
    target = websocket_api()["Target"]
    target["Properties"] |= {"IntegrationType": "HTTP", "IntegrationUri": "https://example.com"}
    with stack(tmp_path, more={"Target": target}) as local:
        opened = connection(local, ("Authorization", TOKEN))
        (answer,) = opened.receive('{"action": "send"}')
        assert json.loads(answer)["event"]["requestContext"]["routeKey"] == "send"
        assert TOKEN not in answer


def test_response_of_another_apis_route_is_not_for_this_one(tmp_path: Path) -> None:
    other = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "other", "ProtocolType": "WEBSOCKET"}}
    route = {"ApiId": {"Ref": "Other"}, "RouteKey": "send"}
    response = {"ApiId": {"Ref": "Other"}, "RouteId": {"Ref": "OtherSend"}, "RouteResponseKey": "$default"}
    more = {
        "Other": other,
        "OtherSend": {"Type": "AWS::ApiGatewayV2::Route", "Properties": route},
        "OtherResponse": {"Type": "AWS::ApiGatewayV2::RouteResponse", "Properties": response},
    }
    with stack(tmp_path, None, Handler({"statusCode": 200, "body": "hi"}), more=more) as local:
        assert connection(local).receive('{"action": "send"}') == []
