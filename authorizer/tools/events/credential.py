"""Where the credential is and what it looks like: everything that is refused before a token is read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from authorizer.testing import EmptyMap
from authorizer.tools.events.apis import (
    ALL,
    HTTP_V2,
    ORDER,
    WITH_BOTH,
    WITH_FIELDS,
    WITH_MULTI_VALUES,
    WITH_SCHEME,
    on,
    spread,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.events.apis import Sample
    from authorizer.tools.events.issuers import Issuers

_OPAQUE: Final = "q7vY2mD4sKxR9tNfWzLbHc"
_NO_HEADERS: Final = replace(ORDER, gateway_headers=False)
_LARGE: Final = 500  # groups; with their names some 12 KB, `max_bytes` is 8192


def samples(issuers: Issuers) -> Iterator[Sample]:
    """The cases of this family."""
    good = issuers.login()
    yield from _missing()
    yield from _misplaced(good)
    yield from _multiple(good, issuers.login("p256"))
    yield from _scheme(good)
    yield from _malformed(good)
    yield from _unreadable(issuers)


def _missing() -> Iterator[Sample]:
    yield from on(ALL, "credential_missing")
    for empty in EmptyMap:
        apis = HTTP_V2 if empty is EmptyMap.MISSING else WITH_MULTI_VALUES
        yield from on(apis, f"credential_missing--{empty.value}-maps", call=replace(_NO_HEADERS, empty_maps=empty))


def _misplaced(good: str) -> Iterator[Sample]:
    in_query = replace(ORDER, query={"access_token": good})
    in_header = replace(ORDER, headers={"Authorization": f"Bearer {good}"})
    yield from on(WITH_BOTH, "credential_misplaced", call=in_query)
    yield from on(["websocket"], "credential_misplaced", call=in_header)


def _multiple(good: str, other: str) -> Iterator[Sample]:
    with_cookie = replace(ORDER, cookies={"session": other})
    yield from on(WITH_FIELDS, "credential_multiple", good, with_cookie)
    yield from on(["rest-token"], "credential_multiple", raw=f"Bearer {good}, Bearer {other}")
    two_cookies = replace(ORDER, cookies=[("session", good), ("session", other)])
    yield from on(["websocket", "http-policy"], "credential_multiple--cookie-twice", call=two_cookies)
    two_headers = replace(ORDER, headers={"authorization": f"Bearer {other}"})
    yield from on(WITH_BOTH, "credential_multiple--header-twice", good, two_headers)
    two_parameters = replace(ORDER, query=[("access_token", other)])
    yield from on(["websocket"], "credential_multiple--parameter-twice", good, two_parameters)


def _scheme(good: str) -> Iterator[Sample]:
    yield from on(WITH_SCHEME, "credential_scheme_missing", raw=good)
    yield from on(WITH_SCHEME, "credential_scheme_unsupported", raw="Basic amFuZTpleGFtcGxl")
    yield from on(["rest-token"], "credential_scheme_unsupported--dpop", raw=f"DPoP {good}")
    signed = "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261123/eu-west-1/execute-api/aws4_request"
    yield from on(["http-simple"], "credential_scheme_unsupported--aws-signature", raw=signed)


def _malformed(good: str) -> Iterator[Sample]:
    yield from on(WITH_SCHEME, "credential_malformed", raw=f'Bearer "{good}"')
    yield from on(["websocket"], "credential_malformed", raw=f'"{good}"')
    yield from on(["rest-token"], "credential_malformed--scheme-alone", raw="Bearer")
    yield from on(["http-policy"], "credential_malformed--two-words", raw=f"Bearer token {good}")
    yield from on(["rest-request"], "credential_malformed--json", raw=f'Bearer {{"access_token":"{good}"}}')
    yield from on(["http-policy-1.0"], "credential_malformed--line-end", raw=f"Bearer {good}\n")
    yield from on(["websocket"], "credential_malformed--with-scheme", raw=f"Bearer {good}")


def _unreadable(issuers: Issuers) -> Iterator[Sample]:
    groups = [f"department-{number:04}" for number in range(_LARGE)]
    yield from on(spread("credential_too_large"), "credential_too_large", issuers.login(groups=groups))
    yield from on(ALL, "credential_kind_unknown", _OPAQUE)
    for what, text in {"undefined": "undefined", "two-parts": "eyJhbGciOiJSUzI1NiJ9.e30"}.items():
        name = f"credential_kind_unknown--{what}"
        yield from on(spread(name), name, text)
