from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.condition_settings import read_conditions
from authorizer.section import Section

if TYPE_CHECKING:
    from pathlib import Path

PATH = "/customers/{id}/orders/{order}"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"claims": {"t": "a"}}, "the claim t to be a"),
        ({"claims": {"t": True}}, "the claim t to be True"),
        ({"claims": {"t": [0, "0"]}}, "the claim t to be 0 or 0"),
        ({"verifiers": ["jwt", "api_key"]}, "a credential proven by api_key or jwt"),
        ({"max_auth_age": 1}, "a login at most 1 s ago"),
        ({"max_auth_age": 31_536_000}, "a login at most 3.1536e+07 s ago"),
        ({"check": "operator:is_"}, "the check operator:is_"),
        ({"networks": ["192.0.2.7", "2001:db8::/32"]}, "a caller in 192.0.2.7 or 2001:db8::/32"),
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
        ({"check": ".f"}, "check"),
        ({"check": "..f"}, "check"),
        ({"check": ".operator.is_"}, "check"),
        ({"check": "operator..is_"}, "check"),
        ({"check": "operator."}, "check"),
        ({"check": "operator.is_ "}, "check"),
        ({"check": "../operator.is_"}, "check"),
        ({"check": "a b.f"}, "check"),
        ({"check": "operator.__doc__"}, "check"),
        ({"check": 5}, "check"),
        ({"claims": {"t": ""}}, "claims.t"),
        ({"claims": {"t": ["a", ""]}}, "claims.t"),
        ({"claims": {"t": ["a", 1.5]}}, "claims.t"),
        ({"claims": {"t": {"present": True, "parameter": "id"}}}, "claims.t"),
        ({"claims": {"t": {"present": 1}}}, "claims.t"),
        ({"claims": {"t": {}}}, "claims.t"),
        ({"claims": {"t": {"parameter": ["id"]}}}, "claims.t"),
        ({"claims": {"t": {"parameter": "{id}"}}}, "claims.t"),
        ({"claims": {"t": {"parameter": "rest+"}}}, "claims.t"),
        ({"claims": "t"}, "claims"),
        ({"verifiers": []}, "verifiers"),
        ({"acr": "hi"}, "acr"),
        ({"amr": [""]}, "amr"),
        ({"max_auth_age": "60"}, "max_auth_age"),
        ({"max_auth_age": 0.5}, "max_auth_age"),
        ({"max_auth_age": 31_536_001}, "max_auth_age"),
        ({"networks": "192.0.2.0/24"}, "networks"),
        ({"networks": ["::ffff:192.0.2.0/120"]}, "networks"),
    ],
)
def test_wrong_condition_is_a_problem(given: dict[str, Any], path: str) -> None:
    section = Section(given)
    read_conditions(section, ["https://a/"], PATH)
    assert [problem.path for problem in section.problems] == [path]


def test_without_issuers_in_the_settings_any_may_be_named() -> None:
    """They are given in code then."""
    section = Section({"issuers": ["https://b/"]})
    assert len(read_conditions(section, [])) == 1
    assert section.problems == []


def test_several_wrong_claims_are_several_problems_beside_the_right_ones() -> None:
    section = Section({"claims": {"a": [], "b": "x", "c": {"parameter": "no"}, "d": None}})
    assert [str(one) for one in read_conditions(section, [], PATH)] == ["the claim b to be x"]
    assert [problem.path for problem in section.problems] == ["claims.a", "claims.c", "claims.d"]


@pytest.mark.parametrize("code", ["raise ImportError('secret')", "import no_such_module", "def secret(:"])
def test_module_that_cannot_be_imported_is_told_by_its_type_only(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rules_that_fail.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    section = Section({"check": "rules_that_fail.f"})
    assert read_conditions(section, []) == ()
    (problem,) = section.problems
    assert "whose import ends with" in problem.found
    assert "secret" not in str(problem)
