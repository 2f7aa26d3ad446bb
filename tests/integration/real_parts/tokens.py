"""What a user who signed in gets."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The two tokens that are easily mistaken for each other."""

    access: str = field(repr=False)
    id: str = field(repr=False)
