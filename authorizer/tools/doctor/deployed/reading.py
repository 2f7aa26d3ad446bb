"""What was read so far: resources in the words of a template, with the ids that AWS gave them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template import Document, Resource
from authorizer.tools.template.functions import functions
from authorizer.tools.template.http_api import http_and_websocket_apis
from authorizer.tools.template.rest_api import rest_apis
from authorizer.tools.template.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.doctor.deployed.access import Access
    from authorizer.tools.template import Api, Problem

_PARTITIONS: Final = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "eusc-": "aws-eusc"}
_SUFFIXES: Final = {"aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu"}
_UNKNOWN_ACCOUNT: Final = "000000000000"  # nobody's; see `Reading.learn_account`
_ARN: Final = re.compile(r"arn:([\w-]+):([\w-]+):([\w-]*):(\d{12}|aws|):(.+)")


@dataclass(frozen=True, slots=True)
class Arn:
    """The parts of an ARN."""

    text: str
    partition: str
    service: str
    region: str
    account: str
    rest: str


def arn_of(text: str) -> Arn | None:
    """The parts of an ARN; None for what is none."""
    found = _ARN.fullmatch(text)
    return Arn(text, *found.groups()) if found else None


@dataclass(slots=True, kw_only=True)
class Reading:
    """Filled by the readers. `gone` is what something names and AWS does not have, `elsewhere` functions of other accounts;
    both by ARN or id."""

    access: Access
    resources: dict[str, Resource] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    account: str = _UNKNOWN_ACCOUNT
    partition: str = "aws"

    @classmethod
    def begun(cls, access: Access) -> Reading:
        """An empty one that knows whose account it is."""
        region = access.clients.region
        by_region = next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")
        caller = access.caller()
        arn = arn_of(caller.get("Arn", ""))
        account = caller.get("Account", _UNKNOWN_ACCOUNT)
        return cls(access=access, account=account, partition=arn.partition if arn else by_region)

    @property
    def region(self) -> str:
        """The Region of the API."""
        return self.access.clients.region

    def add(self, kind: str, logical_id: str, properties: Mapping[str, Any], ref: str | None = None) -> Resource:
        """Takes a resource down under its id, or under a longer name where something else is called so. AWS says of some
        settings that they are empty, which means that they are not there."""
        taken = self.resources.get(logical_id)
        if taken is not None and taken.type != kind:
            ref, logical_id = ref or logical_id, f"{kind.rpartition('::')[2]} {logical_id}"
        known = {name: value for name, value in properties.items() if value not in (None, "")}
        resource = Resource(logical_id=logical_id, type=kind, properties=known)
        self.resources[logical_id] = resource
        self.given[logical_id] = ref or logical_id
        return resource

    def mark(self, resource: Resource, **facts: Any) -> None:
        """Adds what no template says, such as the state of a function."""
        before = self.resources[resource.logical_id]
        said = {name: value for name, value in facts.items() if value is not None}
        self.resources[resource.logical_id] = replace(before, attributes={**before.attributes, **said})

    def learn_account(self, text: str) -> None:
        """From an ARN of something of the API, where the account may not be asked for."""
        arn = arn_of(text)
        if self.account == _UNKNOWN_ACCOUNT and arn is not None and arn.account.isdigit():
            self.account = arn.account

    def apis(self) -> list[Api]:
        """The APIs as readers of templates see them."""
        return self._apis([])

    def _apis(self, problems: list[Problem]) -> list[Api]:
        return [*rest_apis(self.resources, problems), *http_and_websocket_apis(self.resources, problems)]

    def document(self) -> Document:
        """All of it."""
        parameters = {
            "AWS::Region": self.region,
            "AWS::AccountId": self.account,
            "AWS::Partition": self.partition,
            "AWS::URLSuffix": _SUFFIXES.get(self.partition, "amazonaws.com"),
        }
        problems: list[Problem] = []
        apis = tuple(self._apis(problems))
        return Document(
            source=Source(file=Path(", ".join(one.logical_id for one in apis)), document={"Resources": {}}),
            apis=apis,
            functions=tuple(functions(self.resources, {})),
            resources=dict(self.resources),
            parameters=parameters,
            problems=tuple(problems),
        )


def worded(answer: Mapping[str, Any], *without: str) -> dict[str, Any]:
    """An answer of API Gateway v1 in CloudFormation's words, which begin with a capital."""
    return {name[0].upper() + name[1:]: value for name, value in answer.items() if name not in without}
