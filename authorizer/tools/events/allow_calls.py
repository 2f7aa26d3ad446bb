"""How a call may look that passes: places of the credential, absent maps, odd paths, stages and partitions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from authorizer.testing import EmptyMap, client_cert, console_test
from authorizer.tools.events.apis import (
    ALL,
    FILE,
    HEALTH,
    HTTP,
    ORDER,
    WITH_BOTH,
    WITH_FIELDS,
    WITH_MULTI_VALUES,
    WITH_PATH,
    Sample,
    on,
    spread,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.testing import Call
    from authorizer.tools.events.issuers import Issuers

_MANY: Final = {"multiValueHeaders": "headers", "multiValueQueryStringParameters": "queryStringParameters"}
_KINDS: Final[dict[str, Literal["TOKEN", "REQUEST"]]] = {"rest-token": "TOKEN", "rest-request": "REQUEST"}


def samples(issuers: Issuers) -> Iterator[Sample]:
    """The cases of this family. One short token does for all of them."""
    good = issuers.login("ed")
    families = (_public, _places, _spelling, _maps, _only_one_kind_of_map, _console, _paths, _stages, _origins)
    for family in families:
        yield from family(good)


def _public(good: str) -> Iterator[Sample]:
    yield from on(WITH_PATH, "allow-public-route", call=HEALTH)
    name = "allow-public-route-with-bad-token"
    yield from on(spread(name, WITH_PATH), name, good + "x", HEALTH)


def _places(good: str) -> Iterator[Sample]:
    yield from on(WITH_FIELDS, "allow-cookie", good, replace(ORDER, place="cookie:session"))
    others = replace(ORDER, place="cookie:session", cookies={"theme": "dark", "Session": "not-this-one"})
    yield from on(["http-simple", "http-policy-1.0", "rest-request"], "allow-cookie-among-others", good, others)
    parameters = replace(ORDER, query={"lang": "en", "ACCESS_TOKEN": "not-this-one"})
    yield from on(["websocket"], "allow-query-parameter-among-others", good, parameters)


def _spelling(good: str) -> Iterator[Sample]:
    yield from on(["rest-token", "http-simple", "http-policy"], "allow-scheme-in-odd-case", raw=f"bEARER {good}")
    yield from on(["rest-request"], "allow-header-in-odd-case", good, replace(ORDER, place="header:aUTHORIZATION"))
    yield from on(["http-policy-1.0"], "allow-two-spaces-after-bearer", raw=f"Bearer  {good}")


def _maps(good: str) -> Iterator[Sample]:
    for empty in EmptyMap:
        call = replace(ORDER, gateway_headers=False, empty_maps=empty)
        yield from on(WITH_FIELDS, f"allow-{empty.value}-maps", good, call)


def _only_one_kind_of_map(good: str) -> Iterator[Sample]:
    """Both kinds of map say the same; either one may be missing where another gateway or a test builds the event."""
    for sample in on(WITH_MULTI_VALUES, "", good):
        absent = {"only-single-value-maps": _MANY, "only-multi-value-maps": _MANY.values()}
        for what, names in absent.items():
            event = {name: value for name, value in sample.event.items() if name not in names}
            yield Sample(sample.api, f"allow-{what}", event)


def _console(good: str) -> Iterator[Sample]:
    for api, kind in _KINDS.items():
        yield Sample(api, "allow-console-test", console_test(good, ORDER, kind=kind))


def _paths(good: str) -> Iterator[Sample]:
    yield from on(WITH_PATH, "allow-path-with-colon", good, _file("urn:example:report:1"))
    yield from on(WITH_PATH, "allow-root-path", good, replace(ORDER, path="/"))
    yield from on(WITH_BOTH, "allow-path-parameter-of-other-name", good, replace(ORDER, template="/orders/{orderId}"))
    for name, path in {
        "allow-path-with-percent-encoding": "annual%20report.pdf",
        "allow-path-with-other-signs": "a+b=c&d,e@f!(g)'~.pdf",
        "allow-path-of-many-segments": "2026/11/23/report.pdf",
    }.items():
        yield from on(spread(name, WITH_PATH), name, good, _file(path))


def _file(path: str) -> Call:
    return replace(FILE, path=f"/files/{path}")


def _stages(good: str) -> Iterator[Sample]:
    default = replace(ORDER, path="/anything/else", template="$default")
    yield from on(HTTP, "allow-default-route", good, default)
    yield from on(HTTP, "allow-named-stage", good, replace(ORDER, stage="test"))
    name = "allow-stage-variables"
    yield from on(spread(name, WITH_FIELDS), name, good, replace(ORDER, stage="v1_2", stage_variables={"tier": "gold"}))


def _origins(good: str) -> Iterator[Sample]:
    china = replace(ORDER, partition="aws-cn", region="cn-north-1")
    yield from on(ALL, "allow-partition-aws-cn", good, china)
    yield from on(
        ALL, "allow-partition-aws-us-gov", good, replace(ORDER, partition="aws-us-gov", region="us-gov-west-1")
    )
    custom = replace(ORDER, domain="api.example.com")
    yield from on(WITH_BOTH, "allow-mutual-tls", good, replace(custom, client_cert=client_cert()))
    for name, call in {
        "allow-custom-domain": custom,
        "allow-ipv6-caller": replace(ORDER, source_ip="2001:db8::7"),
    }.items():
        yield from on(spread(name, WITH_FIELDS), name, good, call)
