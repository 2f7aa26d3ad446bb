"""Identity sources: what API Gateway caches an answer under, in one spelling for all APIs.

AWS: "x-amazon-apigateway-authorizer object", `identitySource`; "Control access to HTTP APIs with AWS Lambda authorizers".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from authorizer.credential import Place, Where
from authorizer.surface import Api

if TYPE_CHECKING:
    from collections.abc import Iterable

    from authorizer.tools.template import ApiAuthorizer

_PREFIX: Final = {Api.REST: "method.", Api.WEBSOCKET: "route.", Api.HTTP: "$"}
_SPELLED: Final = re.compile(
    r"(?:method\.|route\.|\$)?(?:request\.)?(header|querystring|context|stageVariables)\.(.+)", re.DOTALL
)


class Identity(NamedTuple):
    """One identity source. `kind`: header, querystring, context or stageVariables. Names of headers are in lower case."""

    kind: str
    name: str

    def written(self, api: Api) -> str:
        """As an API of this type wants it."""
        if self.kind in ("header", "querystring"):
            name = "Authorization" if self == AUTHORIZATION else self.name
            return f"{_PREFIX[api]}request.{self.kind}.{name}"
        return f"{'$' if api is Api.HTTP else ''}{self.kind}.{self.name}"


AUTHORIZATION: Final = Identity("header", "authorization")
SOURCE_IP: Final = Identity("context", "identity.sourceIp")
PATH: Final = Identity("context", "path")
METHOD: Final = Identity("context", "httpMethod")
ROUTE_KEY: Final = Identity("context", "routeKey")
OF_THE_CALL: Final = frozenset(
    {PATH, METHOD, ROUTE_KEY, *(Identity("context", name) for name in ("resourceId", "resourcePath", "stage", "apiId"))}
)


def identities(authorizer: ApiAuthorizer) -> frozenset[Identity]:
    """The identity sources of an authorizer. What nobody can tell is left out."""
    found = (parsed(one) for one in authorizer.identity_sources if isinstance(one, str))
    return frozenset(one for one in found if one is not None)


def parsed(text: str) -> Identity | None:
    """One identity source, however its API spells it."""
    match = _SPELLED.fullmatch(text.strip())
    if match is None:
        return None
    kind, name = match.groups()
    return Identity(kind, name.lower() if kind == "header" else name)


def holding(place: Place) -> Identity:
    """The identity source that holds a credential at a place. A cookie is a part of a header."""
    match place.where:
        case Where.HEADER:
            return Identity("header", place.name)
        case Where.QUERY:
            return Identity("querystring", place.name)
        case Where.COOKIE:
            return Identity("header", "cookie")


def spelled(several: Iterable[Identity], api: Api) -> list[str]:
    """All of them as an API wants them, the credential's first."""
    order = {"header": 0, "querystring": 1, "stageVariables": 2, "context": 3}
    return [one.written(api) for one in sorted(several, key=lambda one: (order[one.kind], one.name))]
