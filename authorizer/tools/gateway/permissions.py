"""Whether API Gateway may invoke a function of a template: the resource-based policy that the template gives the function.

Source: API Gateway Developer Guide, "Grant an API Gateway permissions to invoke Lambda": of an authorizer the SourceArn is
`…:{api}/authorizers/{id}`, of an integration `…:{api}/{stage}/{method}/{path}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.tools.gateway.glob import matcher
from authorizer.tools.template.shape import as_list, as_map
from authorizer.tools.template.unresolved import Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.gateway.names import Names
    from authorizer.tools.template import Document, Resource
    from authorizer.tools.template.unresolved import Text

_PERMISSION: Final = "AWS::Lambda::Permission"
_ROLE: Final = "AWS::IAM::Role"
_ACTIONS: Final = ("lambda:InvokeFunction", "lambda:*", "*")
_CALLER: Final = "apigateway.amazonaws.com"


class Permissions:
    """The permissions of one template."""

    def __init__(self, document: Document, names: Names) -> None:
        self._names = names
        self._resources = [one for one in document.resources.values() if one.type == _PERMISSION]
        self._roles = {name: one for name, one in document.resources.items() if one.type == _ROLE}

    def covers(self, uri: Text | None, source: str) -> bool:
        """Whether what an URI names, with its alias or version, may be invoked for a source, which is an ARN."""
        wanted = self._function(self._names.text(uri))
        return any(self._names_it(one, wanted) and self._admits(one, source) for one in self._of_api_gateway())

    def assumable(self, role: Text | None) -> bool:
        """Whether API Gateway may assume a role, by its trust policy; of one that is not in the template nobody can tell."""
        named = role.resources & self._roles.keys() if isinstance(role, Unresolved) else ()
        return all(self._trusts(self._roles[name]) for name in named)

    def _trusts(self, role: Resource) -> bool:
        policy = as_map(self._names.value(role.properties.get("AssumeRolePolicyDocument")))
        for statement in map(as_map, as_list(policy.get("Statement"))):
            principal = statement.get("Principal")
            services = as_list(as_map(principal).get("Service"))
            if statement.get("Effect") == "Allow" and (principal == "*" or _CALLER in services):
                return True
        return False

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
