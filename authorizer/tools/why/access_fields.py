"""The fields of an access log by the names of `$context`, whatever a format calls them.

Sources: API Gateway Developer Guide, "Variables for access logging for API Gateway", "Set up CloudWatch logging" (with the
formats CLF, JSON, XML and CSV of the console), "Customize HTTP API access logs".
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAMES: Final = (
    "requestId",
    "extendedRequestId",
    "status",
    "error.responseType",
    "error.message",
    "error.messageString",
    *(f"authorizer.{name}" for name in ("error", "status", "latency", "requestId", "principalId", "reason")),
    *(f"authorizer.{name}" for name in ("integrationLatency", "integrationStatus", "claims.sub")),
    *(f"{phase}.{name}" for phase in ("authorize", "authenticate") for name in ("error", "status", "latency")),
    "integrationErrorMessage",
    "integrationStatus",
    "integration.status",
    "integration.requestId",
    "integration.latency",
    "waf.status",
    "waf.error",
    "waf.responseCode",
    "path",
    "resourcePath",
    "routeKey",
    "httpMethod",
    "requestTime",
    "requestTimeEpoch",
    "connectionId",
    "eventType",
    "identity.clientCert.validation.notAfter",
    "api",  # of our own formats: rest, http or websocket
)
_ALIASES: Final = {
    "responsetype": "error.responseType",
    "errortype": "error.responseType",
    "errorresponsetype": "error.responseType",
    "gatewayresponsetype": "error.responseType",
    "error": "error.message",
    "errormessage": "error.message",
    "errormessagestring": "error.messageString",
    "integrationerror": "integrationErrorMessage",
    "integrationintegrationerror": "integrationErrorMessage",
    "awsendpointrequestid": "integration.requestId",
    "integrationintegrationstatus": "integration.status",
    "wafresponsecode": "waf.responseCode",
    "route": "routeKey",
    "method": "httpMethod",
    "httpstatus": "status",
    "statuscode": "status",
    "xamznrequestid": "requestId",
    "apigwrequestid": "requestId",
    "time": "requestTime",
    "autherror": "authorizer.error",
    "authstatus": "authorizer.status",
}
_EMPTY: Final = frozenset({"", "-", "null", "None"})
_STATUS: Final = re.compile(r"[1-5]\d\d")
_TYPE: Final = re.compile(
    r"(?:ACCESS_DENIED|API_CONFIGURATION_ERROR|AUTHORIZER_(?:CONFIGURATION_ERROR|FAILURE)|BAD_REQUEST_(?:BODY|PARAMETERS)"
    r"|EXPIRED_TOKEN|INTEGRATION_(?:FAILURE|TIMEOUT)|INVALID_(?:API_KEY|SIGNATURE)|MISSING_AUTHENTICATION_TOKEN"
    r"|QUOTA_EXCEEDED|REQUEST_TOO_LARGE|RESOURCE_NOT_FOUND|THROTTLED|UNAUTHORIZED|UNSUPPORTED_MEDIA_TYPE|WAF_FILTERED)"
)
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CLF: Final = re.compile(
    r"(?P<ip>[\d.:a-f]{3,45}) (?P<caller>\S+) (?P<user>\S+) ?\[(?P<time>[^\]]{5,40})\] ?"
    r'"(?P<method>[A-Z$]\S*) (?P<path>[^"]*?)(?: HTTP/[\d.]+| -)?" (?P<rest>.*)'
)
_ELEMENT: Final = re.compile(r"<(\w+)>([^<>]*)</\1>")
_ROOT: Final = re.compile(r'<request\s+id="([^"]+)"')
_CSV: Final = (
    "ip",
    "caller",
    "user",
    "requestTime",
    "httpMethod",
    "resourcePath",
    "protocol",
    "status",
    "length",
    "requestId",
)


def empty(value: object) -> bool:
    """Whether a field says nothing: access logs write a dash."""
    return value is None or str(value).strip() in _EMPTY


def squashed(name: str) -> str:
    """A name without anything that formats differ in."""
    return re.sub(r"[^a-z0-9]", "", name.removeprefix("$context.").lower())


_SQUASHED: Final = {squashed(name): name for name in reversed(NAMES)} | _ALIASES


def own_format(document: Mapping[str, Any]) -> dict[str, str] | None:
    """The names of a format, where the line is the format itself: its values are `$context` variables."""
    values = {name: str(value) for name, value in document.items()}
    if not values or not all("$context." in value for value in values.values()):
        return None
    return {name: match[1] for name, value in values.items() if (match := re.fullmatch(r"\$context\.([\w.-]+)", value))}


def from_json(document: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str] | None:
    """The fields of one record; None for a document that is none. `names` are those of a format that was read before."""
    found: dict[str, str] = {}
    for name, value in _flat(document):
        exact = names.get(name) or (name if name in NAMES else None)
        known = exact or _SQUASHED.get(squashed(name)) or _by_value(value, found)
        if known is not None:
            found.setdefault(known, value)
    told = found.keys() & {"status", "requestId", "extendedRequestId", "error.responseType"}
    return found if told and len(found) > 1 and _plausible(found) else None


def _plausible(fields: Mapping[str, str]) -> bool:
    status = fields.get("status", "-")
    return empty(status) or _STATUS.fullmatch(status) is not None


def _flat(document: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        if isinstance(value, dict) and depth < 4:
            yield from _flat(value, f"{before}{name}.", depth + 1)
        elif value is None or isinstance(value, str | int | float):
            yield f"{before}{name}", "-" if value is None else str(value)


def _by_value(value: str, found: Mapping[str, str]) -> str | None:
    """What only one variable can hold."""
    if _TYPE.fullmatch(value):
        return "error.responseType"
    return "requestId" if "requestId" not in found and _UUID.fullmatch(value) else None


def from_text(line: str) -> dict[str, str] | None:
    """The fields of a record in CLF, XML or CSV, as the console writes these; None for a line that is none."""
    match = _CLF.match(line)
    if match is not None:
        return _clf(match)
    if "<status>" in line:
        root = _ROOT.search(line)
        found = {
            _SQUASHED[squashed(name)]: text for name, text in _ELEMENT.findall(line) if squashed(name) in _SQUASHED
        }
        return found | ({"requestId": root[1]} if root is not None else {})
    return _csv(line) if line.count(",") >= len(_CSV) - 1 else None


def _clf(match: re.Match[str]) -> dict[str, str] | None:
    status, *rest = match["rest"].split(" ")
    if not _STATUS.fullmatch(status):
        return None
    route = "resourcePath" if match["path"].startswith("/") else "routeKey"
    found = {"status": status, "requestTime": match["time"], "httpMethod": match["method"], route: match["path"]}
    ids = [one for one in rest if _UUID.fullmatch(one) or re.fullmatch(r"[\w-]{10,20}=+", one)]
    types = [one for one in rest if _TYPE.fullmatch(one)]
    found |= {"requestId": ids[0]} if ids else {}
    found |= {"extendedRequestId": ids[1]} if len(ids) > 1 else {}
    told = match["rest"].partition(ids[-1])[2].strip() if ids else ""
    found |= {"integrationErrorMessage": told} if not empty(told) and not types else {}
    return found | ({"error.responseType": types[0]} if types else {})


def _csv(line: str) -> dict[str, str] | None:
    try:
        values = next(csv.reader([line]), [])
    except csv.Error:
        return None
    found = dict(zip(_CSV, values, strict=False))
    whole = _STATUS.fullmatch(found.get("status", "")) and _UUID.fullmatch(found.get("requestId", ""))
    return {name: value for name, value in found.items() if name in NAMES} if whole else None
