"""What a call needs to know of the API that it was sent to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.surface import Api as Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledApi:
    """An API as a client sees it. `arn` ends with its id; `stages` are its stages with their variables."""

    kind: Kind
    logical_id: str
    id: str
    arn: str
    account: str
    region: str
    domain: str
    stages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
