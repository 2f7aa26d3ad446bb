from __future__ import annotations

from authorizer.patterns import MANY, pattern_trie, text
from authorizer.template import Template
from authorizer.trie import Trie
from authorizer.walk import Row, Walk


def walk(*templates: str, exact: bool = True) -> Walk:
    parsed = [(Template.parse(one), one) for one in templates]
    made = [Row(template.segments, (template.rank, False), True, name) for template, name in parsed]
    return Walk(rows=made, exact=exact, complete=False)


def test_every_kind_is_walked_once() -> None:
    kinds = [
        text(kind.pattern) for kind, slash in walk("/a/{x}").kinds(pattern_trie([(MANY,)]), Trie()) if slash is None
    ]
    assert len(kinds) == len(set(kinds))
    assert {"", "?*", "a", "a/?*"} <= set(kinds)


def test_kind_in_another_case_is_read_as_the_literal() -> None:
    for exact, readings in ((True, set()), (False, {"/a/b"})):
        found = set()
        here = walk("/a/{x}", "/a/b", exact=exact)
        for kind, without_slash in here.kinds(pattern_trie([(MANY,)]), Trie()):
            row, others = here.readings(kind, without_slash)
            if row is not None and row.name == "/a/{x}" and without_slash is None:
                found |= {other.name for other in others if other is not row}
        assert found == readings
