"""Findings as SARIF 2.1.0, which code hosts show beside the lines of a template (OASIS, "Static Analysis Results Interchange
Format")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.doctor.catalogue import catalogue
from authorizer.tools.template_check.finding import Severity
from authorizer.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from authorizer.tools.template_check.finding import Finding

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def sarif(file: str, findings: Sequence[Finding]) -> dict[str, Any]:
    """The log of one run over one file, named as it was given."""
    codes = sorted({one.code for one in findings})
    driver = {"name": "authorizer doctor", "version": VERSION, "rules": [_rule(code) for code in codes]}
    results = [_result(file, one, codes.index(one.code)) for one in findings]
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rule(code: str) -> dict[str, Any]:
    entry = catalogue()[code]
    return {
        "id": code,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.why},
        "help": {"text": f"{entry.fix} ({entry.source})"},
        "defaultConfiguration": {"level": _LEVELS[entry.severity]},
    }


def _result(file: str, one: Finding, rule: int) -> dict[str, Any]:
    entry = catalogue()[one.code]
    text = f"{entry.title}: found {one.found}; right would be {one.right}. The client sees {entry.client_sees}."
    place: dict[str, Any] = {"artifactLocation": {"uri": file}}
    if one.line is not None:
        place["region"] = {"startLine": one.line}
    return {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": _LEVELS[one.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": place, "logicalLocations": [{"fullyQualifiedName": str(one.place)}]}],
    }
