"""The signing keys of one stand-in: made when first needed, published as a JWK Set, rotated on demand."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Literal

from authorizer.testing import SigningKey, key_set

if TYPE_CHECKING:
    from collections.abc import Callable

TokenUse = Literal["access", "id"]
ID_TOKEN: Final[TokenUse] = "id"
USES: Final[tuple[TokenUse, ...]] = ("access", ID_TOKEN)
ALWAYS: Final = "RS256"  # published from the start; keys of other algorithms once a token asked for them


class KeyRing:
    """Two keys per algorithm, one for access tokens and one for ID tokens, as user pools have it. Thread-safe.

    `changed` is called, outside the lock, when what others may have read of the key set is no longer true.
    """

    def __init__(self) -> None:
        self.changed: Callable[[], None] = _nothing
        self._lock = Lock()
        self._keys: dict[str, dict[TokenUse, SigningKey]] = {}
        self._retired: tuple[SigningKey, ...] = ()

    def signing(self, algorithm: str, use: TokenUse) -> SigningKey:
        """The key that signs such tokens now, published with the first look at it."""
        with self._lock:
            is_new = algorithm not in self._keys
            key = self._pair(algorithm)[use]
        if is_new and algorithm != ALWAYS:
            self.changed()
        return key

    def published(self) -> dict[str, Any]:
        """The JWK Set (RFC 7517 section 5): all keys that sign, then those kept from before the last rotation."""
        with self._lock:
            self._pair(ALWAYS)
            return key_set(*self._current(), *self._retired)

    def rotate(self, *, keep: bool) -> None:
        """New keys from now on. `keep`: the ones before stay published; else tokens signed with them are worth nothing."""
        with self._lock:
            self._pair(ALWAYS)
            self._retired = tuple(self._current()) if keep else ()
            self._keys = {}
        self.changed()

    def _current(self) -> list[SigningKey]:
        return [key for pair in self._keys.values() for key in pair.values()]

    def _pair(self, algorithm: str) -> dict[TokenUse, SigningKey]:
        if algorithm not in self._keys:
            self._keys[algorithm] = {use: SigningKey.generate(algorithm) for use in USES}
        return self._keys[algorithm]


def _nothing() -> None:
    """Nobody wants to know."""
