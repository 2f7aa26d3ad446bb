"""What API Gateway answers by itself: the types of gateway responses, and a call that ends with one.

Source: API Gateway Developer Guide, "Gateway response types for API Gateway"; `x-amzn-ErrorType` as seen in responses.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from authorizer.tools.terminal import without_tokens


class ResponseType(Enum):
    """A type of gateway response: its status and `x-amzn-ErrorType`, as REST APIs have them."""

    status: int
    error_type: str | None

    def __new__(cls, value: str, status: int, error_type: str | None) -> ResponseType:
        member = object.__new__(cls)
        member._value_ = value
        member.status, member.error_type = status, error_type
        return member

    ACCESS_DENIED = "ACCESS_DENIED", 403, "AccessDeniedException"
    AUTHORIZER_CONFIGURATION_ERROR = "AUTHORIZER_CONFIGURATION_ERROR", 500, "AuthorizerConfigurationException"
    EXPIRED_TOKEN = "EXPIRED_TOKEN", 401, "ExpiredTokenException"  # documented as 403, and seen as 401
    INTEGRATION_FAILURE = "INTEGRATION_FAILURE", 502, "InternalServerErrorException"
    INTEGRATION_TIMEOUT = "INTEGRATION_TIMEOUT", 504, "InternalServerErrorException"
    API_CONFIGURATION_ERROR = "API_CONFIGURATION_ERROR", 500, "InternalServerErrorException"
    INVALID_API_KEY = "INVALID_API_KEY", 403, "ForbiddenException"
    INVALID_SIGNATURE = "INVALID_SIGNATURE", 403, "IncompleteSignatureException"
    MISSING_AUTHENTICATION_TOKEN = "MISSING_AUTHENTICATION_TOKEN", 403, "MissingAuthenticationTokenException"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED", 429, "LimitExceededException"
    REQUEST_TOO_LARGE = "REQUEST_TOO_LARGE", 413, "RequestTooLargeException"
    THROTTLED = "THROTTLED", 429, "TooManyRequestsException"
    UNAUTHORIZED = "UNAUTHORIZED", 401, "UnauthorizedException"
    URI_TOO_LONG = "URI_TOO_LONG", 414, None  # no gateway response: nobody can change it
    HEADERS_TOO_LARGE = "HEADERS_TOO_LARGE", 431, None  # the same; the status is not documented
    NOT_FOUND = "NOT_FOUND", 404, None  # of HTTP APIs
    UNAVAILABLE = "UNAVAILABLE", 503, None  # of HTTP APIs, whose integration took too long

    @property
    def default(self) -> str | None:
        """The response that stands in where this one is not set; None where nobody can set either.

        AWS: "Amazon API Gateway important notes", of REQUEST_TOO_LARGE.
        """
        if self.error_type is None or self is ResponseType.REQUEST_TOO_LARGE:
            return None
        return "DEFAULT_4XX" if self.status < 500 else "DEFAULT_5XX"


@dataclass(kw_only=True, eq=False)
class Failure(Exception):
    """A call ends here. `message` is what the client reads (None: `null`); `cause` is for the log and never for the client;
    no JWT is in it, also where it repeats what a function said.

    `capital`: the body says `Message`, as it does for denials by a policy. `challenge` is the value of `www-authenticate`.
    """

    type: ResponseType
    message: str | None
    cause: str = ""
    capital: bool = False
    challenge: str | None = None

    def __post_init__(self) -> None:
        self.cause = without_tokens(self.cause)

    def __str__(self) -> str:
        return f"{self.type.value}: {self.cause or self.message}"


def unauthorized(cause: str, challenge: str | None = None) -> Failure:
    """401: nobody was proven."""
    return Failure(type=ResponseType.UNAUTHORIZED, message="Unauthorized", cause=cause, challenge=challenge)


def authorizer_error(cause: str) -> Failure:
    """500: the authorizer crashed, could not be called, or answered what cannot be read."""
    return Failure(type=ResponseType.AUTHORIZER_CONFIGURATION_ERROR, message=None, cause=cause)


def denied(*, explicit: bool, cause: str) -> Failure:
    """403 by the policy of an authorizer."""
    tail = " with an explicit deny in an identity-based policy" if explicit else ""
    message = f"User is not authorized to access this resource{tail}"
    return Failure(type=ResponseType.ACCESS_DENIED, message=message, cause=cause, capital=True)


def denied_by_resource_policy(arn: str, *, explicit: bool) -> Failure:
    """403 by the resource policy of the API."""
    tail = " with an explicit deny" if explicit else ""
    message = f"User: anonymous is not authorized to perform: execute-api:Invoke on resource: {arn}{tail}"
    return Failure(type=ResponseType.ACCESS_DENIED, message=message, cause="the resource policy", capital=True)
