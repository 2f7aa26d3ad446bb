from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer import config, settings
from authorizer.cache_settings import MAX_TTL, Cache, check_cache, read_cache
from authorizer.conditions import Check
from authorizer.context import ContextMap
from authorizer.requirement import Requirement
from authorizer.route import Route
from authorizer.rules import Rules
from authorizer.section import Section
from authorizer.template import Template
from tests.outcomes import problem_paths
from tests.unit.policy_tables import rules

if TYPE_CHECKING:
    from pathlib import Path

ISSUER = {"kind": "jwt", "issuer": "https://x/", "audience": ["a"], "jwks_uri": "https://x/keys"}
INEXPRESSIBLE = rules({"GET /a/{x}": "", "GET /a/{x}/b": ""})
VARYING = rules({"GET /a": Requirement(conditions=(Check(name="x.y", function=lambda who, request: True),))})
PLAIN = {"AUTHORIZER_ISSUER": "https://x.example.com/", "AUTHORIZER_AUDIENCE": "a"}


@pytest.mark.parametrize(
    ("given", "cache"),
    [
        ({}, Cache(0, "method")),
        ({"ttl": 0}, Cache(0, "method")),
        ({"ttl": 1}, Cache(1, "refuse")),
        ({"ttl": MAX_TTL - 1}, Cache(3599, "refuse")),
        ({"ttl": MAX_TTL}, Cache(3600, "refuse")),
        ({"ttl": 300, "inexpressible": "method"}, Cache(300, "method")),
        ({"ttl": 300, "inexpressible": "refuse"}, Cache(300, "refuse")),
        ({"inexpressible": "refuse"}, Cache(0, "refuse")),
    ],
)
def test_cache_is_read(given: dict[str, Any], cache: Cache) -> None:
    section = Section(given, "cache")
    assert (read_cache(section), section.problems) == (cache, [])


NO_TTL: list[Any] = [-1, MAX_TTL + 1, 1.5, 300.0, True, False, "5", "", [], float("nan")]
NO_CHOICE: list[Any] = ["x", "", "REFUSE", True, 1]


@pytest.mark.parametrize(
    "given",
    [
        *({"ttl": wrong} for wrong in NO_TTL),
        *({"inexpressible": wrong} for wrong in NO_CHOICE),
        {"tttl": 1},
    ],
    ids=str,
)
def test_wrong_cache_is_a_problem(given: dict[str, Any]) -> None:
    section = Section(given, "cache")
    read_cache(section)
    assert {problem.path for problem in section.problems} == {f"cache.{next(iter(given))}"}


def problems(cache: Cache, table: Rules) -> list[tuple[str, str]]:
    root = Section({})
    check_cache(root, cache, table)
    return [(problem.path, problem.found) for problem in root.problems]


@pytest.mark.parametrize(
    ("table", "found"),
    [
        (INEXPRESSIBLE, "GET /a/{x}/b: paths that no rule covers"),
        (VARYING, "GET /a: its rule depends on the single request"),
        (rules({"$default": ""}), "$default: what $default means"),
    ],
)
@pytest.mark.parametrize("ttl", [0, 300])
def test_rules_that_cannot_be_cached_are_refused_and_named(ttl: int, table: Rules, found: str) -> None:
    ((path, text),) = problems(Cache(ttl, "refuse"), table)
    assert path == "cache"
    assert text.startswith(found)
    assert problems(Cache(ttl, "method"), table) == []


def with_public() -> Rules:
    public = [Route(method="GET", template=Template.parse(path), public=True) for path in ("/health", "/docs")]
    return Rules(routes=public, context=ContextMap())


@pytest.mark.parametrize(
    ("cache", "expected"),
    [
        (Cache(300, "refuse"), [("cache.ttl", "300 with the public GET /health, GET /docs")]),
        (Cache(300, "method"), []),
        (Cache(0, "refuse"), []),
        (Cache(), []),
    ],
)
def test_public_route_is_refused_where_answers_are_cached(cache: Cache, expected: list[tuple[str, str]]) -> None:
    assert problems(cache, with_public()) == expected


def test_settings_hold_the_cache_and_refuse_what_it_cannot_hold() -> None:
    fine = {"issuer": [ISSUER], "route": [{"match": "GET /a", "any_valid_token": True}]}
    assert settings.read(Section(fine)).cache == Cache(0, "method")
    assert settings.read(Section(fine | {"cache": {"ttl": 300}})).cache == Cache(300, "refuse")
    public = {"issuer": [ISSUER], "route": [{"match": "GET /a", "public": True}], "cache": {"ttl": 300}}
    assert problem_paths(lambda: settings.read(Section(public))) == ["cache.ttl"]


@pytest.mark.parametrize("source", ["text", "file", "default file", "variables"])
def test_variable_gives_the_ttl_beside_any_source(source: str, tmp_path: Path) -> None:
    (tmp_path / "authorizer.toml").write_text("[require]\nany_valid_token = true\n")
    (tmp_path / "other.toml").write_text("[require]\nany_valid_token = true\n[cache]\ninexpressible = 'method'\n")
    environ = {
        "text": {"AUTHORIZER_CONFIG": "[require]\nany_valid_token = true\n"},
        "file": {"AUTHORIZER_CONFIG_FILE": "other.toml"},
        "default file": {},
        "variables": PLAIN,
    }[source] | {"LAMBDA_TASK_ROOT": str(tmp_path), "AUTHORIZER_CACHE_TTL": "300"}
    section = config.from_environment(environ)
    assert "require" in section or source == "variables"
    assert read_cache(section.section("cache")) == Cache(300, "method" if source == "file" else "refuse")
    section.raise_problems()


@pytest.mark.parametrize("source", ["text", "file"])
def test_two_different_ttls_are_a_problem(source: str, tmp_path: Path) -> None:
    (tmp_path / "authorizer.toml").write_text("[cache]\nttl = 300\n")
    text = {"AUTHORIZER_CONFIG": "[cache]\nttl = 300"} if source == "text" else {}
    environ = {"LAMBDA_TASK_ROOT": str(tmp_path), "AUTHORIZER_CACHE_TTL": "300", **text}
    assert config.from_environment(environ).problems == []
    (problem,) = config.from_environment(environ | {"AUTHORIZER_CACHE_TTL": "60"}).problems
    assert (problem.path, problem.found) == ("cache", "another ttl here than in AUTHORIZER_CACHE_TTL")


@pytest.mark.parametrize("ttl", ["-1", "3601", "1.5", "5m", "true", " 300"])
def test_variable_that_is_no_ttl_is_a_problem(ttl: str) -> None:
    section = config.from_environment({"AUTHORIZER_CONFIG": "[log]", "AUTHORIZER_CACHE_TTL": ttl})
    read_cache(section.section("cache"))
    assert {problem.path for problem in section.problems} == {"AUTHORIZER_CACHE_TTL"}


def test_empty_variable_is_none() -> None:
    section = config.from_environment({"AUTHORIZER_CONFIG": "[cache]\nttl = 5", "AUTHORIZER_CACHE_TTL": ""})
    assert read_cache(section.section("cache")) == Cache(5, "refuse")
    section.raise_problems()
