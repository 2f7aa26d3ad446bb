"""Whether API Gateway may invoke a function of a template: the resource-based policy that the template gives the function.

Source: API Gateway Developer Guide, "Grant an API Gateway permissions to invoke Lambda": of an authorizer the SourceArn is
`…:{api}/authorizers/{id}`, of an integration `…:{api}/{stage}/{method}/{path}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.tools.gateway.glob import matcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.gateway.names import Names
    from authorizer.tools.template import Document, Resource
    from authorizer.tools.template.unresolved import Text

_PERMISSION: Final = "AWS::Lambda::Permission"
_ACTIONS: Final = ("lambda:InvokeFunction", "lambda:*", "*")
_CALLER: Final = "apigateway.amazonaws.com"


class Permissions:
    """The permissions of one template."""

    def __init__(self, document: Document, names: Names) -> None:
        self._names = names
        self._resources = [one for one in document.resources.values() if one.type == _PERMISSION]

    def covers(self, uri: Text | None, source: str) -> bool:
        """Whether what an URI names, with its alias or version, may be invoked for a source, which is an ARN."""
        wanted = self._function(self._names.text(uri))
        return any(self._names_it(one, wanted) and self._admits(one, source) for one in self._of_api_gateway())

    def _of_api_gateway(self) -> Iterator[Resource]:
        for one in self._resources:
            said = {name: self._names.text(one.properties.get(name)) for name in ("Action", "Principal")}
            if said["Principal"] in (_CALLER, "*") and said["Action"] in _ACTIONS:
                yield one

    def _names_it(self, permission: Resource, wanted: str) -> bool:
        named = self._names.text(permission.properties.get("FunctionName"))
        return self._function(named) == wanted

    def _admits(self, permission: Resource, source: str) -> bool:
        given = permission.properties.get("SourceArn")
        return given is None or matcher(self._names.text(given))(source)

    def _function(self, text: str) -> str:
        """`name` or `name:qualifier`, of a name, an ARN or the URI of an integration."""
        text = text.partition("/functions/")[2].removesuffix("/invocations") or text
        name = text.rpartition(":function:")[2] or text
        return name.removesuffix(":$LATEST")
