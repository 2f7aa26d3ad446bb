"""The checks that only a deployment answers, by family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from authorizer.tools.doctor.deployed import account_checks, api_checks, function_checks, pool_checks
from authorizer.tools.doctor.deployed.issuer_checks import issuers, unasked_pools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authorizer.tools.doctor.deployed.deployment import Deployment
    from authorizer.tools.doctor.deployed.view import DeployedView
    from authorizer.tools.template_check.finding import Finding


class DeployedCheck(Protocol):
    """One question to a deployment, or several about the same thing."""

    def __call__(self, one: Deployment, view: DeployedView, /) -> Iterator[Finding]:
        """What is wrong."""
        ...


CHECKS: Final[tuple[DeployedCheck, ...]] = (
    *api_checks.CHECKS,
    *function_checks.CHECKS,
    *pool_checks.CHECKS,
    *account_checks.CHECKS,
)


def deployed_findings(
    one: Deployment, view: DeployedView, *, network: bool, get: Callable[[str], bytes] | None = None
) -> Iterator[Finding]:
    """All that these checks say. Without `network` no issuer is asked; `get` asks them in place of the network."""
    for check in CHECKS:
        yield from check(one, view)
    if network:
        yield from issuers(one, view, get)
    else:
        unasked_pools(one)
