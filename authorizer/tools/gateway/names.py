"""The ids and ARNs that a deployment would give to the resources of a template: made up, and the same every time."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template.unresolved import Unresolved

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.tools.template import Document, Resource
    from authorizer.tools.template.unresolved import Text

_OPAQUE: Final = re.compile(r"\$\{(?:Ref (?P<ref>\w+)|GetAtt (?P<of>\w+)\.(?P<attribute>[\w.]+))\}")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_APIS: Final = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")


def made_up(name: str, length: int, letters: str = _LETTERS) -> str:
    """An id that looks random and is the same for the same name."""
    digest = hashlib.shake_256(name.encode()).digest(length)
    return "".join(letters[byte % len(letters)] for byte in digest)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one document."""

    document: Document

    @property
    def region(self) -> str:
        """The Region, which is that of `AWS::Region`."""
        return self._pseudo("Region", "us-east-1")

    @property
    def account(self) -> str:
        """The account id."""
        return self._pseudo("AccountId", "123456789012")

    @property
    def partition(self) -> str:
        """The partition, such as `aws`."""
        return self._pseudo("Partition", "aws")

    def text(self, value: Text | None) -> str:
        """A text with everything in it that only a deployment knows made up."""
        return "" if value is None else _OPAQUE.sub(self._stand_in, str(value))

    def value(self, value: Any) -> Any:
        """The same for a value of any shape."""
        if isinstance(value, dict):
            return {name: self.value(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.value(one) for one in value]
        return self.text(value) if isinstance(value, Unresolved) else value

    def of(self, logical_id: str) -> str:
        """What `Ref` gives for a resource; for an API that stands alone, the id of that."""
        resource = self.document.resources.get(logical_id)
        kind = resource.type if resource is not None else _APIS[0]
        return _REFS[kind](self, logical_id) if kind in _REFS else logical_id

    def arn(self, service: str, rest: str, *, region: str | None = None) -> str:
        """An ARN in the account."""
        region = self.region if region is None else region
        return f"arn:{self.partition}:{service}:{region}:{self.account}:{rest}"

    def pool_id(self, logical_id: str) -> str:
        """The id of a user pool."""
        return f"{self.region}_{made_up(logical_id, 9)}"

    def _pseudo(self, name: str, otherwise: str) -> str:
        value = self.document.parameters.get(f"AWS::{name}", otherwise)
        return value if isinstance(value, str) else otherwise

    def _stand_in(self, match: re.Match[str]) -> str:
        if match["ref"]:
            return self.of(match["ref"])
        return self._attribute(match["of"], match["attribute"])

    def _attribute(self, logical_id: str, attribute: str) -> str:
        resource = self.document.resources.get(logical_id)
        if attribute.endswith("Arn"):
            return self._arn_of(resource, logical_id)
        if resource is not None and resource.type == "AWS::Cognito::UserPool":
            provider = f"cognito-idp.{self.region}.{self._pseudo('URLSuffix', 'amazonaws.com')}/{self.of(logical_id)}"
            return {"ProviderName": provider, "ProviderURL": f"https://{provider}"}.get(attribute, self.of(logical_id))
        if attribute == "ClientSecret":
            return made_up(f"{logical_id} secret", 52)
        return self.of(logical_id) if attribute.endswith("Id") else f"{logical_id}.{attribute}"

    def _arn_of(self, resource: Resource | None, logical_id: str) -> str:
        kind = resource.type if resource is not None else ""
        if kind == "AWS::Lambda::Function":
            return self.arn("lambda", f"function:{self.of(logical_id)}")
        if kind == "AWS::Cognito::UserPool":
            return self.arn("cognito-idp", f"userpool/{self.of(logical_id)}")
        if kind == "AWS::IAM::Role":
            return self.arn("iam", f"role/{self.of(logical_id)}", region="")
        service = kind.split("::")[1].lower() if kind.count("::") == 2 else "unknown"
        return self.arn(service, self.of(logical_id))


def _function_name(names: Names, logical_id: str) -> str:
    function = names.document.function(logical_id)
    return names.text(function.name) if function is not None and function.name is not None else logical_id


def _qualified(names: Names, logical_id: str) -> str:
    """An alias, or a version, which are referred to by their ARN."""
    properties = names.document.resources[logical_id].properties
    name = names.text(properties.get("FunctionName")).rpartition(":function:")[2]
    qualifier = properties.get("Name", "1")
    return names.arn("lambda", f"function:{name.partition(':')[0]}:{names.text(qualifier)}")


_REFS: Final[dict[str, Callable[[Names, str], str]]] = {
    **dict.fromkeys(_APIS, lambda names, one: made_up(f"{names.account} {one}", 10)),
    **dict.fromkeys(("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer"), lambda _, one: made_up(one, 6)),
    "AWS::Cognito::UserPool": lambda names, one: names.pool_id(one),
    "AWS::Cognito::UserPoolClient": lambda _, one: made_up(one, 26),
    "AWS::ApiGateway::ApiKey": lambda _, one: made_up(one, 10),
    "AWS::Lambda::Function": _function_name,
    "AWS::Lambda::Alias": _qualified,
    "AWS::Lambda::Version": _qualified,
}
