"""DynamoDB on loopback (moto), with a table of API keys as the example's template has it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.integration.examples.plug_in import PROJECT
from tests.integration.sam_project import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TABLE = "orders-keys"
ANYBODY = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "eu-west-1"}
RENAMED = {"TimeToLiveSpecification"}  # CloudFormation sets it in a call of its own


@contextmanager
def key_server() -> Iterator[Mapping[str, str]]:
    """The variables with which boto3 finds it, also set in this process."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    variables = ANYBODY | {"AWS_ENDPOINT_URL_DYNAMODB": f"http://{host}:{port}"}
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in variables.items():
            patch.setenv(name, value)
        _create_table()
        yield variables
        boto3.client("dynamodb").delete_table(TableName=TABLE)  # what moto holds outlives its server
    server.stop()


def _create_table() -> None:
    properties: dict[str, Any] = read(PROJECT / "template.yaml")["Resources"]["KeyTable"]["Properties"]
    described = {name: value for name, value in properties.items() if name not in RENAMED}
    boto3.client("dynamodb").create_table(TableName=TABLE, **described)
