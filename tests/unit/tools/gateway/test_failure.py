from __future__ import annotations

import pytest

from authorizer.tools.gateway.failure import (
    Failure,
    ResponseType,
    authorizer_error,
    denied,
    denied_by_resource_policy,
    unauthorized,
)

NOBODY_CAN_SET = {"URI_TOO_LONG", "HEADERS_TOO_LARGE", "NOT_FOUND", "UNAVAILABLE", "REQUEST_TOO_LARGE"}


@pytest.mark.parametrize(
    ("name", "status", "error_type"),
    [
        ("ACCESS_DENIED", 403, "AccessDeniedException"),
        ("AUTHORIZER_CONFIGURATION_ERROR", 500, "AuthorizerConfigurationException"),
        ("EXPIRED_TOKEN", 401, "ExpiredTokenException"),
        ("INTEGRATION_FAILURE", 502, "InternalServerErrorException"),
        ("INTEGRATION_TIMEOUT", 504, "InternalServerErrorException"),
        ("INVALID_API_KEY", 403, "ForbiddenException"),
        ("MISSING_AUTHENTICATION_TOKEN", 403, "MissingAuthenticationTokenException"),
        ("QUOTA_EXCEEDED", 429, "LimitExceededException"),
        ("THROTTLED", 429, "TooManyRequestsException"),
        ("UNAUTHORIZED", 401, "UnauthorizedException"),
        ("REQUEST_TOO_LARGE", 413, "RequestTooLargeException"),
        ("NOT_FOUND", 404, None),
    ],
)
def test_status_and_error_type(name: str, status: int, error_type: str | None) -> None:
    kind = ResponseType[name]
    assert (kind.status, kind.error_type) == (status, error_type)


@pytest.mark.parametrize("kind", ResponseType)
def test_default_response_is_that_of_the_class(kind: ResponseType) -> None:
    usual = f"DEFAULT_{kind.status // 100}XX"
    assert kind.default == (None if kind.value in NOBODY_CAN_SET else usual)


@pytest.mark.parametrize(
    ("failure", "kind", "message", "capital"),
    [
        (unauthorized("why"), ResponseType.UNAUTHORIZED, "Unauthorized", False),
        (authorizer_error("why"), ResponseType.AUTHORIZER_CONFIGURATION_ERROR, None, False),
        (
            denied(explicit=False, cause="why"),
            ResponseType.ACCESS_DENIED,
            "User is not authorized to access this resource",
            True,
        ),
        (
            denied(explicit=True, cause="why"),
            ResponseType.ACCESS_DENIED,
            "User is not authorized to access this resource with an explicit deny in an identity-based policy",
            True,
        ),
        (
            denied_by_resource_policy("arn", explicit=False),
            ResponseType.ACCESS_DENIED,
            "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn",
            True,
        ),
        (
            denied_by_resource_policy("arn", explicit=True),
            ResponseType.ACCESS_DENIED,
            "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn with an explicit deny",
            True,
        ),
    ],
)
def test_what_a_client_reads(failure: Failure, kind: ResponseType, message: str | None, capital: bool) -> None:
    assert (failure.type, failure.message, failure.capital) == (kind, message, capital)


def test_cause_is_for_the_log_and_not_for_the_client() -> None:
    failure = unauthorized("why", "Bearer")
    assert str(failure) == "UNAUTHORIZED: why"
    assert (failure.message, failure.challenge) == ("Unauthorized", "Bearer")
