"""Proven callers who may not do this, and what cannot be written into an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from authorizer.tools.events.apis import ADMIN, ALL, FILE, HTTP_V2, ORDER, WITH_BOTH, WITH_PATH, on, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.testing import Call
    from authorizer.tools.events.apis import Sample
    from authorizer.tools.events.issuers import Issuers

_WITH_PATH_IN_POLICY: Final = tuple(
    api for api in WITH_PATH if api != "http-simple"
)  # a simple response has no Resource
_SDK_SCOPE: Final = "aws.cognito.signin.user.admin"  # all that a sign-in through the SDK yields
_CREATE: Final = replace(ORDER, method="POST", path="/orders")


def samples(issuers: Issuers) -> Iterator[Sample]:
    """The cases of this family."""
    yield from _routes(issuers.login())
    yield from _scopes(issuers)
    yield from _groups(issuers)
    yield from _paths(issuers.login())
    yield from _context(issuers)


def _routes(good: str) -> Iterator[Sample]:
    yield from on(WITH_PATH, "route_unknown", good, replace(ORDER, path="/invoices"))
    calls = {
        "route_unknown--method": replace(ORDER, method="DELETE"),
        "route_unknown--longer-path": replace(ORDER, path="/orders/1/items", template="/orders/{id}/items"),
        "route_unknown--other-case": _caught("/Health", "Health"),
        "route_unknown--slash-at-the-end": _caught("/health/", "health"),
        "route_unknown--public-by-prefix": _caught("/health/../admin/users", "health/../admin/users"),
    }
    for name, call in calls.items():
        yield from on(spread(name, WITH_PATH), name, good, call)
    # The path would fit a route, but the API has one route for everything, so that is what must be granted.
    yield from on(WITH_BOTH, "route_unknown--catch-all-of-the-api", good, _caught("/orders/1", "orders/1"))
    # A TOKEN event has no template: the path is the client's, and a greedy parameter must not lead out of it.
    yield from on(["rest-token"], "route_unknown--dot-dot", good, replace(FILE, path="/files/../admin/users"))
    for name, path in {"dots": "%2e%2e/admin", "slash": "a%2fsecret", "letter": "%61dmin"}.items():
        yield from on(["rest-token"], f"route_unknown--escaped-{name}", good, replace(FILE, path=f"/files/{path}"))
    with_slash = replace(
        ORDER, path="/orders/", template="/orders/"
    )  # HTTP APIs have such routes, beside those without
    yield from on(HTTP_V2, "route_unknown--route-with-slash-at-the-end", good, with_slash)


def _caught(path: str, proxy: str) -> Call:
    """A call that hits the catch-all route of the API."""
    return replace(ORDER, path=path, template="/{proxy+}", path_parameters={"proxy": proxy}, route_method="ANY")


def _scopes(issuers: Issuers) -> Iterator[Sample]:
    yield from on(ALL, "scope_insufficient", issuers.login(scope="openid profile"))
    any_scope = "scope_insufficient--any-scope"
    yield from on(spread(any_scope, WITH_PATH), any_scope, issuers.login(scope="openid"), _CREATE)
    yield from on(ALL, "scope_missing", issuers.member())
    variants = {
        "scope_insufficient--cognito-sdk": issuers.user(scope=_SDK_SCOPE),
        "scope_insufficient--empty": issuers.login(scope=""),
        "scope_insufficient--other-case": issuers.login(scope="Orders/Read"),
        "scope_insufficient--prefix": issuers.login(scope="orders/read-all orders/"),
        "scope_insufficient--tab": issuers.login(scope="openid\torders/read"),
        "scope_insufficient--scp-not-merged": issuers.login(scope="openid", scp=["orders/read"]),
        "scope_missing--jwt": issuers.login(scope=...),
    }
    for name, token in variants.items():
        yield from on(spread(name), name, token)


def _groups(issuers: Issuers) -> Iterator[Sample]:
    tokens = {
        "group_missing": issuers.login(),
        "group_missing--cognito": issuers.user(**{"cognito:groups": ...}),
        "group_required": issuers.login(groups=["readers", "writers"]),
        "group_required--cognito": issuers.user(),
        "group_required--other-case": issuers.login(groups=["Admins"]),
        "group_required--empty": issuers.login(groups=[]),
        "group_required--text-with-comma": issuers.login(groups="readers,admins"),
    }
    for name, token in tokens.items():
        yield from on(spread(name, WITH_PATH) if "--" in name else WITH_PATH, name, token, ADMIN)


def _paths(good: str) -> Iterator[Sample]:
    names = {
        "path_unsupported": "*",
        "path_unsupported--question-mark": "report?.pdf",
        "path_unsupported--variable": "${aws:username}/report.pdf",
        "path_unsupported--non-ascii": "r\u00e9sum\u00e9.pdf",
        "path_unsupported--line-end": "report.pdf\nDENY",
        "path_too_long": "a/" * 220 + "report.pdf",
    }
    for name, path in names.items():
        apis = spread(name, _WITH_PATH_IN_POLICY) if "--" in name else _WITH_PATH_IN_POLICY
        yield from on(apis, name, good, _file(path))
    yield from on(["http-simple"], "allow-path-not-in-answer", good, _file("*"))


def _file(path: str) -> Call:
    return replace(FILE, path=f"/files/{path}", path_parameters={"proxy": path})


def _context(issuers: Issuers) -> Iterator[Sample]:
    values: dict[str, object] = {
        "context_value_invalid": {"id": "north"},
        "context_value_invalid--list": ["north"],
        "context_value_invalid--too-long": "n" * 1025,
        "context_value_invalid--line-end": "north\r\nX-Admin: true",
    }
    for name, value in values.items():
        yield from on(spread(name) if "--" in name else ALL, name, issuers.login(tenant=value))
