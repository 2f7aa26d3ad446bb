"""Errors of AWS, told with what to do: which permission is missing, which credentials are, what does not exist."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.terminal import CommandError
from authorizer.tools.why.pasted_text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

_DENIED: Final = frozenset({"AccessDeniedException", "AccessDenied", "UnauthorizedOperation"})
_THROTTLED: Final = frozenset(
    {"ThrottlingException", "Throttling", "LimitExceededException", "TooManyRequestsException"}
)
_CREDENTIALS: Final = frozenset(
    {
        "ExpiredTokenException",
        "ExpiredToken",
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
    }
)
_OFFLINE: Final = "or give the log with --log FILE"


@contextmanager
def asking(action: str, what: str) -> Iterator[None]:
    """Around a call of AWS that takes the permission `action` on `what`: every error becomes a `CommandError`."""
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        raise CommandError("botocore is not installed", f"pip install boto3, {_OFFLINE}") from None
    try:
        yield
    except ClientError as error:
        raise _told(error.response, action, what) from None
    except BotoCoreError as error:
        hint = f"check --region, --profile and the credentials (aws sts get-caller-identity), {_OFFLINE}"
        raise CommandError(f"AWS cannot be asked for {shown(what)} ({type(error).__name__})", hint) from None


def _told(response: Any, action: str, what: str) -> CommandError:
    code = str(response.get("Error", {}).get("Code", "unknown"))
    if code in _DENIED:
        return CommandError(f"not permitted: {action} on {shown(what)}", f"allow {action}, {_OFFLINE}")
    if code in _THROTTLED:
        return CommandError(f"CloudWatch Logs throttles {action}", "try again in a minute, with a shorter --since")
    if code in _CREDENTIALS:
        hint = f"sign in again (aws sso login), or choose another --profile, {_OFFLINE}"
        return CommandError(f"the credentials of AWS are expired or wrong ({code})", hint)
    if code == "ResourceNotFoundException":
        hint = "aws logs describe-log-groups lists them; check --region and --profile"
        return CommandError(f"there is no log group {shown(what)}", hint)
    return CommandError(f"{action} on {shown(what)} failed ({shown(code)})", f"try again, {_OFFLINE}")
