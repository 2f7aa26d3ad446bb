"""What checks look at: the APIs of a template, or deployed ones in the same words, and the ways between their parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from authorizer.tools.doctor.catalogue import catalogue
from authorizer.tools.gateway.names import Names
from authorizer.tools.gateway.permissions import Permissions
from authorizer.tools.template_check.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from authorizer.surface import Api as Kind
    from authorizer.tools.template import Api, ApiAuthorizer, ApiRoute, Document, Function, Place, Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One document. `deployed` says that it was read from an account: then nothing in it is unknown, and what is not there
    is really not there. `settings`: of functions of ours that name none."""

    document: Document
    deployed: bool = False
    settings: Path | None = None
    names: Names = field(init=False)
    permissions: Permissions = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", Names(self.document))
        object.__setattr__(self, "permissions", Permissions(self.document, self.names))

    def apis(self, *kinds: Kind) -> Iterator[Api]:
        """The APIs of these types; all of them where none is named."""
        return (one for one in self.document.apis if not kinds or one.kind in kinds)

    def authorizers(self, *kinds: Kind) -> Iterator[tuple[Api, ApiAuthorizer]]:
        """The authorizers of these types of API, with their API."""
        return ((api, one) for api in self.apis(*kinds) for one in api.authorizers)

    def routes(self, *kinds: Kind) -> Iterator[tuple[Api, ApiRoute]]:
        """The routes of these types of API, with their API."""
        return ((api, one) for api in self.apis(*kinds) for one in api.routes)

    def guarded(self, api: Api, authorizer: ApiAuthorizer) -> tuple[ApiRoute, ...]:
        """The routes that ask an authorizer."""
        return tuple(one for one in api.routes if one.authorizer == authorizer.name)

    def function(self, authorizer: ApiAuthorizer) -> Function | None:
        """The function of an authorizer, where it is in the document."""
        return self.document.function(authorizer.function)

    def of_type(self, *types: str) -> Iterator[Resource]:
        """The resources of these CloudFormation types."""
        return (one for one in self.document.resources.values() if one.type in types)

    def finding(self, code: str, place: Place, *, found: str, right: str, fix: Sequence[str] = ()) -> Finding:
        """A finding of the catalogue at a place. `fix`: the lines to write there, or the command to run."""
        return Finding(
            code=code,
            severity=catalogue()[code].severity,
            place=place,
            line=self.document.line(place),
            found=found,
            right=right,
            fix=tuple(fix),
        )
