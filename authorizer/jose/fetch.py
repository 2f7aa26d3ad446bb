"""One GET over TLS, within one deadline: the only place that opens a socket.

https only, certificates verified (`SSL_CERT_FILE` is honoured), no redirects, status 200 only, a size cap, no
compressed bodies. `timeout=` alone is not a deadline: name resolution ignores it and a dripping peer restarts it with
every byte. So whoever waits calls `Deadline.cancel` when time is up, which shuts the socket under the worker that reads.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from authorizer.clock import stopwatch
from authorizer.errors import Fault, Unavailable
from authorizer.reasons import Reason

if TYPE_CHECKING:
    import socket
    import ssl
    from http.client import HTTPResponse
    from urllib.parse import SplitResult


_URL = re.compile(
    r"https://[!-~]+", re.ASCII
)  # no white space, no control characters: nothing to smuggle into a request


class Deadline:
    """A moment by which everything must be done, and the socket to shut when it is not."""

    def __init__(self, seconds: float) -> None:
        self._ends = stopwatch() + seconds
        self._socket: socket.socket | None = None
        self._cancelled = False

    def remaining(self) -> float:
        """Seconds left; `Unavailable` when there are none."""
        left = self._ends - stopwatch()
        if left <= 0 or self._cancelled:
            raise timed_out()
        return left

    def attach(self, connection: socket.socket) -> None:
        """From now on `cancel` shuts this socket."""
        self._socket = connection
        if self._cancelled:
            _shut(connection)

    def cancel(self) -> None:
        """Time is up: whoever reads from the socket is woken with an error."""
        self._cancelled = True
        if self._socket is not None:
            _shut(self._socket)


def is_https(url: str) -> bool:
    """Whether `url` is one we would fetch: https, a host, no user info, no fragment."""
    if _URL.fullmatch(url) is None:
        return False
    try:
        parts = _split(url)
        return bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc and "#" not in url
    except ValueError:
        return False


def get(url: str, deadline: Deadline, *, max_bytes: int) -> bytes:
    """The body that `url` answers with status 200; `Unavailable` for everything else."""
    import http.client  # 20 ms of cold start that a snapshot or static keys never pay

    if not is_https(url):
        raise Unavailable(Reason.DISCOVERY_INVALID, Fault(claim="jwks_uri", expected="an https URL", found="another"))
    try:
        with _connect(url, deadline) as tls:
            tls.sendall(_request(url))
            with http.client.HTTPResponse(tls, method="GET") as response:
                response.begin()
                return _body(response, deadline, max_bytes)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _fault(error, deadline) from None


def timed_out() -> Unavailable:
    """The deadline passed."""
    return Unavailable(Reason.KEYS_TIMEOUT, Fault(claim="jwks_uri", expected="an answer in time", found="a timeout"))


def _split(url: str) -> SplitResult:
    from urllib.parse import urlsplit  # for the same reason

    return urlsplit(url)


def _connect(url: str, deadline: Deadline) -> ssl.SSLSocket:
    """TLS with the first address that takes a connection; one that swallows everything gets half of the time left."""
    import socket
    import ssl

    parts = _split(url)
    context = ssl.create_default_context()
    addresses = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    failure: OSError = OSError("no address")
    for index, (family, kind, protocol, _, address) in enumerate(addresses, start=1):
        left = deadline.remaining()
        try:
            plain = socket.socket(family, kind, protocol)  # an error where a kernel has no IPv6
            tls = context.wrap_socket(plain, server_hostname=parts.hostname, do_handshake_on_connect=False)
            _reach(tls, address, left if index == len(addresses) else left / 2)
        except OSError as error:
            failure = error
        else:
            return _shake_hands(tls, deadline)
    raise failure


def _reach(tls: ssl.SSLSocket, address: Any, seconds: float) -> None:
    try:
        tls.settimeout(seconds)
        tls.connect(address)
    except BaseException:
        tls.close()
        raise


def _shake_hands(tls: ssl.SSLSocket, deadline: Deadline) -> ssl.SSLSocket:
    """An address that took the connection is alive, and its handshake has all the time left (RFC 8305)."""
    deadline.attach(tls)
    try:
        tls.settimeout(deadline.remaining())
        tls.do_handshake()
        tls.settimeout(deadline.remaining())
    except BaseException:
        tls.close()
        raise
    return tls


def _request(url: str) -> bytes:
    parts = _split(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = (
        f"GET {target} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Accept: application/json",
        "Accept-Encoding: identity",
        "Connection: close",
        "User-Agent: lambda-authorizer",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _body(response: HTTPResponse, deadline: Deadline, max_bytes: int) -> bytes:
    if 300 <= response.status < 400:
        raise _unusable(Reason.KEYS_REDIRECTED, "status 200", f"status {response.status}")
    if response.status != 200:
        raise _unusable(Reason.KEYS_STATUS, "status 200", f"status {response.status}")
    if response.getheader("Content-Encoding", "identity") != "identity":
        raise _unusable(Reason.KEYS_RESPONSE_INVALID, "an uncompressed body", "a compressed one")
    declared = response.length
    body = response.read(max_bytes + 1)
    deadline.remaining()  # a socket shut by `cancel` looks like the end of the body
    if len(body) > max_bytes:
        raise _unusable(Reason.KEYS_RESPONSE_INVALID, f"at most {max_bytes} bytes", "more")
    if declared is not None and len(body) != declared:
        raise _unusable(Reason.KEYS_RESPONSE_INVALID, f"{declared} bytes as declared", f"{len(body)}")
    return body


def _fault(error: Exception, deadline: Deadline) -> Unavailable:
    import http.client
    import ssl

    deadline.remaining()  # a socket shut by `cancel` looks like any other broken one
    if isinstance(error, TimeoutError):
        return timed_out()
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return _unusable(Reason.KEYS_TLS_FAILED, "a certificate that verifies", type(error).__name__)
    if isinstance(error, http.client.HTTPException | ValueError) and not isinstance(error, OSError):
        return _unusable(Reason.KEYS_RESPONSE_INVALID, "an HTTP answer", type(error).__name__)
    return _unusable(Reason.KEYS_UNREACHABLE, "a connection", type(error).__name__)


def _unusable(reason: Reason, expected: str, found: str) -> Unavailable:
    return Unavailable(reason, Fault(claim="jwks_uri", expected=expected, found=found))


def _shut(connection: socket.socket) -> None:
    import socket

    with suppress(OSError):  # already closed: nothing to wake
        # On the plain socket: an SSL object would first want to say goodbye, and to a silent peer that waits.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
