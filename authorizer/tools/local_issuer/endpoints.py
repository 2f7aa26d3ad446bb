"""The stand-ins over HTTP, without a socket: discovery, keys, tokens, and what makes them fail.

GET  /                                         the stand-ins
GET  /{name}/.well-known/openid-configuration  metadata
GET  /{name}/.well-known/jwks.json, /jwks.json keys
POST /{name}/token, /{name}/oauth2/token       tokens
POST /{name}/outage                            `down=true|false`: nobody can be reached, whatever the name; tokens can be had
POST /{name}/rotate                            `keep=true|false`: new keys; by default the ones before stay published
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from authorizer import clock
from authorizer.tools.gateway.message import HttpResponse, json_response
from authorizer.tools.local_issuer.metadata import DISCOVERY, KEYS, metadata
from authorizer.tools.local_issuer.token_endpoint import NOT_STORED, error_response, token_response
from authorizer.tools.local_issuer.token_form import FormError, flag, read_form

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authorizer.clock import Clock
    from authorizer.tools.gateway.message import HttpRequest
    from authorizer.tools.local_issuer.local_issuers import LocalIssuers
    from authorizer.tools.local_issuer.stand_in import StandIn

    Answer = Callable[[StandIn, HttpRequest], HttpResponse]

BASE_URL: Final = "http://127.0.0.1:3000/_issuer"
MAX_BODY: Final = 65_536  # bytes


class LocalIssuerEndpoints:
    """What the stand-ins answer under a URL. Whoever has a request says first whether it is `ours`."""

    def __init__(self, issuers: LocalIssuers, base_url: str = BASE_URL, now: Clock = clock.now) -> None:
        self._issuers = issuers
        self._base_url = base_url.rstrip("/")
        self._prefix = urlsplit(self._base_url).path
        self._now = now
        self._routes: Mapping[str, tuple[str, Answer]] = {
            DISCOVERY: ("GET", self._discovery),
            KEYS: ("GET", self._keys),
            "/jwks.json": ("GET", self._keys),
            "/token": ("POST", self._token),
            "/oauth2/token": ("POST", self._token),
            "/outage": ("POST", self._outage),
            "/rotate": ("POST", self._rotate),
        }

    def ours(self, request: HttpRequest) -> bool:
        """Whether the path of a request is under the prefix."""
        return request.path == self._prefix or request.path.startswith(f"{self._prefix}/")

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The response to any request whatever."""
        if len(request.body) > MAX_BODY:
            return _error(413, "invalid_request", f"at most {MAX_BODY} bytes")
        try:
            return self._routed(request)
        except FormError as error:
            return error_response("invalid_request", str(error))
        except Exception:  # noqa: BLE001  # what it says may hold a secret of the form
            return _error(500, "server_error", "this is a defect of the emulator")

    def _routed(self, request: HttpRequest) -> HttpResponse:
        rest = request.path.removeprefix(self._prefix) if self.ours(request) else None
        if rest in ("", "/"):
            return self._index() if request.method == "GET" else _wrong_method("GET")
        name, slash, place = (rest or "").removeprefix("/").partition("/")
        stand_in, routed = self._issuers.named(name), self._routes.get(slash + place)
        if rest is None or stand_in is None or routed is None:
            return _error(404, "not_found", "no such stand-in, or no such document")
        method, answer = routed
        return answer(stand_in, request) if request.method == method else _wrong_method(method)

    def _index(self) -> HttpResponse:
        """The secrets are among it: they are made for this machine, and open nothing."""
        return json_response(200, [_described(one) for one in self._issuers], *NOT_STORED)

    def _discovery(self, stand_in: StandIn, _: HttpRequest) -> HttpResponse:
        if self._issuers.outage:
            return _down()
        return json_response(200, metadata(stand_in, stand_in.issuer, f"{self._base_url}/{stand_in.name}"))

    def _keys(self, stand_in: StandIn, _: HttpRequest) -> HttpResponse:
        return _down() if self._issuers.outage else json_response(200, stand_in.keys.published())

    def _token(self, stand_in: StandIn, request: HttpRequest) -> HttpResponse:
        return token_response(stand_in, request, self._now())

    def _outage(self, _: StandIn, request: HttpRequest) -> HttpResponse:
        self._issuers.outage = flag(read_form(request), "down")
        return json_response(200, {"down": self._issuers.outage})

    def _rotate(self, stand_in: StandIn, request: HttpRequest) -> HttpResponse:
        self._issuers.rotate(stand_in.name, keep=flag(read_form(request) if request.body else {}, "keep", True))
        return json_response(200, {"keys": [key["kid"] for key in stand_in.keys.published()["keys"]]})


def _described(stand_in: StandIn) -> dict[str, Any]:
    clients = [
        {"id": one.id, "scopes": list(one.scopes), "grants": list(one.grants)}
        | ({} if one.secret is None else {"secret": one.secret})
        for one in stand_in.clients
    ]
    return {
        "name": stand_in.name,
        "issuer": stand_in.issuer,
        "kind": stand_in.kind,
        "audience": list(stand_in.audience),
        "clients": clients,
    }


def _down() -> HttpResponse:
    return _error(503, "temporarily_unavailable", "the issuers are down, as asked for")


def _wrong_method(right: str) -> HttpResponse:
    """RFC 9110 section 15.5.6."""
    return _error(405, "invalid_request", f"only {right} will do", ("allow", right))


def _error(status: int, code: str, description: str, *headers: tuple[str, str]) -> HttpResponse:
    return json_response(status, {"error": code, "error_description": description}, *headers, *NOT_STORED)
