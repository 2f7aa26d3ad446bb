"""The view of something deployed: the names that AWS gave, in place of made-up ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from authorizer.tools.doctor.view import View
from authorizer.tools.gateway.names import Names
from authorizer.tools.gateway.permissions import Permissions

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedView(View):
    """`given`: what `Ref` gives, by logical id."""

    given: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = Names(self.document, self.given)
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "permissions", Permissions(self.document, names))
