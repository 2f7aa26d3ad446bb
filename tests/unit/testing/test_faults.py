"""Each fault, proven with sockets, `ssl` and `http.client` only."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
from http.client import HTTPResponse, IncompleteRead, RemoteDisconnected
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from authorizer.reasons import Reason
from authorizer.testing import FakeIssuer, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 0.2  # seconds after which the issuer counts as silent
DISCOVERY = "/.well-known/openid-configuration"
WRONG_HOST, EXPIRED, NO_ISSUER = 62, 10, 20  # X509_V_ERR_… of OpenSSL

PROOFS: dict[Fault, Callable[[FakeIssuer], None]] = {}


def proves(fault: Fault) -> Callable[[Callable[[FakeIssuer], None]], Callable[[FakeIssuer], None]]:
    def register(proof: Callable[[FakeIssuer], None]) -> Callable[[FakeIssuer], None]:
        PROOFS[fault] = proof
        return proof

    return register


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.value)
def test_fault_is_real(issuer: FakeIssuer, fault: Fault) -> None:
    issuer.fault = fault
    PROOFS[fault](issuer)


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.value)
def test_reason_is_in_the_catalogue(fault: Fault) -> None:
    known = {None, *(reason.value for reason in Reason)}
    assert fault.reason_code in known
    assert fault.reason_code_for("discovery") in known


def test_only_bad_members_leave_the_keys_usable() -> None:
    assert [fault for fault in Fault if fault.reason_code is None] == [Fault.BAD_MEMBERS]


def tcp(url: str, timeout: float = 5) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=timeout)


def tls(issuer: FakeIssuer, url: str, timeout: float = 5) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=issuer.ca_file)
    with tcp(url, timeout) as plain:
        return context.wrap_socket(plain, server_hostname="localhost")


def ask(issuer: FakeIssuer, url: str) -> ssl.SSLSocket:
    connection = tls(issuer, url)
    connection.sendall(f"GET {urlsplit(url).path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return connection


def get(issuer: FakeIssuer, url: str | None = None) -> tuple[HTTPResponse, bytes]:
    with ask(issuer, url or issuer.jwks_uri) as connection, HTTPResponse(connection, method="GET") as response:
        response.begin()
        return response, response.read()


def metadata(issuer: FakeIssuer) -> dict[str, str]:
    found: dict[str, str] = json.loads(get(issuer, issuer.url + DISCOVERY)[1])
    return found


def untrusted(issuer: FakeIssuer) -> int:
    with pytest.raises(ssl.SSLCertVerificationError) as caught:
        tls(issuer, issuer.jwks_uri)
    return caught.value.verify_code


@proves(Fault.RESET)
def _(issuer: FakeIssuer) -> None:
    with pytest.raises(ConnectionResetError), tcp(issuer.jwks_uri) as connection:
        connection.recv(1)


@proves(Fault.CLOSE)
def _(issuer: FakeIssuer) -> None:
    with tcp(issuer.jwks_uri) as connection:
        assert connection.recv(1) == b""
    with pytest.raises(ssl.SSLEOFError):
        tls(issuer, issuer.jwks_uri)


@proves(Fault.TLS_STALL)
def _(issuer: FakeIssuer) -> None:
    with pytest.raises(TimeoutError):
        tls(issuer, issuer.jwks_uri, PATIENCE)


@proves(Fault.TLS_GARBAGE)
def _(issuer: FakeIssuer) -> None:
    with tcp(issuer.jwks_uri) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
    with pytest.raises(ssl.SSLError) as caught:
        tls(issuer, issuer.jwks_uri)
    assert caught.value.reason == "WRONG_VERSION_NUMBER"


@proves(Fault.TLS_WRONG_HOST)
def _(issuer: FakeIssuer) -> None:
    assert untrusted(issuer) == WRONG_HOST


@proves(Fault.TLS_EXPIRED)
def _(issuer: FakeIssuer) -> None:
    assert untrusted(issuer) == EXPIRED


@proves(Fault.TLS_UNTRUSTED)
def _(issuer: FakeIssuer) -> None:
    assert untrusted(issuer) == NO_ISSUER


@proves(Fault.HANG)
def _(issuer: FakeIssuer) -> None:
    with ask(issuer, issuer.jwks_uri) as connection:
        connection.settimeout(PATIENCE)
        with pytest.raises(TimeoutError):
            connection.recv(1)
    assert issuer.requests == {"/jwks.json": 1}


@proves(Fault.NO_ANSWER)
def _(issuer: FakeIssuer) -> None:
    with pytest.raises(RemoteDisconnected):
        get(issuer)
    assert issuer.requests == {"/jwks.json": 1}


@proves(Fault.DRIP_HEADERS)
def _(issuer: FakeIssuer) -> None:
    with ask(issuer, issuer.jwks_uri) as connection:
        assert drip(connection.recv).startswith(b"HTTP/")


@proves(Fault.DRIP_BODY)
def _(issuer: FakeIssuer) -> None:
    with ask(issuer, issuer.jwks_uri) as connection, HTTPResponse(connection, method="GET") as response:
        response.begin()
        assert response.status == 200
        assert drip(response.read1).startswith(b'{"key')


def drip(read: Callable[[int], bytes]) -> bytes:
    """Five reads, each of a byte or little more, that take a fifth of a second together."""
    started = monotonic()
    data = b"".join(read(1000) for _ in range(5))
    assert monotonic() - started >= 0.19
    assert len(data) < 20
    return data


@proves(Fault.REDIRECT)
def _(issuer: FakeIssuer) -> None:
    response, _ = get(issuer)
    assert response.status == 302
    target = issuer.jwks_uri.replace("/jwks.json", response.headers["Location"])
    assert len(json.loads(get(issuer, target)[1])["keys"]) == 1


@proves(Fault.STATUS_500)
def _(issuer: FakeIssuer) -> None:
    assert get(issuer)[0].status == 500


@proves(Fault.STATUS_404)
def _(issuer: FakeIssuer) -> None:
    assert get(issuer)[0].status == 404


@proves(Fault.STATUS_204)
def _(issuer: FakeIssuer) -> None:
    response, body = get(issuer)
    assert (response.status, body) == (204, b"")


@proves(Fault.HTML)
def _(issuer: FakeIssuer) -> None:
    response, body = get(issuer)
    assert response.headers["Content-Type"] == "text/html"
    assert body.startswith(b"<!doctype html>")


@proves(Fault.NOT_JSON)
def _(issuer: FakeIssuer) -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(get(issuer)[1])


@proves(Fault.NOT_A_KEY_SET)
def _(issuer: FakeIssuer) -> None:
    assert json.loads(get(issuer)[1]) == {"hello": 1}


@proves(Fault.EMPTY_KEY_SET)
def _(issuer: FakeIssuer) -> None:
    assert json.loads(get(issuer)[1]) == {"keys": []}


@proves(Fault.BAD_MEMBERS)
def _(issuer: FakeIssuer) -> None:
    members = json.loads(get(issuer)[1])["keys"]
    good = json.loads(get(issuer, issuer.url + "/copy/jwks.json")[1])["keys"]
    assert len(members) > 15
    assert members[-2:] == [*good, *good]


@proves(Fault.DUPLICATE_MEMBERS)
def _(issuer: FakeIssuer) -> None:
    pairs = json.loads(get(issuer)[1], object_pairs_hook=list)
    assert [name for name, _ in pairs] == ["keys", "keys"]
    assert (pairs[0][1], len(pairs[1][1])) == ([], 1)


@proves(Fault.LENGTH_TOO_LONG)
def _(issuer: FakeIssuer) -> None:
    with pytest.raises(IncompleteRead) as caught:
        get(issuer)
    assert caught.value.expected == 100


@proves(Fault.LENGTH_TOO_SHORT)
def _(issuer: FakeIssuer) -> None:
    _, whole = get(issuer, issuer.jwks_uri.replace("/jwks.json", "/copy/jwks.json"))
    with ask(issuer, issuer.jwks_uri) as connection:
        raw = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = raw.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(whole) // 2}\r\n".encode() in head
    assert body == whole


@proves(Fault.GZIP)
def _(issuer: FakeIssuer) -> None:
    response, body = get(issuer)
    assert response.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(body))["keys"]


@proves(Fault.GZIP_BOMB)
def _(issuer: FakeIssuer) -> None:
    response, body = get(issuer)
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(body) < 200_000
    assert len(gzip.decompress(body)) > 100_000_000


@proves(Fault.TOO_LARGE)
def _(issuer: FakeIssuer) -> None:
    with ask(issuer, issuer.jwks_uri) as connection, HTTPResponse(connection, method="GET") as response:
        response.begin()
        assert response.headers["Transfer-Encoding"] == "chunked"
        assert len(response.read(3_000_000)) == 3_000_000


@proves(Fault.ISSUER_MISMATCH)
def _(issuer: FakeIssuer) -> None:
    assert metadata(issuer)["issuer"] == "https://another-issuer.example.com/"


@proves(Fault.NO_JWKS_URI)
def _(issuer: FakeIssuer) -> None:
    found = metadata(issuer)
    assert found["issuer"] == issuer.url
    assert "jwks_uri" not in found


@proves(Fault.HTTP_JWKS_URI)
def _(issuer: FakeIssuer) -> None:
    assert metadata(issuer)["jwks_uri"] == issuer.jwks_uri.replace("https://", "http://")
