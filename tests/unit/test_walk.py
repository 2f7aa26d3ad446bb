from __future__ import annotations

import pytest

from authorizer.patterns import MANY, Pattern, covering, ends, pattern_trie, text
from authorizer.template import Template
from authorizer.trie import Trie
from authorizer.walk import Row, Walk

EVERYTHING: Pattern = (MANY,)


def walk(*templates: str, exact: bool = True, refused: str = "") -> Walk:
    parsed = [(Template.parse(one), one) for one in templates]
    made = [Row(template.segments, (template.rank, False), name != refused, name) for template, name in parsed]
    return Walk(rows=made, exact=exact, complete=False)


def verdicts(here: Walk, pattern: Pattern = EVERYTHING) -> dict[str, bool]:
    """Every kind of which the walk tells whether it is granted, as it is spelled."""
    found: dict[str, bool] = {}
    for kind, without_slash in here.kinds(pattern_trie([pattern]), Trie()):
        if ends(kind.allowed):
            granted = here.is_granted(kind, without_slash)
            found[text(kind.pattern)] = found.get(text(kind.pattern), True) and granted
    return found


def test_every_kind_is_walked_once() -> None:
    pairs = list(walk("/a/{x}").kinds(pattern_trie([EVERYTHING]), Trie()))
    kinds = [text(kind.pattern) for kind, slash in pairs if slash is None]
    assert len(kinds) == len(set(kinds))
    assert {"", "?*", "a", "a/?*"} <= set(kinds)
    assert all(text(kind.pattern) == text(slash.pattern) + "/" for kind, slash in pairs if slash is not None)


def test_walk_stays_within_what_is_allowed() -> None:
    here = walk("/a/{x}", "/b/{x}")
    allowed = pattern_trie([covering(Template.parse("/a/{x}").segments)])
    found = [text(kind.pattern) for kind, slash in here.kinds(allowed, Trie()) if slash is None]
    assert found == ["", "a", "a/?*", "a/?*/?*"]


def test_row_that_matches_decides_and_nothing_else_is_granted() -> None:
    granted = {name for name, verdict in verdicts(walk("/a/{x}", "/a/b", refused="/a/b")).items() if verdict}
    assert granted == {"a/?*"}
    assert {name for name, verdict in verdicts(walk("/a/{x}", "/a/b")).items() if verdict} == {"a/?*", "a/b"}


@pytest.mark.parametrize(
    ("exact", "granted"), [(True, {"a/?*": True, "a/b": False}), (False, {"a/?*": False, "a/b": False})]
)
def test_kind_in_another_case_is_granted_only_where_both_readings_are(exact: bool, granted: dict[str, bool]) -> None:
    found = verdicts(walk("/a/{x}", "/a/b", exact=exact, refused="/a/b"))
    assert {name: found[name] for name in granted} == granted
    assert verdicts(walk("/a/{x}", "/a/b", exact=exact))["a/?*"]


@pytest.mark.parametrize(("refused", "granted"), [("", True), ("/a/{x}", False), ("/a/{rest+}", False)])
def test_slash_at_the_end_is_granted_only_where_the_path_without_it_is(refused: str, granted: bool) -> None:
    assert verdicts(walk("/a/{x}", "/a/{rest+}", refused=refused))["a/?*/"] is granted


def test_kind_in_another_case_is_read_as_the_literal() -> None:
    for exact, readings in ((True, set()), (False, {"/a/b"})):
        found = set()
        here = walk("/a/{x}", "/a/b", exact=exact)
        for kind, without_slash in here.kinds(pattern_trie([EVERYTHING]), Trie()):
            row, others = here.readings(kind, without_slash)
            if row is not None and row.name == "/a/{x}" and without_slash is None:
                found |= {other.name for other in others if other is not row}
        assert found == readings


def test_kind_that_a_full_and_a_greedy_route_match_is_read_as_both() -> None:
    here = walk("/a/{rest+}", "/{x}/b")
    both = {
        (row.name, *(other.name for other in others))
        for row, others in (here.readings(*pair) for pair in here.kinds(pattern_trie([EVERYTHING]), Trie()))
        if row is not None and others
    }
    assert ("/a/{rest+}", "/{x}/b") in both
