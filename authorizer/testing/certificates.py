"""Certificates of the fake issuer: the right one and three that must not be trusted. All are made at run time."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import trustme

from authorizer.testing.faults import Fault

HOSTS = ("localhost", "127.0.0.1")
_PAST = datetime(2001, 1, 1, tzinfo=UTC)


class Certificates:
    """A certificate authority of its own, whose certificate is in the PEM file `ca_file`."""

    def __init__(self) -> None:
        self._authority = trustme.CA()
        self._folder = TemporaryDirectory(prefix="fake-issuer-")
        self._contexts: dict[Fault | None, ssl.SSLContext] = {}
        self._lock = Lock()
        self.ca_file = str(Path(self._folder.name, "ca.pem"))
        self._authority.cert_pem.write_to_path(self.ca_file)

    def context(self, fault: Fault | None) -> ssl.SSLContext:
        """The server side of TLS; with the wrong certificate for the faults that say so."""
        wanted = fault if fault in _WRONG else None
        with self._lock:
            if wanted not in self._contexts:
                self._contexts[wanted] = self._new_context(wanted)
            return self._contexts[wanted]

    def remove(self) -> None:
        """Deletes the CA file."""
        self._folder.cleanup()

    def _new_context(self, fault: Fault | None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._leaf(fault).configure_cert(context)
        return context

    def _leaf(self, fault: Fault | None) -> trustme.LeafCert:
        match fault:
            case Fault.TLS_WRONG_HOST:
                return self._authority.issue_cert("another-host.example.com")
            case Fault.TLS_EXPIRED:
                return self._authority.issue_cert(*HOSTS, not_after=_PAST)
            case Fault.TLS_UNTRUSTED:
                return _stranger().issue_cert(*HOSTS)
            case _:
                return self._authority.issue_cert(*HOSTS)


_WRONG = frozenset({Fault.TLS_WRONG_HOST, Fault.TLS_EXPIRED, Fault.TLS_UNTRUSTED})


@cache
def _stranger() -> trustme.CA:
    return trustme.CA()
