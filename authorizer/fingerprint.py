"""Keyed fingerprints of what may not be logged: equal for equal secrets, useless to whoever has not the key."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC  # already loaded with the signatures; `hmac` would cost 3 ms more

HEX: Final = 16  # digits, 64 bits: enough to follow one token through a log, too few to be one


class Fingerprint:
    """Makes fingerprints with one key."""

    def __init__(self, key: bytes) -> None:
        self._keyed = HMAC(key, SHA256())

    def __call__(self, secret: str) -> str:
        """The first 16 hexadecimal digits of HMAC-SHA-256 (RFC 2104)."""
        state = self._keyed.copy()
        state.update(secret.encode("utf-8"))
        return state.finalize().hex()[:HEX]
