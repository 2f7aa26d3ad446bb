"""All failures of REST APIs, each with the lines of logs that prove it (the wordings of captured logs)."""

from __future__ import annotations

from typing import Final

from tests.unit.tools.why import rest_breakdowns, rest_decisions, rest_refusals

CASES: Final = (
    *rest_refusals.REFUSED,
    *rest_breakdowns.BROKEN_FUNCTIONS,
    *rest_decisions.DECIDED,
    *rest_decisions.BEHIND,
    *rest_refusals.NATIVE,
)
