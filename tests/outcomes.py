"""What a call ended in: tests name the reason, never the text."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import pytest

from authorizer.errors import ConfigError, EventError, Refused
from authorizer.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


T = TypeVar("T")
E = TypeVar("E", bound=Exception)


def reason_of(code: str) -> Reason:
    """The reason with this code."""
    return next(reason for reason in Reason if reason.value == code)


@contextmanager
def refused(reason: Reason) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The block refuses for this reason."""
    with pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.reason is reason


@contextmanager
def event_error(reason: Reason) -> Iterator[pytest.ExceptionInfo[EventError]]:
    """The block finds that the event is not for it, for this reason."""
    with pytest.raises(EventError) as caught:
        yield caught
    assert caught.value.reason is reason


def problem_paths(build: Callable[[], object]) -> list[str]:
    """Where the settings are wrong, in the order of the message."""
    with pytest.raises(ConfigError) as caught:
        build()
    return [problem.path for problem in caught.value.problems]


def every_text(error: BaseException) -> str:
    """All that an error could tell a log: its text and its data."""
    fault = getattr(error, "fault", None)
    return f"{error!s} {error!r} {error.args!r} {fault!r} {getattr(error, 'provenance', None)!r}"


def outcome(call: Callable[[], T], error: type[E]) -> T | E:
    """What a call returns, or the error of this kind that it raises."""
    try:
        return call()
    except error as raised:
        return raised
