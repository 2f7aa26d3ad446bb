from __future__ import annotations

import pytest

from authorizer.path import split
from authorizer.template import GREEDY, LITERAL, PARAMETER, Segment, Template
from authorizer.trie import Trie, step

TRIE = Trie((Template.parse(text).segments, text) for text in ("/", "/a", "/a/{x}", "/a/{x}/b", "/a/{rest+}", "/a/"))
ANYWHERE = [Segment(GREEDY, ""), Segment(LITERAL, "b")]  # one segment or more, and then b: a pattern, no template


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
        ("/A", set()),
        ("/b/1", set()),
    ],
)
def test_walk_finds_all_that_match(path: str, found: set[str]) -> None:
    assert set(TRIE.matching(split(path))) == found


@pytest.mark.parametrize(
    ("parts", "found"),
    [(["b"], 0), (["1", "b"], 1), (["1", "2", "b"], 1), (["b", "b"], 1), (["1", "c"], 0), (["", "b"], 0)],
)
def test_greedy_part_may_stand_before_others(parts: list[str], found: int) -> None:
    assert len(Trie([(ANYWHERE, "*/b")]).matching(parts)) == found


def test_what_is_added_twice_is_found_twice() -> None:
    trie = Trie([(Template.parse("/a/{x}").segments, 1)])
    trie.add(Template.parse("/a/{y}").segments, 2)
    assert trie.matching(["a", "1"]) == [1, 2]
    assert len(list(trie.nodes())) == 3


@pytest.mark.parametrize(("part", "reached"), [("a", {"literal", "parameter"}), (None, {"parameter"}), ("", set())])
def test_end_after_a_slash_is_no_value_and_no_literal_spells_another_text(part: str | None, reached: set[str]) -> None:
    trie = Trie([([Segment(LITERAL, "a")], "literal"), ([Segment(PARAMETER, "")], "parameter")])
    assert {value for node in step(trie.start, part) for value in node.ends} == reached


@pytest.mark.parametrize(
    ("templates", "choice"),
    [
        (["/a/{x}"], False),
        (["/a/b", "/a/c"], False),
        (["/{rest+}"], False),
        (["/a/{x}", "/a/b"], True),
        (["/a/{x}", "/a/{rest+}"], True),
        (["/a/", "/b"], False),
        (["/a/", "/a"], True),
    ],
)
def test_choice_is_where_a_segment_may_be_read_in_two_ways(templates: list[str], choice: bool) -> None:
    trie = Trie((Template.parse(text).segments, text) for text in templates)
    assert any(node.is_choice for node in trie.nodes()) is choice
