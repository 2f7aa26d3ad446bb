"""Where users sign in and OAuth tokens come from: the domain of a user pool, its pages, and who may sign in there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.checks.user_pools import MACHINE, user_pools
from authorizer.tools.doctor.told import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.checks.user_pools import AppClient, UserPool
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Resource
    from authorizer.tools.template_check.finding import Finding

_DOMAIN: Final = "AWS::Cognito::UserPoolDomain"
_BRANDING: Final = "AWS::Cognito::ManagedLoginBranding"
_MANAGED: Final = "2"  # ManagedLoginVersion; 1 is the hosted UI, which needs no branding


def domains(view: View) -> Iterator[Finding]:
    """App clients with OAuth flows, of a pool without the endpoints for them."""
    for pool in user_pools(view):
        client = next((one for one in pool.clients if one.flows), None)
        named = [told(view, one.properties.get("UserPoolId")) for one in view.of_type(_DOMAIN)]
        if client is not None and None not in named and pool.id not in named:
            yield view.finding(
                "domain_missing_for_oauth",
                pool.place,
                found=f"OAuth flows of {client.resource.logical_id}, and no domain of {pool.name}",
                right="an AWS::Cognito::UserPoolDomain",
                fix=(
                    f"{pool.name}Domain:",
                    f"  Type: {_DOMAIN}",
                    f"  Properties: {{UserPoolId: !Ref {pool.name}, Domain: a-name-of-yours}}",
                ),
            )


def branding(view: View) -> Iterator[Finding]:
    """Managed login for an app client that has no style there."""
    for pool in user_pools(view):
        domain = next((one for one in _of(view, _DOMAIN, pool)), None)
        if domain is None or told(view, domain.properties.get("ManagedLoginVersion")) != _MANAGED:
            continue
        styled = [told(view, one.properties.get("ClientId")) for one in _of(view, _BRANDING, pool)]
        for client in filter(_has_pages, pool.clients):
            if None not in styled and client.id not in styled:
                name = client.resource.logical_id
                yield view.finding(
                    "login_without_branding",
                    client.place,
                    found=f"managed login at {domain.logical_id}, and no style of {name}",
                    right=f"an {_BRANDING}, or ManagedLoginVersion: 1",
                    fix=(
                        f"{name}Branding:",
                        f"  Type: {_BRANDING}",
                        "  Properties:",
                        f"    UserPoolId: !Ref {pool.name}",
                        f"    ClientId: !Ref {name}",
                        "    UseCognitoProvidedValues: true",
                    ),
                )


def providers(view: View) -> Iterator[Finding]:
    """App clients with a login page that offers nobody to sign in with."""
    for pool in user_pools(view):
        for client in filter(_has_pages, pool.clients):
            if "SupportedIdentityProviders" not in client.properties:
                yield view.finding(
                    "client_without_identity_provider",
                    client.place,
                    found=f"a login page for {client.resource.logical_id}, and no SupportedIdentityProviders",
                    right="COGNITO for users of the pool, and the names of other providers",
                    fix=("SupportedIdentityProviders: [COGNITO]",),
                )


def _of(view: View, kind: str, pool: UserPool) -> Iterator[Resource]:
    return (one for one in view.of_type(kind) if told(view, one.properties.get("UserPoolId")) == pool.id)


def _has_pages(client: AppClient) -> bool:
    return bool(client.flows and client.flows - {MACHINE})


CHECKS = (domains, branding, providers)
