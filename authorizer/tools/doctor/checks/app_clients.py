"""App clients of user pools: whether Cognito takes their settings, and whether anybody gets a token by them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.told import told
from authorizer.tools.doctor.user_pools import (
    MACHINE,
    OIDC_SCOPES,
    SDK_SCOPE,
    SERVER,
    all_told,
    of_pool,
    user_pools,
)
from authorizer.tools.template import Unresolved
from authorizer.tools.template.shape import as_flag, as_list, as_map, as_number
from authorizer.tools.template.unresolved import resources_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.user_pools import AppClient, UserPool
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template_check.finding import Finding

_FOR_USERS: Final = frozenset({"code", "implicit"})
_PLAIN: Final = re.compile(r"http://(?!(localhost|127\.0\.0\.1|\[::1\])([:/]|$))")
_OF_AN_APP: Final = re.compile(r"(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:")  # a scheme that a phone or desktop takes
_SECONDS: Final = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_SHORTEST, _LONGEST = 300, 86400  # seconds, of access and ID tokens


def flows(view: View) -> Iterator[Finding]:
    """Whether there is a way to a token at all."""
    for _, client in _clients(view):
        given, on = client.properties, as_flag(client.properties.get("AllowedOAuthFlowsUserPoolClient"))
        listed = all_told(view, as_list(given.get("AllowedOAuthFlows")))
        if listed is None or isinstance(on, Unresolved):
            continue
        if listed and not on:
            found, right = f"AllowedOAuthFlows [{', '.join(listed)}], which are not on", "both settings"
            yield _wrong(view, client, "client_oauth_not_allowed", found, right)
        elif on and (not listed or client.scopes == frozenset()):
            found = f"AllowedOAuthFlowsUserPoolClient without {'AllowedOAuthScopes' if listed else 'AllowedOAuthFlows'}"
            right = "flows and scopes, or neither"
            yield _wrong(view, client, "client_oauth_incomplete", found, right)
        elif not listed and client.signs_in is False:
            found, right = "no OAuth flow, and ExplicitAuthFlows that only refresh", "a way to sign in"
            yield _wrong(view, client, "client_without_flows", found, right)


def callbacks(view: View) -> Iterator[Finding]:
    """Where the login page sends people back to."""
    for _, client in _clients(view):
        urls = all_told(view, as_list(client.properties.get("CallbackURLs")))
        if urls is None or not client.flows or client.flows.isdisjoint(_FOR_USERS):
            continue
        refused = [url for url in urls if _PLAIN.match(url) or "#" in url]
        if not urls:
            found, right = f"{' and '.join(sorted(client.flows))} without CallbackURLs", "the URL of the application"
            yield _wrong(view, client, "client_callback_missing", found, right)
        elif refused:
            right = "https, or http on localhost, and nothing after #"
            yield _wrong(view, client, "client_callback_refused", refused[0], right)


def machines(view: View) -> Iterator[Finding]:
    """The flow `client_credentials`: alone, with a secret, for custom scopes."""
    for _, client in _clients(view):
        if client.flows is None or MACHINE not in client.flows:
            continue
        secret, scopes = as_flag(client.properties.get("GenerateSecret")), client.scopes
        if client.flows & _FOR_USERS:
            found, right = f"{MACHINE} beside {', '.join(sorted(client.flows - {MACHINE}))}", "two app clients"
            yield _wrong(view, client, "client_credentials_with_user_flows", found, right)
        elif secret is False and "ClientSecret" not in client.properties:
            found, right = f"{MACHINE}, and no secret", "GenerateSecret: true"
            yield _wrong(view, client, "client_credentials_without_secret", found, right)
        elif scopes and scopes <= OIDC_SCOPES | {SDK_SCOPE}:
            found, right = f"{MACHINE} for {', '.join(sorted(scopes))}", "scopes of a resource server"
            yield _wrong(view, client, "client_credentials_without_scopes", found, right)


def secrets(view: View) -> Iterator[Finding]:
    """A secret of an application that runs at its users."""
    for _, client in _clients(view):
        urls = all_told(view, as_list(client.properties.get("CallbackURLs"))) or ()
        flows = client.flows or frozenset()
        in_app = "code" in flows and urls and all(_OF_AN_APP.match(url) for url in urls)
        if as_flag(client.properties.get("GenerateSecret")) is True and ("implicit" in flows or in_app):
            found = (
                f"a secret, with the flow {' and '.join(sorted(flows))} and callbacks to {', '.join(urls) or 'nowhere'}"
            )
            right = "no secret: authorization code with PKCE"
            yield _wrong(view, client, "client_secret_for_public_client", found, right)


def scopes(view: View) -> Iterator[Finding]:
    """Scopes that Cognito does not know, or not yet when it makes the client."""
    for pool, client in _clients(view):
        custom = sorted((client.scopes or frozenset()) - OIDC_SCOPES - {SDK_SCOPE})
        unknown = [scope for scope in custom if not pool.defines(scope)]
        if unknown:
            right = ", ".join(sorted((client.scopes or frozenset()) - set(unknown) | (pool.scopes or frozenset())))
            yield _wrong(view, client, "client_scope_undefined", ", ".join(unknown), right or "no custom scope")
            continue
        late = [name for name in _servers(view, pool, custom) if name not in _before(view, client.resource.logical_id)]
        if late:
            found, right = f"scopes of {late[0]}, and nothing that makes it first", f"DependsOn: {late[0]}"
            yield _wrong(view, client, "client_before_resource_server", found, right)


def _servers(view: View, pool: UserPool, custom: list[str]) -> list[str]:
    """The logical ids of the resource servers that define scopes."""
    own = of_pool(view, SERVER, pool.id).found
    wanted = {scope.rpartition("/")[0] for scope in custom}
    return [one.logical_id for one in own if told(view, one.properties.get("Identifier")) in wanted]


def _before(view: View, logical_id: str) -> set[str]:
    """All resources that CloudFormation makes before one, the way over others included."""
    found: set[str] = set()
    ahead = [logical_id]
    while ahead:
        resource = view.document.resources.get(ahead.pop())
        if resource is not None:
            named = {*map(str, as_list(resource.attributes.get("DependsOn"))), *resources_in(dict(resource.properties))}
            ahead += sorted(named - found)
            found |= named
    return found


def lifetimes(view: View) -> Iterator[Finding]:
    """How long tokens live: the unit of a number is hours unless another is named."""
    for _, client in _clients(view):
        units = client.properties.get("TokenValidityUnits")
        if isinstance(units, Unresolved):
            continue
        for token in ("AccessToken", "IdToken"):
            count, unit = (
                as_number(client.properties.get(f"{token}Validity")),
                told(view, as_map(units).get(token, "hours")),
            )
            seconds = count * _SECONDS.get(unit or "", 0) if isinstance(count, int) else 0
            if seconds and not _SHORTEST <= seconds <= _LONGEST:
                yield view.finding(
                    "client_token_lifetime",
                    client.place / f"{token}Validity",
                    found=f"{count} {unit} for the {token}",
                    right="5 minutes to 1 day",
                    fix=(f"{token}Validity: 60", f"TokenValidityUnits: {{{token}: minutes}}"),
                )


def revocation(view: View) -> Iterator[Finding]:
    """Tokens that nobody can take back."""
    for _, client in _clients(view):
        if as_flag(client.properties.get("EnableTokenRevocation", True)) is False:
            found, right = "EnableTokenRevocation: false", "true, so that tokens have an origin_jti to deny them by"
            yield _wrong(view, client, "token_revocation_off", found, right)


def _clients(view: View) -> Iterator[tuple[UserPool, AppClient]]:
    return ((pool, client) for pool in user_pools(view) for client in pool.clients)


_FIXES: Final = {  # code → where it stands, and what to write
    "client_oauth_not_allowed": ("AllowedOAuthFlows", "AllowedOAuthFlowsUserPoolClient: true"),
    "client_oauth_incomplete": (
        "AllowedOAuthFlowsUserPoolClient",
        "AllowedOAuthFlows: [code]",
        "AllowedOAuthScopes: [openid, orders/read]",
    ),
    "client_without_flows": ("ExplicitAuthFlows", "ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH]"),
    "client_callback_missing": ("CallbackURLs", "CallbackURLs: [https://app.example.com/callback]"),
    "client_callback_refused": ("CallbackURLs", "CallbackURLs: [https://app.example.com/callback]"),
    "client_credentials_with_user_flows": ("AllowedOAuthFlows", f"AllowedOAuthFlows: [{MACHINE}]"),
    "client_credentials_without_secret": ("GenerateSecret", "GenerateSecret: true"),
    "client_credentials_without_scopes": ("AllowedOAuthScopes", "AllowedOAuthScopes: [orders/read]"),
    "client_secret_for_public_client": ("GenerateSecret", "GenerateSecret: false", "AllowedOAuthFlows: [code]"),
    "client_scope_undefined": ("AllowedOAuthScopes", "AllowedOAuthScopes: [{right}]"),
    "client_before_resource_server": ("AllowedOAuthScopes", "{right}"),
    "token_revocation_off": ("EnableTokenRevocation", "EnableTokenRevocation: true"),
}


def _wrong(view: View, client: AppClient, code: str, found: str, right: str) -> Finding:
    setting, *lines = _FIXES[code]
    fix = [line.replace("{right}", right) for line in lines]
    return view.finding(code, client.place / setting, found=found, right=right, fix=fix)


CHECKS = (flows, callbacks, machines, secrets, scopes, lifetimes, revocation)
