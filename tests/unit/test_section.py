from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.errors import ConfigError, SettingProblem
from authorizer.section import Section

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def problems(read: Callable[[Section], object], values: dict[str, Any], path: str = "") -> list[SettingProblem]:
    section = Section(values, path)
    read(section)
    return section.problems


@pytest.mark.parametrize("value", ["", None, 5, True, ["a"], {"a": "b"}])
def test_text_is_a_text_that_says_something(value: object) -> None:
    (problem,) = problems(lambda section: section.text("name"), {"name": value}, "issuer[0]")
    assert (problem.path, problem.right) == ("issuer[0].name", "a non-empty text")


def test_text_out_of_choices() -> None:
    assert Section({"kind": "a"}).text("kind", choices=["a", "b"]) == "a"
    (problem,) = problems(lambda section: section.text("kind", choices=["a", "b"]), {"kind": "c"})
    assert (problem.path, problem.right) == ("kind", "one of a, b")


@pytest.mark.parametrize("value", ["a", [], "", [""], [5], ["a", "a"], [["a"]], {"a": 1}, None, True, ["a", None]])
def test_texts_are_one_or_more_different_texts(value: object) -> None:
    assert [p.path for p in problems(lambda section: section.texts("names"), {"names": value})] == ["names"]


def test_texts_out_of_choices_or_spelled() -> None:
    section = Section({"a": ["x", "y"], "b": "ANY", "c": ["ANY"], "d": "any"})
    assert section.texts("a", choices=["x", "y", "z"]) == ("x", "y")
    assert section.texts("b", spelled="ANY") == "ANY"
    assert section.texts("c", spelled="ANY") == ("ANY",)
    assert section.texts("d", spelled="ANY") == ()
    assert section.texts("a", choices=["x"]) == ()
    assert [problem.path for problem in section.problems] == ["d", "a"]


@pytest.mark.parametrize("value", [1, 1.0, 5.5, 9.99, 10])
def test_number_within_its_limits(value: float) -> None:
    assert Section({"n": value}).number("n", minimum=1, maximum=10) == value


@pytest.mark.parametrize(
    "value", [0.99, 0, -1, 10.01, 11, True, False, "5", "", None, [5], float("nan"), float("inf"), 10**400]
)
def test_number_outside_or_of_another_type(value: object) -> None:
    (problem,) = problems(lambda section: section.number("n", minimum=1, maximum=10), {"n": value})
    assert (problem.path, problem.right) == ("n", "a number from 1 to 10")


@pytest.mark.parametrize("value", ["true", 1, 0, None, "", []])
def test_flag_is_true_or_false_only(value: object) -> None:
    (problem,) = problems(lambda section: section.flag("f", False), {"f": value})
    assert (problem.path, problem.right) == ("f", "true or false")


def test_defaults_are_no_problem() -> None:
    section = Section({})
    assert section.text("a", "x") == "x"
    assert section.text("a", None) is None
    assert section.texts("b", ("x",)) == ("x",)
    assert section.number("c", 3, maximum=10) == 3
    assert section.flag("d", True) is True
    assert section.table("e") == {}
    assert section.sections("f") == ()
    assert section.raw("g") is None
    assert section.problems == []


@pytest.mark.parametrize("method", ["text", "texts"])
def test_what_has_no_default_is_a_problem_when_it_is_missing(method: str) -> None:
    (problem,) = problems(lambda section: getattr(section, method)("name"), {})
    assert (problem.path, problem.found, problem.right) == ("name", "nothing", "a value: it has no default")


@pytest.mark.parametrize("value", [5, "a", [], None])
def test_table_is_a_table(value: object) -> None:
    assert [p.path for p in problems(lambda section: section.section("t"), {"t": value})] == ["t"]


@pytest.mark.parametrize("value", [5, "a", [], {}, [5], [{}, "a"]])
def test_sections_are_one_or_more_tables(value: object) -> None:
    assert [p.path for p in problems(lambda section: section.sections("t"), {"t": value})] == ["t"]


def test_paths_of_tables_in_tables() -> None:
    root = Section({"issuer": [{}, {"keys": {"timeout": -1}}]})
    root.sections("issuer")[1].section("keys").number("timeout", 2, maximum=8)
    assert [problem.path for problem in root.problems] == ["issuer[1].keys.timeout"]


@pytest.mark.parametrize(("name", "right"), [("audiance", "audience"), ("xyz", "one of audience, issuer")])
def test_unknown_name_comes_with_the_nearest(name: str, right: str) -> None:
    section = Section({name: 1})
    section.text("issuer", None)
    section.text("audience", None)
    section.finish()
    assert section.problems == [SettingProblem(name, "an unknown name", right)]


def test_all_problems_are_told_at_once() -> None:
    section = Section({"a": 1, "b": 2})
    section.text("a")
    section.text("b")
    with pytest.raises(ConfigError) as caught:
        section.raise_problems()
    assert [problem.path for problem in caught.value.problems] == ["a", "b"]
    assert str(caught.value).count("\n") == 1


def test_file_is_relative_to_where_the_settings_are(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_bytes(b"{}")
    section = Section({"keys": {}}, base=str(tmp_path))
    assert section.file("keys.json") == b"{}"
    assert section.section("keys").file("keys.json") == b"{}"
    assert section.file(str(tmp_path / "keys.json")) == b"{}"
    with pytest.raises(OSError, match=r"none\.json"):
        section.file("none.json")


def test_paths_may_have_the_names_of_variables() -> None:
    root = Section({"issuer": [{"leeway": "x"}]}, names={"issuer[0].leeway": "AUTHORIZER_LEEWAY"})
    root.sections("issuer")[0].number("leeway", 30, maximum=600)
    assert [problem.path for problem in root.problems] == ["AUTHORIZER_LEEWAY"]
