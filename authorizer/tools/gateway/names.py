"""The ids and ARNs that a deployment would give to the resources of a template: made up, and the same every time."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template.unresolved import Unresolved

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authorizer.tools.template import Document, Resource
    from authorizer.tools.template.unresolved import Text

_OPAQUE: Final = re.compile(r"\$\{(?:Ref (?P<ref>\w+)|GetAtt (?P<of>\w+)\.(?P<attribute>[\w.]+))\}")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_APIS: Final = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
_QUALIFIED: Final = ("AWS::Lambda::Alias", "AWS::Lambda::Version")


def made_up(name: str, length: int, letters: str = _LETTERS) -> str:
    """An id that looks random and is the same for the same name."""
    digest = hashlib.shake_256(name.encode()).digest(length)
    return "".join(letters[byte % len(letters)] for byte in digest)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one document. `given` are those that somebody knows: what `Ref` gives, by logical id."""

    document: Document
    given: Mapping[str, str] = field(default_factory=dict)

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

    @property
    def suffix(self) -> str:
        """What the names of AWS's hosts end with, such as `amazonaws.com`."""
        return self._pseudo("URLSuffix", "amazonaws.com")

    def domain(self, api_id: str) -> str:
        """The host of an API."""
        return f"{api_id}.execute-api.{self.region}.{self.suffix}"

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
        """What `Ref` gives for a resource; for an API that stands alone or is from elsewhere, the id of that."""
        if logical_id in self.given:
            return self.given[logical_id]
        resource = self.document.resources.get(logical_id)
        if resource is not None:
            return _REFS[resource.type](self, logical_id) if resource.type in _REFS else logical_id
        if " " in logical_id:  # an API from elsewhere, by the function that names it: `Ref ApiId`
            return self.text(Unresolved(logical_id))
        written = logical_id and logical_id not in self.document.parameters
        return logical_id if written else made_up(f"{self.account} {logical_id}", 10)

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
        known = _ATTRIBUTES.get((resource.type if resource is not None else "", attribute))
        if known is not None:
            return known(self, logical_id)
        return self.of(logical_id) if attribute.endswith("Id") else f"{logical_id}.{attribute}"

    def _arn_of(self, resource: Resource | None, logical_id: str) -> str:
        kind = resource.type if resource is not None else ""
        if kind == "AWS::Lambda::Function":
            return self.arn("lambda", f"function:{self.of(logical_id)}")
        if kind in _QUALIFIED:
            return self.of(logical_id)
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


def _property(name: str) -> Callable[[Names, str], str]:
    """A resource that is referred to by what the template says of it."""
    return lambda names, one: names.text(names.document.resources[one].properties.get(name)) or one


def _provider(names: Names, pool: str) -> str:
    return f"cognito-idp.{names.region}.{names.suffix}/{names.of(pool)}"


def _endpoint(names: Names, api: str) -> str:
    protocol = names.document.resources[api].properties.get("ProtocolType")
    return f"{'wss' if protocol == 'WEBSOCKET' else 'https'}://{names.domain(names.of(api))}"


_REFS: Final[dict[str, Callable[[Names, str], str]]] = {
    **dict.fromkeys(_APIS, lambda names, one: made_up(f"{names.account} {one}", 10)),
    **dict.fromkeys(("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer"), lambda _, one: made_up(one, 6)),
    **dict.fromkeys(("AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage"), _property("StageName")),
    **dict.fromkeys(_QUALIFIED, _qualified),
    "AWS::Cognito::UserPool": lambda names, one: names.pool_id(one),
    "AWS::Cognito::UserPoolClient": lambda _, one: made_up(one, 26),
    "AWS::Cognito::UserPoolResourceServer": _property("Identifier"),
    "AWS::ApiGateway::ApiKey": lambda _, one: made_up(one, 10),
    "AWS::Lambda::Function": _function_name,
}
_ATTRIBUTES: Final[dict[tuple[str, str], Callable[[Names, str], str]]] = {
    ("AWS::Cognito::UserPool", "ProviderName"): _provider,
    ("AWS::Cognito::UserPool", "ProviderURL"): lambda names, one: f"https://{_provider(names, one)}",
    ("AWS::Cognito::UserPoolClient", "ClientSecret"): lambda _, one: made_up(f"{one} secret", 52),
    ("AWS::ApiGatewayV2::Api", "ApiEndpoint"): _endpoint,
    ("AWS::Lambda::Version", "Version"): lambda *_: "1",
}
