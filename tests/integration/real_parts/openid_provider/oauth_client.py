"""The clients of the provider, as server.mjs registers them: a machine, and a browser in which a user signs in."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import ssl
from http.cookiejar import CookieJar
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from tests.integration.real_parts.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.integration.real_parts.openid_provider.provider import OpenIdProvider

CALLBACK = "https://client.example.com/callback"
TIMEOUT = 30  # seconds: the machine may be busy

_PROMPT = re.compile(r'name="prompt" value="(\w+)"')


def machine_token(provider: OpenIdProvider, resource: str, scope: str = "orders:read") -> str:
    """An access token by the client credentials grant."""
    form = {"grant_type": "client_credentials", "resource": resource, "scope": scope}
    basic = base64.b64encode(f"machine:{provider.client_secret}".encode()).decode()
    return str(_token(UserAgent(provider), form, {"Authorization": f"Basic {basic}"})["access_token"])


def sign_in(provider: OpenIdProvider, user: str, resource: str, scope: str = "orders:read") -> Tokens:
    """The tokens of a user who signs in and consents, by the code grant with PKCE (RFC 7636)."""
    agent, verifier = UserAgent(provider), token_urlsafe(48)
    code = _code(agent, user, verifier, {"resource": resource, "scope": f"openid email {scope}"})
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "client_id": "browser"}
    answer = _token(agent, form | {"redirect_uri": CALLBACK, "resource": resource}, {})
    return Tokens(access=answer["access_token"], id=answer["id_token"])


class _StopAtCallback(HTTPRedirectHandler):
    """Nobody listens at the client's address: its URL, with the code in it, is what we want."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        return None if newurl.startswith(CALLBACK) else super().redirect_request(req, fp, code, msg, headers, newurl)


class UserAgent:
    """Speaks HTTPS with the provider, follows its redirects and keeps its cookies."""

    def __init__(self, provider: OpenIdProvider) -> None:
        self._issuer = provider.issuer
        context = ssl.create_default_context(cafile=provider.ca_file)
        self._opener = build_opener(HTTPSHandler(context=context), HTTPCookieProcessor(CookieJar()), _StopAtCallback())

    def open(
        self, url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[str, str]:
        """The address at the end of all redirects, and what is there. `url` may be a path."""
        data = None if form is None else urlencode(form).encode()
        request = Request(f"{self._issuer}{url}" if url.startswith("/") else url, data, dict(headers or {}))
        try:
            with self._opener.open(request, timeout=TIMEOUT) as response:
                return response.url, response.read().decode()
        except HTTPError as error:
            with error:
                location, body = error.headers.get("Location", ""), error.read().decode()
            if not location.startswith(CALLBACK):
                raise RuntimeError(f"the provider answers {error.code}: {body}") from None
            return location, body


def _code(agent: UserAgent, user: str, verifier: str, asked: Mapping[str, str]) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {"client_id": "browser", "response_type": "code", "redirect_uri": CALLBACK, "state": token_urlsafe(16)}
    query |= {**asked, "code_challenge_method": "S256", "code_challenge": challenge}
    url, page = agent.open(f"/auth?{urlencode(query)}")
    while not url.startswith(CALLBACK):  # the page of the sign-in, then the page of the consent
        url, page = agent.open(url, {"prompt": _prompt(page), "login": user, "password": "any"})
    answer = parse_qs(urlsplit(url).query)
    assert answer["state"] == [query["state"]]
    return answer["code"][0]


def _token(agent: UserAgent, form: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(agent.open("/token", form, headers)[1])
    return answer


def _prompt(page: str) -> str:
    match = _PROMPT.search(page)
    assert match is not None, page
    return match[1]
