"""An examination for people: one block per finding, then a line that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.tools.doctor.catalogue import catalogue
from authorizer.tools.template_check.finding import Severity
from authorizer.tools.terminal import show

if TYPE_CHECKING:
    from authorizer.tools.doctor.examination import Examination
    from authorizer.tools.template_check.finding import Finding


def show_examination(what: str, found: Examination) -> None:
    """The report on standard output. `what`: the file, or the id of the API."""
    for one in found.findings:
        _show(one)
    for text in found.unseen:
        show(f"not checked: {text}")
    counts = [(severity, sum(one.severity is severity for one in found.findings)) for severity in Severity]
    said = ", ".join(f"{count} {severity.value}{'' if count == 1 else 's'}" for severity, count in counts if count)
    show(
        f"{what}: {_plural(found.apis, 'API')}, {_plural(found.routes, 'route')}: {said or 'nothing wrong'}",
        style="bold",
    )


def _show(one: Finding) -> None:
    entry = catalogue()[one.code]
    where = f"{one.place} (line {one.line})" if one.line is not None else str(one.place)
    show(f"{one.severity.value} {one.code}: {entry.title}", style="bold")
    show(f"  at {where}: found {one.found}; right would be {one.right}")
    show(f"  the client sees {entry.client_sees}")
    show(f"  because {entry.why}")
    show(f"  fix: {entry.fix}")
    for line in one.fix:
        show(f"    {line}")


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
