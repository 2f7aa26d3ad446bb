"""Where users sign in and OAuth tokens come from: the domain of a user pool, its pages, and who may sign in there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.told import told
from authorizer.tools.doctor.user_pools import MACHINE, of_pool, user_pools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.user_pools import AppClient
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template_check.finding import Finding

_DOMAIN: Final = "AWS::Cognito::UserPoolDomain"
_BRANDING: Final = "AWS::Cognito::ManagedLoginBranding"
_MANAGED: Final = "2"  # ManagedLoginVersion; 1 is the hosted UI, which needs no branding


def domains(view: View) -> Iterator[Finding]:
    """App clients with OAuth flows, of a pool without the endpoints for them."""
    for pool in user_pools(view):
        client = next((one for one in pool.clients if one.flows), None)
        named = of_pool(view, _DOMAIN, pool.id)
        if client is not None and named.all and not named.found:
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


def styles(view: View) -> Iterator[Finding]:
    """Managed login for an app client that has no style there."""
    for pool in user_pools(view):
        domain = next((one for one in of_pool(view, _DOMAIN, pool.id).found), None)
        if domain is None or told(view, domain.properties.get("ManagedLoginVersion")) != _MANAGED:
            continue
        branding = of_pool(view, _BRANDING, pool.id)
        styled = [told(view, one.properties.get("ClientId")) for one in branding.found]
        for client in filter(_has_pages, pool.clients):
            if branding.all and None not in styled and client.id not in styled:
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


def _has_pages(client: AppClient) -> bool:
    return bool(client.flows and client.flows - {MACHINE})


CHECKS = (domains, styles, providers)
