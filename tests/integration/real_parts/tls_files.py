"""A certificate for this machine, in the files that servers and clients want to read. All are made here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import trustme

if TYPE_CHECKING:
    from pathlib import Path


class TlsFiles(NamedTuple):
    """PEM files: whom clients are to trust, and what the server shows."""

    authority: str
    certificate: str
    key: str


def write_tls_files(folder: Path) -> TlsFiles:
    """A new authority and one certificate of it, for localhost and 127.0.0.1."""
    authority = trustme.CA()
    leaf = authority.issue_cert("localhost", "127.0.0.1")
    files = TlsFiles(*(str(folder / name) for name in ("authority.pem", "server.pem", "server.key")))
    authority.cert_pem.write_to_path(files.authority)
    leaf.cert_chain_pems[0].write_to_path(files.certificate)
    leaf.private_key_pem.write_to_path(files.key)
    return files
