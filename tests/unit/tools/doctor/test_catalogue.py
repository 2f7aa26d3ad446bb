"""The catalogue of findings is whole, and covers the tree of failures."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from authorizer.tools.doctor.catalogue import FOLDER, catalogue, invisible
from authorizer.tools.doctor.failures import failures
from authorizer.tools.doctor.troubleshooting_page import PAGE, render
from authorizer.tools.function_environment import PROJECT

HERE = Path(__file__).parent
PRODUCT = PROJECT / "authorizer" / "tools"
CODES = sorted(catalogue())


@pytest.mark.parametrize("code", CODES)
def test_entry_is_whole_and_in_words(code: str) -> None:
    entry = catalogue()[code]
    assert re.fullmatch(r"[a-z][a-z0-9_]+", code)
    assert all(len(text) > 3 for text in (entry.title, entry.client_sees, entry.why, entry.fix, entry.source))
    assert set(entry.rows) <= set(failures())


def test_every_fix_differs_from_every_other() -> None:
    assert len({entry.fix for entry in catalogue().values()}) == len(CODES)


def test_every_code_is_written_down_in_a_check() -> None:
    written = "\n".join(path.read_text("utf-8") for path in PRODUCT.rglob("*.py"))
    assert [code for code in CODES if f'"{code}"' not in written] == []


def test_every_row_is_found_by_a_check_or_said_to_be_invisible() -> None:
    found = {row for entry in catalogue().values() for row in entry.rows}
    assert found | set(invisible()) == set(failures())
    assert not found & set(invisible())
    assert len(found) >= 70


def test_invisible_rows_say_why_and_what_to_look_at() -> None:
    assert all(row.keys() == {"why", "look"} and all(row.values()) for row in invisible().values())


def test_mistakes_are_many_and_of_known_codes() -> None:
    modules = [import_module(f"tests.unit.tools.doctor.{one.stem}") for one in HERE.glob("mutations_*.py")]
    mutations = [one for module in modules for one in module.MUTATIONS]
    assert len(mutations) >= 80
    assert {one.code for one in mutations} <= set(CODES)


def test_page_is_that_of_the_catalogues() -> None:
    assert PAGE.read_text("utf-8") == render(), "make docs"


def test_every_file_of_findings_has_its_checks() -> None:
    names = {path.stem for path in PRODUCT.rglob("*.py")} | {"own_settings", "deployed"}
    assert {file.stem for file in FOLDER.glob("*.toml")} <= names
