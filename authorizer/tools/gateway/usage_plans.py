"""API keys and usage plans of REST and WebSocket APIs: which key a method asks for, and how often it may be used.

Source: API Gateway Developer Guide, "Usage plans and API keys for REST APIs", "Choose an API key source".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.names import made_up
from authorizer.tools.template.shape import as_flag, as_list, as_map, as_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.gateway.names import Names
    from authorizer.tools.template import Api, Document

_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_PERIODS: Final = {"DAY": 86400, "WEEK": 7 * 86400, "MONTH": 30 * 86400}  # seconds; a month by the calendar on AWS


@dataclass(slots=True, kw_only=True)
class Meter:
    """What one key may still do under one plan: a bucket of requests that fills with the rate, and a quota per period."""

    rate: float | None
    burst: int
    quota: int | None
    period: int
    _tokens: float = 0.0
    _filled: float | None = None
    _window: int = -1
    _used: int = 0

    def use(self, now: float) -> None:
        """One request; a `Failure` of 429 when there is none left."""
        if self.quota is not None:
            window = int(now // self.period)
            self._used = self._used if window == self._window else 0
            self._window = window
            if self._used >= self.quota:
                raise _failure(ResponseType.QUOTA_EXCEEDED, "Limit Exceeded", "the quota of the usage plan")
        if self.rate is not None:
            self._fill(self.rate, now)
            if self._tokens < 1:
                raise _failure(ResponseType.THROTTLED, "Too Many Requests", "the rate of the usage plan")
            self._tokens -= 1
        self._used += 1

    def _fill(self, rate: float, now: float) -> None:
        gained = 0.0 if self._filled is None else max(0.0, now - self._filled) * rate
        self._tokens = float(self.burst) if self._filled is None else min(float(self.burst), self._tokens + gained)
        self._filled = now


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePlans:
    """The keys that count for an API, by stage and value. `by_authorizer`: an authorizer says the key, not a header."""

    by_authorizer: bool
    meters: Mapping[tuple[str, str], Meter] = field(repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def use(self, stage: str, key: str | None, now: float) -> None:
        """Counts a request of a key; a `Failure` of 403 for a key that is none, and of 429 for one used too often."""
        meter = self.meters.get((stage, key or ""))
        if meter is None:
            raise _failure(ResponseType.INVALID_API_KEY, "Forbidden", "no API key of a usage plan of this stage")
        with self._lock:
            meter.use(now)


def _failure(kind: ResponseType, message: str, cause: str) -> Failure:
    return Failure(type=kind, message=message, cause=cause)


def usage_plans(api: Api, document: Document, names: Names) -> UsagePlans:
    """What a template says of keys and plans for an API."""
    source = str(api.properties.get("ApiKeySourceType", api.body.get("x-amazon-apigateway-api-key-source", "HEADER")))
    return UsagePlans(
        by_authorizer=source.upper() == "AUTHORIZER",
        meters=dict(_meters(api, document, names)),
    )


def api_keys(document: Document, names: Names) -> dict[str, str]:
    """The values of the enabled keys of a template by logical id; made up where API Gateway would make them up."""
    keys = (one for one in document.resources.values() if one.type == "AWS::ApiGateway::ApiKey")
    return {
        one.logical_id: names.text(one.properties.get("Value")) or made_up(f"{one.logical_id} key", 40)
        for one in keys
        if as_flag(one.properties.get("Enabled", False)) is True
    }


def _meters(api: Api, document: Document, names: Names) -> Iterator[tuple[tuple[str, str], Meter]]:
    values = {names.of(logical_id): value for logical_id, value in api_keys(document, names).items()}
    resources = document.resources.values()
    for link in (one for one in resources if one.type == "AWS::ApiGateway::UsagePlanKey"):
        plan = names.text(link.properties.get("UsagePlanId"))
        value = values.get(names.text(link.properties.get("KeyId")))
        for one in resources:
            if one.type != "AWS::ApiGateway::UsagePlan" or names.of(one.logical_id) != plan or value is None:
                continue
            meter = _meter(names.value(one.properties))  # one for all stages of the plan
            for stage in map(as_map, as_list(names.value(one.properties.get("ApiStages")))):
                if stage.get("ApiId") == names.of(api.logical_id):
                    yield (str(stage.get("Stage")), value), meter


def _meter(plan: Mapping[str, Any]) -> Meter:
    throttle, quota = as_map(plan.get("Throttle")), as_map(plan.get("Quota"))
    limit, burst = as_number(quota.get("Limit")), as_number(throttle.get("BurstLimit"))
    return Meter(
        rate=_rate(throttle.get("RateLimit")),
        burst=burst if isinstance(burst, int) else 1,
        quota=limit if isinstance(limit, int) else None,
        period=_PERIODS.get(str(quota.get("Period", "MONTH")).upper(), _PERIODS["MONTH"]),
    )


def _rate(given: Any) -> float | None:
    """Requests per second, also `0.5`; None where none is given, or only a deployment knows it."""
    found = _NUMBER.fullmatch(str(given))
    return float(found[0]) if found else None
