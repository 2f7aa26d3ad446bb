"""Where a proven or refused token came from: what the log says about it beside the reason."""

from __future__ import annotations

from typing import NamedTuple


class KeyState(NamedTuple):
    """How old the keys were that proved a token."""

    name: str  # "fresh", "stale", "snapshot" or "static"
    age: float  # seconds since they were fetched; 0 for static keys


class Provenance(NamedTuple):
    """Where a token came from: a configured issuer, the key it names, how old that issuer's keys were. For the log."""

    issuer: str
    kid: str | None = None
    keys: KeyState | None = None
    verifier: str | None = None  # what a rule's `verifiers` may name: each verifier says its own name
