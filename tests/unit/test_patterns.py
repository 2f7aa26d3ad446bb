from __future__ import annotations

import pytest

from authorizer.patterns import END, MANY, REST, Pattern, broadest, covered, covering, ends, pattern_trie, text
from authorizer.template import LITERAL, Segment, Template
from authorizer.trie import step


def pattern(written: str) -> Pattern:
    """`a/?*/b`, `a/*`: as they stand in a Resource."""
    wild = {"?*": MANY, "*": REST}
    return tuple(wild.get(part, Segment(LITERAL, part)) for part in written.split("/")) if written else ()


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("/", ""),
        ("/a", "a"),
        ("/a/", "a/"),
        ("/a/{x}", "a/?*"),
        ("/a/{x+}", "a/?*"),
        ("/a/{x}/", "a/?*/"),
        ("/{x}/b/{y}", "?*/b/?*"),
        ("/{x}/{y}", "?*/?*"),
    ],
)
def test_template_is_covered_by_a_pattern(template: str, written: str) -> None:
    assert text(covering(Template.parse(template).segments)) == written


@pytest.mark.parametrize("written", ["", "a", "a/?*", "a/*", "?*/b/?*", "*"])
def test_pattern_is_written_as_it_is_read(written: str) -> None:
    assert text(pattern(written)) == written


COVERED = [
    # by, what, whether
    (["a/?*"], "a/b", True),
    (["a/?*"], "a/?*", True),
    (["a/?*"], "a/?*/b/c", True),
    (["a/?*"], "a/b/", True),
    (["a/?*"], "a", False),
    (["a/?*"], "a/", False),
    (["a/*"], "a/", True),
    (["a/*"], "a/?*/b", True),
    (["a/*"], "a", False),
    (["?*"], "a/?*", True),
    (["?*"], "", False),
    (["*"], "a", True),
    (["a/b"], "a/?*", False),
    (["a/?*/b"], "a/?*/c/b", True),
    (["a/?*/b"], "a/?*", False),
    (["a/?*/b"], "a/b", False),
    (["a", "b"], "b", True),
    ([], "a", False),
]


@pytest.mark.parametrize(("by", "what", "whether"), COVERED)
def test_pattern_is_covered_only_where_all_of_it_is(by: list[str], what: str, whether: bool) -> None:
    assert covered(map(pattern, by), pattern(what)) is whether


def test_covered_patterns_are_left_out() -> None:
    made = [covering(Template.parse(one).segments) for one in ("/{p+}", "/a/{x}", "/", "/b")]
    assert list(map(text, broadest(made))) == ["", "?*"]
    assert list(map(text, broadest(map(pattern, ("a/b", "a/?*", "a/?*/c", "a/?*"))))) == ["a/?*"]
    assert list(map(text, broadest(map(pattern, ("b", "a", "a/?*"))))) == ["a", "b", "a/?*"]


def test_trie_of_rest_ends_after_the_slash_and_goes_on() -> None:
    at = step(pattern_trie([pattern("a/*")]).start, "a")
    assert not ends(at)
    assert ends(step(at, END.text))
    assert ends(step(step(at, "b"), END.text))
