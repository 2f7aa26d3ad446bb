"""Lambda authorizers of HTTP APIs: what API Gateway refuses to create, and what ends in 500 for every client.

Source: API Gateway Developer Guide, "Control access to HTTP APIs with AWS Lambda authorizers".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.asked import entry_point
from authorizer.tools.doctor.told import property_place
from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.template import AuthorizerKind
from authorizer.tools.template_check.identity import AUTHORIZATION, identities, parsed
from authorizer.tools.template_check.template_lines import Property, property_lines, source_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiAuthorizer
    from authorizer.tools.template_check.finding import Finding

_VERSIONS: Final = ("1.0", "2.0")
_PATIENCE: Final = 10  # seconds that an HTTP API waits for an authorizer
_WORDS: Final = {  # how the identity sources of each API begin
    Kind.WEBSOCKET: ("route.request.", "stageVariables.", "context."),
    Kind.HTTP: ("$request.", "$stageVariables.", "$context."),
}
_CODES: Final = {
    Kind.WEBSOCKET: "websocket_identity_source_words",
    Kind.HTTP: "http_identity_source_rest_words",
}


def _of_http(view: View) -> Iterator[tuple[Api, ApiAuthorizer]]:
    return ((api, one) for api, one in view.authorizers(Kind.HTTP) if one.kind is AuthorizerKind.REQUEST)


def payload_version(view: View) -> Iterator[Finding]:
    """The version of the event, which has no default outside of the console."""
    for api, one in _of_http(view):
        if entry_point(view, one) is EntryPoint.HTTP:  # compared with the entry point already
            continue
        given, place = one.payload_version, property_place(api, one, Property.PAYLOAD)
        fix = property_lines(one.place, Property.PAYLOAD, api.kind, "2.0")
        if given is None:
            right = "2.0, or 1.0 for a function that reads the event of REST APIs"
            found = f"no payload version at {one.name} of {api.logical_id}"
            yield view.finding("http_payload_version_missing", place, found=found, right=right, fix=fix)
        elif isinstance(given, str) and given not in _VERSIONS:
            found = f"payload version {given}"
            yield view.finding("http_payload_version_unknown", place, found=found, right="2.0 or 1.0", fix=fix)
        elif given == "1.0" and one.simple_responses is True:
            found, right = "simple responses with payload version 1.0", "payload version 2.0, or no simple responses"
            yield view.finding("http_simple_with_payload_1", place, found=found, right=right, fix=fix)


def cache_without_source(view: View) -> Iterator[Finding]:
    """A cache has to keep answers under something."""
    for api, one in _of_http(view):
        if isinstance(one.ttl, int) and one.ttl > 0 and not one.identity_sources and entry_point(view, one) is None:
            yield view.finding(
                "http_ttl_without_identity_source",
                property_place(api, one, Property.SOURCES),
                found=f"answers kept for {one.ttl} s, and no identity source to keep them under",
                right="the header with the credential as identity source, or TTL 0",
                fix=source_lines(one.place, api.kind, {AUTHORIZATION}),
            )


def sources_of_other_api(view: View) -> Iterator[Finding]:
    """Identity sources in the words of another type of API."""
    for api, one in view.authorizers(Kind.HTTP, Kind.WEBSOCKET):
        if not one.kind.calls_function:
            continue
        wrong = [text for text in one.identity_sources if isinstance(text, str) and _is_foreign(text, api.kind)]
        if wrong:
            right = " and ".join(source.written(api.kind) for text in wrong if (source := parsed(text)) is not None)
            yield view.finding(
                _CODES[api.kind],
                property_place(api, one, Property.SOURCES),
                found=f"{' and '.join(wrong)} at an authorizer of a {api.kind.value} API",
                right=right,
                fix=source_lines(one.place, api.kind, identities(one)),
            )


def _is_foreign(text: str, kind: Kind) -> bool:
    return parsed(text) is not None and not text.startswith(_WORDS[kind])


def slow_function(view: View) -> Iterator[Finding]:
    """A function that may work longer than the API waits: the client has its 500 while the function goes on."""
    for api, one in _of_http(view):
        function = view.function(one)
        if function is not None and isinstance(function.timeout, int) and function.timeout > _PATIENCE:
            yield view.finding(
                "http_authorizer_over_10_seconds",
                function.place / "Timeout",
                found=f"{function.timeout} s for {function.logical_id}, which {one.name} of {api.logical_id} asks",
                right=f"less than the {_PATIENCE} s that the API waits, such as 8",
                fix=("Timeout: 8",),
            )


CHECKS = (payload_version, cache_without_source, sources_of_other_api, slow_function)
