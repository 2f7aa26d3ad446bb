from __future__ import annotations

import pytest

from authorizer.path import split
from authorizer.template import Template
from authorizer.trie import Trie

TRIE = Trie((Template.parse(text).segments, text) for text in ("/", "/a", "/a/{x}", "/a/{x}/b", "/a/{rest+}", "/a/"))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", {"/"}),
        ("/a", {"/a"}),
        ("/a/", {"/a/"}),
        ("/a/1", {"/a/{x}", "/a/{rest+}"}),
        ("/a/1/b", {"/a/{x}/b", "/a/{rest+}"}),
        ("/a/1/", {"/a/{rest+}"}),
        ("/a/1/c", {"/a/{rest+}"}),
        ("/b", set()),
    ],
)
def test_walk_finds_all_that_match(path: str, found: set[str]) -> None:
    assert set(TRIE.matching(split(path))) == found


def test_choice_is_where_a_segment_may_be_a_literal_or_a_value() -> None:
    assert any(node.is_choice for node in TRIE.nodes())
    assert not any(node.is_choice for node in Trie([(Template.parse("/a/{x}").segments, 1)]).nodes())
