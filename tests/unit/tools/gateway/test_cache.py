from __future__ import annotations

import re
from typing import Any

import pytest

from authorizer.response import Unauthorized
from authorizer.tools.gateway.cache import (
    MANY,
    MAX_TTL,
    CachingAuthorizer,
    IdentitySources,
    MissingIdentity,
    ResultCache,
    UnknownSource,
    Visit,
)

TOKEN = "method.request.header.Authorization"
VISIT = Visit(
    headers={"AUTHORIZATION": "Bearer a"},
    query={"key": "k"},
    stage_variables={"tier": "gold"},
    context={"httpMethod": "GET", "routeKey": "GET /a", "identity.sourceIp": "192.0.2.7"},
)


class Function:
    """Answers, or raises, and counts how often it is asked."""

    def __init__(self, answer: Any = "policy") -> None:
        self.answer = answer
        self.asked = 0

    def __call__(self) -> Any:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return f"{self.answer} {self.asked}"


def caching(
    sources: str = TOKEN, ttl: int = 300, name: str = "a", cache: ResultCache | None = None
) -> CachingAuthorizer:
    kept = cache if cache is not None else ResultCache()
    return CachingAuthorizer(name=name, sources=IdentitySources.parse(sources), ttl=ttl, cache=kept)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (TOKEN, "Bearer a"),
        ("method.request.header.authorization", "Bearer a"),
        ("route.request.header.Authorization", "Bearer a"),
        ("$request.header.Authorization", "Bearer a"),
        ("method.request.querystring.key", "k"),
        ("route.request.querystring.key", "k"),
        ("$request.querystring.key", "k"),
        ("stageVariables.tier", "gold"),
        ("$stageVariables.tier", "gold"),
        ("context.httpMethod", "GET"),
        ("$context.routeKey", "GET /a"),
        ("context.identity.sourceIp", "192.0.2.7"),
    ],
)
def test_identity_source_names_a_value(source: str, value: str) -> None:
    assert IdentitySources.parse(source).values(VISIT) == (value,)


def test_several_sources_are_one_text_or_a_list() -> None:
    both = IdentitySources.parse(f"{TOKEN}, context.httpMethod")
    assert both == IdentitySources.parse([TOKEN, "context.httpMethod"])
    assert both.values(VISIT) == ("Bearer a", "GET")
    assert IdentitySources.parse("").values(VISIT) == ()


@pytest.mark.parametrize(
    "source",
    [
        "Authorization",
        "method.request.path.id",
        "method.request.body.x",
        "$request.header.",
        "context.",
        "stageVariables.",
        "$context.",
    ],
)
def test_source_that_is_none(source: str) -> None:
    with pytest.raises(UnknownSource, match=f"found the identity source '{re.escape(source)}'; right would be "):
        IdentitySources.parse(source)


@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}])
@pytest.mark.parametrize("ttl", [0, 300])
def test_missing_identity_asks_nobody(headers: dict[str, str], ttl: int) -> None:
    function = Function()
    with pytest.raises(MissingIdentity):
        caching(ttl=ttl).answer(Visit(headers=headers), "prod", 0.0, function)
    assert function.asked == 0


def test_query_parameters_have_case() -> None:
    with pytest.raises(MissingIdentity):
        IdentitySources.parse("$request.querystring.KEY").values(VISIT)


@pytest.mark.parametrize(("later", "asked"), [(299.9, 1), (300.0, 2), (300.1, 2)])
def test_answer_lives_for_its_ttl(later: float, asked: int) -> None:
    authorizer, function = caching(), Function()
    authorizer.answer(VISIT, "prod", 1000.0, function)
    assert authorizer.answer(VISIT, "prod", 1000.0 + later, function) == f"policy {asked}"


def test_ttl_of_zero_keeps_nothing() -> None:
    authorizer, function = caching(ttl=0), Function()
    for _ in range(2):
        authorizer.answer(VISIT, "prod", 0.0, function)
    assert function.asked == 2


@pytest.mark.parametrize(("ttl", "right"), [(-1, False), (0, True), (1, True), (3600, True), (3601, False)])
def test_ttl_has_bounds(ttl: int, right: bool) -> None:
    if right:
        assert caching(ttl=ttl).ttl == ttl
        return
    with pytest.raises(ValueError, match="3600"):
        caching(ttl=ttl)


def test_what_is_kept_has_an_identity_source() -> None:
    assert caching("", ttl=0).ttl == 0
    with pytest.raises(ValueError, match="without an identity source"):
        caching("", ttl=1)


@pytest.mark.parametrize("answer", [{"policyDocument": {"Statement": []}}, {"isAuthorized": False}])
def test_denial_is_kept(answer: dict[str, Any]) -> None:
    authorizer, function = caching(), Function()
    assert authorizer.answer(VISIT, "prod", 0.0, lambda: answer) == answer
    assert authorizer.answer(VISIT, "prod", 1.0, function) == answer
    assert function.asked == 0


def test_whole_value_of_the_header_is_the_key() -> None:
    authorizer, function = caching(), Function()
    for value in ("Bearer a", "bearer a", "Bearer  a", "a"):
        authorizer.answer(Visit(headers={"Authorization": value}), "prod", 0.0, function)
    assert function.asked == 4


def test_error_is_no_answer() -> None:
    authorizer, function = caching(), Function(Unauthorized())
    for _ in range(2):
        with pytest.raises(Unauthorized):
            authorizer.answer(VISIT, "prod", 0.0, function)
    assert function.asked == 2


def test_path_and_method_are_not_in_the_key_unless_they_are_sources() -> None:
    other = Visit(headers=VISIT.headers, context={"httpMethod": "POST"})
    for sources, asked in ((TOKEN, 1), (f"{TOKEN},context.httpMethod", 2)):
        authorizer, function = caching(sources), Function()
        for visit in (VISIT, other):
            authorizer.answer(visit, "prod", 0.0, function)
        assert function.asked == asked


def test_callers_stages_and_authorizers_have_answers_of_their_own() -> None:
    cache, function = ResultCache(), Function()
    other = Visit(headers={"authorization": "Bearer b"})
    for name, visit, stage in (("a", VISIT, "prod"), ("a", other, "prod"), ("a", VISIT, "test"), ("b", VISIT, "prod")):
        caching(name=name, cache=cache).answer(visit, stage, 0.0, function)
    assert function.asked == 4


def test_answers_whose_time_is_long_over_are_forgotten() -> None:
    cache = ResultCache()
    for number in range(MANY):
        cache.put("a", "s", (str(number),), "policy", 100.0)
    cache.put("a", "s", ("new",), "policy", 100.0 + MAX_TTL)
    assert cache.get("a", "s", ("1",), 50.0) is None
    assert cache.get("a", "s", ("new",), 50.0) == "policy"


def test_flush_forgets_one_stage() -> None:
    authorizer, function = caching(), Function()
    for stage in ("prod", "test"):
        authorizer.answer(VISIT, stage, 0.0, function)
    authorizer.cache.flush("prod")
    assert [authorizer.answer(VISIT, stage, 1.0, function) for stage in ("prod", "test")] == ["policy 3", "policy 2"]
