from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.authorizer_result import MAX_WEBSOCKET, PolicyResult, SimpleResult, read_result
from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.iam import Call, Outcome
from tests.unit.tools.gateway.gateways import ARN, TOKEN, answered, invocation_of, policy, raised

if TYPE_CHECKING:
    from authorizer.tools.gateway.authorizer_result import AuthorizerResult
    from authorizer.tools.invocation import Invocation

REST, HTTP, WEBSOCKET = Kind.REST, Kind.HTTP, Kind.WEBSOCKET
STATEMENT = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}


def read(document: Any, kind: Kind = REST) -> PolicyResult:
    result = read_result(answered(document), kind)
    assert isinstance(result, PolicyResult)
    return result


def failure(invocation: Invocation, kind: Kind = REST, *, simple: bool = False) -> Failure:
    with pytest.raises(Failure) as caught:
        read_result(invocation, kind, simple=simple)
    return caught.value


def attempt(invocation: Invocation, kind: Kind, *, simple: bool = False) -> AuthorizerResult | Failure:
    try:
        return read_result(invocation, kind, simple=simple)
    except Failure as found:
        return found


def of(statement: Any, **more: Any) -> dict[str, Any]:
    """An answer whose policy has this statement."""
    return {"principalId": "a", "policyDocument": {"Version": "2012-10-17", "Statement": [statement], **more}}


@pytest.mark.parametrize("kind", [REST, WEBSOCKET])
def test_unauthorized_raised_is_a_401(kind: Kind) -> None:
    assert failure(raised("Unauthorized"), kind).type is ResponseType.UNAUTHORIZED


def test_unauthorized_raised_is_a_500_on_an_http_api() -> None:
    assert failure(raised("Unauthorized"), HTTP).type is ResponseType.AUTHORIZER_CONFIGURATION_ERROR


@pytest.mark.parametrize(
    "text",
    ["", "unauthorized", "Unauthorized ", " Unauthorized", "Unauthorized: expired", "[401] Unauthorized", "Forbidden"],
)
@pytest.mark.parametrize("kind", Kind)
def test_anything_else_raised_is_a_500(kind: Kind, text: str) -> None:
    found = failure(raised(text), kind)
    assert (found.type, found.message) == (ResponseType.AUTHORIZER_CONFIGURATION_ERROR, None)


@pytest.mark.parametrize("kind", ["Gateway.Timeout", "Sandbox.Timedout", "Runtime.ImportModuleError", ""])
def test_function_that_does_not_answer_is_a_500(kind: str) -> None:
    assert failure(raised("Task timed out", kind)).type is ResponseType.AUTHORIZER_CONFIGURATION_ERROR


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "",
        "Unauthorized",
        True,
        1,
        [],
        [policy()],
        {},
        {"principalId": "a"},
        {"statusCode": 401, "body": "no"},
        {"isAuthorized": True},
        {"policyDocument": None},
        {"policyDocument": "Allow"},
        {"policyDocument": []},
        {"policyDocument": {}},
        {"policyDocument": {"Version": "2012-10-17"}},
        {"policyDocument": {"Version": "2012-10-17", "Statement": None}},
        {"policyDocument": {"Version": "2012-10-17", "Statement": "Allow"}},
        {"policyDocument": {"Version": "2012-10-17", "Statement": [None]}},
        {"policyDocument": {"Version": "2011-01-01", "Statement": [STATEMENT]}},
        {"policyDocument": json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})},
        of(STATEMENT | {"Effect": "allow"}),
        of(STATEMENT | {"Effect": None}),
        of({"Effect": "Allow", "Resource": "*"}),
        of({"Effect": "Allow", "Action": "*"}),
        of(STATEMENT | {"Action": []}),
        of(STATEMENT | {"Resource": []}),
        of(STATEMENT | {"Resource": None}),
        of(STATEMENT | {"Resource": [1]}),
        of(STATEMENT | {"resource": "*"}),
        of(STATEMENT | {"Condition": "no"}),
        of(STATEMENT | {"Condition": {"NoSuch": {"aws:SourceIp": "a"}}}),
        of(STATEMENT, Extra=1),
        policy(context="text"),
        policy(context=["a"]),
        policy(context={"a": {}}),
        policy(context={"a": []}),
        policy(context={"a": {"b": "c"}}),
    ],
)
def test_answer_that_cannot_be_read_is_a_500(answer: Any) -> None:
    found = failure(answered(answer))
    assert (found.type, found.message) == (ResponseType.AUTHORIZER_CONFIGURATION_ERROR, None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        ("", ""),
        (1, "1"),
        (-1.5, "-1.5"),
        (1.0, "1.0"),
        (True, "true"),
        (False, "false"),
        (None, None),
        ("ü", "ü"),
    ],
)
@pytest.mark.parametrize("kind", [REST, WEBSOCKET])
def test_context_becomes_text(kind: Kind, value: Any, text: str | None) -> None:
    assert read(policy(context={"a": value}), kind).context == {"a": text}


def test_context_of_an_http_api_keeps_its_types() -> None:
    context = {"a": 1, "b": [1, {"c": None}], "d": True}
    assert read(policy(context=context), HTTP).context == context


@pytest.mark.parametrize("answer", [policy(), policy(context=None), policy(context={})])
def test_context_may_be_missing(answer: Any) -> None:
    assert read(answer).context == {}


@pytest.mark.parametrize(("key", "kept"), [("k", "k"), ("", ""), (None, None), (1, None), (["k"], None)])
def test_usage_key_is_a_text(key: Any, kept: str | None) -> None:
    assert read(policy(usageIdentifierKey=key)).usage_key == kept


@pytest.mark.parametrize("principal", [None, 1, {}, ""])
def test_answer_without_a_principal_counts_all_the_same(principal: Any) -> None:
    result = read({**policy(), "principalId": principal})
    assert result.policy.evaluate(Call(arn=ARN)).outcome is Outcome.ALLOW
    assert bool(result.warnings) == (principal != "")


@pytest.mark.parametrize("statement", [[STATEMENT], STATEMENT])
@pytest.mark.parametrize("version", ["2012-10-17", "2008-10-17"])
def test_policy_that_is_fine(version: str, statement: Any) -> None:
    result = read({"principalId": "a", "policyDocument": {"Version": version, "Statement": statement}})
    assert (result.principal, result.warnings) == ("a", ())


@pytest.mark.parametrize(("length", "warned"), [(511, False), (512, False), (513, True)])
@pytest.mark.parametrize("wrap", [str, lambda text: ["*", text]])
def test_long_resource_is_warned_of(wrap: Any, length: int, warned: bool) -> None:
    assert bool(read(policy(resource=wrap("a" * length))).warnings) == warned


def websocket_answer(size: int, letter: str = "a") -> dict[str, Any]:
    """An answer of this many bytes."""
    room = size - len(json.dumps(policy(context={"a": ""}), ensure_ascii=False).encode())
    return policy(context={"a": letter * (room // len(letter.encode())) + "a" * (room % len(letter.encode()))})


@pytest.mark.parametrize("letter", ["a", "ü"])
@pytest.mark.parametrize(("more", "fails"), [(-1, False), (0, False), (1, True)])
def test_size_of_an_answer_for_a_websocket_api(letter: str, more: int, fails: bool) -> None:
    answer = websocket_answer(MAX_WEBSOCKET + more, letter)
    assert read(answer, REST)
    if fails:
        assert failure(answered(answer), WEBSOCKET).type is ResponseType.AUTHORIZER_CONFIGURATION_ERROR
    else:
        assert read(answer, WEBSOCKET)


@pytest.mark.parametrize("allowed", [True, False])
def test_simple_answer(allowed: bool) -> None:
    result = read_result(answered({"isAuthorized": allowed, "context": {"a": [1]}}), HTTP, simple=True)
    assert result == SimpleResult(allowed=allowed, context={"a": [1]})


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"IsAuthorized": True},
        {"isauthorized": True},
        {"isAuthorized": "true"},
        {"isAuthorized": 1},
        {"isAuthorized": None},
        {"isAuthorized": True, "context": "a"},
        {"isAuthorized": True, "context": []},
        policy(),
        None,
        True,
    ],
)
def test_simple_answer_that_is_none_is_a_500(answer: Any) -> None:
    assert failure(answered(answer), HTTP, simple=True).type is ResponseType.AUTHORIZER_CONFIGURATION_ERROR


def test_no_token_is_in_a_cause() -> None:
    answer = of(STATEMENT | {"Effect": TOKEN})
    assert TOKEN not in failure(answered(answer)).cause
    assert TOKEN not in failure(raised("no", TOKEN)).cause


def nested(depth: int) -> Any:
    value: Any = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "value",
    [nested(100_000), 10**5000, float("nan"), float("inf"), "\ud800", "a" * 1_000_000],
    ids=["deep", "long number", "nan", "infinite", "half a character", "long"],
)
def test_extreme_values_end_in_a_result_or_a_failure(kind: Kind, value: Any) -> None:
    for answer in (policy(context={"a": value}), of(STATEMENT | {"Effect": value}), {"policyDocument": value}):
        found = attempt(answered(answer), kind)
        assert not isinstance(found, Failure) or found.type is ResponseType.AUTHORIZER_CONFIGURATION_ERROR


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "principalId",
        "policyDocument",
        "context",
        "usageIdentifierKey",
        "isAuthorized",
        "Version",
        "Statement",
        "Effect",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
        "Principal",
        "StringEquals",
        "aws:SourceIp",
    ]
)
LIKELY = st.recursive(
    JSON | st.sampled_from(["Allow", "Deny", "*", "execute-api:Invoke", "2012-10-17", "${aws:SourceIp}"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)


@given(answer=JSON | LIKELY, kind=st.sampled_from(list(Kind)), simple=st.booleans())
def test_any_answer_ends_in_a_result_or_a_failure(answer: Any, kind: Kind, simple: bool) -> None:
    result = attempt(invocation_of(answer), kind, simple=simple)
    if isinstance(result, Failure):
        assert result.type in (ResponseType.AUTHORIZER_CONFIGURATION_ERROR, ResponseType.UNAUTHORIZED)
    else:
        assert isinstance(result, SimpleResult if simple else PolicyResult)


@given(changed=LIKELY, name=st.sampled_from(["Effect", "Action", "Resource", "Condition", "Principal", "NotAction"]))
def test_statement_with_any_one_element_is_read_and_judged_or_refused(changed: Any, name: str) -> None:
    result = attempt(invocation_of(of(STATEMENT | {name: changed})), REST)
    if isinstance(result, Failure):
        return
    assert isinstance(result, PolicyResult)
    assert result.policy.evaluate(Call(arn=ARN, conditions={"aws:SourceIp": "127.0.0.1"})).outcome in Outcome
