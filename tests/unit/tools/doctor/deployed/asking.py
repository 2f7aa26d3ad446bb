"""The doctor, asked about an account in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.tools.doctor.deployed.access import Access
from authorizer.tools.doctor.deployed.deployment import Wanted
from authorizer.tools.doctor.deployed.examined_api import examined_api
from tests.unit.tools.doctor.deployed.cloud import Cloud
from tests.unit.tools.doctor.deployed.issuer import right_issuer
from tests.unit.tools.doctor.deployed.right import HTTP, REST, SOCKET

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.tools.doctor.examination import Examination
    from tests.unit.tools.doctor.deployed.account import Account

APIS = (REST, HTTP, SOCKET)


def wanted(api: str, stage: str | None = None) -> Wanted:
    """One of the three APIs."""
    return Wanted(api=api, rest=api == REST, stage=stage)


def examination(
    account: Account, api: str, get: Callable[[str], bytes] | None = None, cloud: Cloud | None = None
) -> Examination:
    """What the doctor says of an API, all of its stages."""
    access = Access(clients=cloud or Cloud(account))
    return examined_api(access, wanted(api), get=get or right_issuer())


def codes(account: Account, api: str, get: Callable[[str], bytes] | None = None) -> set[str]:
    """The codes of it."""
    return {one.code for one in examination(account, api, get).findings}
