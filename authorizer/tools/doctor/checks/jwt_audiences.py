"""The audience of JWT authorizers: one of its entries has to be in `aud`, or be the `client_id` of a token without `aud`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.native_settings import given_settings, jwt_lines, jwt_place, natives, spelled
from authorizer.tools.doctor.user_pools import all_told, pools_asked, user_pools
from authorizer.tools.template import AuthorizerKind, Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from authorizer.tools.doctor.user_pools import UserPool
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiAuthorizer
    from authorizer.tools.template_check.finding import Finding

_MOST: Final = 50  # AWS: "Quotas for configuring and running an HTTP API"
_CLIENT_ID: Final = re.compile(r"[a-z0-9]{20,32}")  # as user pools make them up
_POOL: Final = re.compile(
    r"(arn:.+:cognito-idp:.+:userpool/|https://(issuer-)?cognito-idp\..+/)?[a-z-]+-\d_[A-Za-z0-9]+"
)


def missing(view: View) -> Iterator[Finding]:
    """An issuer without an audience."""
    for api, one in natives(view, AuthorizerKind.JWT):
        opaque = isinstance(given_settings(view, api, one).get("jwtconfiguration"), Unresolved)
        if not opaque and any(not issuer.audience for issuer in one.issuers):
            yield _wrong(view, api, one, "jwt_audience_missing", "no audience")


def too_many(view: View) -> Iterator[Finding]:
    """More than an HTTP API takes."""
    for api, one in natives(view, AuthorizerKind.JWT, Kind.HTTP):
        count = sum(len(issuer.audience) for issuer in one.issuers)
        if count > _MOST:
            yield _wrong(view, api, one, "jwt_audiences_too_many", f"{count} audiences")


def of_user_pools(view: View) -> Iterator[Finding]:
    """What stands where the ids of app clients should."""
    own = {text for pool in user_pools(view) for text in (pool.id, pool.arn)}
    for api, one in natives(view, AuthorizerKind.JWT):
        said = [text for issuer in one.issuers for text in issuer.audience]
        audience = all_told(view, said) or ()
        named = [text for text, it in zip(said, audience, strict=False) if it in own or _POOL.fullmatch(it)]
        pools = pools_asked(view, one)
        if named:
            yield _wrong(view, api, one, "jwt_audience_is_pool", f"the user pool {spelled(str(named[0]))}")
        elif audience and pools and not any(_may_be(view, text, pools) for text in audience):
            found = (
                f"{', '.join(spelled(str(text)) for text in said)}, of which none is an app client of {pools[0].name}"
            )
            yield _wrong(view, api, one, "jwt_audience_not_client", found)


def _may_be(view: View, text: str, pools: tuple[UserPool, ...]) -> bool:
    """Whether a token of the pools may name it: an app client of the document, one from elsewhere, or a resource server,
    which is in `aud` of access tokens that are bound to it."""
    if text in _client_ids(pools) or any(pool.servers is None or text in pool.servers for pool in pools):
        return True
    return _CLIENT_ID.fullmatch(text) is not None and text not in _client_ids(user_pools(view))


def _client_ids(pools: Iterable[UserPool]) -> set[str]:
    return {client.id for pool in pools for client in pool.clients}


def _wrong(view: View, api: Api, one: ApiAuthorizer, code: str, found: str) -> Finding:
    clients = [client.resource.logical_id for pool in pools_asked(view, one) or () for client in pool.clients]
    names = ", ".join(f"!Ref {name}" for name in clients)
    return view.finding(
        code,
        jwt_place(api, one, "Audience"),
        found=found,
        right=f"[{names}]" if names else f"what tokens have in aud or client_id, {_MOST} values at most",
        fix=jwt_lines(api, one, "Audience", f"[{names or 'https://api.example.com'}]"),
    )


CHECKS = (missing, too_many, of_user_pools)
