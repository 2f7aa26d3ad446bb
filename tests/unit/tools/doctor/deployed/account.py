"""An account in memory, in the shapes that AWS answers with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

ACCOUNT, REGION = "123456789012", "eu-west-1"
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = "s3cr3t-that-nobody-may-see"
Table = dict[str, Any]


class NotThere(Exception):
    """AWS has no such thing."""


@dataclass
class Account:
    """Tests change it as they like."""

    rest: Table = field(default_factory=dict)
    http: Table = field(default_factory=dict)
    functions: Table = field(default_factory=dict)
    policies: dict[str, list[Table]] = field(default_factory=dict)
    pools: Table = field(default_factory=dict)
    roles: Table = field(default_factory=dict)
    managed: Table = field(default_factory=dict)
    plans: list[Table] = field(default_factory=list)
    plan_keys: dict[str, list[Table]] = field(default_factory=dict)
    keys: list[Table] = field(default_factory=list)
    log_groups: set[str] = field(default_factory=set)
    log_role: str | None = f"arn:aws:iam::{ACCOUNT}:role/gateway-logs"
    metrics: dict[tuple[str, str], float] = field(default_factory=dict)

    def add_function(self, name: str, *sources: str, principal: str = "apigateway.amazonaws.com") -> None:
        """A function that these may invoke."""
        arn = function_arn(name)
        role = f"{name}-role"
        self.functions[name] = {"configuration": configuration(name, role), "qualifiers": set(), "reserved": None}
        self.policies[name] = [permission(arn, one, principal) for one in sources]
        self.log_groups.add(f"/aws/lambda/{name}")
        self.add_role(role, "lambda.amazonaws.com", ["logs:CreateLogStream", "logs:PutLogEvents"])

    def add_role(self, name: str, service: str, actions: list[str], resource: str = "*") -> None:
        """A role that a service may take, with one policy of its own."""
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        document = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": actions, "Resource": resource}],
        }
        self.roles[name] = {
            "role": {
                "Path": "/",
                "RoleName": name,
                "RoleId": "AROAEXAMPLEEXAMPLE123",
                "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
                "CreateDate": WHEN,
                "AssumeRolePolicyDocument": dumped({"Version": "2012-10-17", "Statement": [trust]}),
            },
            "policies": {"own": document},
            "attached": [],
        }


def dumped(document: Table) -> str:
    """A policy as IAM gives it, before botocore reads it."""
    import json

    return json.dumps(document)


def function_arn(name: str) -> str:
    """Of a function of the account."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def function_uri(name: str) -> str:
    """Of an integration or authorizer of a REST API."""
    return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function_arn(name)}/invocations"


def execute(api: str, rest: str) -> str:
    """What a permission names as its source."""
    return f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api}/{rest}"


def permission(function: str, source: str, principal: str) -> Table:
    """A statement of a function's policy, as add-permission makes it."""
    return {
        "Sid": f"for-{abs(hash(source))}",
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "lambda:InvokeFunction",
        "Resource": function,
        "Condition": {"ArnLike": {"AWS:SourceArn": source}},
    }


def configuration(name: str, role: str) -> Table:
    """A function that works."""
    return {
        "FunctionName": name,
        "FunctionArn": function_arn(name),
        "Runtime": "python3.13",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/{role}",
        "Handler": "app.handler",
        "Timeout": 5,
        "MemorySize": 512,
        "PackageType": "Zip",
        "Architectures": ["arm64"],
        "Environment": {"Variables": {"GREETING": SECRET, "AUTHORIZER_FINGERPRINT_KEY": SECRET}},
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
    }
