"""Who the keys come from: certificates are verified, `SSL_CERT_FILE` says by which authorities."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme

from authorizer.testing import FakeIssuer, Fault, SigningKey, http_v2, key_set
from authorizer.testing.mint import AUDIENCE
from tests.integration.key_client import BACKOFF, MAX_AGE, NOW, ask, later, no_workers, token, trust, trust_url
from tests.unit.jose.raw_server import RawServer, response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ISSUER = "https://login.example.com/"
FAILED = "unavailable keys_tls_failed"


@pytest.fixture
def issuer(key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeIssuer]:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    with FakeIssuer(key) as running:
        yield running


@pytest.mark.parametrize("kind", ["jwt", "oidc"])
def test_authority_in_ssl_cert_file_is_trusted(
    issuer: FakeIssuer, key: SigningKey, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", issuer.ca_file)
    assert ask(trust(issuer, kind), token(key, issuer.url), NOW) == "fresh"


@pytest.mark.parametrize("kind", ["jwt", "oidc"])
def test_unknown_authority_is_not_trusted(issuer: FakeIssuer, key: SigningKey, kind: str) -> None:
    assert ask(trust(issuer, kind), token(key, issuer.url), NOW) == FAILED
    assert issuer.requests.total() == 0  # nothing was said to a stranger


@pytest.mark.parametrize("content", [None, b"", b"no certificate", trustme.CA().cert_pem.bytes()])
def test_ssl_cert_file_without_the_authority_trusts_nobody(
    issuer: FakeIssuer, key: SigningKey, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "bundle.pem"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert ask(trust(issuer, "jwt"), token(key, issuer.url), NOW) == FAILED


def test_bundle_may_hold_several_authorities(
    issuer: FakeIssuer, key: SigningKey, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(trustme.CA().cert_pem.bytes() + Path(issuer.ca_file).read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    assert ask(trust(issuer, "jwt"), token(key, issuer.url), NOW) == "fresh"


@pytest.mark.parametrize("fault", [Fault.TLS_WRONG_HOST, Fault.TLS_EXPIRED, Fault.TLS_UNTRUSTED, Fault.TLS_GARBAGE])
def test_wrong_certificate_gets_no_request(
    issuer: FakeIssuer, key: SigningKey, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", issuer.ca_file)
    issuer.fault = fault
    assert ask(trust(issuer, "jwt"), token(key, issuer.url), NOW) == FAILED
    assert issuer.requests.total() == 0


def test_renewed_certificate_is_accepted_without_a_new_environment(
    issuer: FakeIssuer, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", issuer.ca_file)
    trusted, good = trust(issuer, "jwt"), token(key, issuer.url)
    assert ask(trusted, good, NOW) == "fresh"
    issuer.fault = Fault.TLS_EXPIRED
    assert later(trusted, good, NOW + MAX_AGE) == "stale"
    issuer.fault = None
    assert later(trusted, good, NOW + MAX_AGE + BACKOFF) == "fresh"


class Server:
    """A TLS server for one document, with any context."""

    def __init__(self, configure: Callable[[ssl.SSLContext], None], *names: str) -> None:
        self._authority = trustme.CA()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*names).configure_cert(self.context)
        configure(self.context)

    def trusted_in(self, folder: Path) -> str:
        """A file for SSL_CERT_FILE."""
        file = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(file))
        return str(file)


def outcome(server: Server, host: str, key: SigningKey, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SSL_CERT_FILE", server.trusted_in(folder))
    with RawServer(response(json.dumps(key_set(key)).encode()), context=server.context) as raw:
        answer = ask(trust_url(f"https://{host}:{raw.port}/", ISSUER), token(key, ISSUER), NOW)
        assert no_workers()
    return answer


def test_name_of_the_host_is_sent(key: SigningKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 6066 section 3: many providers share an address, and answer to no handshake without a name."""
    names: list[str | None] = []

    def note(context: ssl.SSLContext) -> None:
        context.sni_callback = lambda _socket, name, _context: names.append(name)

    assert outcome(Server(note, "localhost"), "localhost", key, tmp_path, monkeypatch) == "fresh"
    assert names == ["localhost"]


@pytest.mark.parametrize(
    ("names", "right"), [(("127.0.0.1",), True), (("localhost",), False), (("*.0.0.1",), False)], ids=str
)
def test_address_is_matched_as_an_address(
    key: SigningKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], right: bool
) -> None:
    expected = "fresh" if right else FAILED
    assert outcome(Server(lambda _: None, *names), "127.0.0.1", key, tmp_path, monkeypatch) == expected


@pytest.mark.parametrize(("version", "right"), [("TLSv1_3", True), ("TLSv1_2", True), ("TLSv1_1", False)])
def test_old_tls_is_refused(
    key: SigningKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, right: bool
) -> None:
    """RFC 8996: TLS 1.0 and 1.1 must not be used."""

    def only(context: ssl.SSLContext) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
        context.set_ciphers("ALL:@SECLEVEL=0")

    expected = "fresh" if right else FAILED
    assert outcome(Server(only, "localhost"), "localhost", key, tmp_path, monkeypatch) == expected


FUNCTION = """
import json, sys
from authorizer.errors import Unavailable
from authorizer.handler import http
try:
    answer = http(json.load(sys.stdin), None)
    print("authorized" if answer["isAuthorized"] else "refused", file=sys.stderr)
except Unavailable as unavailable:
    print(unavailable.reason.value, file=sys.stderr)
"""


@pytest.mark.parametrize(("with_file", "said"), [(True, "authorized"), (False, "keys_tls_failed")])
def test_deployed_function_reads_ssl_cert_file_from_its_environment(
    issuer: FakeIssuer, with_file: bool, said: str
) -> None:
    config = f"""
        require.any_valid_token = true
        [[issuer]]
        kind = "oidc"
        issuer = "{issuer.url}"
        audience = ["{AUDIENCE}"]
        algorithms = ["ES256"]
    """
    root = Path(__file__).resolve().parents[2]
    environment = {"AUTHORIZER_CONFIG": config, "PATH": os.environ["PATH"], "PYTHONPATH": str(root)}
    environment |= {"SSL_CERT_FILE": issuer.ca_file} if with_file else {}
    done = subprocess.run(
        [sys.executable, "-c", FUNCTION],
        input=json.dumps(http_v2(issuer.token())),
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stderr.strip() == said
