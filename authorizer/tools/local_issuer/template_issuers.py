"""The issuers that a template trusts, each with a stand-in: user pools, issuers of JWT authorizers, and those in the
settings of our own functions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from authorizer.errors import ConfigError
from authorizer.jose.key_source import StaticKeys
from authorizer.tools.local_issuer.client import CLIENT_CREDENTIALS, GRANTS, PASSWORD, Client
from authorizer.tools.local_issuer.stand_in import StandIn
from authorizer.tools.template.shape import as_flag, as_list
from authorizer.tools.template.unresolved import Unresolved
from authorizer.tools.template_check.function_settings import own_settings
from authorizer.verifiers.cognito import CognitoClaims, issuer_urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from authorizer.tools.gateway.names import Names
    from authorizer.tools.template import Document, Function
    from authorizer.verifiers.trusted_issuers import TrustedIssuer

LOCAL: Final = "local"  # the client of an issuer that names none
_OURS: Final = "authorizer.handler."
_SDK_SCOPE: Final = "aws.cognito.signin.user.admin"


def stand_ins(document: Document, names: Names, others: Iterable[str] = ()) -> list[StandIn]:
    """A stand-in for each issuer, each form of `iss` once; user pools of the template come first. `others` are issuers of
    functions whose settings we cannot read."""
    scopes = _scopes(document, names)
    found: list[StandIn] = []
    for ask in (_pools, _of_authorizers, _of_functions):
        for one in ask(document, names, scopes):
            _add(found, one)
    for issuer in others:
        _add(found, _oidc(issuer, (), scopes))
    return found


def warnings(document: Document, names: Names) -> list[str]:
    """The functions of ours whose settings name keys of their own: nobody can sign for those here."""
    said = []
    for function, issuer in _trusted(document, names):
        if isinstance(issuer.keys, StaticKeys):
            keys = f"{function.logical_id} has the keys of {issuer.issuers[0]} in its settings"
            said.append(f"{keys}: no token of that issuer can be made here")
    return list(dict.fromkeys(said))


def _add(found: list[StandIn], new: StandIn) -> None:
    """What answers for the same issuer is one: with the clients, audiences and key places of both."""
    for at, one in enumerate(found):
        if not set(one.issuers).isdisjoint(new.issuers):
            clients = {client.id: client for client in (*new.clients, *one.clients)}
            if len(clients) > 1:
                clients.pop(LOCAL, None)
            found[at] = replace(
                one,
                audience=tuple(dict.fromkeys((*one.audience, *new.audience))) if one.kind == "oidc" else one.audience,
                clients=tuple(clients[name] for name in sorted(clients, key=lambda name: _order(name, one))),
                keys_at=tuple(dict.fromkeys((*one.keys_at, *new.keys_at))),
            )
            return
    taken = {one.name for one in found}
    name = next(name for name in (new.name, *(f"{new.name}-{n}" for n in range(2, 100))) if name not in taken)
    found.append(replace(new, name=name))


def _order(client_id: str, one: StandIn) -> tuple[int, str]:
    known = [client.id for client in one.clients]
    return (known.index(client_id) if client_id in known else len(known)), client_id


def _pools(document: Document, names: Names, scopes: tuple[str, ...]) -> Iterator[StandIn]:
    resources = document.resources.values()
    for pool in (one for one in resources if one.type == "AWS::Cognito::UserPool"):
        pool_id = names.of(pool.logical_id)
        clients = [
            _client(one.logical_id, names.value(dict(one.properties)), names)
            for one in resources
            if one.type == "AWS::Cognito::UserPoolClient" and names.text(one.properties.get("UserPoolId")) == pool_id
        ]
        yield StandIn(
            name=_slug(pool.logical_id),
            kind="cognito",
            issuers=issuer_urls(pool_id),
            clients=tuple(clients) or (_local(scopes),),
            scopes=scopes,
        )


def _client(logical_id: str, given: dict[str, Any], names: Names) -> Client:
    flows = [str(one) for one in as_list(given.get("AllowedOAuthFlows"))]
    grants = (CLIENT_CREDENTIALS,) if CLIENT_CREDENTIALS in flows else ()
    machine_only = grants and not {"code", "implicit"} & set(flows)
    secret = names.text(Unresolved(f"GetAtt {logical_id}.ClientSecret"))
    return Client(
        id=names.of(logical_id),
        secret=secret if as_flag(given.get("GenerateSecret", False)) is True else None,
        scopes=tuple(str(one) for one in as_list(given.get("AllowedOAuthScopes"))) or (_SDK_SCOPE,),
        grants=grants if machine_only else (*grants, PASSWORD),
    )


def _of_authorizers(document: Document, names: Names, scopes: tuple[str, ...]) -> Iterator[StandIn]:
    for api in document.apis:
        for one in api.authorizers:
            for arn in map(names.text, one.user_pools):
                pool_id = arn.rpartition("/")[2]
                if issuer_urls(pool_id):
                    yield _pool(pool_id, scopes)
            for issuer in one.issuers:
                yield _of_issuer(names.text(issuer.issuer), tuple(map(names.text, issuer.audience)), scopes)


def _of_functions(document: Document, names: Names, scopes: tuple[str, ...]) -> Iterator[StandIn]:
    for _, issuer in _trusted(document, names):
        if isinstance(issuer.keys, StaticKeys):
            continue
        checks = [one for one in issuer.profile.checks if isinstance(one, CognitoClaims)]
        if checks:
            clients = sorted(checks[0].clients or ())
            found = _pool(issuer.issuers[0].rpartition("/")[2], scopes)
            yield replace(found, clients=tuple(Client(id=one, scopes=scopes) for one in clients) or found.clients)
        else:
            yield _of_issuer(issuer.issuers[0], tuple(sorted(issuer.profile.audience or ())), scopes)


def _trusted(document: Document, names: Names) -> Iterator[tuple[Function, TrustedIssuer]]:
    for function in document.functions:
        if not names.text(function.handler).startswith(_OURS):
            continue
        variables = {name: names.text(value) for name, value in function.environment.items()}
        try:
            found = own_settings(replace(function, environment=variables), document, None).checked.issuers
        except ConfigError:  # the function will say so when it starts
            continue
        yield from ((function, issuer) for issuer in found)


def _pool(pool_id: str, scopes: tuple[str, ...]) -> StandIn:
    name = _slug(pool_id.partition("_")[2])
    return StandIn(name=name, kind="cognito", issuers=issuer_urls(pool_id), clients=(_local(scopes),), scopes=scopes)


def _of_issuer(issuer: str, audience: tuple[str, ...], scopes: tuple[str, ...]) -> StandIn:
    """A user pool by its issuer, else an OpenID provider."""
    pool_id = issuer.rpartition("/")[2]
    if issuer in issuer_urls(pool_id):
        found = _pool(pool_id, scopes)
        return replace(found, clients=tuple(Client(id=one, scopes=scopes) for one in audience) or found.clients)
    return _oidc(issuer, audience, scopes)


def _oidc(issuer: str, audience: tuple[str, ...], scopes: tuple[str, ...]) -> StandIn:
    return StandIn(
        name=_slug(urlsplit(issuer).hostname or issuer),
        kind="oidc",
        issuers=(issuer,),
        audience=audience,
        clients=(_local(scopes),),
        scopes=scopes,
    )


def _local(scopes: tuple[str, ...]) -> Client:
    return Client(id=LOCAL, scopes=("openid", *scopes), grants=GRANTS)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "issuer"


def _scopes(document: Document, names: Names) -> tuple[str, ...]:
    """All scopes that anything in the template names: routes, resource servers, app clients, and rules of ours."""
    found: dict[str, None] = {}
    for api in document.apis:
        for route in api.routes:
            found |= dict.fromkeys(map(names.text, route.scopes))
    for one in document.resources.values():
        properties = names.value(dict(one.properties))
        if one.type == "AWS::Cognito::UserPoolResourceServer":
            server = properties.get("Identifier")
            found |= {f"{server}/{scope.get('ScopeName')}": None for scope in as_list(properties.get("Scopes"))}
    return tuple(found)
