"""The token endpoint of a stand-in (RFC 6749), for clients alone and for users whose password is any.

Extensions, all of them parameters of the form, for tokens that are not as usual:
`claims`      a JSON object, put over the usual claims; null drops one
`groups`      names with blanks between them
`audience`    names with blanks between them, instead of the stand-in's own
`subject`     the `sub`, instead of the user name, or of the client
`expires_in`  the lifetime in seconds
`alg`         what to sign with
`token_use`   `id` for an ID token in the place of the access token, for APIs that take those
`broken`      the code of the reason for which the token is to be refused (`authorizer token --list-broken`)
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from authorizer.tools.gateway.message import HttpResponse, json_response
from authorizer.tools.local_issuer.client import GRANTS, PASSWORD
from authorizer.tools.local_issuer.key_ring import ID_TOKEN
from authorizer.tools.local_issuer.minting import MintRequest, minted
from authorizer.tools.local_issuer.token_form import Extensions, FormError, read_form, words
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.gateway.message import HttpRequest
    from authorizer.tools.local_issuer.client import Client
    from authorizer.tools.local_issuer.stand_in import StandIn

NOT_STORED: Final = (("cache-control", "no-store"), ("pragma", "no-cache"))  # RFC 6749 section 5.1
_CHALLENGE: Final = ("www-authenticate", 'Basic realm="token endpoint", charset="UTF-8"')  # RFC 7617 section 2
_OPENID: Final = "openid"
_UNWRITABLE: Final = re.compile(r"[^ !#-\[\]-~]")  # RFC 6749 section 5.2: no quote, no backslash, ASCII only


class _TokenError(Exception):
    """An error of RFC 6749 section 5.2."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code)
        self.code = code
        self.description = description


def token_response(stand_in: StandIn, request: HttpRequest, now: float) -> HttpResponse:
    """The tokens that were asked for (RFC 6749 section 5.1), or an error (section 5.2)."""
    try:
        return json_response(200, _tokens(stand_in, request, now), *NOT_STORED)
    except _TokenError as error:
        return error_response(error.code, error.description)
    except FormError as error:
        return error_response("invalid_request", str(error))
    except CommandError as error:
        return error_response("invalid_request", f"{error}; {error.hint}")


def error_response(code: str, description: str) -> HttpResponse:
    """An error of RFC 6749 section 5.2."""
    status, headers = (401, (*NOT_STORED, _CHALLENGE)) if code == "invalid_client" else (400, NOT_STORED)
    document = {"error": code, "error_description": _UNWRITABLE.sub("'", description)}
    return json_response(status, document, *headers)


def _tokens(stand_in: StandIn, request: HttpRequest, now: float) -> dict[str, object]:
    form = read_form(request)
    client = _client(stand_in, request, form)
    wanted = _mint_request(form, client)
    answer: dict[str, object] = {
        "access_token": minted(stand_in, wanted, now),
        "token_type": "Bearer",
        "expires_in": wanted.lifetime,
    }
    if wanted.scopes:
        answer["scope"] = " ".join(wanted.scopes)
    if _OPENID in wanted.scopes and form["grant_type"] == PASSWORD:
        beside = replace(wanted, token_use=ID_TOKEN, audience=None, broken=None)
        answer["id_token"] = minted(stand_in, beside, now)
    return answer


def _mint_request(form: Mapping[str, str], client: Client) -> MintRequest:
    subject, extensions = _subject(form, client), Extensions.of(form)
    return MintRequest(
        client_id=client.id,
        subject=extensions.subject or subject,
        scopes=_scopes(form, client),
        groups=extensions.groups,
        claims=extensions.claims,
        lifetime=extensions.lifetime,
        algorithm=extensions.algorithm,
        token_use=extensions.token_use,
        audience=extensions.audience,
        broken=extensions.broken,
    )


def _subject(form: Mapping[str, str], client: Client) -> str:
    """Who the token is for: a user with any password (RFC 6749 section 4.3.2), or the client (section 4.4.2)."""
    grant = form.get("grant_type")
    if grant is None:
        raise _TokenError("invalid_request", "grant_type is missing")
    if grant not in GRANTS:
        raise _TokenError("unsupported_grant_type", f"grant_type is one of {', '.join(GRANTS)}")
    if grant not in client.grants:
        raise _TokenError("unauthorized_client", f"the client may use {', '.join(client.grants) or 'no grant'}")
    if grant != PASSWORD:
        return client.id
    if "username" not in form or "password" not in form:
        raise _TokenError("invalid_request", "username and password are needed; any password will do")
    return form["username"]


def _scopes(form: Mapping[str, str], client: Client) -> tuple[str, ...]:
    """RFC 6749 section 3.3: whoever asks for none gets all that the client may have."""
    asked = words(form.get("scope"))
    if not set(asked) <= set(client.scopes):
        raise _TokenError("invalid_scope", f"the client may ask for {' '.join(client.scopes) or 'no scope'}")
    return asked or client.scopes


def _client(stand_in: StandIn, request: HttpRequest, form: Mapping[str, str]) -> Client:
    """The client that authenticated, in one of two ways (RFC 6749 section 2.3.1)."""
    header, secret = request.header("authorization"), form.get("client_secret")
    if header is not None and secret is not None:
        raise _TokenError("invalid_request", "the client authenticates in two ways")
    client_id = form.get("client_id")
    if header is not None:
        named, secret = _basic(header)
        if client_id not in (None, named):
            raise _TokenError("invalid_request", "client_id is another than that of the header")
        client_id = named
    client = stand_in.client(client_id or "")
    if client is None or not client.knows(secret):
        raise _TokenError("invalid_client", "there is no such client, or it has another secret")
    return client


def _basic(header: str) -> tuple[str, str | None]:
    """Id and secret, each of them form-encoded (RFC 6749 section 2.3.1). An empty secret is none."""
    scheme, _, encoded = header.strip().partition(" ")
    try:
        text = b64decode(encoded.strip(), validate=True).decode("utf-8")
    except ValueError:
        text = ""
    name, colon, secret = text.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise _TokenError("invalid_client", "the Authorization header is not HTTP Basic")
    return unquote_plus(name), unquote_plus(secret) or None
