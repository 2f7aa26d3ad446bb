"""The user pools of a document with what decides over their tokens: app clients, resource servers and the trigger.

What only a deployment knows is None here, so that no check takes it for something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer.tools.doctor.told import told
from authorizer.tools.doctor.trigger_code import mentions
from authorizer.tools.template import AuthorizerKind, Place, Unresolved
from authorizer.tools.template.shape import as_flag, as_list, as_map, as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import ApiAuthorizer, Function, Resource
    from authorizer.tools.template.unresolved import Text

POOL, CLIENT, SERVER = "AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient", "AWS::Cognito::UserPoolResourceServer"
SDK_SCOPE: Final = "aws.cognito.signin.user.admin"  # all that a sign-in with the SDK puts into an access token
OIDC_SCOPES: Final = frozenset({"openid", "email", "phone", "profile"})
MACHINE: Final = "client_credentials"
ADDS_SCOPES: Final = ("scopesToAdd", "scopes_to_add")
_REFRESH: Final = "ALLOW_REFRESH_TOKEN_AUTH"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppClient:
    """One app client. `flows` are its OAuth flows that are in effect, `scopes` those that it may ask for there; `signs_in`
    says that the SDK can sign users in with it."""

    resource: Resource
    id: str
    flows: frozenset[str] | None
    scopes: frozenset[str] | None
    signs_in: bool | None

    @property
    def properties(self) -> Mapping[str, Any]:
        """Of its resource."""
        return self.resource.properties

    @property
    def place(self) -> Place:
        """Of its properties."""
        return Place(self.resource.logical_id, ("Properties",))

    @property
    def for_machines(self) -> bool:
        """Whether only machines get tokens by it; what is not known counts as no."""
        return self.flows == frozenset({MACHINE})

    def granted(self) -> frozenset[str] | None:
        """All scopes that an access token may hold by it, triggers aside."""
        if self.flows is None or self.scopes is None or self.signs_in is None:
            return None
        return (self.scopes if self.flows else frozenset()) | ({SDK_SCOPE} if self.signs_in else frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """The pre token generation trigger of a pool. `version` is that of its event: V1_0, V2_0 or V3_0."""

    place: Place
    said: Text | None  # the function, as it is named
    version: str | None
    function: Function | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPool:
    """One user pool. `scopes` are the custom ones that its resource servers define, `servers` their identifiers."""

    resource: Resource
    id: str
    arn: str
    clients: tuple[AppClient, ...]
    all_clients: bool  # whether no other of the document may be of it
    servers: frozenset[str] | None
    scopes: frozenset[str] | None
    trigger: Trigger | None

    @property
    def name(self) -> str:
        """Its logical id."""
        return self.resource.logical_id

    @property
    def place(self) -> Place:
        """Of its properties."""
        return Place(self.resource.logical_id, ("Properties",))

    def may_add_scopes(self, view: View) -> bool:
        """Whether its trigger adds scopes, or may. Code that does so for events of version 1 counts: it is meant to, and a
        finding of its own."""
        if self.trigger is None:
            return False
        function = self.trigger.function
        said = None if function is None else mentions(view, function, *ADDS_SCOPES)
        return self.trigger.version != "V1_0" if said is None else said

    def defines(self, scope: str) -> bool:
        """Whether a scope may be asked for; yes where that is not known."""
        return self.scopes is None or scope in self.scopes or scope in OIDC_SCOPES or scope == SDK_SCOPE


def all_told(view: View, values: Iterable[object]) -> tuple[str, ...] | None:
    """The texts; None as soon as one of them is not told."""
    found = [told(view, one) for one in values]
    return None if None in found else tuple(one for one in found if one is not None)


def user_pools(view: View) -> tuple[UserPool, ...]:
    """Those of the document."""
    return tuple(_pool(view, one) for one in view.of_type(POOL))


def pools_asked(view: View, authorizer: ApiAuthorizer) -> tuple[UserPool, ...] | None:
    """The pools whose tokens an authorizer takes; None where not all of them are in the document."""
    cognito = authorizer.kind is AuthorizerKind.COGNITO_USER_POOLS
    named = all_told(view, authorizer.user_pools if cognito else [one.issuer for one in authorizer.issuers])
    known = {one.id: one for one in user_pools(view)}
    begin = "arn:" if cognito else "https://"
    found = [known.get(one.rstrip("/").rpartition("/")[2]) if one.startswith(begin) else None for one in named or ()]
    return None if not found or None in found else tuple(one for one in found if one is not None)


def clients_taken(view: View, authorizer: ApiAuthorizer) -> tuple[AppClient, ...] | None:
    """The app clients whose tokens an authorizer takes: of a JWT authorizer those in its audience. None where there may be
    others than those in the document."""
    pools = pools_asked(view, authorizer)
    if pools is None:
        return None
    clients = tuple(client for pool in pools for client in pool.clients)
    if authorizer.kind is AuthorizerKind.COGNITO_USER_POOLS:
        return clients if clients and all(one.all_clients for one in pools) else None
    audience = all_told(view, [one for issuer in authorizer.issuers for one in issuer.audience])
    known = {one.id: one for one in clients}
    if not audience or not set(audience) <= known.keys():
        return None
    return tuple(known[one] for one in audience)


def _pool(view: View, resource: Resource) -> UserPool:
    pool_id = view.names.of(resource.logical_id)
    servers, clients = of_pool(view, SERVER, pool_id), of_pool(view, CLIENT, pool_id)
    identifiers = all_told(view, [one.properties.get("Identifier") for one in servers.found])
    scopes = all_told(view, _scopes(view, servers.found))
    return UserPool(
        resource=resource,
        id=pool_id,
        arn=str(resource.attributes.get("Arn") or view.names.arn("cognito-idp", f"userpool/{pool_id}")),
        clients=tuple(_client(view, one) for one in clients.found),
        all_clients=clients.all,
        servers=frozenset(identifiers) if identifiers is not None and servers.all else None,
        scopes=frozenset(scopes) if scopes is not None and servers.all else None,
        trigger=_trigger(view, resource),
    )


class OfPool(NamedTuple):
    """The resources of a type that belong to a pool, and whether those are all of the document."""

    found: list[Resource]
    all: bool


def of_pool(view: View, kind: str, pool_id: str) -> OfPool:
    """The resources of a type that name a pool as theirs."""
    named = [(one, told(view, one.properties.get("UserPoolId"))) for one in view.of_type(kind)]
    return OfPool([one for one, it in named if it == pool_id], all(it is not None for _, it in named))


def _scopes(view: View, servers: Iterable[Resource]) -> Iterator[str | None]:
    for server in servers:
        identifier = told(view, server.properties.get("Identifier"))
        for scope in as_list(server.properties.get("Scopes")):
            name = told(view, as_map(scope).get("ScopeName"))
            yield None if identifier is None or name is None else f"{identifier}/{name}"


def _client(view: View, resource: Resource) -> AppClient:
    given = resource.properties
    explicit = all_told(view, as_list(given.get("ExplicitAuthFlows")))
    scopes = all_told(view, as_list(given.get("AllowedOAuthScopes")))
    return AppClient(
        resource=resource,
        id=view.names.of(resource.logical_id),
        flows=_flows(view, given),
        scopes=None if scopes is None else frozenset(scopes),
        signs_in=None if explicit is None else not explicit or bool(set(explicit) - {_REFRESH}),
    )


def _flows(view: View, given: Mapping[str, Any]) -> frozenset[str] | None:
    flows, on = all_told(view, as_list(given.get("AllowedOAuthFlows"))), given.get("AllowedOAuthFlowsUserPoolClient")
    if flows is None or isinstance(as_flag(on), Unresolved):
        return None
    return frozenset(flows if as_flag(on) else ())


def _trigger(view: View, pool: Resource) -> Trigger | None:
    """By the newer setting where both are there."""
    place = Place(pool.logical_id, ("Properties", "LambdaConfig"))
    given = pool.properties.get("LambdaConfig")
    if isinstance(given, Unresolved):
        return Trigger(place=place, said=None, version=None, function=None)
    newer, older = as_map(given).get("PreTokenGenerationConfig"), as_map(given).get("PreTokenGeneration")
    if newer is None and older is None:
        return None
    name = "PreTokenGeneration" if newer is None else "PreTokenGenerationConfig"
    said = older if newer is None else as_map(newer).get("LambdaArn")
    return Trigger(
        place=place / name,
        said=as_text(said),
        version="V1_0" if newer is None else told(view, as_map(newer).get("LambdaVersion")),
        function=_function(view, said),
    )


def _function(view: View, said: object) -> Function | None:
    """The function behind an ARN that names it, one of its versions or an alias."""
    arn = told(view, said)
    names = [] if arn is None else [one for one in view.document.functions if _is(view, one, arn)]
    return names[0] if len(names) == 1 else None


def _is(view: View, function: Function, arn: str) -> bool:
    own = view.names.arn("lambda", f"function:{view.names.of(function.logical_id)}")
    return arn == own or arn.startswith(f"{own}:")
