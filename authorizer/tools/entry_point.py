"""Which of the four Lambda entry points answers an event."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class EntryPoint(Enum):
    """The entry points of `authorizer.handler`, named as on the command line."""

    REST = "rest"
    WEBSOCKET = "websocket"
    HTTP = "http"
    HTTP_POLICY = "http-policy"

    @property
    def attribute(self) -> str:
        """Its name in the module."""
        return self.value.replace("-", "_")

    def handler(self, module: str = "authorizer.handler") -> str:
        """Its name as Lambda wants it."""
        return f"{module}.{self.attribute}"


# The folders of events/, each with the entry point that its events are meant for.
APIS: Final[Mapping[str, EntryPoint]] = {
    "rest-token": EntryPoint.REST,
    "rest-request": EntryPoint.REST,
    "websocket": EntryPoint.WEBSOCKET,
    "http-simple": EntryPoint.HTTP,
    "http-policy": EntryPoint.HTTP_POLICY,
    "http-policy-1.0": EntryPoint.HTTP_POLICY,
}


def entry_point_of(event: object, folder: str = "") -> EntryPoint | None:
    """The entry point for an event: by the folder that it lies in, else by its shape; None when it has no known shape.

    Payload 2.0 fits a simple response and a policy alike: without a folder it is taken for the simple response.
    """
    if folder in APIS:
        return APIS[folder]
    if not isinstance(event, dict):
        return None
    match event.get("version"), event.get("type"):
        case None, "TOKEN":
            return EntryPoint.REST
        case None, "REQUEST":
            return EntryPoint.WEBSOCKET if _is_websocket(event) else EntryPoint.REST
        case "1.0", "REQUEST":
            return EntryPoint.HTTP_POLICY
        case "2.0", "REQUEST":
            return EntryPoint.HTTP
    return None


def called_arn(event: object) -> str | None:
    """The ARN of the called method as API Gateway wrote it."""
    if not isinstance(event, dict):
        return None
    arn = event.get("routeArn", event.get("methodArn"))
    return arn if isinstance(arn, str) else None


def _is_websocket(event: Mapping[str, Any]) -> bool:
    context = event.get("requestContext")
    return isinstance(context, dict) and context.get("eventType") == "CONNECT"
