"""An OpenID provider on this machine, real down to the socket, that fails in any way a test asks for."""

from __future__ import annotations

from collections import Counter
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Literal, Self

from authorizer.testing import answers
from authorizer.testing.answers import COPY, Answer
from authorizer.testing.certificates import Certificates
from authorizer.testing.keys import SigningKey, key_set
from authorizer.testing.listener import Listener
from authorizer.testing.mint import changed, default_claims, mint
from authorizer.testing.wire import BEFORE_TLS, SENDING, end

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

    from authorizer.testing.faults import Document, Fault

FaultFor = Literal["keys", "discovery", "both"]

KEYS_PATH = "/jwks.json"
COGNITO_KEYS_PATH = "/.well-known/jwks.json"
DISCOVERY_PATH = "/.well-known/openid-configuration"

_IDLE = 30  # seconds that a connection may be silent; no test waits that long
_MAX_HEAD = 65536  # bytes of a request


class FakeIssuer:
    """An issuer with keys, used as a context manager: `with FakeIssuer(key) as issuer: issuer.fault = Fault.HANG`.

    Discovery and keys are at two ports, as most providers have them at two hosts, so that a fault below HTTP can hit
    one and not the other. Every document is served at both ports. `fault` and `fault_for` may change at any time; they
    hold for connections (faults below HTTP) and requests that begin after the change. Faults of discovery alone, and of
    keys alone, ignore `fault_for`.
    """

    def __init__(self, *keys: SigningKey | Mapping[str, object], path: str = "") -> None:
        """`path` is the end of the issuer identifier: "/" as Auth0 has it, "/realms/orders" as Keycloak does."""
        self.fault: Fault | None = None
        self.fault_for: FaultFor = "keys"
        self._keys = keys
        self._path = path
        self._lock = Lock()
        self._connections = 0
        self._requests: Counter[str] = Counter()
        self._certificates = Certificates()
        self._discovery_port = Listener(partial(self._serve, "discovery"))
        self._keys_port = Listener(partial(self._serve, "keys"))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._certificates.remove()

    def start(self) -> None:
        """Listens; after a `stop`, on the same ports and with the same certificates and keys."""
        self._discovery_port.open()
        self._keys_port.open()

    def stop(self) -> None:
        """Refuses connections and ends those that are open. Counts and keys remain."""
        self._discovery_port.close()
        self._keys_port.close()

    @property
    def url(self) -> str:
        """The issuer identifier, to be found in `iss`."""
        return f"https://localhost:{self._discovery_port.port}{self._path}"

    @property
    def jwks_uri(self) -> str:
        """Where the keys are."""
        return f"https://localhost:{self._keys_port.port}{KEYS_PATH}"

    @property
    def ca_file(self) -> str:
        """Path of a PEM file with the certificate to trust, for SSL_CERT_FILE."""
        return self._certificates.ca_file

    @property
    def keys(self) -> tuple[SigningKey | Mapping[str, object], ...]:
        """What is published now."""
        return self._keys

    @property
    def connections(self) -> int:
        """How many TCP connections were accepted since the last `forget`."""
        with self._lock:
            return self._connections

    @property
    def requests(self) -> Counter[str]:
        """How many requests were read since the last `forget`, by path."""
        with self._lock:
            return self._requests.copy()

    def forget(self) -> None:
        """Counts from 0 again."""
        with self._lock:
            self._connections = 0
            self._requests.clear()

    def publish(self, *keys: SigningKey | Mapping[str, object]) -> None:
        """From now on these are the keys, and no others."""
        self._keys = keys

    def rotate(self, *keys: SigningKey | Mapping[str, object], keep: int = 1) -> None:
        """Puts new keys in front and keeps the `keep` first of those published before."""
        self._keys = (*keys, *self._keys[:keep])

    def token(self, **overrides: object) -> str:
        """A good token of this issuer, signed with the first key that is published whole."""
        signing = next(key for key in self._keys if isinstance(key, SigningKey))
        return mint(signing, changed(default_claims(iss=self.url), overrides))

    def _serve(self, port: Document, connection: socket.socket) -> None:
        with self._lock:
            self._connections += 1
        connection.settimeout(_IDLE)
        fault = self._fault_at(port)
        if fault is not None and fault in BEFORE_TLS:
            BEFORE_TLS[fault](connection)
            return
        with self._certificates.context(fault).wrap_socket(connection, server_side=True) as secured:
            while self._answer_one(secured):
                pass

    def _answer_one(self, connection: socket.socket) -> bool:
        """Whether the connection may carry another request."""
        path = _read_path(connection)
        if path is None:
            return False
        with self._lock:
            self._requests[path] += 1
        document, answer = self._document(path)
        fault = self._fault_at(document) if document is not None else None
        return _send(connection, answer, fault, path)

    def _fault_at(self, document: Document) -> Fault | None:
        fault = self.fault
        return fault if fault is not None and fault.hits(document, self.fault_for) else None

    def _document(self, path: str) -> tuple[Document | None, Answer]:
        """What is at the path, and which document that is for `fault_for`: the copies are none."""
        where = path.removeprefix(COPY)
        document: Document | None = None if where != path else "keys"
        if where.endswith((KEYS_PATH, COGNITO_KEYS_PATH)):
            return document, answers.document(key_set(*self._keys))
        if where == self._path.rstrip("/") + DISCOVERY_PATH:
            return document and "discovery", answers.document(self._metadata())
        return None, Answer(body=b"{}", status=404)

    def _metadata(self) -> dict[str, object]:
        """Provider metadata as OpenID Connect Discovery 1.0 section 3 requires it."""
        return {
            "issuer": self.url,
            "jwks_uri": self.jwks_uri,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }


def _send(connection: socket.socket, answer: Answer, fault: Fault | None, path: str) -> bool:
    if fault is not None and fault in SENDING:
        SENDING[fault](connection, answer)
        return False
    final = answer if fault is None else answers.altered(answer, fault, path)
    connection.sendall(final.head() + final.body)
    if not final.keep_alive:
        end(connection)
    return final.keep_alive


def _read_path(connection: socket.socket) -> str | None:
    """The path of the next request; None when the client is done."""
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(_MAX_HEAD)
        head += data
        if not data or len(head) > _MAX_HEAD:
            return None
    _, _, target = head.split(b"\r\n", 1)[0].partition(b" ")
    return target.partition(b" ")[0].partition(b"?")[0].decode("latin-1")
