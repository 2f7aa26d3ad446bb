from __future__ import annotations

import pytest

from authorizer.errors import (
    AuthorizerError,
    ConfigError,
    EventError,
    Fault,
    InternalError,
    Refused,
    SettingProblem,
    Unavailable,
)
from authorizer.reasons import Reason

SECRET = "secret-value"


def of(bug: BaseException) -> str:
    with pytest.raises(type(bug)) as caught:
        raise bug
    return str(InternalError.of(caught.value))


@pytest.mark.parametrize("bug", [ValueError(SECRET), KeyError(SECRET), type(SECRET, (Exception,), {})()], ids=str)
def test_bug_tells_its_type_and_place_and_never_its_text(bug: Exception) -> None:
    told = of(bug)
    assert told.startswith(f"{type(bug).__name__} at test_errors.py:")
    assert told.endswith("in of")
    assert isinstance(bug, KeyError | ValueError) == (SECRET not in told)


def test_bug_that_was_never_raised_has_no_place() -> None:
    assert str(InternalError.of(ValueError(SECRET))) == "ValueError"


def test_place_is_where_it_was_raised() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        (lambda: 1 // 0)()
    assert str(InternalError.of(caught.value)).endswith("in <lambda>")


@pytest.mark.parametrize("reason", Reason, ids=lambda reason: reason.value)
def test_no_error_is_the_word_that_means_401(reason: Reason) -> None:
    for error in (Refused(reason), Unavailable(reason), EventError(reason)):
        assert str(error) != "Unauthorized"
        assert str(error).startswith(reason.value)
        assert (error.reason, error.fault, error.provenance) == (reason, Fault(), None)
        assert isinstance(error, AuthorizerError)


def test_all_problems_of_settings_are_told() -> None:
    error = ConfigError([SettingProblem("a.b", "x", "y"), SettingProblem("c", "nothing", "z")])
    assert str(error) == "a.b: found x; right would be y\nc: found nothing; right would be z"
    assert [problem.path for problem in error.problems] == ["a.b", "c"]
