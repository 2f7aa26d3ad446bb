"""All checks asked about one view: what they found, the worst first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authorizer.tools.doctor.catalogue import catalogue
from authorizer.tools.doctor.checks import checks
from authorizer.tools.template_check.finding import Finding, Severity
from authorizer.tools.template_check.report import report
from authorizer.tools.template_check.unread import HINTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from authorizer.tools.doctor.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was found, and how much was looked at. `unseen` is what could not be checked, each with why."""

    findings: Sequence[Finding]
    apis: int
    routes: int
    unseen: Sequence[str] = ()

    @property
    def status(self) -> int:
        """The exit status: 0 nothing wrong, 1 an error, 2 something could not be checked and nothing else is wrong."""
        if any(one.severity is Severity.ERROR for one in self.findings):
            return 1
        return 2 if self.unseen else 0

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "apis": self.apis,
            "routes": self.routes,
            "findings": [_document(one) for one in self.findings],
            "not_checked": list(self.unseen),
        }


def examined(view: View, unseen: Sequence[str] = ()) -> Examination:
    """Everything that the checks say of a view, each once."""
    found: dict[Finding, None] = {}
    for check in checks():
        found |= dict.fromkeys(check(view))
    found |= dict.fromkeys(_unheeded(view))
    if not view.deployed:  # what our own settings say beside a template
        found |= dict.fromkeys(report(view.document, view.settings).findings)
    order = list(Severity)
    return Examination(
        findings=sorted(found, key=lambda one: (order.index(one.severity), one.line or 0, one.code)),
        apis=sum(1 for _ in view.apis()),
        routes=sum(1 for _ in view.routes()),
        unseen=unseen,
    )


def _unheeded(view: View) -> Iterator[Finding]:
    """What the reader of templates knows that API Gateway does otherwise than is written."""
    for one in view.document.problems:
        if one.code in HINTS:
            right = "security at the operation that names one authorizer"
            yield view.finding(one.code, one.place, found=one.message, right=right)


def _document(one: Finding) -> dict[str, Any]:
    entry = catalogue()[one.code]
    told = {"title": entry.title, "client_sees": entry.client_sees, "why": entry.why, "source": entry.source}
    return {**one.document(), **told, "remedy": entry.fix, "docs": f"docs/troubleshooting.md#{one.code}"}
