"""The issuers that a template trusts, each with a stand-in: user pools, issuers of JWT authorizers, and those in the
settings of our own functions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from authorizer import config
from authorizer.errors import ConfigError
from authorizer.jose.key_source import StaticKeys
from authorizer.tools.local_issuer.client import CLIENT_CREDENTIALS, GRANTS, PASSWORD, Client
from authorizer.tools.local_issuer.stand_in import StandIn
from authorizer.tools.template.shape import as_flag, as_list, as_map
from authorizer.tools.template.unresolved import Unresolved
from authorizer.tools.template_check.function_settings import own_settings
from authorizer.tools.template_check.stand_ins import known_variables
from authorizer.verifiers.cognito import CognitoClaims, issuer_urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from authorizer.tools.gateway.names import Names
    from authorizer.tools.template import Document, Function
    from authorizer.tools.template_check.function_settings import OwnSettings
    from authorizer.verifiers.trusted_issuers import TrustedIssuer

LOCAL: Final = "local"  # the client of an issuer that names none
_OURS: Final = "authorizer.handler."
_MAX_HOST: Final = 253
_LABEL: Final = re.compile(r"(?![^x].--|x[^n]--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")  # RFC 1123 section 2.1, RFC 5891
_CLIENT, _SERVER = "AWS::Cognito::UserPoolClient", "AWS::Cognito::UserPoolResourceServer"
_OPENID: Final = "openid"
_SDK_SCOPE: Final = "aws.cognito.signin.user.admin"


def stand_ins(document: Document, names: Names, others: Iterable[str] = ()) -> list[StandIn]:
    """A stand-in for each issuer, each form of `iss` once; user pools of the template come first. `others` are issuers of
    functions whose settings we cannot read."""
    scopes = _scopes(document, names)
    found: list[StandIn] = []
    for one in (*_wanted(document, names, scopes), *(_of_issuer(issuer, (), scopes) for issuer in others)):
        if all(map(_findable, one.issuers)):
            _add(found, one)
    return found


def warnings(document: Document, names: Names) -> list[str]:
    """What no stand-in can do: sign with keys that are in the settings of a function, and answer for what is no host."""
    wanted = (one.issuers[0] for one in _wanted(document, names, ()))
    said = [
        f"{issuer} has no host that could be looked up: it has no stand-in"
        for issuer in wanted
        if not _findable(issuer)
    ]
    for function, own, _ in _settings(document, names):
        for issuer in own.checked.issuers:
            if isinstance(issuer.keys, StaticKeys):
                keys = f"{function.logical_id} has the keys of {issuer.issuers[0]} in its settings"
                said.append(f"{keys}: no token of that issuer can be made here")
    return list(dict.fromkeys(said))


def _wanted(document: Document, names: Names, scopes: tuple[str, ...]) -> Iterator[StandIn]:
    for ask in (_pools, _of_authorizers, _of_functions):
        yield from ask(document, names, scopes)


def _host(url: str) -> str | None:
    """The host of a URL, empty where it has none; None for what is no URL."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.port != 0 else None
    except ValueError:
        return None


def _findable(url: str) -> bool:
    """Whether its host can be looked up, or never is: it is an address, or there is none."""
    host = _host(url)
    if host is None:
        return False
    return not host or ":" in host or (len(host) <= _MAX_HOST and all(map(_LABEL.fullmatch, host.split("."))))


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
        issuers = issuer_urls(pool_id)
        if not issuers:  # no Region of AWS
            continue
        clients = [
            _client(one.logical_id, names.value(dict(one.properties)), names)
            for one in resources
            if one.type == _CLIENT and names.text(one.properties.get("UserPoolId")) == pool_id
        ]
        yield StandIn(
            name=_slug(pool.logical_id),
            kind="cognito",
            issuers=issuers,
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
    for _, own, places in _settings(document, names):
        for issuer, keys_at in zip(own.checked.issuers, places, strict=True):
            if not isinstance(issuer.keys, StaticKeys):
                yield replace(_of_trusted(issuer, scopes), keys_at=keys_at)


def _of_trusted(issuer: TrustedIssuer, scopes: tuple[str, ...]) -> StandIn:
    checks = [one for one in issuer.profile.checks if isinstance(one, CognitoClaims)]
    if not checks:
        return _of_issuer(issuer.issuers[0], tuple(sorted(issuer.profile.audience or ())), scopes)
    clients = tuple(Client(id=one, scopes=scopes) for one in sorted(checks[0].clients or ()))
    found = _pool(issuer.issuers[0].rpartition("/")[2], scopes)
    return replace(found, clients=clients or found.clients)


def _settings(document: Document, names: Names) -> Iterator[tuple[Function, OwnSettings, list[tuple[str, ...]]]]:
    """What the functions of ours will read, as far as that is here, and for each issuer where its keys are."""
    for function in document.functions:
        if not names.text(function.handler).startswith(_OURS):
            continue
        variables = {name: names.text(value) for name, value in function.environment.items()}
        try:
            own = own_settings(replace(function, environment=variables), document, None)
            places = _key_places(variables, own)
        except ConfigError:  # the function will say so when it starts
            continue
        yield function, own, places


def _key_places(variables: dict[str, str], own: OwnSettings) -> list[tuple[str, ...]]:
    """Where the keys of each issuer are, in the order of the settings, as far as they name a URL."""
    given = {"AUTHORIZER_CONFIG_FILE": str(own.file.resolve())} if own.file is not None else known_variables(variables)
    uris = [table.get("jwks_uri") for table in as_list(config.from_environment(given).raw("issuer"))]
    return [(uri,) if isinstance(uri, str) and _findable(uri) else () for uri in uris]


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
        name=_slug(_host(issuer) or issuer),
        kind="oidc",
        issuers=(issuer,),
        audience=audience,
        clients=(_local(scopes),),
        scopes=scopes,
    )


def _local(scopes: tuple[str, ...]) -> Client:
    return Client(id=LOCAL, scopes=(_OPENID, *scopes), grants=GRANTS)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "issuer"


def _scopes(document: Document, names: Names) -> tuple[str, ...]:
    """All scopes that anything in the template names: routes, resource servers, app clients, and rules of ours."""
    of_routes = (names.text(scope) for api in document.apis for route in api.routes for scope in route.scopes)
    found = dict.fromkeys((*of_routes, *_of_resources(document, names), *_of_rules(document, names)))
    return tuple(name for name in found if name != _OPENID)


def _of_resources(document: Document, names: Names) -> Iterator[str]:
    for one in document.resources.values():
        properties = names.value(dict(one.properties)) if one.type in (_SERVER, _CLIENT) else {}
        yield from map(str, as_list(properties.get("AllowedOAuthScopes")))
        for scope in map(as_map, as_list(properties.get("Scopes"))):
            yield f"{properties.get('Identifier')}/{scope.get('ScopeName')}"


def _of_rules(document: Document, names: Names) -> Iterator[str]:
    for _, own, _ in _settings(document, names):
        rules = own.checked.rules
        for requirement in (rules.everywhere, *(route.requirement for route in rules.routes)):
            if requirement is not None:
                yield from sorted(requirement.scopes | requirement.any_scopes)
