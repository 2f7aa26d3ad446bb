"""What is asked of which APIs: a token at a time, and the document that says what the APIs are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.explain.parts import read_parts
from authorizer.tools.gateway.build_authorizers import Surroundings, authorizers
from authorizer.tools.gateway.cache import ResultCache
from authorizer.tools.gateway.permissions import Permissions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.gateway.issuers import Issuers
    from authorizer.tools.gateway.local_api import Authorizer
    from authorizer.tools.gateway.names import Names
    from authorizer.tools.invocation import Invocation
    from authorizer.tools.template import Api, ApiAuthorizer, ApiRoute, Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A token, and the time that it is asked about, in seconds since 1970. `offline`: keys are not fetched.

    `issuers` are whom API Gateway's own authorizers ask for keys.
    """

    token: str = field(repr=False)
    now: float
    issuers: Issuers
    offline: bool = False

    @property
    def claims(self) -> Mapping[str, Any]:
        """As the token has them, nothing proven; none where they cannot be read."""
        seen = read_parts(self.token).seen
        return seen.claims if seen is not None else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The token before the APIs of one document. `kept` are the functions that were made ready, by logical id: each fetches
    keys once."""

    document: Document
    names: Names
    asked: Asked
    kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def supposing(self, names: Names) -> Scene:
        """The same with other names, and nobody asked for keys."""
        return replace(self, names=names, asked=replace(self.asked, offline=True), kept={})


class _Unasked:
    """No function is run here."""

    def invoke(self, logical_id: str, event: Mapping[str, Any], patience: float) -> Invocation:  # noqa: ARG002
        raise AssertionError("no function is run to explain a token")


_UNASKED: Final = _Unasked()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A route, and the authorizer that guards it."""

    scene: Scene
    api: Api
    route: ApiRoute
    authorizer: ApiAuthorizer

    @property
    def scopes(self) -> tuple[str, ...]:
        """Those that the route asks for."""
        return tuple(map(self.scene.names.text, self.route.scopes))

    def supposing(self, names: Names) -> Seat:
        """The same in another scene."""
        return replace(self, scene=self.scene.supposing(names))

    def built(self, issuers: Issuers | None = None) -> Authorizer:
        """The authorizer as the local gateway has it; `CommandError` for one that API Gateway would not create."""
        scene, alone = self.scene, replace(self.api, authorizers=(self.authorizer,))
        around = Surroundings(
            names=scene.names,
            functions=_UNASKED,
            why_not=lambda _: None,
            issuers=issuers or scene.asked.issuers,
            permissions=Permissions(scene.document, scene.names),
            cache=ResultCache(),
        )
        return authorizers(alone, around)[self.authorizer.name]
