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

# The sample settings grant `$default`, which no policy for all routes can say: HTTP APIs get one for the called method.
_FOR_THE_METHOD: Final = ("http-policy", "http-policy-1.0")
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
        # The API has one route for everything; the path decides which rule is meant.
        "route_unknown--catch-all-of-the-api": _caught("/invoices/1", "invoices/1"),
        "allow-catch-all-of-the-api": _caught("/orders/1", "orders/1"),
    }
    for name, call in calls.items():
        yield from on(spread(name, WITH_BOTH if "catch-all" in name else WITH_PATH), name, good, call)
    with_slash = replace(
        ORDER, path="/orders/", template="/orders/"
    )  # HTTP APIs have such routes, beside those without
    yield from on(HTTP_V2, "route_unknown--route-with-slash-at-the-end", good, with_slash)
    yield from _ambiguous(good)


def _ambiguous(good: str) -> Iterator[Sample]:
    """Paths that somebody may read as others. A greedy parameter must not lead out of its route."""
    yield from on(WITH_PATH, "path_ambiguous", good, _file("../admin/users"))
    paths = {"escaped-dots": "%2e%2e/admin/users", "escaped-slash": "a%2fsecret", "line-end": "report.pdf\nDENY"}
    calls = {name: _file(path) for name, path in paths.items()} | {
        "other-case": _caught("/Health", "Health"),
        "slash-at-the-end": _caught("/health/", "health"),
        "parameter-of-a-segment": _caught("/health;v=1", "health;v=1"),
        "public-by-prefix": _caught("/health/../admin/users", "health/../admin/users"),
        "outside-the-route": replace(ORDER, path="/health", template="/admin/{proxy+}", route_method="ANY"),
    }
    for name, call in calls.items():
        apis = WITH_BOTH if call.template != FILE.template else WITH_PATH
        yield from on(spread(f"path_ambiguous--{name}", apis), f"path_ambiguous--{name}", good, call)
    yield from on(["rest-token"], "allow-path-with-escaped-letter", good, _file("%61bc"))


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
    """What cannot stand in a policy for the called method alone; one for all routes does not name the called path."""
    names = {
        "path_unsupported": "*",
        "path_unsupported--question-mark": "report?.pdf",
        "path_unsupported--variable": "${aws:username}/report.pdf",
        "path_unsupported--non-ascii": "r\u00e9sum\u00e9.pdf",
        "path_too_long": "a/" * 220 + "report.pdf",
    }
    for name, path in names.items():
        apis = spread(name, _FOR_THE_METHOD) if "--" in name else _FOR_THE_METHOD
        yield from on(apis, name, good, _file(path))
    yield from on(["http-simple", "rest-token", "rest-request"], "allow-path-not-in-answer", good, _file("*"))
    yield from on(["rest-token"], "allow-long-path", good, _file(names["path_too_long"]))


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
