"""Where Powertools reads an event differently, and why ours is as it is. What is not in this table must not differ."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tests.integration.real_parts.powertools.facts import EVENT

if TYPE_CHECKING:
    from tests.integration.real_parts.powertools.facts import Comparison

_HTTP_API = "'Control access to HTTP APIs with AWS Lambda authorizers', API Gateway developer guide"
_REST_API = "'Input to an API Gateway Lambda authorizer', API Gateway developer guide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One reasoned difference: Powertools says `theirs` where we say `ours`, each a pattern of the value's text."""

    fact: str
    samples: str  # pattern of `folder/name`, as in a shell
    ours: str
    theirs: str
    why: str
    source: str

    def covers(self, found: Comparison) -> bool:
        """Whether the row explains what was found."""
        pairs = ((found.sample, self.samples), (str(found.ours), self.ours), (str(found.theirs), self.theirs))
        return found.fact == self.fact and all(fnmatchcase(text, pattern) for text, pattern in pairs)


def _differ(why: str, source: str, *rows: tuple[str, str, str, str]) -> tuple[Difference, ...]:
    """Rows with one reason: fact, samples, ours, theirs."""
    return tuple(
        Difference(fact=fact, samples=samples, ours=ours, theirs=theirs, why=why, source=source)
        for fact, samples, ours, theirs in rows
    )


_NONE = "[[]]"  # as a pattern: the empty list
_VALUES = "[[]'*']"  # as a pattern: a list with something in it

_SHAPES = (
    *_differ(
        "which class reads an event is the user's choice, and it takes whatever has its keys. An event of another API,"
        " version or route is a mistake of the deployment, not to be answered by rules that were written for something else",
        f"{_HTTP_API}, on payload format versions; {_REST_API}",
        (EVENT, "http-policy-1.0/event_unknown--version-number", "False", "True"),
        (EVENT, "http-simple/event_unknown--version-3.0", "False", "True"),
        (EVENT, "rest-token/event_unknown--token-object", "False", "True"),
        (EVENT, "rest-token/event_for_another_function", "False", "True"),
        (EVENT, "websocket/event_unknown--disconnect", "False", "True"),
    ),
    *_differ(
        "a map that is a list is none that API Gateway sends: nobody knows what else in such an event is not as we think",
        _REST_API,
        ("authorization", "rest-request/event_unknown--headers-list", "raises event_unknown", "[[]'x']"),
    ),
)

_PATHS = (
    *_differ(
        "a path may hold colons; Powertools splits the whole ARN at them and drops the rest, so that a policy made of it"
        " names another path than the called one",
        "RFC 3986 section 3.3, pchar; 'Amazon Resource Names (ARNs)', AWS General Reference",
        ("arn", "*/allow-path-with-colon", "*/files/urn:example:report:1", "*/files/urn"),
        ("arn path", "*/allow-path-with-colon", "/files/urn:example:report:1", "/files/urn"),
        ("arn", "http-policy/path_unsupported--variable", "*/files/$?aws:username?/*", "*/files/$?aws"),
        ("arn path", "http-policy/path_unsupported--variable", "/files/$?aws:username?/*", "/files/$?aws"),
    ),
    *_differ(
        "HTTP APIs write a named stage before the path in `rawPath`, and in `path` of payload 1.0, but only once into the"
        " ARN, which is what a policy is compared with: our path is the one of the ARN",
        _HTTP_API,
        ("path", "http-*/allow-named-stage", "/orders/1", "/test/orders/1"),
        ("path", "http-simple/allow-stage-variables", "/orders/1", "/v1_2/orders/1"),
    ),
)

_MAPS = (
    *_differ(
        "API Gateway leaves an empty map or list out, or sends null: for us both mean none",
        f"{_HTTP_API}, the example of payload format 2.0; {_REST_API}",
        ("session", "http-*/*", _NONE, "raises KeyError"),
        ("session", "http-*/allow-null-maps", _NONE, "raises TypeError"),
        ("access_token", "http-*/*", _NONE, "raises KeyError"),
        ("access_token", "rest-request/allow-missing-maps", _NONE, "raises KeyError"),
        ("access_token", "rest-request/allow-only-multi-value-maps", _NONE, "raises KeyError"),
        ("authorization", "http-*/credential_missing--missing-maps", _NONE, "raises KeyError"),
        ("authorization", "websocket/allow-missing-maps", _NONE, "raises KeyError"),
        ("authorization", "websocket/allow-only-multi-value-maps", _NONE, "raises KeyError"),
    ),
    *_differ(
        "the authorizer classes of Powertools do not know the maps of several values; for us a value in either counts",
        f"{_REST_API}: `multiValueHeaders`, `multiValueQueryStringParameters`",
        ("authorization", "*/allow-only-multi-value-maps", _VALUES, "raises KeyError"),
        ("access_token", "websocket/allow-only-multi-value-maps", _VALUES, "raises KeyError"),
    ),
    *_differ(
        "the maps with one value show the last of several: who reads only them checks one token while the backend may use"
        " the other. We see both and refuse (credential_multiple)",
        "RFC 6750 section 2; RFC 9110 section 5.3",
        ("authorization", "http-policy-1.0/credential_multiple--header-twice", "[[]'*', '*']", "[[]'Bearer *']"),
        ("authorization", "rest-request/credential_multiple--header-twice", "[[]'*', '*']", "[[]'Bearer *']"),
        ("access_token", "websocket/credential_multiple--parameter-twice", "[[]'*', '*']", _VALUES),
    ),
)

DIFFERENCES = (*_SHAPES, *_PATHS, *_MAPS)
