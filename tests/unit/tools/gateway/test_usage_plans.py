from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.names import Names
from authorizer.tools.gateway.usage_plans import Meter, UsagePlans, api_keys, usage_plans
from tests.unit.tools.gateway.gateways import (
    NOW,
    Handler,
    document,
    guarded,
    policy,
    rest_api,
    rest_authorizer,
    rest_method,
    running,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = 86400
VALUE = "a-value-of-twenty-characters-or-more"


def refused(use: Callable[[], None]) -> ResponseType | None:
    try:
        use()
    except Failure as failure:
        return failure.type
    return None


def meter(**given: Any) -> Meter:
    usual: dict[str, Any] = {"rate": None, "burst": 1, "quota": None, "period": DAY}
    return Meter(**usual | given)


def uses(one: Meter, *times: float) -> list[ResponseType | None]:
    return [refused(lambda at=at: one.use(at)) for at in times]  # type: ignore[misc]


THROTTLED, EXCEEDED = ResponseType.THROTTLED, ResponseType.QUOTA_EXCEEDED


def test_key_without_limits() -> None:
    assert uses(meter(), *[NOW] * 1000) == [None] * 1000


@pytest.mark.parametrize("burst", [1, 2, 3])
def test_burst(burst: int) -> None:
    assert uses(meter(rate=1.0, burst=burst), *[NOW] * 4) == [None] * burst + [THROTTLED] * (4 - burst)


@pytest.mark.parametrize(("later", "found"), [(0.9, THROTTLED), (1.0, None), (1.1, None)])
def test_bucket_fills_with_the_rate(later: float, found: ResponseType | None) -> None:
    assert uses(meter(rate=1.0, burst=1), 0.0, later) == [None, found]


def test_bucket_does_not_fill_above_the_burst() -> None:
    assert uses(meter(rate=1.0, burst=2), 0.0, 100.0, 100.0, 100.0) == [None, None, None, THROTTLED]


def test_parts_of_a_request_add_up() -> None:
    assert uses(meter(rate=0.5, burst=1), 0.0, 1.0, 2.0) == [None, THROTTLED, None]


def test_clock_that_goes_back_gives_nothing() -> None:
    assert uses(meter(rate=1.0, burst=1), 10.0, 0.0) == [None, THROTTLED]


@pytest.mark.parametrize(("burst", "found"), [(0, THROTTLED), (1, None)])
def test_burst_of_nothing(burst: int, found: ResponseType | None) -> None:
    assert uses(meter(rate=1.0, burst=burst), 0.0) == [found]


@pytest.mark.parametrize("quota", [0, 1, 2])
def test_quota(quota: int) -> None:
    assert uses(meter(quota=quota), *[NOW] * 3) == [None] * quota + [EXCEEDED] * (3 - quota)


@pytest.mark.parametrize(("later", "found"), [(DAY - 0.1, EXCEEDED), (DAY, None), (DAY + 0.1, None)])
def test_quota_is_per_period(later: float, found: ResponseType | None) -> None:
    assert uses(meter(quota=1), 0.0, later) == [None, found]


def test_throttled_request_does_not_use_up_the_quota() -> None:
    assert uses(meter(rate=1.0, burst=1, quota=2), 0.0, 0.0, 0.0, 1.0, 2.0) == [
        None,
        THROTTLED,
        THROTTLED,
        None,
        EXCEEDED,
    ]


def test_request_beyond_the_quota_does_not_use_up_the_rate() -> None:
    assert uses(meter(rate=1.0, burst=1, quota=1), DAY - 1.0, DAY - 0.5, DAY) == [None, EXCEEDED, None]


@pytest.mark.parametrize(
    ("stage", "key"), [("prod", None), ("prod", ""), ("prod", "K"), ("prod", "k "), ("test", "k"), ("", "k")]
)
def test_key_that_is_none_is_a_403(stage: str, key: str | None) -> None:
    plans = UsagePlans(by_authorizer=False, meters={("prod", "k"): meter()})
    assert refused(lambda: plans.use(stage, key, NOW)) is ResponseType.INVALID_API_KEY
    assert refused(lambda: plans.use("prod", "k", NOW)) is None


def test_many_threads_use_no_more_than_the_quota() -> None:
    plans = UsagePlans(by_authorizer=False, meters={("prod", "k"): meter(quota=100, rate=1000.0, burst=1000)})
    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(lambda _: refused(lambda: plans.use("prod", "k", NOW)), range(300)))
    assert (found.count(None), found.count(EXCEEDED)) == (100, 200)


def test_keys_are_not_shown() -> None:
    assert "secret" not in repr(UsagePlans(by_authorizer=False, meters={("prod", "secret"): meter()}))


PLAN: dict[str, Any] = {"ApiStages": [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Prod"}}]}


def keyed(key: dict[str, Any] | None = None, **plan: Any) -> dict[str, dict[str, Any]]:
    """A key and its plan."""
    link = {"KeyId": {"Ref": "Key"}, "KeyType": "API_KEY", "UsagePlanId": {"Ref": "Plan"}}
    return {
        "Key": {"Type": "AWS::ApiGateway::ApiKey", "Properties": {"Enabled": True, "Value": VALUE} | (key or {})},
        "Plan": {"Type": "AWS::ApiGateway::UsagePlan", "Properties": PLAN | plan},
        "Link": {"Type": "AWS::ApiGateway::UsagePlanKey", "Properties": link},
    }


def read(folder: Path, resources: dict[str, dict[str, Any]], **api: Any) -> UsagePlans:
    found = document(folder, {**rest_api(**api), **resources})
    return usage_plans(found.apis[0], found, Names(found))


@pytest.mark.parametrize("stage", ["prod", {"Ref": "Prod"}])
def test_key_of_a_stage(stage: Any, tmp_path: Path) -> None:
    plans = read(tmp_path, keyed(ApiStages=[{"ApiId": {"Ref": "Api"}, "Stage": stage}]))
    assert list(plans.meters) == [("prod", VALUE)]
    assert plans.meters["prod", VALUE] == meter(period=30 * DAY)


@pytest.mark.parametrize(
    "stages", [None, [], ["text"], [{}], [{"ApiId": "abcdef1234", "Stage": "prod"}], [{"Stage": "prod"}]]
)
def test_plan_of_no_stage_of_the_api(stages: Any, tmp_path: Path) -> None:
    assert read(tmp_path, keyed(ApiStages=stages)).meters == {}


def test_stages_of_a_plan_share_what_a_key_may_do(tmp_path: Path) -> None:
    both = [{"ApiId": {"Ref": "Api"}, "Stage": stage} for stage in ("prod", "test")]
    plans = read(tmp_path, keyed(ApiStages=both, Quota={"Limit": 1, "Period": "DAY"}))
    assert [refused(lambda at=at: plans.use(at, VALUE, NOW)) for at in ("prod", "test")] == [  # type: ignore[misc]
        None,
        EXCEEDED,
    ]


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ({"Throttle": {"RateLimit": 0.5, "BurstLimit": 2}}, {"rate": 0.5, "burst": 2}),
        ({"Throttle": {"RateLimit": "10"}}, {"rate": 10.0}),
        ({"Throttle": {"RateLimit": {"Ref": "Unknown"}, "BurstLimit": 2}}, {"rate": None, "burst": 2}),
        ({"Throttle": {"BurstLimit": "x"}}, {}),
        ({"Quota": {"Limit": "7", "Period": "day"}}, {"quota": 7}),
        ({"Quota": {"Limit": 7, "Period": "WEEK"}}, {"quota": 7, "period": 7 * DAY}),
        ({"Quota": {"Limit": 7}}, {"quota": 7, "period": 30 * DAY}),
        ({"Quota": {"Limit": "x", "Period": "DAY"}}, {}),
    ],
)
def test_limits_of_a_plan(given: dict[str, Any], made: dict[str, Any], tmp_path: Path) -> None:
    found = read(tmp_path, keyed(**given)).meters["prod", VALUE]
    usual = {"period": DAY if given.get("Quota", {}).get("Period", "").upper() == "DAY" else 30 * DAY}
    assert found == meter(**usual | made)


@pytest.mark.parametrize("enabled", [False, None, "no", {"Ref": "Unknown"}])
def test_disabled_key_is_none(enabled: Any, tmp_path: Path) -> None:
    found = document(tmp_path, {**rest_api(), **keyed({"Enabled": enabled})})
    assert api_keys(found, Names(found)) == {}
    assert read(tmp_path, keyed({"Enabled": enabled})).meters == {}


def test_value_of_a_key_is_made_up_where_none_is_given(tmp_path: Path) -> None:
    found = document(tmp_path, {**rest_api(), **keyed({"Value": None})})
    value = api_keys(found, Names(found))["Key"]
    assert len(value) == 40
    assert value not in (Names(found).of("Key"), VALUE)


@pytest.mark.parametrize(
    ("api", "by_authorizer"),
    [
        ({}, False),
        ({"ApiKeySourceType": "HEADER"}, False),
        ({"ApiKeySourceType": "AUTHORIZER"}, True),
        ({"Body": {"openapi": "3.0.1", "paths": {}, "x-amazon-apigateway-api-key-source": "AUTHORIZER"}}, True),
    ],
)
def test_source_of_keys(api: dict[str, Any], by_authorizer: bool, tmp_path: Path) -> None:
    assert read(tmp_path, {}, **api).by_authorizer == by_authorizer


KEY = ("X-API-Key", VALUE)


@pytest.mark.parametrize(
    ("headers", "status"), [((), 403), ((KEY,), 200), ((("x-api-key", "other"),), 403), ((("x-api-key", ""),), 403)]
)
def test_method_with_a_key_in_a_header(headers: Any, status: int, tmp_path: Path) -> None:
    with running(tmp_path, {**rest_api(), **keyed(), **rest_method(ApiKeyRequired=True)}) as local:
        response = local.call("/Api/prod/orders", *headers)
        assert response.status == status
        assert status == 200 or (response.json(), response.header("x-amzn-errortype")) == (
            {"message": "Forbidden"},
            "ForbiddenException",
        )


def test_method_without_a_key_counts_nothing(tmp_path: Path) -> None:
    with running(tmp_path, {**rest_api(), **keyed(Quota={"Limit": 0}), **rest_method()}) as local:
        assert local.call("/Api/prod/orders", KEY).status == 200


@pytest.mark.parametrize(
    ("plan", "status"), [({"Quota": {"Limit": 1}}, 429), ({"Throttle": {"RateLimit": 1, "BurstLimit": 1}}, 429)]
)
def test_key_that_is_used_up(plan: dict[str, Any], status: int, tmp_path: Path) -> None:
    with running(tmp_path, {**rest_api(), **keyed(**plan), **rest_method(ApiKeyRequired=True)}) as local:
        assert [local.call("/Api/prod/orders", KEY).status for _ in range(2)] == [200, status]


@pytest.mark.parametrize(
    ("said", "headers", "status"),
    [({"usageIdentifierKey": VALUE}, (), 200), ({"usageIdentifierKey": "other"}, (KEY,), 403), ({}, (KEY,), 403)],
)
def test_method_with_a_key_that_the_authorizer_says(
    said: dict[str, Any], headers: Any, status: int, tmp_path: Path
) -> None:
    method = rest_method(**guarded(ApiKeyRequired=True))
    api = {**rest_api(ApiKeySourceType="AUTHORIZER"), **rest_authorizer(), **keyed(), **method}
    with running(tmp_path, api, {"Authorizer": Handler(policy(**said))}) as local:
        assert local.call("/Api/prod/orders", ("Authorization", "a"), *headers).status == status


def test_authorizer_comes_before_the_key(tmp_path: Path) -> None:
    auth = Handler(policy("Deny"))
    api = {**rest_api(), **rest_authorizer(), **keyed(), **rest_method(**guarded(ApiKeyRequired=True))}
    with running(tmp_path, api, {"Authorizer": auth}) as local:
        response = local.call("/Api/prod/orders", ("Authorization", "a"))
        assert (response.header("x-amzn-errortype"), len(auth.events)) == ("AccessDeniedException", 1)
