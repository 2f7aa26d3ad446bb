"""Files, and the lines on which they say things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.template.place import Place
from authorizer.tools.template.source import read_source
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path

YAML = "a: 1\nResources:\n  Api:\n    Type: X\n    Properties:\n      List:\n        - one\n        - two\n"
JSON = '{\n  "Resources": {\n    "Api": {\n\t"Type": "X"}}}'


def write(folder: Path, text: str, name: str = "template.yaml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (Place("Api"), 3),
        (Place("Api", ("Properties",)), 5),
        (Place("Api", ("Properties", "List", "1")), 8),
        (Place("Api", ("Properties", "Nothing", "Below")), 5),
        (Place("Nobody", ("Properties",)), None),
        (Place("", ("a",)), 1),
        (Place("", ("b",)), None),
        (Place(""), None),
    ],
)
def test_line_of_a_place(place: Place, line: int | None, tmp_path: Path) -> None:
    assert read_source(write(tmp_path, YAML)).line(place) == line


def test_json_with_tabs_is_read(tmp_path: Path) -> None:
    assert read_source(write(tmp_path, JSON)).document == {"Resources": {"Api": {"Type": "X"}}}


def test_json_has_lines(tmp_path: Path) -> None:
    assert read_source(write(tmp_path, JSON.replace("\t", " "))).line(Place("Api", ("Type",))) == 4


def test_byte_order_mark_is_no_part_of_it(tmp_path: Path) -> None:
    assert read_source(write(tmp_path, "\ufeffopenapi: 3.0.0")).is_openapi


@pytest.mark.parametrize(
    ("text", "openapi"), [("openapi: 3.1.0", True), ("swagger: '2.0'", True), ("Resources: {}", False)]
)
def test_kind_of_document(text: str, openapi: bool, tmp_path: Path) -> None:
    assert read_source(write(tmp_path, text)).is_openapi is openapi


@pytest.mark.parametrize("text", ["", "- a", "just a text", "a: [", '{"a": '])
def test_file_without_a_document_is_told(text: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        read_source(write(tmp_path, text))


def test_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"a: \xe9")
    for file in (tmp_path, tmp_path / "none", tmp_path / "latin"):
        with pytest.raises(CommandError):
            read_source(file)


def test_place_as_text() -> None:
    assert str(Place("Api") / "Properties" / "Tags" / 0) == "Api.Properties.Tags.0"
    assert str(Place("", ("paths", "/a"))) == "paths./a"
