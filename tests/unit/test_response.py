from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from authorizer import request
from authorizer.context import ContextMap
from authorizer.errors import Fault, Refused
from authorizer.model import Allow, Deny, Principal, VerifiedClaims
from authorizer.policy import Policies
from authorizer.policy_document import INVOKE
from authorizer.reasons import Class, Reason
from authorizer.requirement import ANY_VALID_TOKEN, Requirement
from authorizer.response import Answer, PolicyResponder, SimpleResponder, Statuses, Unauthorized
from authorizer.route import Route
from authorizer.rules import Rules
from authorizer.surface import Api, Surface
from authorizer.template import parse_match
from authorizer.testing import Call
from tests.entries import BUILDERS, allows
from tests.outcomes import refused

SECRET = "eyJhbGciOiJub25lIn0"
DENIALS = [reason for reason in Reason if reason.klass in (Class.AUTHN, Class.AUTHZ)]
AUTHN = [reason for reason in DENIALS if reason.klass is Class.AUTHN]
AUTHZ = [reason for reason in DENIALS if reason.klass is Class.AUTHZ]
ALLOW = Allow(
    Principal(subject="user-1", claims=VerifiedClaims({"sub": "user-1", "secret": SECRET})),
    "require",
    {"user": "user-1", "n": 1, "b": True},
)
ALL_401 = Statuses(rest=401, websocket=401, http=401)
ALL_403 = Statuses(rest=403, websocket=403, http=403)
UNSAFE = ["/a*", "/a?b", "/$x", "/é", "/a\nb", "/" + "x" * 600]
each_surface = pytest.mark.parametrize("surface", Surface, ids=lambda surface: surface.value)
each_denial = pytest.mark.parametrize("reason", DENIALS, ids=lambda reason: reason.value)


NOW = 1_795_428_000.0


def table(*matches: str, context: ContextMap = ContextMap(), scope: str = "") -> Rules:  # noqa: B008 - immutable
    """Routes for every token, but the last for those with a scope, where one is named."""
    demands = [ANY_VALID_TOKEN] * len(matches)
    demands[-1] = Requirement(scopes=frozenset({scope} if scope else ()))
    pairs = zip(map(parse_match, matches), demands, strict=True)
    routes = [Route(method=method, template=template, requirement=one) for (method, template), one in pairs]
    return Rules(routes=routes, context=context)


NO_PATTERN = table("GET /a/{x}", "GET /a/{x}/b")  # both are granted, and other paths below `/a/{x}` are not


def policy(decision: Allow | Deny, asked: Any, statuses: Statuses) -> Answer:
    """The answer where no policy can be for all routes."""
    return PolicyResponder(policies=Policies(rules=NO_PATTERN), statuses=statuses)(decision, asked, NOW)


def simple(decision: Allow | Deny, asked: Any, statuses: Statuses) -> Answer:
    return SimpleResponder(statuses=statuses)(decision, asked, NOW)


def called(surface: Surface, path: str = "/orders/1", method: str = "GET") -> Any:
    call = Call(path=path, method=method, template="/{proxy+}", partition="aws-cn")
    return request.read(BUILDERS[surface](SECRET, call), tuple(Surface))


def statements(answer: dict[str, Any]) -> list[dict[str, str]]:
    assert answer["policyDocument"]["Version"] == "2012-10-17"
    made: list[dict[str, str]] = answer["policyDocument"]["Statement"]
    return made


@each_surface
def test_allow_names_the_called_method_and_denies_the_rest(surface: Surface) -> None:
    asked = called(surface)
    answer = policy(ALLOW, asked, Statuses())
    assert statements(answer) == [
        {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": asked.arn.text},
        {"Effect": "Deny", "Action": "execute-api:Invoke", "NotResource": asked.arn.text},
    ]
    assert (answer["principalId"], answer["context"]) == ("user-1", {"user": "user-1", "n": 1, "b": True})
    assert allows(answer, asked.arn.text)


def test_simple_allow_is_true_and_the_context() -> None:
    answer = simple(ALLOW, called(Surface.HTTP_V2), Statuses())
    assert answer == {"isAuthorized": True, "context": {"user": "user-1", "n": 1, "b": True}}
    assert answer["isAuthorized"] is True


@each_denial
def test_denied_policy_is_an_explicit_deny_of_the_called_method(reason: Reason) -> None:
    for asked in map(called, Surface):
        answer = policy(Deny(reason=reason), asked, ALL_403)
        assert statements(answer) == [
            {"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": asked.arn.text},
            {"Effect": "Deny", "Action": "execute-api:Invoke", "NotResource": asked.arn.text},
        ]
        assert answer["principalId"] == "refused"


@each_denial
def test_simple_denial_is_false(reason: Reason) -> None:
    answer = simple(Deny(reason=reason), called(Surface.HTTP_V2), ALL_403)
    assert answer["isAuthorized"] is False
    assert set(answer) == {"isAuthorized", "context"}


@each_denial
def test_denial_tells_its_code_and_nothing_else(reason: Reason) -> None:
    denial = Deny(reason=reason, fault=Fault(claim="sub", expected=SECRET, found=SECRET))
    expected = {"reason": reason.value} | ({"error": reason.error} if reason.error else {})
    for asked in map(called, Surface):
        for answer in (policy(denial, asked, ALL_403), simple(denial, asked, ALL_403)):
            assert answer["context"] == expected
            assert SECRET not in json.dumps(answer)


@pytest.mark.parametrize("reason", AUTHN, ids=lambda reason: reason.value)
def test_refused_credential_is_401_where_the_settings_say_so(reason: Reason) -> None:
    for respond, surface in product((policy, simple), Surface):
        with pytest.raises(Unauthorized) as caught:
            respond(Deny(reason=reason), called(surface), ALL_401)
        assert str(caught.value) == "Unauthorized"
        assert caught.value.args == ("Unauthorized",)


@pytest.mark.parametrize("reason", AUTHZ, ids=lambda reason: reason.value)
@each_surface
def test_proven_caller_is_never_told_401(surface: Surface, reason: Reason) -> None:
    assert policy(Deny(reason=reason), called(surface), ALL_401)["context"]["reason"] == reason.value
    assert simple(Deny(reason=reason), called(surface), ALL_401)["isAuthorized"] is False


@pytest.mark.parametrize("api", Api, ids=lambda api: api.value)
@each_surface
def test_status_of_one_api_does_not_count_for_another(surface: Surface, api: Api) -> None:
    statuses = Statuses(**{other.value: 401 if other is api else 403 for other in Api})
    if surface.api is api:
        with pytest.raises(Unauthorized):
            policy(Deny(reason=Reason.TOKEN_EXPIRED), called(surface), statuses)
    else:
        assert not allows(
            policy(Deny(reason=Reason.TOKEN_EXPIRED), called(surface), statuses), called(surface).arn.text
        )


def test_defaults_raise_where_a_401_is_proven_to_work() -> None:
    assert {api: Statuses().of(api) for api in Api} == {Api.REST: 401, Api.WEBSOCKET: 401, Api.HTTP: 403}


@pytest.mark.parametrize("path", UNSAFE, ids=lambda path: ascii(path[:6]))
@pytest.mark.parametrize("surface", [one for one in Surface if one is not Surface.WEBSOCKET], ids=lambda one: one.value)
def test_path_that_cannot_be_written_is_never_allowed(surface: Surface, path: str) -> None:
    with pytest.raises(Refused) as caught:
        policy(ALLOW, called(surface, path), Statuses())
    assert caught.value.reason in (Reason.PATH_UNSUPPORTED, Reason.PATH_TOO_LONG)


def test_simple_answer_holds_no_path_and_needs_none() -> None:
    assert simple(ALLOW, called(Surface.HTTP_V2, "/a*"), Statuses())["isAuthorized"] is True


@pytest.mark.parametrize("path", UNSAFE, ids=lambda path: ascii(path[:6]))
@pytest.mark.parametrize("surface", [one for one in Surface if one is not Surface.WEBSOCKET], ids=lambda one: one.value)
def test_path_that_cannot_be_written_is_denied_with_all_of_its_method(surface: Surface, path: str) -> None:
    asked = called(surface, path, "DELETE")
    called_one, others = statements(policy(Deny(reason=Reason.PATH_UNSUPPORTED), asked, Statuses()))
    assert called_one["Effect"] == others["Effect"] == "Deny"
    assert (
        called_one["Resource"]
        == others["NotResource"]
        == (f"arn:aws-cn:execute-api:eu-west-1:123456789012:abcdef1234/{asked.arn.stage}/DELETE/*")
    )


def test_context_of_the_answer_is_a_copy() -> None:
    context: dict[str, Any] = {"user": "user-1"}
    answer = simple(ALLOW._replace(context=context), called(Surface.HTTP_V2), Statuses())
    answer["context"]["user"] = "admin"
    assert context == {"user": "user-1"}


def test_action_is_the_one_that_authorizers_decide() -> None:
    assert INVOKE == "execute-api:Invoke"


@each_surface
def test_answers_are_json(surface: Surface) -> None:
    for decision in (ALLOW, Deny(reason=Reason.ROUTE_UNKNOWN)):
        assert json.loads(json.dumps(policy(decision, called(surface), ALL_403)))


def test_long_connect_arn_is_refused() -> None:
    asked = called(Surface.WEBSOCKET)
    stage = "s" * 600
    with refused(Reason.PATH_TOO_LONG):
        policy(
            ALLOW,
            asked._replace(arn=asked.arn._replace(text=asked.arn.text.replace("/prod/", f"/{stage}/"))),
            Statuses(),
        )


READER = Principal(subject="user-1", scopes=frozenset({"read"}), claims=VerifiedClaims({"sub": "user-1"}))
CONTEXT = ContextMap((("user", "sub"),))
TABLE = table("GET /orders/{id}", "GET /files/{proxy+}", "GET /admin", context=CONTEXT, scope="admin")
WITH_POLICY = [surface for surface in Surface if surface is not Surface.WEBSOCKET]
each_with_policy = pytest.mark.parametrize("surface", WITH_POLICY, ids=lambda surface: surface.value)


def responder(ttl: int = 0, rules: Rules = TABLE, statuses: Statuses = ALL_403) -> PolicyResponder:
    return PolicyResponder(policies=Policies(rules=rules), statuses=statuses, ttl=ttl)


@each_with_policy
def test_policy_of_a_grant_is_the_same_whatever_was_called(surface: Surface) -> None:
    grant = Allow(READER, "GET /orders/{id}", {"user": "user-1"})
    paths = ["/orders/1", "/orders/2", "/files/a/b", "/files/*"]
    answers = [responder()(grant, called(surface, path), NOW) for path in paths]
    assert all(answer == answers[0] for answer in answers)
    for path, allowed in {"/orders/7": True, "/files/x": True, "/orders/7/items": False, "/admin": False}.items():
        assert allows(answers[0], called(surface, path).arn.text) is allowed


@each_with_policy
def test_cached_refusal_is_the_policy_of_the_caller_and_tells_no_reason(surface: Surface) -> None:
    asked = called(surface, "/admin")
    denial = Deny(Reason.SCOPE_INSUFFICIENT, rule="GET /admin", principal=READER)
    grant = Allow(READER, "GET /orders/{id}", {"user": "user-1"})
    assert responder(300)(denial, asked, NOW) == responder(300)(grant, called(surface), NOW)
    assert not allows(responder(300)(denial, asked, NOW), asked.arn.text)


@each_with_policy
@pytest.mark.parametrize("ttl", [0, 1, 300])
def test_refusal_tells_its_reason_only_where_nobody_caches_it(surface: Surface, ttl: int) -> None:
    asked = called(surface, "/admin")
    denial = Deny(Reason.SCOPE_INSUFFICIENT, rule="GET /admin", principal=READER)
    assert ("reason" in responder(ttl)(denial, asked, NOW)["context"]) is (ttl == 0)


@each_with_policy
def test_context_that_cannot_be_made_refuses_whatever_is_called_first(surface: Surface) -> None:
    broken = READER._replace(claims=VerifiedClaims({"sub": {}}))
    first, second = (
        responder(300)(Deny(reason, principal=broken), called(surface, path), NOW)
        for reason, path in [(Reason.CONTEXT_VALUE_INVALID, "/orders/1"), (Reason.SCOPE_INSUFFICIENT, "/admin")]
    )
    assert first["policyDocument"] == second["policyDocument"]
    assert not any(allows(first, called(surface, path).arn.text) for path in ("/orders/1", "/files/a", "/admin"))


@pytest.mark.parametrize("reason", AUTHN, ids=lambda reason: reason.value)
@pytest.mark.parametrize("ttl", [0, 1])
def test_reason_that_may_be_gone_soon_is_not_cached(reason: Reason, ttl: int) -> None:
    for respond in (responder(ttl), SimpleResponder(statuses=ALL_403, ttl=ttl)):
        if ttl and reason.heals:
            with pytest.raises(Unauthorized):
                respond(Deny(reason), called(Surface.HTTP_V2), NOW)
        else:
            assert not allows(respond(Deny(reason), called(Surface.HTTP_V2), NOW), called(Surface.HTTP_V2).arn.text)


def test_handshake_is_answered_for_itself() -> None:
    asked = called(Surface.WEBSOCKET)
    answer = responder(300)(Allow(READER, "$connect", {}), asked, NOW)
    assert [one.get("Resource", one.get("NotResource")) for one in statements(answer)] == [asked.arn.text] * 2


def test_remembered_policy_is_not_the_callers_to_change() -> None:
    respond, grant = responder(), Allow(READER, "GET /orders/{id}", {})
    answer = respond(grant, called(Surface.REST_TOKEN), NOW)
    answer["policyDocument"]["Statement"][0]["Effect"] = "Deny"
    answer["policyDocument"]["Statement"].clear()
    assert allows(respond(grant, called(Surface.REST_TOKEN), NOW), called(Surface.REST_TOKEN).arn.text)
