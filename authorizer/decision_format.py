"""How a decision line leaves: through Powertools Logger, with a formatter that writes the line as it is.

Powertools' own formatter filters every field against a list of reserved names, tries to read each message as JSON, and looks
for exceptions and extra keys; that took longer than the signature, and of all that a decision line has nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

if TYPE_CHECKING:
    import logging

LOGGER = "authorizer.decisions"
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode  # ASCII: no character of a stranger's can end a line


class DecisionFormatter(LambdaPowertoolsFormatter):
    """One JSON object per line: level, message, timestamp and service, then the fields of the decision."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        head = {
            "level": record.levelname,
            "message": record.msg,
            "timestamp": self.formatTime(record),
            "service": self._service,
        }
        return _ENCODE(head | getattr(record, "line", {}))


def decision_logger(service: str, handler: logging.Handler | None = None) -> Logger:
    """A Powertools Logger for decision lines, at level INFO unless Lambda's own log level is higher, to standard output.

    It has a name that no other logger has: a user's `Logger(service=…)` neither changes it nor is changed by it.
    """
    name = f"{LOGGER}.{service}"
    return Logger(service=name, level="INFO", logger_formatter=DecisionFormatter(service), logger_handler=handler)
