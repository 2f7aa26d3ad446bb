"""Files and functions stay small enough to be read at one go."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import pytest

from tests.architecture.sources import CORE, PACKAGE, PRODUCT, PROJECT, TESTS, files, functions, lines, name, tree

if TYPE_CHECKING:
    from pathlib import Path

MAX_FILE, MAX_TEST_FILE, MAX_PIPELINE = 250, 400, 80  # lines
MAX_FUNCTION, MAX_MEDIAN = 30, 8  # lines
NO_NOUNS = {"utils.py", "util.py", "helpers.py", "helper.py", "common.py", "misc.py", "base_utils.py"}
each_file = pytest.mark.parametrize("path", PRODUCT, ids=name)


def size(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


@each_file
def test_file_fits_its_budget(path: Path) -> None:
    assert size(path) <= MAX_FILE


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_test_file_fits_its_budget(path: Path) -> None:
    assert size(path) <= MAX_TEST_FILE


def test_way_of_a_request_is_one_screen() -> None:
    assert size(PACKAGE / "pipeline.py") <= MAX_PIPELINE


@each_file
def test_function_fits_its_budget(path: Path) -> None:
    assert [function.name for function in functions(tree(path)) if lines(function) > MAX_FUNCTION] == []


def test_usual_function_is_short() -> None:
    assert median(lines(function) for path in CORE for function in functions(tree(path))) <= MAX_MEDIAN


def test_every_file_is_named_after_a_noun() -> None:
    assert [name(path) for path in PRODUCT if path.name in NO_NOUNS] == []


WITHOUT_TESTS = {"version.py", "surface.py", "provenance.py"}  # values without any code of their own


@pytest.mark.parametrize("path", [path for path in CORE if path.name != "__init__.py"], ids=name)
def test_tests_mirror_the_tree(path: Path) -> None:
    mirrored = PROJECT / "tests" / "unit" / path.relative_to(PACKAGE).with_name(f"test_{path.name}")
    assert mirrored.exists() != (name(path) in WITHOUT_TESTS)


def test_folders_of_tests_are_those_of_the_package() -> None:
    folders = {path.parent for path in files(PROJECT / "tests" / "unit") if path.name.startswith("test_")}
    for folder in folders:
        assert (PACKAGE / folder.relative_to(PROJECT / "tests" / "unit")).is_dir()
