from __future__ import annotations

import pytest

from authorizer import ANY_AUDIENCE, oidc
from authorizer.jose.discovery import metadata_url
from authorizer.jose.key_source import RemoteKeys
from tests.outcomes import problem_paths


@pytest.mark.parametrize(
    "issuer",
    [
        "https://login.example.com/",
        "https://login.example.com",
        "https://login.example.com/tenant/v2.0",
        "https://login.example.com:8443/",
        "https://LOGIN.example.com/",
        "https://192.0.2.1/",
    ],
)
def test_issuer_is_an_https_url_and_kept_as_it_is(issuer: str) -> None:
    made = oidc(issuer, audience=["orders-api"])
    assert made.issuers == (issuer,)
    assert isinstance(made.keys, RemoteKeys)


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.example.com/",
        "login.example.com",
        "https:login.example.com",
        "https://",
        "https:///x",
        "https://login.example.com/?tenant=a",
        "https://login.example.com/?",
        "https://login.example.com/#x",
        "https://login.example.com/#",
        "https://user:password@login.example.com/",
        "https://login.example.com /",
        "https://login.example.com/\n",
        "https://login\u3002example.com/",
        "file:///etc/passwd",
        "data:application/json,{}",
        "HTTPS://login.example.com/",
        "https://login.example.com:x/",
        "https://login.example.com:99999/",
    ],
)
def test_other_issuers_are_named(issuer: str) -> None:
    assert set(problem_paths(lambda: oidc(issuer, audience=["a"]))) == {"oidc.issuer"}


def test_any_audience_is_spelled() -> None:
    assert oidc("https://x.example.com/", audience=ANY_AUDIENCE).profile.audience is None
    assert oidc("https://x.example.com/", audience=[ANY_AUDIENCE]).profile.audience == frozenset({ANY_AUDIENCE})


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("https://x.example.com", "https://x.example.com/.well-known/openid-configuration"),
        ("https://x.example.com/", "https://x.example.com/.well-known/openid-configuration"),
        ("https://x.example.com/a/v2", "https://x.example.com/a/v2/.well-known/openid-configuration"),
    ],
)
def test_document_is_below_the_issuer(issuer: str, url: str) -> None:
    assert metadata_url(issuer) == url
