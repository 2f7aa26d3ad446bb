"""What API Gateway refuses because it is too large: calls, and the ARNs of methods that somebody has to judge.

Source: API Gateway Developer Guide, "Amazon API Gateway quotas and important notes", "Quotas for HTTP APIs". The status of
headers that are too large is not documented: 431 is RFC 6585's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.message import as_bytes

if TYPE_CHECKING:
    from authorizer.tools.gateway.received import Received

MAX_HEADERS: Final = 10240  # bytes of all names and values; of HTTP APIs with the request line
MAX_ARN: Final = 1600  # bytes
MAX_BODY: Final = 10 * 1024 * 1024  # bytes


def check_limits(received: Received) -> None:
    """Nothing, or a `Failure` of 413 or 431."""
    request = received.request
    size = sum(len(as_bytes(name)) + len(as_bytes(value)) + 4 for name, value in request.headers)
    if received.api.kind is Kind.HTTP:
        size += len(as_bytes(f"{request.method} {request.target} {request.protocol}\r\n"))
    if size > MAX_HEADERS:
        cause = f"{size} bytes of headers; at most {MAX_HEADERS}"
        raise Failure(type=ResponseType.HEADERS_TOO_LARGE, message="Request Header Fields Too Large", cause=cause)
    if len(request.body) > MAX_BODY:
        raise Failure(type=ResponseType.REQUEST_TOO_LARGE, message="Request Too Long", cause="a body above 10 MB")


def check_arn(received: Received) -> None:
    """Nothing, or a `Failure` of 414. Only methods with authorization, and APIs with a resource policy, have this limit."""
    size = len(as_bytes(received.arn))
    if size > MAX_ARN:
        cause = f"the ARN of the method has {size} bytes; at most {MAX_ARN}"
        raise Failure(type=ResponseType.URI_TOO_LONG, message="Request URI too long", cause=cause)
