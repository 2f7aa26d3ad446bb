from __future__ import annotations

import pytest

from authorizer.tools.gateway.glob import matcher

MATCHES = [
    # pattern, text, matched
    ("", "", True),
    ("", "a", False),
    ("*", "", True),
    ("*", "a/b:c\nd", True),
    ("a*", "a", True),
    ("*a", "ba", True),
    ("*a", "ab", False),
    ("a*b*c", "axxbxxc", True),
    ("a*b*c", "axxcxxb", False),
    ("**", "", True),
    ("?", "", False),
    ("?", "a", True),
    ("?", "ab", False),
    ("?*", "a/b", True),
    ("a?*", "a", False),
    ("*?", "ab", True),
    ("${*}", "*", True),
    ("${*}", "a", False),
    ("${?}", "?", True),
    ("${$}{*}", "${x}", True),
    ("$default", "$default", True),
    ("[ab]", "a", False),
    (".", "a", False),
]


@pytest.mark.parametrize(("pattern", "text", "matched"), MATCHES)
def test_pattern_matches(pattern: str, text: str, matched: bool) -> None:
    assert matcher(pattern)(text) is matched


def test_case_counts_unless_it_is_folded() -> None:
    assert not matcher("A*")("abc")
    assert matcher("A*", fold=True)("abc")
    assert matcher("abc", fold=True)("ABC")


def test_many_stars_are_no_trouble() -> None:
    assert not matcher("*a" * 40 + "b")("a" * 4000)


def test_stars_and_a_question_mark_are_no_trouble_either() -> None:
    assert not matcher("?" + "*a" * 20 + "b")("a" * 400)


@pytest.mark.parametrize(
    ("pattern", "text", "matched"),
    [
        ("a*a", "a", False),
        ("ab*bc", "abc", False),
        ("a*b*b", "ab", False),
        ("*ab*ab", "abab", True),
        ("*", "\n", True),
        ("*ab*ba*", "aba", False),
        ("*ab*ba*", "abba", True),
    ],
)
def test_runs_do_not_overlap(pattern: str, text: str, matched: bool) -> None:
    assert matcher(pattern)(text) is matched
