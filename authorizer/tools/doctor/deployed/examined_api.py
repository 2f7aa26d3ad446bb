"""All checks of one deployed API: those of templates, and those that only a deployment answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.deployed.access import not_checked
from authorizer.tools.doctor.deployed.deployed_checks import deployed_findings
from authorizer.tools.doctor.deployed.deployment import deployment, stages
from authorizer.tools.doctor.deployed.unseen import trusted
from authorizer.tools.doctor.examination import Examination, examined
from authorizer.tools.template_check.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from authorizer.tools.doctor.deployed.access import Access
    from authorizer.tools.doctor.deployed.deployment import Wanted
    from authorizer.tools.template_check.finding import Finding

_ORDER: Final = list(Severity)


def examined_api(
    access: Access, wanted: Wanted, *, network: bool = True, get: Callable[[str], bytes] | None = None
) -> Examination:
    """What is wrong with an API, stage by stage; `CommandError` where it is not there. `get` asks issuers in place of the
    network."""
    found: dict[Finding, None] = {}
    total: Examination | None = None
    for stage in stages(access, wanted):
        one = deployment(access, replace(wanted, stage=stage or None))
        view = one.view()
        total = examined(view)
        both = (*total.findings, *deployed_findings(one, view, network=network, get=get))
        found |= dict.fromkeys(trusted(one, both))
    assert total is not None  # `stages` names one at least
    return replace(total, findings=_sorted(found), unseen=not_checked(access.unseen))


def _sorted(found: Iterable[Finding]) -> list[Finding]:
    return sorted(found, key=lambda one: (_ORDER.index(one.severity), one.code, str(one.place)))
