from __future__ import annotations

import json
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPSConnection
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import jwt
import pytest

from authorizer.testing import FakeIssuer, Fault, SigningKey, key_set

DISCOVERY = "/.well-known/openid-configuration"


def read(issuer: FakeIssuer, url: str) -> Any:
    context = ssl.create_default_context(cafile=issuer.ca_file)
    with urlopen(url, timeout=2, context=context) as response:
        return json.load(response)


def kids(issuer: FakeIssuer) -> list[str]:
    return [member["kid"] for member in read(issuer, issuer.jwks_uri)["keys"]]


def test_discovery_names_issuer_and_keys(issuer: FakeIssuer) -> None:
    found = read(issuer, issuer.url + DISCOVERY)
    assert (found["issuer"], found["jwks_uri"]) == (issuer.url, issuer.jwks_uri)


def test_keys_are_the_published_ones(issuer: FakeIssuer, key: SigningKey) -> None:
    assert read(issuer, issuer.jwks_uri) == key_set(key)


def test_keys_are_where_cognito_has_them(issuer: FakeIssuer, key: SigningKey) -> None:
    assert read(issuer, issuer.url + "/.well-known/jwks.json") == key_set(key)
    assert read(issuer, issuer.url + "/eu-west-1_AbCdEfGhI/.well-known/jwks.json") == key_set(key)


@pytest.mark.parametrize("path", ["/", "/realms/orders"])
def test_identifier_may_have_a_path(path: str) -> None:
    with FakeIssuer(path=path) as issuer:
        assert issuer.url.endswith(path)
        assert read(issuer, issuer.url.rstrip("/") + DISCOVERY)["issuer"] == issuer.url


def test_other_paths_are_not_found(issuer: FakeIssuer) -> None:
    with pytest.raises(HTTPError) as caught:
        read(issuer, issuer.url + "/nothing")
    assert caught.value.code == 404
    caught.value.close()


def test_token_is_signed_with_the_published_key(issuer: FakeIssuer) -> None:
    context = ssl.create_default_context(cafile=issuer.ca_file)
    token = issuer.token(sub="jane", nbf=...)
    signing = jwt.PyJWKClient(issuer.jwks_uri, ssl_context=context).get_signing_key_from_jwt(token)
    claims = jwt.decode(token, signing, algorithms=["RS256"], audience="orders-api", issuer=issuer.url)
    assert claims["sub"] == "jane"
    assert "nbf" not in claims


def test_certificate_is_not_trusted_without_the_ca_file(issuer: FakeIssuer) -> None:
    with pytest.raises(URLError):
        urlopen(issuer.jwks_uri, timeout=2)


def test_publish_replaces_the_keys(issuer: FakeIssuer) -> None:
    issuer.publish({"kty": "oct", "kid": "b"})
    assert kids(issuer) == ["b"]


def test_rotate_puts_new_keys_before_the_last(issuer: FakeIssuer, key: SigningKey) -> None:
    issuer.rotate({"kid": "new"})
    issuer.rotate({"kid": "newer"})
    assert kids(issuer) == ["newer", "new"]
    issuer.rotate({"kid": "newest"}, keep=0)
    assert kids(issuer) == ["newest"]


def test_connections_and_requests_are_counted_apart(issuer: FakeIssuer) -> None:
    parts = urlsplit(issuer.jwks_uri)
    context = ssl.create_default_context(cafile=issuer.ca_file)
    connection = HTTPSConnection("localhost", parts.port, context=context, timeout=2)
    for _ in range(3):
        connection.request("GET", parts.path)
        connection.getresponse().read()
    connection.close()
    read(issuer, issuer.url + DISCOVERY)
    assert issuer.connections == 2
    assert issuer.requests == {"/jwks.json": 3, DISCOVERY: 1}


def test_connection_without_a_request_is_counted(issuer: FakeIssuer) -> None:
    issuer.fault = Fault.CLOSE
    with socket.create_connection(("127.0.0.1", urlsplit(issuer.jwks_uri).port or 0), timeout=2) as connection:
        assert connection.recv(1) == b""
    assert issuer.connections == 1
    assert not issuer.requests


def test_forget_counts_from_zero(issuer: FakeIssuer) -> None:
    read(issuer, issuer.jwks_uri)
    issuer.forget()
    assert (issuer.connections, issuer.requests) == (0, {})


def test_stopped_issuer_refuses_and_comes_back_as_it_was(issuer: FakeIssuer, key: SigningKey) -> None:
    url = issuer.jwks_uri
    before = read(issuer, url)
    issuer.stop()
    with pytest.raises(URLError) as caught:
        read(issuer, url)
    assert isinstance(caught.value.reason, ConnectionRefusedError)
    issuer.start()
    assert issuer.jwks_uri == url
    assert read(issuer, url) == before


def test_stop_ends_connections_that_hang(key: SigningKey) -> None:
    with FakeIssuer(key) as issuer:
        issuer.fault = Fault.TLS_STALL
        connection = socket.create_connection(("127.0.0.1", urlsplit(issuer.jwks_uri).port or 0), timeout=2)
        while not issuer.connections:
            pass
        issuer.stop()
        assert connection.recv(1) == b""
        connection.close()
    serving = [thread for thread in threading.enumerate() if "(_run)" in thread.name or "(_accept)" in thread.name]
    for thread in serving:
        thread.join(2)
    assert not any(thread.is_alive() for thread in serving)


def test_start_and_stop_twice_do_no_harm(issuer: FakeIssuer, key: SigningKey) -> None:
    issuer.start()
    assert kids(issuer) == [key.kid]
    issuer.stop()
    issuer.stop()


def test_eight_threads_are_all_answered(issuer: FakeIssuer, key: SigningKey) -> None:
    expected = key_set(key)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: read(issuer, issuer.jwks_uri), range(80)))
    assert answers == [expected] * 80
    assert issuer.connections == 80


def test_fault_can_be_switched_while_running(issuer: FakeIssuer, key: SigningKey) -> None:
    issuer.fault = Fault.STATUS_500
    with pytest.raises(HTTPError) as caught:
        read(issuer, issuer.jwks_uri)
    caught.value.close()
    issuer.fault = None
    assert kids(issuer) == [key.kid]


@pytest.mark.parametrize("fault", [Fault.NOT_JSON, Fault.TLS_UNTRUSTED], ids=["in the answer", "below HTTP"])
def test_fault_hits_the_document_it_is_for(issuer: FakeIssuer, fault: Fault) -> None:
    issuer.fault = fault
    urls = {"keys": issuer.jwks_uri, "discovery": issuer.url + DISCOVERY}
    assert {name for name, url in urls.items() if fails(issuer, url)} == {"keys"}
    issuer.fault_for = "discovery"
    assert {name for name, url in urls.items() if fails(issuer, url)} == {"discovery"}
    issuer.fault_for = "both"
    assert {name for name, url in urls.items() if fails(issuer, url)} == {"keys", "discovery"}


def fails(issuer: FakeIssuer, url: str) -> bool:
    try:
        read(issuer, url)
    except (URLError, ValueError):
        return True
    return False
