"""Clients of the AWS API from the usual chain of credentials, and what their errors mean. Nobody else here imports boto3."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Protocol

from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable

_ATTEMPTS: Final = 6  # with botocore's backoff (mode "standard") about 15 seconds for one call that is throttled
_CONNECT, _READ = 5, 30  # seconds
_DENIED: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "NotAuthorizedException",
        "UnauthorizedException",
        "UnauthorizedOperation",
    }
)
_NOBODY: Final = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_GONE: Final = frozenset({"NotFoundException", "ResourceNotFoundException", "NoSuchEntity", "NoSuchEntityException"})
_NO_CREDENTIALS: Final = (
    "NoCredentialsError",
    "PartialCredentialsError",
    "CredentialRetrievalError",
    "ProfileNotFound",
    "SSOError",
    "TokenRetrievalError",
    "LoginError",
)
_NO_CONNECTION: Final = ("HTTPClientError", "ConnectionError")


class Why(Enum):
    """Why AWS did not say what it was asked."""

    DENIED = "not allowed"
    NOBODY = "the credentials are missing, expired or of nobody"
    GONE = "there is no such thing"
    UNREACHABLE = "no connection"
    ERROR = "an error"


class NotAnswered(Exception):
    """A call was not answered. `code` is AWS's name of the error, or the library's."""

    def __init__(self, why: Why, code: str) -> None:
        super().__init__(f"{why.value} ({code})")
        self.why = why
        self.code = code


class Clients(Protocol):
    """Whoever makes clients of services, by their names in boto3."""

    region: str

    def client(self, service: str, region: str) -> Any:
        """A client of a service in a Region."""
        ...


@dataclass(slots=True, kw_only=True)
class SessionClients:
    """Clients of one boto3 session, each made once. `CommandError` without boto3, without a Region or for no profile."""

    region: str = ""
    profile: str | None = None
    endpoint_url: str | None = None
    _session: Any = field(init=False, repr=False)
    _made: dict[tuple[str, str], Any] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._session = _session(self.profile, self.region)
        self.region = self._session.region_name or ""
        if not self.region:
            raise CommandError("no Region is set", "give --region, AWS_REGION, or a profile that has one")

    def client(self, service: str, region: str) -> Any:
        """A client of a service in a Region."""
        from botocore.config import Config

        if (service, region) not in self._made:
            retries: Any = {"mode": "standard", "total_max_attempts": _ATTEMPTS}
            settings = Config(retries=retries, connect_timeout=_CONNECT, read_timeout=_READ)
            self._made[service, region] = self._session.client(
                service, region_name=region, endpoint_url=self.endpoint_url, config=settings
            )
        return self._made[service, region]


def _session(profile: str | None, region: str) -> Any:
    try:
        import boto3
        from botocore.exceptions import BotoCoreError
    except ImportError:
        raise CommandError("boto3 is not installed", "pip install boto3") from None
    try:
        return boto3.Session(profile_name=profile, region_name=region or None)
    except BotoCoreError as error:
        raise CommandError(f"no session: {error}", "see `aws configure list-profiles`") from None


def answered(call: Callable[[], Any]) -> Any:
    """What a call answers; `NotAnswered` for every error of AWS or of the library."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return call()
    except ClientError as error:
        raise _of_aws(error.response) from None
    except BotoCoreError as error:
        raise _of_library(error) from None


def _of_aws(response: Any) -> NotAnswered:
    code = str(response.get("Error", {}).get("Code", ""))
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if code in _NOBODY:
        return NotAnswered(Why.NOBODY, code)
    if code in _DENIED or (status == 403 and code not in _GONE):
        return NotAnswered(Why.DENIED, code)
    return NotAnswered(Why.GONE if code in _GONE or code == "404" else Why.ERROR, code)


def _of_library(error: Exception) -> NotAnswered:
    names = [one.__name__ for one in type(error).__mro__]
    if any(name in _NO_CREDENTIALS for name in names):
        return NotAnswered(Why.NOBODY, names[0])
    if any(name in _NO_CONNECTION for name in names):
        return NotAnswered(Why.UNREACHABLE, names[0])
    return NotAnswered(Why.ERROR, names[0])
