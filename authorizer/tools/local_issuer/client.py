"""An OAuth client that a stand-in knows."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Final

CLIENT_CREDENTIALS: Final = "client_credentials"  # RFC 6749 section 4.4
PASSWORD: Final = "password"  # RFC 6749 section 4.3
GRANTS: Final = (CLIENT_CREDENTIALS, PASSWORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client, the scopes it may ask for and the grants it may use. One without a secret is known by its id alone, and
    may still use every grant it has: this is no server that guards anything."""

    id: str
    secret: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = ()
    grants: tuple[str, ...] = GRANTS

    def knows(self, secret: str | None) -> bool:
        """Whether this is the client's secret; None for none."""
        if self.secret is None or secret is None:
            return self.secret is secret
        return hmac.compare_digest(self.secret.encode(), secret.encode())
