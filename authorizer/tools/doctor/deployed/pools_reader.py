"""User pools that authorizers trust, their app clients, scopes and triggers → AWS::Cognito. Secrets are left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer.tools.doctor.deployed.calls import POOL, POOL_CLIENT, POOL_CLIENTS, RESOURCE_SERVERS
from authorizer.tools.doctor.deployed.functions_reader import read_function
from authorizer.tools.doctor.deployed.reading import arn_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from authorizer.tools.doctor.deployed.reading import Reading
    from authorizer.tools.template import Api

_PAGES: Final = {"PageSize": 50}  # of one answer, the most there can be of resource servers
_CLIENTS: Final = 60  # of one pool that are looked at
_ISSUER: Final = re.compile(r"https://(?:issuer-)?cognito-idp\.([a-z0-9-]+)\.amazonaws\.[a-z.]+/([\w-]+_[0-9A-Za-z]+)")
_CLIENT: Final = re.compile(r"[A-Za-z0-9_+]{1,128}")  # what an id looks like; AWS takes no other question
_TYPE: Final = "AWS::Cognito::"
_POOL_SAYS: Final = ("UserPoolName", "LambdaConfig", "UserPoolTier", "MfaConfiguration")
_CLIENT_SAYS: Final = (
    "ClientName",
    "AllowedOAuthFlows",
    "AllowedOAuthFlowsUserPoolClient",
    "AllowedOAuthScopes",
    "CallbackURLs",
    "LogoutURLs",
    "SupportedIdentityProviders",
    "EnableTokenRevocation",
    "ExplicitAuthFlows",
    "AccessTokenValidity",
    "IdTokenValidity",
    "TokenValidityUnits",
    "UserPoolId",
)


class PoolId(NamedTuple):
    """A user pool, the Region that it is in, and the account where that is known."""

    region: str
    id: str
    account: str | None = None


def pool_of_arn(text: str) -> PoolId | None:
    """The pool of an ARN."""
    arn = arn_of(text)
    named = arn is not None and arn.service == "cognito-idp" and arn.rest.startswith("userpool/")
    return PoolId(arn.region, arn.rest.removeprefix("userpool/"), arn.account) if arn and named else None


def pool_of_issuer(text: str) -> PoolId | None:
    """The pool that an issuer is."""
    found = _ISSUER.fullmatch(text)
    return PoolId(found[1], found[2]) if found else None


def read_pools(reading: Reading, api: Api) -> None:
    """Takes down all that the authorizers of an API name."""
    for one in api.authorizers:
        for arn in one.user_pools:
            _read(reading, pool_of_arn(str(arn)), ())
        for issuer in one.issuers:
            _read(reading, pool_of_issuer(str(issuer.issuer)), tuple(map(str, issuer.audience)))


def triggers(pool: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The functions that a pool calls, by the name of the trigger; each once."""
    found: dict[str, str] = {}
    for name, said in (pool.get("LambdaConfig") or {}).items():
        arn = said.get("LambdaArn") if isinstance(said, dict) else said
        if isinstance(arn, str) and ":lambda:" in arn:
            found.setdefault(arn, name.removesuffix("Config"))
    return ((name, arn) for arn, name in found.items())


def _read(reading: Reading, pool: PoolId | None, audience: Sequence[str]) -> None:
    if pool is None or pool.account not in (None, reading.account):
        return
    answer = reading.access.asked(POOL, pool.id, pool.region, UserPoolId=pool.id)
    if answer.gone:
        reading.gone.add(pool.id)
    if answer.value is None:
        return
    given = answer.value["UserPool"]
    said = {name: given.get(name) for name in _POOL_SAYS} | {"UserPoolName": given.get("Name")}
    reading.mark(reading.add(f"{_TYPE}UserPool", pool.id, said), Arn=given.get("Arn"))
    _domains(reading, pool, given)
    _servers(reading, pool)
    _clients(reading, pool, audience)
    for _, arn in triggers(said):
        read_function(reading, arn)


def _domains(reading: Reading, pool: PoolId, given: Mapping[str, Any]) -> None:
    for name in (given.get("Domain"), given.get("CustomDomain")):
        if name:
            said = {"Domain": name, "UserPoolId": pool.id}
            reading.add(f"{_TYPE}UserPoolDomain", f"{pool.id} {name}", said, name)


def _servers(reading: Reading, pool: PoolId) -> None:
    call = RESOURCE_SERVERS
    answer = reading.access.listed(call, pool.id, pool.region, UserPoolId=pool.id, PaginationConfig=_PAGES)
    for one in answer.value or []:
        name = one["Identifier"]
        reading.add(f"{_TYPE}UserPoolResourceServer", f"{pool.id} {name}", one, name)


def _clients(reading: Reading, pool: PoolId, audience: Sequence[str]) -> None:
    """Those that an authorizer names, else the first of the pool."""
    for client in filter(_CLIENT.fullmatch, audience or _all_clients(reading, pool)):
        answer = reading.access.asked(POOL_CLIENT, client, pool.region, UserPoolId=pool.id, ClientId=client)
        if answer.gone:
            reading.gone.add(f"{pool.id} {client}")
        if answer.value is not None:
            given = answer.value["UserPoolClient"]
            said = {name: given.get(name) for name in _CLIENT_SAYS} | {"GenerateSecret": "ClientSecret" in given}
            reading.add(f"{_TYPE}UserPoolClient", client, said)


def _all_clients(reading: Reading, pool: PoolId) -> list[str]:
    call = POOL_CLIENTS
    answer = reading.access.listed(call, pool.id, pool.region, UserPoolId=pool.id, PaginationConfig=_PAGES)
    found = [one["ClientId"] for one in answer.value or []]
    if len(found) > _CLIENTS:
        reading.access.note(POOL_CLIENT, pool.id, f"there are {len(found)} app clients; {_CLIENTS} were looked at")
    return found[:_CLIENTS]
