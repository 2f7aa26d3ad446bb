from __future__ import annotations

import pytest

from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import MAX_TEXT, MAX_VALUES, Note, brief, briefly


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
    assert briefly(["b", "a", "b"]) == "a, b"
    assert briefly(str(number) for number in range(MAX_VALUES + 3)).endswith(" and 3 more")


def test_document_has_code_and_fix() -> None:
    document = Note(NearMiss.TOKEN_CUT, "detail").document()
    assert (document["code"], document["detail"]) == ("token_cut", "detail")
    assert document["fix"] == NearMiss.TOKEN_CUT.fix
