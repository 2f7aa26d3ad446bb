from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import MAX_TEXT, MAX_VALUES, Note, brief, listed, quoted, shortened

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("length", "shown"), [(MAX_TEXT - 1, MAX_TEXT - 1), (MAX_TEXT, MAX_TEXT), (MAX_TEXT + 1, MAX_TEXT + 1)]
)
def test_text_is_cut_beyond_a_bound(length: int, shown: int) -> None:
    text = brief("x" * length)
    assert len(text) == shown
    assert text.endswith("…") == (length > MAX_TEXT)


def test_text_is_one_line() -> None:
    assert brief("a\nb\tc\x1b\ud800") == "a\\nb\\tc\\x1b\\ud800"


def test_several_texts_are_sorted_and_counted() -> None:
    assert listed(["b", "a", "b"]) == '"a", "b"'
    assert listed(str(number) for number in range(MAX_VALUES + 3)).endswith(" and 3 more")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("orders-api", '"orders-api"'),
        ("orders-api\u200b", '"orders-api\\u200b"'),
        ("orders-api\\u200b", '"orders-api\\\\u200b"'),
        ('a", so write "b', '"a\\", so write \\"b"'),
        ("a\nb", '"a\\nb"'),
        ("\U000e0041", '"\\U000e0041"'),
        ("x" * (MAX_TEXT + 1), '"' + "x" * MAX_TEXT + '"…'),
        ("", '""'),
    ],
)
def test_value_cannot_pose_as_another_or_as_prose(text: str, shown: str) -> None:
    assert quoted(text) == shown


@pytest.mark.parametrize("show", [brief, quoted, shortened])
def test_token_is_not_shown_though_it_is_cut(show: Callable[[str], str]) -> None:
    for before in ("", "x" * (MAX_TEXT - 25), "x" * (MAX_TEXT - 10)):
        assert "eyJ" not in show(f"{before}eyJhbGciOiJSUzI1NiJ9.eyJhIjoiYiJ9.c2ln")


def test_text_for_json_is_cut_only() -> None:
    assert shortened("a\n" + "x" * 500) == "a\n" + "x" * (MAX_TEXT - 2) + "…"


def test_document_has_code_and_fix() -> None:
    document = Note(NearMiss.TOKEN_CUT, "detail", unproven=True).document()
    assert (document["code"], document["detail"], document["unproven"]) == ("token_cut", "detail", True)
    assert document["fix"] == NearMiss.TOKEN_CUT.fix
