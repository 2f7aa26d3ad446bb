from __future__ import annotations

from typing import Any

import pytest

from authorizer import config
from authorizer.cache_settings import Cache, check_cache, read_cache
from authorizer.errors import ConfigError
from authorizer.section import Section
from tests.unit.policy_tables import rules


@pytest.mark.parametrize(
    ("given", "cache"),
    [
        ({}, Cache(0, "method")),
        ({"ttl": 0}, Cache(0, "method")),
        ({"ttl": 1}, Cache(1, "refuse")),
        ({"ttl": 3600}, Cache(3600, "refuse")),
        ({"ttl": 300, "inexpressible": "method"}, Cache(300, "method")),
    ],
)
def test_cache_is_read(given: dict[str, Any], cache: Cache) -> None:
    section = Section(given, "cache")
    assert (read_cache(section), section.problems) == (cache, [])


@pytest.mark.parametrize(
    "given", [{"ttl": -1}, {"ttl": 3601}, {"ttl": 1.5}, {"ttl": True}, {"ttl": "5"}, {"inexpressible": "x"}, {"x": 1}]
)
def test_wrong_cache_is_a_problem(given: dict[str, Any]) -> None:
    section = Section(given, "cache")
    read_cache(section)
    assert [problem.path for problem in section.problems] == [f"cache.{next(iter(given))}"]


@pytest.mark.parametrize(("cache", "problems"), [(Cache(300, "refuse"), 1), (Cache(300, "method"), 0), (Cache(), 0)])
def test_rules_that_cannot_be_cached_are_refused(cache: Cache, problems: int) -> None:
    root = Section({})
    check_cache(root, cache, rules({"GET /a/{x}": "", "GET /a/{x}/b": ""}))
    assert len(root.problems) == problems


def test_variable_gives_the_ttl_beside_any_source() -> None:
    environ = {"AUTHORIZER_CONFIG": "", "AUTHORIZER_CACHE_TTL": "300"}
    for more in ({"AUTHORIZER_CONFIG": "[log]"}, {"AUTHORIZER_ISSUER": "https://x/"}):
        assert config.from_environment(environ | more).section("cache").raw("ttl") == 300


def test_ttl_in_two_places_is_a_problem() -> None:
    section = config.from_environment({"AUTHORIZER_CONFIG": "[cache]\nttl = 5", "AUTHORIZER_CACHE_TTL": "300"})
    with pytest.raises(ConfigError):
        section.raise_problems()
