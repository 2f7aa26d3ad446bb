"""The other APIs that may call the functions: whether they are still there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.deployed.calls import HTTP_API, REST_API
from authorizer.tools.doctor.deployed.functions_reader import PERMISSION

if TYPE_CHECKING:
    from authorizer.tools.doctor.deployed.reading import Reading

_SOURCE: Final = re.compile(r"arn:[\w-]+:execute-api:([\w-]+):(\d{12}):([a-z0-9]{8,12})/.*")
_APIS: Final = 20  # that are looked for; a function that more may call is hardly of one of them


def api_of_source(source: object) -> tuple[str, str, str] | None:
    """Region, account and id of the API that a SourceArn names."""
    found = _SOURCE.fullmatch(str(source))
    return (found[1], found[2], found[3]) if found else None


def read_callers(reading: Reading) -> None:
    """Takes down which APIs of the account that permissions name are gone."""
    permissions = [one for one in reading.resources.values() if one.type == PERMISSION]
    named = [api_of_source(one.properties.get("SourceArn")) for one in permissions]
    here = dict.fromkeys(one[2] for one in named if one and one[:2] == (reading.region, reading.account))
    for api in [one for one in here if one not in reading.resources][:_APIS]:
        if _is_gone(reading, api):
            reading.gone.add(api)


def _is_gone(reading: Reading, api: str) -> bool:
    asked = reading.access.asked
    return asked(REST_API, api, restApiId=api).gone and asked(HTTP_API, api, ApiId=api).gone
