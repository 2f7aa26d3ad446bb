"""The runner against small gateways: what it sends, and that every difference is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.conformance.credentials import GivenTokens, LocalTokens
from authorizer.tools.conformance.row import Call, Confidence, Expected, Message
from authorizer.tools.conformance.runner import Outcome, Result, Runner
from authorizer.tools.conformance.table import read_table
from authorizer.tools.conformance.target import Target, local_target
from authorizer.tools.gateway.message import HttpResponse, json_response
from tests.unit.tools.conformance.fake_gateway import API, SECRET, FakeGateway, row, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.conformance.row import Row
    from authorizer.tools.gateway.message import HttpRequest


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def url(gateway: FakeGateway) -> Iterator[str]:
    with served(gateway) as address:
        yield address


@pytest.fixture
def runner(url: str) -> Runner:
    return Runner(target=local_target(url), credentials=LocalTokens(url), run="run")


def told(result: Result) -> list[str]:
    return [str(one) for one in result.differences]


def test_row_that_is_fulfilled_passes(runner: Runner) -> None:
    result = runner.play(row())
    assert (result.outcome, result.differences, result.why) == (Outcome.PASSED, (), None)


def test_every_difference_is_told(runner: Runner) -> None:
    expected = Expected(status=401, body='{"message":"Unauthorized"}', headers={"x-amzn-ErrorType": "A"})
    result = runner.play(row(expected=expected))
    assert result.outcome is Outcome.DIFFERS
    assert told(result) == [
        "status: expected 401, seen 200",
        "header x-amzn-ErrorType: expected A, seen nothing",
        'body: expected {"message": "Unauthorized"}, seen {}',
    ]


def test_path_goes_out_as_it_is_written(runner: Runner, gateway: FakeGateway) -> None:
    runner.play(row(call=Call(method="PURGE", path="/a/../b//c%2F/?x=%20y&&")))
    assert [(one.method, one.target) for one in gateway.requests] == [("PURGE", "/api/v1/a/../b//c%2F/?x=%20y&&")]


@pytest.mark.parametrize(
    ("call", "headers"),
    [
        (Call(token="text:deny~{own}"), [("Authorization", "deny~a-row-run")]),
        (Call(token="good"), [("Authorization", f"Bearer {SECRET}")]),
        (Call(token="good", send=(("X-Token", "{token}"),)), [("X-Token", SECRET)]),
        (Call(token="text:x", path="/?a={token}"), []),
        (Call(send=(("X", "1"), ("X", ""))), [("X", "1"), ("X", "")]),
        (Call(send=(("X", "{fill:5}"),)), [("X", "xxxxx")]),
    ],
    ids=["text", "by name", "own place", "query", "twice", "filled"],
)
def test_headers_that_are_sent(
    runner: Runner, gateway: FakeGateway, call: Call, headers: list[tuple[str, str]]
) -> None:
    runner.play(row(call=call))
    sent = [(name, value) for name, value in gateway.requests[0].headers if name not in ("Host", "Content-Length")]
    assert sent == headers


def test_data_is_sent(runner: Runner, gateway: FakeGateway) -> None:
    runner.play(row(call=Call(method="POST", data="for {own}")))
    assert gateway.requests[0].body == b"for a-row-run"


def test_requests_before_come_first_and_are_judged(runner: Runner, gateway: FakeGateway) -> None:
    gateway.answer = lambda request: json_response(200 if request.path.endswith("/b") else 403, {"at": request.path})
    before = (Call(path="/a", status=200), Call(path="/b", status=200))
    result = runner.play(row(call=Call(path="/b"), before=before, expected=Expected(status=200, same=("at",))))
    assert [one.path for one in gateway.requests] == ["/api/v1/a", "/api/v1/b", "/api/v1/b"]
    assert told(result) == ["status before: expected 200, seen 403"]


def test_cache_is_flushed(runner: Runner, gateway: FakeGateway) -> None:
    assert runner.play(row(before=(Call(flush=True),))).outcome is Outcome.PASSED
    assert gateway.flushed == 1


def test_each_token_is_played_with_a_text_of_its_own(runner: Runner, gateway: FakeGateway) -> None:
    gateway.answer = lambda request: json_response(200 if "two" in str(request.header("Authorization")) else 403, {})
    result = runner.play(row(each=("text:one~{own}", "text:two~{own}"), before=(Call(),)))
    sent = [one.header("Authorization") for one in gateway.requests]
    assert sent == ["one~a-row-0-run", "one~a-row-0-run", "two~a-row-1-run", "two~a-row-1-run"]
    assert told(result) == ["text:one: status: expected 200, seen 403"]


def test_issuers_are_down_meanwhile_and_up_again(runner: Runner, gateway: FakeGateway) -> None:
    runner.play(row(outage=True, expected=Expected(status=500)))
    assert gateway.forms == ["down=true", "down=false"]


def test_subject_of_a_token_is_the_rows_own(runner: Runner, gateway: FakeGateway) -> None:
    runner.play(row(call=Call(token="broken:token_expired")))
    assert "username=a-row-run" in gateway.forms[0]
    assert "broken=token_expired" in gateway.forms[0]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"api": "AnotherApi"}, "it has no AnotherApi"),
        ({"not_here": "it costs money"}, "it costs money"),
        ({"call": Call(token="unheard-of")}, "tokens.toml has no token unheard-of"),
        ({"call": Call(token="provider")}, "no local issuer is of the kind oidc"),
        (
            {"call": Call(token="good:unheard_of")},
            "the local issuer makes no token good:unheard_of: there is no such reason",
        ),
    ],
)
def test_what_cannot_be_played_locally(runner: Runner, changed: dict[str, object], why: str) -> None:
    result = runner.play(row(**changed))
    assert (result.outcome, result.why, result.differences) == (Outcome.NOT_PLAYABLE, why, ())


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"call": Call(token="good")}, "--tokens has no token good"),
        ({"before": (Call(flush=True),)}, "the cache is flushed here only in the local gateway"),
        ({"outage": True}, "only local issuers can be taken down"),
    ],
)
def test_what_cannot_be_played_against_a_stack(url: str, changed: dict[str, object], why: str) -> None:
    deployed = Runner(target=Target(bases={API: f"{url}/api/v1"}), credentials=GivenTokens())
    assert deployed.play(row(**changed)).why == why


def test_row_that_only_a_stack_can_show_is_played_there(url: str) -> None:
    deployed = Runner(target=Target(bases={API: f"{url}/api/v1"}), credentials=GivenTokens(tokens={"good": SECRET}))
    assert deployed.play(row(not_here="it costs money", call=Call(token="good"))).outcome is Outcome.PASSED


def test_gateway_that_does_not_answer_differs() -> None:
    with served(FakeGateway()) as url:
        target = local_target(url)
    result = Runner(target=target, credentials=GivenTokens()).play(row())
    assert told(result) == ["connection: expected an answer, seen ConnectionRefusedError"]


def test_no_token_is_in_a_result(runner: Runner, gateway: FakeGateway) -> None:
    gateway.answer = lambda request: json_response(500, {"echo": request.header("Authorization")})
    result = runner.play(row(call=Call(token="good"), expected=Expected(status=200, body="{}", at={"echo": "x"})))
    assert len(result.differences) == 3
    assert SECRET not in repr(result) + "".join(told(result))


# --- WebSocket


def chat(**changed: object) -> Row:
    return row(websocket=True, call=Call(path="?access=1"), **{"expected": Expected(status=101), **changed})


def test_messages_are_answered(runner: Runner) -> None:
    messages = (
        Message(send='{"a":1}', expected=Expected(status=101, at={"a": 1})),
        Message(send='{"a":2}', expected=Expected(status=101, at={"a": 3})),
    )
    assert told(runner.play(chat(messages=messages))) == ["message 2: a: expected 3, seen 2"]


def test_refused_handshake_is_compared(runner: Runner, gateway: FakeGateway) -> None:
    gateway.answer = lambda _: json_response(403, {"message": "Forbidden"}, ("X-Two", "2"))
    expected = Expected(status=403, body='{"message":"Forbidden"}', headers={"x-two": "2"})
    assert runner.play(chat(expected=expected)).outcome is Outcome.PASSED
    assert told(runner.play(chat())) == ["status: expected 101, seen 403"]


def test_handshake_that_is_none_differs() -> None:
    with served(FakeGateway()) as url:
        target = Target(bases={API: f"{url}/api/v1"})
    assert told(Runner(target=target, credentials=GivenTokens()).play(chat()))[0].startswith("connection: ")


# --- the table itself


def test_gateway_that_lets_everybody_through_is_found_out() -> None:
    """What a row expects must be more than that somebody answers."""
    rows = [one for one in read_table() if not one.outage]
    gateway = FakeGateway(_anybody, *{one.api for one in rows})
    with served(gateway) as url:
        runner = Runner(target=local_target(url), credentials=LocalTokens(url))
        results = list(runner.play_all(rows))
    passed = [one.row for one in results if one.outcome is Outcome.PASSED]
    assert {one.expected.status for one in passed} <= {200, 101}
    assert len(passed) < len(rows) / 20
    sure = [one for one in results if one.row.confidence is not Confidence.UNSURE]
    assert sum(one.outcome is Outcome.DIFFERS for one in sure) > len(sure) * 0.8


def _anybody(request: HttpRequest) -> HttpResponse:
    return json_response(200, {"path": request.path})
