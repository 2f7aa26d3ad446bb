"""What function processes need to take the stand-ins for the real issuers: a table, certificates, an import path."""

from __future__ import annotations

import json
import os
import ssl
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Self

import trustme

from authorizer.tools.local_issuer.metadata import documents_by_host

if TYPE_CHECKING:
    from authorizer.tools.local_issuer.local_issuers import LocalIssuers
    from authorizer.tools.local_issuer.metadata import Documents

TABLE: Final = "LOCAL_ISSUERS"  # not AUTHORIZER_…: each of those is a setting of the function
OTHERS_TOO: Final = "LOCAL_NETWORK"
_TRUST: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE")


class SandboxFiles:
    """Files of one emulator, in a folder of their own that nobody else may read; gone at the end of the context.

    The table follows each change of the stand-ins by itself. `network`: functions reach the Internet too, and trust whom
    this machine trusts; else they reach the stand-ins and nothing more.
    """

    import_path: Final = Path(__file__).with_name("sandbox")  # comes first on PYTHONPATH

    def __init__(self, issuers: LocalIssuers, *, network: bool = False) -> None:
        self._issuers = issuers
        self._network = network
        self._lock = Lock()

    def __enter__(self) -> Self:
        self._temporary = TemporaryDirectory(prefix="local-issuers-")  # mode 0700
        self._folder = Path(self._temporary.name)
        try:
            self._write_certificates()
            self.refresh()
        except BaseException:
            self._temporary.cleanup()
            raise
        self._issuers.watch(self.refresh)
        return self

    def __exit__(self, *_: object) -> None:
        self._issuers.unwatch(self.refresh)
        with self._lock:
            self._temporary.cleanup()

    def environment(self) -> dict[str, str]:
        """Variables of a function process; `PYTHONPATH` must begin with `import_path` besides."""
        trust = dict.fromkeys(_TRUST, str(self._folder / "ca.pem"))
        return {TABLE: str(self._folder / "issuers.json"), **trust} | ({OTHERS_TOO: "1"} if self._network else {})

    def refresh(self) -> None:
        """Writes the table as the stand-ins are now. Readers see the old one or the new one, and nothing between."""
        with self._lock:
            if self._folder.is_dir():  # a change may come while we end
                new = self._folder / "issuers.json.new"
                new.write_text(json.dumps(self._table()), "utf-8")
                os.replace(new, self._folder / "issuers.json")

    def _table(self) -> dict[str, Any]:
        return {
            "hosts": self._hosts(),
            "down": self._issuers.outage,
            "certificate": str(self._folder / "server.pem"),
            "ca": str(self._folder / "ca.pem"),
        }

    def _hosts(self) -> dict[str, Documents]:
        hosts: dict[str, Documents] = {}
        for stand_in in self._issuers:
            for host, documents in documents_by_host(stand_in).items():
                hosts.setdefault(host, {}).update(documents)
        return hosts

    def _write_certificates(self) -> None:
        """One certificate for all hosts, of an authority whose key is forgotten at once."""
        authority = trustme.CA(organization_name="authorizer, for this run")
        names = {host.partition(":")[0] for host in self._hosts()} or {"localhost"}
        authority.issue_cert(*sorted(names)).private_key_and_cert_chain_pem.write_to_path(self._folder / "server.pem")
        trusted = authority.cert_pem.bytes() + (_trusted_here() if self._network else b"")
        (self._folder / "ca.pem").write_bytes(trusted)


def _trusted_here() -> bytes:
    """The authorities that Python trusts on this machine, where they are in one file."""
    file = ssl.get_default_verify_paths().cafile
    return Path(file).read_bytes() if file is not None else b""
