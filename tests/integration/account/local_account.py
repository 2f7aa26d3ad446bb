"""An AWS account on this machine: MiniStack in a process of its own, with the Python that the functions run on.

What goes in is what goes into AWS: `sam deploy` with the built template, calls of the AWS API, HTTP requests.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import boto3

from authorizer.clock import stopwatch
from authorizer.tools.child_process import ChildProcess
from authorizer.tools.function_environment import PROJECT
from layers.environment import RUNTIME, environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REGION, ACCOUNT_ID, BUCKET = "eu-west-1", "123456789012", "artifacts"
PATIENCE = 300  # seconds for a command; usually 10
START = 60.0  # seconds until it listens; usually 2
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}


class Response(NamedTuple):
    """What a client of an API gets. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: Any


class LocalAccount:
    """A context manager. Functions trust the authorities in `ca_file` beside nobody else."""

    def __init__(self, folder: Path, ca_file: Path) -> None:
        self._folder = folder
        self._ca_file = ca_file
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        python = environment("account", RUNTIME)
        command = [str(python), str(Path(__file__).with_name("completed_ministack.py"))]
        self._child = ChildProcess(command, self._variables(), self._folder)
        try:
            self._wait()
        except BaseException:
            self._child.end()
            raise
        self.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        return self

    def __exit__(self, *_: object) -> None:
        self._child.end()

    def client(self, service: str) -> Any:
        """A client of the AWS API."""
        create: Any = boto3.client  # its stubs know one overload per service
        return create(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )

    def deploy(self, stack: str, parameters: Mapping[str, str], folder: Path = PROJECT) -> None:
        """`sam deploy`, the command itself, in a folder in which `sam build` was run."""
        flags = ["--stack-name", stack, "--s3-bucket", BUCKET, "--no-resolve-s3", "--no-confirm-changeset"]
        flags += ["--no-progressbar", "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
        flags += ["--parameter-overrides", *(f"{name}={value}" for name, value in parameters.items())]
        self.sam("deploy", *flags, folder=folder)

    def sam(self, *arguments: str, folder: Path = PROJECT, answers: Sequence[str] = ()) -> None:
        """A command of SAM CLI, for this account. `answers` are typed one after another."""
        command = [str(Path(sys.executable).with_name("sam")), *arguments]
        variables = os.environ | CREDENTIALS | {"AWS_ENDPOINT_URL": self.url, "SAM_CLI_TELEMETRY": "0"}
        typed = "".join(f"{answer}\n" for answer in answers)
        done = subprocess.run(
            command,
            cwd=folder,
            env=variables,
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"sam {arguments[0]} failed:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")

    def outputs(self, stack: str) -> dict[str, str]:
        """The outputs of a stack."""
        (found,) = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}

    def call(self, url: str, token: str | None = None, method: str = "GET", **headers: str) -> Response:
        """A request to an API, by the address that its stack gives. `token` goes behind `Bearer `."""
        host, _, path = url.partition("://")[2].partition("/")
        api = host.partition(".")[0]
        stage_and_path = path if ".execute-api." in host and _has_stage(path) else f"$default/{path}"
        sent = headers | ({"Authorization": f"Bearer {token}"} if token else {})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, f"/_aws/execute-api/{api}/{stage_and_path}", headers=sent)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Response(response.status, names, json.loads(body) if body else None)

    def decisions(self, log_group: str) -> list[dict[str, Any]]:
        """All decision lines in a log group, in order."""
        pages = self.client("logs").get_paginator("filter_log_events").paginate(logGroupName=log_group)
        messages = (event["message"] for page in pages for event in page["events"])
        lines = [json.loads(message) for message in messages if message.startswith("{")]
        return [line for line in lines if "decision" in line]

    def _wait(self) -> None:
        deadline = stopwatch() + START
        while self._child.running and stopwatch() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                sleep(0.05)
        raise RuntimeError("MiniStack does not start:\n" + self._child.stdout.since(0).decode()[-2000:])

    def _variables(self) -> dict[str, str]:
        return CREDENTIALS | {
            "PATH": os.defpath,
            "HOME": str(self._folder),
            "TMPDIR": str(self._folder),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "SSL_CERT_FILE": str(self._ca_file),
        }


def _has_stage(path: str) -> bool:
    return path.startswith("v1/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
