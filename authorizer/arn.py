"""The ARN of a called method: read from an event, and made safe before it is written into a policy.

`arn:{partition}:execute-api:{region}:{account}:{api}/{stage}/{METHOD}/{path}`; the path is the client's text and may
hold `:` and `/`. AWS: "Format of permissions for calling an API" in the API Gateway developer guide.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from authorizer.errors import EventError, Fault, Refused
from authorizer.reasons import Reason

# `.` also means newline: a client's path must not end the match early.
_METHOD_ARN = re.compile(
    r"arn:(aws[a-z-]*):execute-api:([a-z0-9-]+):([\w-]*):([\w-]+)/(\$default|[\w-]+)/(\$connect|[A-Z-]+)(?:/(.*))?",
    re.ASCII | re.DOTALL,
)

# `*` and `?` are wildcards and `${…}` is a variable in an IAM Resource; the rest is refused because it is not documented
# how API Gateway writes it into the ARN that it compares with.
_UNSAFE = frozenset("*?$")

MAX_RESOURCE = 512  # characters; AWS: "Output from an API Gateway Lambda authorizer"


class MethodArn(NamedTuple):
    """A called method. `path` has no leading slash and is untrusted."""

    text: str
    partition: str
    region: str
    account: str
    api_id: str
    stage: str
    method: str  # "GET", or "$connect"
    rest: str | None

    @property
    def path(self) -> str:
        """The called path with its leading slash; `$connect` for a WebSocket."""
        if self.rest is None:
            return "$connect" if self.method == "$connect" else "/"
        return f"/{self.rest}"

    @property
    def stage_prefix(self) -> str:
        """The ARN of everything in the stage, up to the slash before the method. None of it is the client's text."""
        return f"arn:{self.partition}:execute-api:{self.region}:{self.account}:{self.api_id}/{self.stage}/"


def parse(value: object) -> MethodArn:
    """The parts of a methodArn or routeArn; `EventError` when it is not one."""
    match = _METHOD_ARN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise EventError(
            Reason.EVENT_UNKNOWN,
            Fault(claim="methodArn", expected="arn:…:execute-api:…", found=f"another {type(value).__name__}"),
        )
    return MethodArn(match[0], *match.groups())


def resource(arn: MethodArn) -> str:
    """The called method as the Resource of a statement; `Refused` when its characters cannot be trusted there."""
    path = arn.rest or ""
    if not path.isascii() or not path.isprintable() or not _UNSAFE.isdisjoint(path):
        raise Refused(Reason.PATH_UNSUPPORTED, Fault(claim="path", expected="printable ASCII without * ? $"))
    if len(arn.text) > MAX_RESOURCE:
        raise Refused(
            Reason.PATH_TOO_LONG,
            Fault(claim="path", expected=f"an ARN of at most {MAX_RESOURCE} characters", found=f"{len(arn.text)}"),
        )
    return arn.text


def every_path(arn: MethodArn) -> str:
    """All paths of the called method: only ever for a Deny, where the called path itself cannot be written down."""
    return f"{arn.stage_prefix}{arn.method}/*"
