"""The matcher of IAM patterns against one that is made in another way: a regular expression."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from authorizer.tools.gateway.glob import matcher

TEXTS = st.text("ab/:\n", max_size=8)
PATTERNS = st.text("ab/:*?", max_size=8)
PIECES = st.lists(st.sampled_from(("a", "b", "*", "?", "${*}", "${?}", "${$}", "$", "{")), max_size=8)


@settings(max_examples=500)
@given(PATTERNS, TEXTS)
def test_matcher_is_a_regular_expression(pattern: str, text: str) -> None:
    parts = {"*": ".*", "?": "."}
    expression = "".join(parts.get(character, re.escape(character)) for character in pattern)
    assert matcher(pattern)(text) is (re.fullmatch(expression, text, re.DOTALL) is not None)


@given(TEXTS)
def test_text_matches_itself_and_a_star(text: str) -> None:
    assert matcher(text)(text)
    assert matcher("*")(text)
    assert matcher(text + "?*")(text) is False


@settings(max_examples=500)
@given(PIECES, st.text("ab*?${", max_size=6))
def test_escaped_wildcards_are_characters(pieces: list[str], text: str) -> None:
    parts = {"*": ".*", "?": ".", "${*}": r"\*", "${?}": r"\?", "${$}": r"\$"}
    expression = "".join(parts.get(piece, re.escape(piece)) for piece in pieces)
    assert matcher("".join(pieces))(text) is (re.fullmatch(expression, text, re.DOTALL) is not None)
