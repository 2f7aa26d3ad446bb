from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.cache import CachingAuthorizer, IdentitySources, ResultCache
from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.grant import Grant, Told
from authorizer.tools.gateway.iam import Outcome
from authorizer.tools.gateway.integration import PATIENCE as OF_INTEGRATIONS
from authorizer.tools.gateway.lambda_authorizer import PATIENCE, LambdaAuthorizer, PolicyRefusal
from authorizer.tools.template import AuthorizerKind
from tests.unit.tools.gateway.gateways import ARN, HEADER, NOW, TOKEN, Functions, policy, raised, received, route, sent

TOKENS, REQUEST = AuthorizerKind.TOKEN, AuthorizerKind.REQUEST
AUTHORIZED = ("Authorization", "Bearer abc")
CALLED = f"{ARN}/prod/GET/orders/1"
CONFIGURATION = ResponseType.AUTHORIZER_CONFIGURATION_ERROR


def authorizer(
    functions: Functions,
    kind: Kind = Kind.REST,
    sources: str = HEADER,
    ttl: int = 0,
    cache: ResultCache | None = None,
    name: str = "Api/Auth",
    **given: Any,
) -> LambdaAuthorizer:
    kept = cache if cache is not None else ResultCache()
    caching = CachingAuthorizer(name=name, sources=IdentitySources.parse(sources), ttl=ttl, cache=kept)
    usual: dict[str, Any] = {"type": REQUEST, "function": "Authorizer", "functions": functions}
    return LambdaAuthorizer(kind=kind, caching=caching, **usual | given)


def ask(one: LambdaAuthorizer, *headers: tuple[str, str], **given: Any) -> Grant:
    request = sent(*headers, target=given.pop("target", "/orders/1"))
    return one.check(received(one.kind, request, **given))


def failed_with(one: LambdaAuthorizer, *headers: tuple[str, str], **given: Any) -> Failure:
    with pytest.raises(Failure) as caught:
        ask(one, *headers, **given)
    return caught.value


@pytest.mark.parametrize(
    ("sources", "headers", "target"),
    [
        (HEADER, (), "/"),
        (HEADER, (("Authorization", ""),), "/"),
        (HEADER, (("X-Authorization", "a"),), "/"),
        ("method.request.querystring.k", (), "/?K=1"),
        ("method.request.querystring.k", (), "/?k="),
        (f"{HEADER}, method.request.querystring.k", (AUTHORIZED,), "/"),
        (f"{HEADER}, stageVariables.none", (AUTHORIZED,), "/"),
        (f"{HEADER}, context.identity.userAgent", (AUTHORIZED,), "/"),
    ],
)
@pytest.mark.parametrize("ttl", [0, 300])
def test_missing_identity_is_a_401_and_asks_nobody(
    sources: str, headers: tuple[tuple[str, str], ...], target: str, ttl: int
) -> None:
    functions = Functions(policy())
    failure = failed_with(authorizer(functions, sources=sources, ttl=ttl), *headers, target=target)
    assert (failure.type, functions.events) == (ResponseType.UNAUTHORIZED, [])


@pytest.mark.parametrize(
    ("expression", "token", "passes"),
    [
        (r"\w{5}", "abcde", True),
        (r"\w{5}", "abcd", False),
        (r"\w{5}", "abcdef", False),
        (r"\w{5}", "abcde\n", False),
        (r"Bearer [-\w.]+", "Bearer a.b-c", True),
        (r"Bearer [-\w.]+", "bearer a.b-c", False),
        (r"Bearer [-\w.]+", " Bearer a", False),
        (r"a|ab", "ab", True),
        (r"^Bearer .*$", "Bearer a b", True),
    ],
)
def test_validation_is_of_the_whole_token(expression: str, token: str, passes: bool) -> None:
    functions = Functions(policy())
    one = authorizer(functions, type=TOKENS, validation=re.compile(expression))
    if passes:
        assert ask(one, ("Authorization", token)).outcome is Outcome.ALLOW
        return
    failure = failed_with(one, ("Authorization", token))
    assert (failure.type, functions.events) == (ResponseType.UNAUTHORIZED, [])


def test_validation_is_of_token_authorizers_only() -> None:
    one = authorizer(Functions(policy()), type=REQUEST, validation=re.compile("never"))
    assert ask(one, AUTHORIZED).outcome is Outcome.ALLOW


@pytest.mark.parametrize("sources", ["", f"{HEADER}, method.request.header.X"])
def test_token_authorizer_has_one_identity_source(sources: str) -> None:
    with pytest.raises(ValueError, match="right would be one"):
        authorizer(Functions(policy()), type=TOKENS, sources=sources)


@pytest.mark.parametrize(
    ("kind", "type_", "payload", "shape"),
    [
        (Kind.REST, TOKENS, "2.0", {"type": "TOKEN", "authorizationToken": "Bearer abc", "methodArn": CALLED}),
        (Kind.REST, REQUEST, "2.0", {"type": "REQUEST", "methodArn": f"{ARN}/prod/GET/orders/1"}),
        (Kind.WEBSOCKET, REQUEST, "2.0", {"type": "REQUEST", "methodArn": f"{ARN}/prod/$connect"}),
        (Kind.HTTP, REQUEST, "1.0", {"version": "1.0", "methodArn": f"{ARN}/$default/GET/orders/1"}),
        (Kind.HTTP, REQUEST, "2.0", {"version": "2.0", "routeArn": f"{ARN}/$default/GET/orders/1"}),
    ],
)
def test_event(kind: Kind, type_: AuthorizerKind, payload: str, shape: dict[str, Any]) -> None:
    functions = Functions(policy())
    ask(authorizer(functions, kind, type=type_, payload=payload), AUTHORIZED)
    assert {name: functions.event[name] for name in shape} == shape
    assert type_ is not TOKENS or functions.event == shape


def test_identity_of_an_http_api_is_in_its_event() -> None:
    functions = Functions(policy())
    ask(authorizer(functions, Kind.HTTP, f"{HEADER},$context.routeKey"), AUTHORIZED)
    assert functions.event["identitySource"] == ["Bearer abc", "GET /orders/{id}"]


@pytest.mark.parametrize("payload", ["1.0", "2.0"])
def test_authorizer_without_identity_sources_is_asked_each_time(payload: str) -> None:
    functions = Functions(policy())
    one = authorizer(functions, Kind.HTTP, "", payload=payload)
    ask(one)
    ask(one)
    assert [event["identitySource"] for event in functions.events] == [None, None]


@pytest.mark.parametrize("kind", Kind)
def test_patience(kind: Kind) -> None:
    functions = Functions(policy())
    ask(authorizer(functions, kind, patience=PATIENCE[kind]), AUTHORIZED)
    assert functions.patience == [{Kind.HTTP: 10.0}.get(kind, 29.0)]
    assert OF_INTEGRATIONS[kind] >= functions.patience[0]


@pytest.mark.parametrize(
    ("kind", "type_", "message"),
    [
        (Kind.REST, ResponseType.UNAUTHORIZED, "Unauthorized"),
        (Kind.WEBSOCKET, ResponseType.UNAUTHORIZED, "Unauthorized"),
        (Kind.HTTP, CONFIGURATION, None),
    ],
)
def test_unauthorized_raised(kind: Kind, type_: ResponseType, message: str | None) -> None:
    failure = failed_with(authorizer(Functions(raised("Unauthorized")), kind), AUTHORIZED)
    assert (failure.type, failure.message) == (type_, message)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("error", ["Gateway.Timeout", "Sandbox.Timedout", "Runtime.ImportModuleError"])
def test_function_that_comes_to_nothing_is_a_500(kind: Kind, error: str) -> None:
    assert failed_with(authorizer(Functions(raised("no", error)), kind), AUTHORIZED).type is CONFIGURATION


@pytest.mark.parametrize("given", [{"permitted": False}, {"missing": "the template has no function Authorizer"}])
def test_function_that_cannot_be_invoked_is_a_500(given: dict[str, Any]) -> None:
    functions = Functions(policy())
    failure = failed_with(authorizer(functions, **given), AUTHORIZED)
    assert (failure.type, failure.message, functions.events) == (CONFIGURATION, None, [])


def test_answer_that_is_nested_too_deeply_is_a_500() -> None:
    class Deep(Functions):
        def invoke(self, *_: Any) -> Any:
            raise RecursionError

    assert failed_with(authorizer(Deep()), AUTHORIZED).type is CONFIGURATION


@pytest.mark.parametrize(
    ("effect", "resource", "outcome"),
    [
        ("Allow", "*", Outcome.ALLOW),
        ("Allow", f"{ARN}/prod/GET/orders/1", Outcome.ALLOW),
        ("Allow", f"{ARN}/*/*/orders/*", Outcome.ALLOW),
        ("Allow", f"{ARN}/prod/GET/orders/{{id}}", Outcome.IMPLICIT_DENY),
        ("Allow", f"{ARN}/test/GET/orders/1", Outcome.IMPLICIT_DENY),
        ("Allow", f"{ARN}/prod/POST/orders/1", Outcome.IMPLICIT_DENY),
        ("Deny", f"{ARN}/prod/POST/orders/1", Outcome.IMPLICIT_DENY),
        (None, "*", Outcome.IMPLICIT_DENY),
    ],
)
def test_policy_is_evaluated_for_the_call(effect: str | None, resource: str, outcome: Outcome) -> None:
    grant = ask(authorizer(Functions(policy(effect, resource))), AUTHORIZED)
    assert (grant.outcome, grant.told, grant.principal) == (outcome, Told.CONTEXT, "alice")


@pytest.mark.parametrize("kind", Kind)
def test_explicit_denial_ends_the_call_with_the_context(kind: Kind) -> None:
    one = authorizer(Functions(policy("Deny", context={"reason": "revoked"})), kind)
    with pytest.raises(PolicyRefusal) as caught:
        ask(one, AUTHORIZED)
    assert caught.value.failure.type is ResponseType.ACCESS_DENIED
    assert caught.value.failure.capital == (kind is not Kind.HTTP)
    assert caught.value.grant.context == {"reason": "revoked"}


def test_condition_of_a_policy_sees_the_call() -> None:
    document = policy()
    document["policyDocument"]["Statement"][0]["Condition"] = {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}
    assert ask(authorizer(Functions(document)), AUTHORIZED).outcome is Outcome.ALLOW


@pytest.mark.parametrize("allowed", [True, False])
def test_simple_answer(allowed: bool) -> None:
    one = authorizer(Functions({"isAuthorized": allowed, "context": {"a": [1]}}), Kind.HTTP, simple=True)
    if allowed:
        grant = ask(one, AUTHORIZED)
        assert (grant.outcome, grant.told, grant.context) == (Outcome.ALLOW, Told.LAMBDA, {"a": [1]})
    else:
        failure = failed_with(one, AUTHORIZED)
        assert (failure.type, failure.message, failure.capital) == (ResponseType.ACCESS_DENIED, "Forbidden", False)


def test_kept_answer_is_used_again_for_another_path() -> None:
    functions = Functions(policy(resource=f"{ARN}/prod/GET/orders/1"))
    one = authorizer(functions, ttl=300)
    assert not ask(one, AUTHORIZED).cached
    other = ask(one, AUTHORIZED, path="/orders/2")
    assert (other.cached, other.outcome, len(functions.events)) == (True, Outcome.IMPLICIT_DENY, 1)


@pytest.mark.parametrize(("later", "asked"), [(299.9, 1), (300.0, 2), (300.1, 2)])
def test_kept_answer_ends_with_its_ttl(later: float, asked: int) -> None:
    functions = Functions(policy())
    one = authorizer(functions, ttl=300)
    ask(one, AUTHORIZED)
    ask(one, AUTHORIZED, at=NOW + later)
    assert len(functions.events) == asked


@pytest.mark.parametrize(
    ("sources", "header", "given", "asked"),
    [
        (HEADER, "Bearer abc", {}, 1),
        (HEADER, "Bearer abc ", {}, 2),
        (HEADER, "bearer abc", {}, 2),
        (HEADER, "Bearer abc", {"stage": "test"}, 2),
        (HEADER, "Bearer abc", {"target": "/orders/1?a=b"}, 1),
        (f"{HEADER},context.httpMethod", "Bearer abc", {"path": "/orders/2"}, 1),
        (f"{HEADER},context.path", "Bearer abc", {"path": "/orders/2"}, 2),
        (f"{HEADER},context.resourcePath", "Bearer abc", {"route": route("GET /users/{id}")}, 2),
    ],
)
def test_key_of_the_cache(sources: str, header: str, given: dict[str, Any], asked: int) -> None:
    functions = Functions(policy())
    one = authorizer(functions, sources=sources, ttl=300)
    ask(one, AUTHORIZED)
    ask(one, ("Authorization", header), **given)
    assert len(functions.events) == asked


def test_authorizers_do_not_share_answers() -> None:
    cache, functions = ResultCache(), Functions(policy())
    for name in ("Api/One", "Api/Two"):
        ask(authorizer(functions, ttl=300, cache=cache, name=name), AUTHORIZED)
    assert len(functions.events) == 2


@pytest.mark.parametrize("answer", [raised("Unauthorized"), raised("no"), None, "text", policy(context={"a": []})])
def test_error_is_not_kept(answer: Any) -> None:
    functions = Functions(answer, policy())
    one = authorizer(functions, ttl=300)
    failed_with(one, AUTHORIZED)
    assert ask(one, AUTHORIZED).outcome is Outcome.ALLOW


def test_denial_is_kept() -> None:
    functions = Functions(policy("Deny"), policy())
    one = authorizer(functions, ttl=300)
    for cached in (False, True):
        with pytest.raises(PolicyRefusal) as caught:
            ask(one, AUTHORIZED)
        assert caught.value.grant.cached == cached


def test_silence_is_kept() -> None:
    one = authorizer(Functions(policy(None), policy()), ttl=300)
    assert [ask(one, AUTHORIZED).outcome for _ in range(2)] == [Outcome.IMPLICIT_DENY] * 2


def test_simple_no_is_kept() -> None:
    functions = Functions({"isAuthorized": False}, {"isAuthorized": True})
    one = authorizer(functions, Kind.HTTP, ttl=300, simple=True)
    failed_with(one, AUTHORIZED)
    failed_with(one, AUTHORIZED)
    assert len(functions.events) == 1


def test_no_token_is_in_what_a_log_may_say() -> None:
    one = authorizer(Functions(raised(TOKEN)))
    assert TOKEN not in str(failed_with(one, ("Authorization", TOKEN)))
    assert TOKEN not in repr(ask(authorizer(Functions(policy(context={"t": TOKEN}))), ("Authorization", TOKEN)))


def test_many_threads_with_one_cache() -> None:
    functions = Functions(policy())
    one = authorizer(functions, ttl=300)
    with ThreadPoolExecutor(50) as pool:
        grants = list(pool.map(lambda at: ask(one, ("Authorization", f"t{at % 5}")), range(200)))
    assert {grant.outcome for grant in grants} == {Outcome.ALLOW}
    assert 5 <= len(functions.events) <= 200
