from __future__ import annotations

import pytest

from authorizer.tools.why.causes import causes
from authorizer.tools.why.patterns import compiled, found, told


@pytest.mark.parametrize(
    ("pattern", "text", "met"),
    [
        ("", "", True),
        ("", "x", False),
        ("a|b", "xB", True),
        ("^b", "a\nb", True),
        ("^-?$", "-", True),
        ("^-?$", "", True),
    ],
)
def test_expression_is_searched_for(pattern: str, text: str, met: bool) -> None:
    assert found(pattern, text) is met


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("Task timed out", None, "Task timed out"),
        (r"Runtime\.ExitError|signal: killed", None, "Runtime.ExitError or signal: killed"),
        (r"Runtime\.ExitError|signal: killed", "a signal: killed b", "signal: killed"),
        (r"a(b|c)\|d", None, "a(b|c)|d"),
        (r"User: \S+ is not (?!x).*y", None, "User: … is not …y"),
        (r"^\d\d\d$", None, "a value"),
        ("^-?$", None, "nothing"),
        ("", None, "nothing"),
        (r'"a"\s*:\s*"b"', None, '"a" : "b"'),
    ],
)
def test_expression_is_told_in_words(pattern: str, text: str | None, words: str) -> None:
    assert told(pattern, text) == words


def test_text_that_met_it_is_not_told() -> None:
    assert "secret" not in told(r"token \S+", "token secret")


def test_all_expressions_of_the_catalogue_have_words() -> None:
    for cause in causes().values():
        for lines in (*cause.execution, *cause.function):
            assert all(told(one) not in ("", "a value") for one in lines.all)


def test_what_is_no_expression_is_refused() -> None:
    with pytest.raises(ValueError, match="no regular expression"):
        compiled("(")
