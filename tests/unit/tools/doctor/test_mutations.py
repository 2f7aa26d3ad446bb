"""Every known mistake is found, as exactly that; a template without a mistake has no finding."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from tests.unit.tools.doctor.mutation import Mutation, bases, findings

FAMILIES = sorted(one.stem for one in Path(__file__).parent.glob("mutations_*.py"))
MUTATIONS: list[Mutation] = [
    one for name in FAMILIES for one in import_module(f"tests.unit.tools.doctor.{name}").MUTATIONS
]


@pytest.mark.parametrize("base", bases())
def test_right_template_has_no_finding(base: str, tmp_path: Path) -> None:
    assert [str(one) for one in findings(tmp_path, base, lambda template: None, {})] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_mistake_is_found_as_what_it_is(mutation: Mutation, tmp_path: Path) -> None:
    found = findings(tmp_path, mutation.base, mutation.edit, mutation.files)
    assert {one.code for one in found} == {mutation.code}, [str(one) for one in found]


def test_names_of_mistakes_are_different() -> None:
    assert len({one.name for one in MUTATIONS}) == len(MUTATIONS)
