"""Asking AWS: what its errors mean, page by page, and what ends a run."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import (
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
)

from authorizer.tools.doctor.deployed.access import Access, Answer
from authorizer.tools.doctor.deployed.calls import FUNCTION, HTTP_ROUTES, IDENTITY, REST_API, Call
from authorizer.tools.doctor.deployed.clients import NotAnswered, SessionClients, Why, answered
from authorizer.tools.doctor.deployed.examined_api import examined_api
from authorizer.tools.terminal import CommandError
from tests.unit.tools.doctor.deployed.asking import APIS, wanted
from tests.unit.tools.doctor.deployed.cloud import Cloud
from tests.unit.tools.doctor.deployed.right import HTTP, REST, right, route

NOBODY = ["ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId"]


def asked(code: str, call: Call = REST_API) -> tuple[Access, Answer]:
    access = Access(clients=Cloud(right(), refused={(call.service, call.operation): code}))
    return access, access.asked(call, "it", restApiId=REST)


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "SomethingElse"])
def test_refusal_is_noted_and_never_raised(code: str) -> None:
    access, answer = asked(code)
    assert not answer.seen
    assert [(one.call, one.subject, code in one.why) for one in access.unseen] == [(REST_API, "it", True)]


@pytest.mark.parametrize("code", ["NotFoundException", "ResourceNotFoundException", "NoSuchEntity"])
def test_what_is_not_there_is_gone_and_not_unseen(code: str) -> None:
    access, answer = asked(code)
    assert (answer.gone, answer.seen, access.unseen) == (True, True, [])


@pytest.mark.parametrize("code", NOBODY)
def test_credentials_of_nobody_end_the_run_at_its_first_call(code: str) -> None:
    access = Access(clients=Cloud(right(), refused={("sts", "get_caller_identity"): code}))
    with pytest.raises(CommandError, match=code) as error:
        examined_api(access, wanted(REST))
    assert "aws sso login" in error.value.hint


@pytest.mark.parametrize("api", APIS)
def test_credentials_that_expire_before_the_api_is_known_end_the_run(api: str) -> None:
    refused = {
        ("apigateway", "get_rest_api"): "ExpiredTokenException",
        ("apigatewayv2", "get_api"): "ExpiredTokenException",
    }
    with pytest.raises(CommandError):
        examined_api(Access(clients=Cloud(right(), refused=refused)), wanted(api))


def test_api_that_is_not_in_the_region_is_told_with_a_hint() -> None:
    account = right()
    account.rest.clear()
    with pytest.raises(CommandError, match="no REST API rest123456 in eu-west-1") as error:
        examined_api(Access(clients=Cloud(account)), wanted(REST))
    assert "--region" in error.value.hint


def test_stage_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(CommandError, match="no stage live") as error:
        examined_api(Access(clients=Cloud(right())), wanted(REST, "live"))
    assert "prod" in error.value.hint


def test_credentials_that_expire_later_are_asked_for_no_more() -> None:
    cloud = Cloud(right(), refused={("lambda", "get_function_configuration"): "ExpiredTokenException"})
    access = Access(clients=cloud)
    for name in ("a", "b", "c"):
        assert not access.asked(FUNCTION, name, FunctionName=name).seen
    assert cloud.asked == [("lambda", "get_function_configuration")]
    assert [one.subject for one in access.unseen] == ["a", "b", "c"]


def test_everything_is_asked_once() -> None:
    cloud = Cloud(right())
    access = Access(clients=cloud)
    assert access.caller() == access.caller()
    assert cloud.asked == [("sts", "get_caller_identity")]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (NoCredentialsError(), Why.NOBODY),
        (CredentialRetrievalError(provider="sso", error_msg="expired"), Why.NOBODY),
        (EndpointConnectionError(endpoint_url="https://lambda.eu-wst-1.amazonaws.com"), Why.UNREACHABLE),
        (ConnectTimeoutError(endpoint_url="https://lambda.eu-west-1.amazonaws.com"), Why.UNREACHABLE),
        (ParamValidationError(report="no"), Why.ERROR),
    ],
)
def test_errors_of_the_library(error: Exception, why: Why) -> None:
    def call() -> Any:
        raise error

    with pytest.raises(NotAnswered) as raised:
        answered(call)
    assert raised.value.why is why


def test_strangers_escape_as_errors() -> None:
    with pytest.raises(ZeroDivisionError):
        answered(lambda: 1 // 0)


def test_thousand_routes_come_page_by_page_and_progress_is_told() -> None:
    account = right()
    more = {"AuthorizationType": "CUSTOM", "AuthorizerId": "lam123"}
    account.http[HTTP]["routes"] = [route(f"r{number}", f"GET /p{number}", **more) for number in range(1200)]
    told: list[str] = []
    cloud = Cloud(account)
    answer = Access(clients=cloud, progress=told.append).listed(
        HTTP_ROUTES, HTTP, ApiId=HTTP, PaginationConfig={"PageSize": 500}
    )
    assert len(answer.value) == 1200
    assert cloud.asked == [("apigatewayv2", "get_routes")] * 3
    assert told == ["the routes of an API: 1,000 read", "the routes of an API: 1,200 read"]


def test_throttled_call_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """With botocore's own backoff, here without the waiting; over its parser, with what Lambda sends."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    clients = SessionClients(region="eu-west-1")
    replies = [(429, b"{}", "TooManyRequestsException")] * 3 + [(200, b'{"FunctionName": "orders"}', "")]
    sent: list[str] = []

    def reply(request: Any, **_: Any) -> AWSResponse:
        status, body, code = replies[len(sent)]
        sent.append(request.url)
        headers: Any = {"x-amzn-ErrorType": code}
        return AWSResponse(request.url, status, headers, Raw(body))

    clients.client("lambda", "eu-west-1").meta.events.register("before-send", reply)
    access = Access(clients=clients)
    assert access.asked(FUNCTION, "orders", FunctionName="orders").value["FunctionName"] == "orders"
    assert len(sent) == 4
    assert access.unseen == []


class Raw:
    """The body of a response, as urllib3 gives it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: Any, **__: Any) -> list[bytes]:
        return [self._body]


def test_region_has_to_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    with pytest.raises(CommandError, match="no Region") as error:
        SessionClients()
    assert "--region" in error.value.hint


def test_profile_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    with pytest.raises(CommandError, match="nobody-s"):
        SessionClients(region="eu-west-1", profile="nobody-s")


def test_caller_that_may_not_be_asked_is_nobody_known() -> None:
    access = Access(clients=Cloud(right(), refused={(IDENTITY.service, IDENTITY.operation): "AccessDenied"}))
    assert access.caller() == {}
