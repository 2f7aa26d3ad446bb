"""AWS as a fake: real boto3 clients with their models, paginators and errors, and an account in memory behind them.

Each answer is checked against the model of its service, so that no shape is made up.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.validate import ParamValidator

from tests.unit.tools.doctor.deployed.account import Account, NotThere
from tests.unit.tools.doctor.deployed.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

REGION = "eu-west-1"
GONE = {"lambda": "ResourceNotFoundException", "cognito-idp": "ResourceNotFoundException", "iam": "NoSuchEntity"}
STREAMED = {"get_export", "export_api"}  # their body is no member of a validated structure


@dataclass
class Cloud:
    """What `Access` asks. `refused` is the code of the error that an operation of a service ends with."""

    account: Account
    region: str = REGION
    refused: dict[tuple[str, str], str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    sent: list[Mapping[str, Any]] = field(default_factory=list)

    def client(self, service: str, region: str) -> Any:
        """A real client whose requests end here."""
        client, holder = made(service, region)
        holder.cloud = self
        return client

    def answer(self, service: str, model: Any, parameters: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
        """Status and parsed answer, as botocore would have them from HTTP."""
        operation = xform_name(model.name)
        self.asked.append((service, operation))
        self.sent.append(parameters)
        code = self.refused.get((service, operation))
        if code is not None:
            return error(403, code)
        try:
            found = deepcopy(OPERATIONS[service, operation](self.account, dict(parameters)))
        except NotThere:
            return error(404, GONE.get(service, "NotFoundException"))
        check(model, found, operation)
        return SimpleNamespace(status_code=200), found


def error(status: int, code: str) -> tuple[Any, Mapping[str, Any]]:
    """A parsed error."""
    details = {"Error": {"Code": code, "Message": "told by the fake"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return SimpleNamespace(status_code=status), details


def check(model: Any, found: Mapping[str, Any], operation: str) -> None:
    """Nothing for an answer of the shape that the service's model has."""
    if operation not in STREAMED:
        known = set(model.output_shape.members)
        assert set(found) <= known, f"{operation}: {sorted(set(found) - known)}"
        report = ParamValidator().validate(dict(found), model.output_shape)
        assert not report.has_errors(), f"{operation}: {report.generate_report()}"


@cache
def made(service: str, region: str) -> tuple[Any, Any]:
    """A client, made once, and the holder of the cloud that answers it."""
    create: Any = boto3.client
    client = create(
        service,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"mode": "standard", "total_max_attempts": 1}),
    )
    holder = SimpleNamespace(cloud=None)
    seen: dict[int, Mapping[str, Any]] = {}

    def keep(params: Mapping[str, Any], context: Any, **_: Any) -> None:
        seen[id(context)] = params

    def answer(model: Any, context: Any, **_: Any) -> Any:
        return holder.cloud.answer(service, model, seen.pop(id(context)))

    client.meta.events.register("before-parameter-build", keep)
    client.meta.events.register("before-call", answer)
    return client, holder
