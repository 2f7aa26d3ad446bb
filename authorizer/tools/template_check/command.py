"""What `authorizer config check --template` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.tools.template import read_template
from authorizer.tools.template.parameters import given_parameters
from authorizer.tools.template_check.lifetime import delays
from authorizer.tools.template_check.report import Report, report
from authorizer.tools.template_check.unread import hints
from authorizer.tools.terminal import complain, note, show, show_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from authorizer.tools.template_check.finding import Finding
    from authorizer.tools.template_check.guarded import Guarded

_COLUMNS: Final = ("API", "authorizer", "function", "settings", "TTL", "identity sources")


def check_template(template: Path, parameters: Sequence[str], file: Path | None) -> Report:
    """Everything about the template; what is good to know of how it was read is told on standard error."""
    document = read_template(template, given_parameters(parameters))
    for problem in hints(document):
        note(f"{template}: {problem}")
    return report(document, file)


def show_report(template: Path, found: Report) -> None:
    """As text."""
    count = f"{len(found.checked)} authorizer{'' if len(found.checked) == 1 else 's'} of ours"
    show(f"{template}: {count}, {'nothing wrong' if found.ok else 'wrong'}", style="bold")
    if found.checked:
        show_table(_COLUMNS, map(_row, found.checked))
    for text in found.foreign:
        show(f"not ours, not checked: {text}")
    for texts, names in _delays(found.checked).items():
        show(f"{', '.join(names)}:")
        for text in texts:
            show(f"  {text}")
    for one in found.findings:
        _show_finding(one)


def _row(one: Guarded) -> Sequence[object]:
    ttl = "" if one.authorizer.ttl is None else "unknown" if one.ttl is None else f"{one.ttl} s"
    sources = " ".join(map(str, one.authorizer.identity_sources))
    return one.api.logical_id, one.authorizer.name, one.function.logical_id, one.own.origin, ttl, sources


def _delays(checked: Sequence[Guarded]) -> dict[tuple[str, ...], list[str]]:
    """The same for several authorizers is told once."""
    found: dict[tuple[str, ...], list[str]] = {}
    for one in checked:
        found.setdefault(tuple(delays(one)), []).append(f"{one.api.logical_id} {one.authorizer.name}")
    return found


def _show_finding(one: Finding) -> None:
    show(str(one))
    for line in one.fix:
        show(f"    {line}")


def complain_about(template: Path, found: Report) -> None:
    """How many errors there are, where there are any."""
    errors = sum(one.severity.value == "error" for one in found.findings)
    complain(
        f"{errors} error{'' if errors == 1 else 's'} in {template}", "write the lines under each, then check again"
    )
