"""Short forms, versions that look like dates, and YAML that never ends."""

from __future__ import annotations

from typing import Any

import pytest

from authorizer.tools.template import yaml_text
from authorizer.tools.template.yaml_text import parse
from authorizer.tools.terminal import CommandError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!Ref A", {"Ref": "A"}),
        ("!Condition A", {"Condition": "A"}),
        ("!GetAtt A.B.C", {"Fn::GetAtt": ["A", "B.C"]}),
        ("!GetAtt [A, B]", {"Fn::GetAtt": ["A", "B"]}),
        ("!Sub 'a${B}'", {"Fn::Sub": "a${B}"}),
        ("!If [A, !Ref B, !Ref AWS::NoValue]", {"Fn::If": ["A", {"Ref": "B"}, {"Ref": "AWS::NoValue"}]}),
        ("!Transform {Name: AWS::Include}", {"Fn::Transform": {"Name": "AWS::Include"}}),
        ("!Join ['', [a, !Select [0, !Split [',', b]]]]", None),
    ],
)
def test_short_form_is_written_out(text: str, value: Any) -> None:
    joined = {"Fn::Join": ["", ["a", {"Fn::Select": [0, {"Fn::Split": [",", "b"]}]}]]}
    assert parse(text)[0] == (value or joined)


def test_version_is_no_date() -> None:
    assert parse("Version: 2012-10-17")[0] == {"Version": "2012-10-17"}


def test_names_are_texts_as_written() -> None:
    assert parse("{200: a, on: b, 1.0: c, null: d, 0123: e}")[0] == {
        "200": "a",
        "on": "b",
        "1.0": "c",
        "null": "d",
        "0123": "e",
    }


def test_values_keep_their_types() -> None:
    assert parse("[2.0, 300, true, no, null, '1']")[0] == [2.0, 300, True, False, None, "1"]


def test_whole_numbers_are_read_in_every_spelling() -> None:
    assert parse("[0x12C, 0b11, 1_000, 017, 1:30, -5, 99999999999]")[0] == [300, 3, 1000, 15, 90, -5, 99999999999]


def test_anchors_and_merges_are_followed() -> None:
    assert parse("a: &x {b: 1}\nc: {<<: *x, d: 2}")[0]["c"] == {"b": 1, "d": 2}


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "\t- a",
        "a: &x [*x]",
        "&x {? *x : a}",
        "a: !!python/object:os.system {}",
        "a: =",
        "a: !!timestamp 2001-99-99",
        "a: !!timestamp foo",
        "a: !!bool maybe",
        "a: !!int ''",
        "a: !!float ''",
        "a: 0x" + "F" * 5000,
        "a: [{b: -0b" + "1" * 20000 + "}]",
        "[" * 3000,
        "{a: b}: c\n? [d]\n: e",
        "a: &b [x]\n? *b\n: y",
        "\x00",
    ],
)
def test_what_is_no_yaml_is_told(text: str) -> None:
    with pytest.raises(CommandError):
        parse(text)


def test_few_lines_that_stand_for_billions_are_refused() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    with pytest.raises(CommandError):
        parse("\n".join(lines))


def test_other_users_of_yaml_are_not_changed() -> None:
    import yaml

    ours = yaml_text._Loader.yaml_multi_constructors["!"]
    assert ours not in yaml.SafeLoader.yaml_multi_constructors.values()  # where other libraries may have put theirs
