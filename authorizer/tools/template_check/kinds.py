"""Whether an authorizer asks a function that answers in the words which its API reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api, Fact
from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.template_check.template_lines import Property, property_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.template_check.finding import Finding
    from authorizer.tools.template_check.guarded import Guarded

_ANSWERS: Final = {
    EntryPoint.REST: Api.REST,
    EntryPoint.WEBSOCKET: Api.WEBSOCKET,
    EntryPoint.HTTP: Api.HTTP,
    EntryPoint.HTTP_POLICY: Api.HTTP,
}
_HANDLER: Final = {
    Api.REST: "authorizer.handler.rest",
    Api.WEBSOCKET: "authorizer.handler.websocket",
    Api.HTTP: "authorizer.handler.http or authorizer.handler.http_policy",
}


def wrong_kind(one: Guarded) -> Iterator[Finding]:
    """What no setting can mend: every call would end in 500, or be refused."""
    if _ANSWERS[one.entry_point] is not one.kind:
        found = f"the function {one.function.logical_id}, {one.entry_point.handler()}, at a {one.kind.value} API"
        fix = property_lines(
            one.authorizer.place, Property.FUNCTION, one.kind, f"# of a function with {_HANDLER[one.kind]}"
        )
        yield one.finding(
            "function_of_other_api", Property.FUNCTION, (found, f"a function with {_HANDLER[one.kind]}"), fix
        )
    elif one.kind is Api.HTTP:
        yield from _wrong_answer(one)
    if one.is_token:
        yield from _wrong_token(one)


def _wrong_answer(one: Guarded) -> Iterator[Finding]:
    given, version = one.authorizer.simple_responses, one.authorizer.payload_version
    handler = one.entry_point.handler()
    if one.is_simple and version != "2.0" and isinstance(version, str | None):
        words = f"payload {version or 'of no version'} for {handler}", "payload 2.0, which alone has simple responses"
        yield one.finding("payload_version", Property.PAYLOAD, words, _lines(one, Property.PAYLOAD, "2.0"))
    elif one.is_simple and given is False:
        words = (
            f"no simple responses, and {handler} gives no other",
            "simple responses, or authorizer.handler.http_policy",
        )
        yield one.finding("simple_responses_needed", Property.SIMPLE, words, _lines(one, Property.SIMPLE, True))
    elif not one.is_simple and given is True:
        words = f"simple responses, and {handler} answers with policies", "policies, or authorizer.handler.http"
        yield one.finding("simple_responses_refused", Property.SIMPLE, words, _lines(one, Property.SIMPLE, False))


def _wrong_token(one: Guarded) -> Iterator[Finding]:
    fix = _lines(one, Property.KIND, "REQUEST")
    if not one.places:
        places = " or ".join(map(str, one.own.checked.sources[one.kind].places))
        words = (
            f"TOKEN, whose event has one header, and the credential in {places}",
            "REQUEST, or a header in [credential]",
        )
        yield one.finding("token_lacks_place", Property.KIND, words, fix)
    readers = one.readers(Fact.SOURCE_IP, Fact.FIELDS)
    if readers:
        words = f"TOKEN, and {', '.join(readers)}, which need more of the request than a header", "REQUEST"
        yield one.finding("token_lacks_facts", Property.KIND, words, fix)


def _lines(one: Guarded, what: Property, value: object) -> tuple[str, ...]:
    return property_lines(one.authorizer.place, what, one.kind, value)
