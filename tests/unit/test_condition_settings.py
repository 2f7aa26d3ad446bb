from __future__ import annotations

from typing import Any

import pytest

from authorizer.condition_settings import read_conditions
from authorizer.section import Section

PATH = "/customers/{id}/orders/{order}"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"claims": {"t": "a"}}, "the claim t to be a"),
        ({"claims": {"t": ["a", "b"]}}, "the claim t to be a or b"),
        ({"claims": {"t": {"present": True}}}, "the claim t"),
        ({"claims": {"t": {"parameter": "order"}}}, "the claim t to be the path parameter order"),
        ({"issuers": ["https://a/"]}, "a credential proven by https://a/"),
        ({"acr": ["hi"]}, "a login with acr hi"),
        ({"amr": ["mfa"]}, "a login by mfa"),
        ({"max_auth_age": 60}, "a login at most 60 s ago"),
        ({"networks": ["192.0.2.0/24"]}, "a caller in 192.0.2.0/24"),
        ({"check": "operator.is_"}, "the check operator.is_"),
    ],
)
def test_condition_is_read(given: dict[str, Any], words: str) -> None:
    section = Section(given)
    assert [str(one) for one in read_conditions(section, ["https://a/"], PATH)] == [words]
    assert section.problems == []


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"claims": {"t": []}}, "claims.t"),
        ({"claims": {"t": 1.5}}, "claims.t"),
        ({"claims": {"t": {"present": False}}}, "claims.t"),
        ({"claims": {"t": {"parameter": "other"}}}, "claims.t"),
        ({"issuers": ["https://b/"]}, "issuers"),
        ({"max_auth_age": 0}, "max_auth_age"),
        ({"networks": ["192.0.2.1/24"]}, "networks"),
        ({"check": "no_such_module.f"}, "check"),
        ({"check": "operator.no_such_function"}, "check"),
        ({"check": "f"}, "check"),
    ],
)
def test_wrong_condition_is_a_problem(given: dict[str, Any], path: str) -> None:
    section = Section(given)
    read_conditions(section, ["https://a/"], PATH)
    assert [problem.path for problem in section.problems] == [path]
