"""The decision log, written to memory and read back line by line."""

from __future__ import annotations

import json
import logging
from functools import cache
from io import BytesIO, TextIOWrapper
from itertools import count
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

import authorizer
from authorizer.decision_format import LOGGER, decision_logger
from authorizer.fingerprint import Fingerprint
from authorizer.telemetry import DecisionLog, SubjectLogging

KEY = b"a fingerprint key of the tests"
_number = count()


class Journal:
    """A `DecisionLog` and what it has written. The stream is strict UTF-8, as standard output is in Lambda."""

    def __init__(
        self, *, key: bytes = KEY, allows: float = 1.0, subject: SubjectLogging = SubjectLogging.HASHED
    ) -> None:
        self._raw = BytesIO()
        handler = logging.StreamHandler(TextIOWrapper(self._raw, encoding="utf-8", write_through=True))
        service = f"journal-{next(_number)}"  # Powertools keeps one logger per service
        logger = decision_logger(service, handler)
        logging.root.manager.loggerDict.pop(f"{LOGGER}.{service}")  # thousands of them make each new one slow
        self.log = DecisionLog(logger=logger, fingerprint=Fingerprint(key), allows=allows, subject=subject)

    @property
    def text(self) -> str:
        """All that was written."""
        return self._raw.getvalue().decode()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines, each checked against the published schema."""
        lines = [json.loads(line) for line in self.text.split("\n")[:-1]]
        for line in lines:
            schema("shadow" if line["message"].startswith("shadow: ") else "decision").validate(line)
        return lines

    @property
    def line(self) -> dict[str, Any]:
        """The only line."""
        (line,) = self.lines
        return line


@cache
def schema(kind: str = "decision") -> Draft202012Validator:
    """The published schema of a line."""
    file = Path(authorizer.__file__).with_name(f"{kind}.schema.json")
    return Draft202012Validator(json.loads(file.read_text("utf-8")))
