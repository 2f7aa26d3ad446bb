from __future__ import annotations

import json
import logging
from io import StringIO
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools import Logger

from authorizer.decision_format import decision_logger

if TYPE_CHECKING:
    from collections.abc import Callable

_number = count()


def written(say: Callable[[Logger], None], **environment: str) -> str:
    stream = StringIO()
    say(decision_logger(f"format-{next(_number)}", logging.StreamHandler(stream)))
    return stream.getvalue()


def fields(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text)
    return read


def test_line_has_its_head_and_the_fields_of_the_decision() -> None:
    read = fields(written(lambda logger: logger.warning("deny: x", extra={"line": {"decision": "deny", "n": 1}})))
    assert list(read) == ["level", "message", "timestamp", "service", "decision", "n"]
    assert (read["level"], read["message"], read["decision"], read["n"]) == ("WARNING", "deny: x", "deny", 1)
    assert read["service"].startswith("format-")


@pytest.mark.parametrize(
    "text", ["a\nb", "a\r\nb", "\u2028", "\u2029", "\x85", "é", "\ud800", "\x1b[0m", '"}', "\x00", "%s %d"]
)
def test_no_text_ends_the_line_or_leaves_its_field(text: str) -> None:
    line = written(lambda logger: logger.info("allow", extra={"line": {"route": text}}))
    assert line.isascii()
    assert line.splitlines() == [line.rstrip("\n")]
    assert fields(line)["route"] == text


def test_time_is_that_of_powertools() -> None:
    stream = StringIO()
    Logger(service=f"format-{next(_number)}", location=None, logger_handler=logging.StreamHandler(stream)).info("x")
    ours = fields(written(lambda logger: logger.info("x")))
    theirs = fields(stream.getvalue())
    assert [character if not character.isdigit() else "0" for character in ours["timestamp"]] == [
        character if not character.isdigit() else "0" for character in theirs["timestamp"]
    ]
    assert set(ours) <= set(theirs)


@pytest.mark.parametrize("name", ["LOG_LEVEL", "POWERTOOLS_LOG_LEVEL"])
def test_level_of_the_environment_hides_no_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "CRITICAL")
    assert written(lambda logger: logger.info("allow"))
