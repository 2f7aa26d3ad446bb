"""Whether the credential is in the cache's key, and whether API Gateway lets through what the function would read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.surface import Api, Fact
from authorizer.tools.template_check.finding import Severity
from authorizer.tools.template_check.identity import OF_THE_CALL, SOURCE_IP, holding, spelled
from authorizer.tools.template_check.template_lines import Property, property_lines, source_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.template_check.finding import Finding
    from authorizer.tools.template_check.guarded import Guarded


def wrong_places(one: Guarded) -> Iterator[Finding]:
    """Places of the credential that are no identity sources, and sources that nothing reads."""
    if one.is_token:  # its value is in the event and in the key, whichever header it is from
        yield from _other_header(one)
    elif one.caches:
        yield from _cached(one)
    elif one.identities:
        yield from _unreachable(one)
    yield from _public(one)
    if not one.is_token:
        yield from _unread(one)


def _other_header(one: Guarded) -> Iterator[Finding]:
    """The function takes the value for one of the header in the settings, which says whether `Bearer` comes before it."""
    needed = {holding(place) for place in one.places}
    if needed != one.identities:
        words = (
            f"{' and '.join(spelled(one.identities, one.kind)) or 'no header'}, read as {' '.join(map(str, one.places))}",
            f"{' and '.join(spelled(needed, one.kind))}, as the settings say",
        )
        fix = source_lines(one.authorizer.place, one.kind, needed)
        yield one.finding("token_header_differs", Property.SOURCES, words, fix, Severity.WARNING)


def _cached(one: Guarded) -> Iterator[Finding]:
    places = " and ".join(map(str, one.places))
    if len(one.places) > 1:
        words = (
            f"{one.span} with a credential in {places}: all identity sources are required, and the key has no other place",
            "one place in [credential], or TTL 0",
        )
        fix = property_lines(one.authorizer.place, Property.TTL, one.kind, 0)
        yield one.finding("credential_places_several", Property.TTL, words, fix)
        return
    missing = {holding(place) for place in one.places} - one.identities
    if missing:
        words = (
            f"{one.span} with a credential in {places}, which is not in the key: one caller gets the answer for another",
            f"{' and '.join(spelled(missing, one.kind))} as identity source",
        )
        kept = {source for source in one.identities if source.kind == "context"} | missing
        fix = source_lines(one.authorizer.place, one.kind, kept)
        yield one.finding("credential_not_in_key", Property.SOURCES, words, fix)


def _unreachable(one: Guarded) -> Iterator[Finding]:
    """Without a cache a place that is no source leaks nothing; API Gateway still refuses calls without the sources."""
    others = [place for place in one.places if holding(place) not in one.identities]
    if others:
        required = " and ".join(spelled(one.identities, one.kind))
        words = (
            f"a credential that may be in {' or '.join(map(str, others))}",
            f"to know: without {required} a call gets 401",
        )
        yield one.finding("credential_unreachable", Property.SOURCES, words, (), Severity.NOTE)


def _public(one: Guarded) -> Iterator[Finding]:
    public = [rule.name for rule in one.reached if rule.public]
    if public and one.identities and not one.caches:
        required = " and ".join(spelled(one.identities, one.kind))
        words = (
            f"the public {', '.join(public)}, where API Gateway asks for {required}",
            "no authorizer on public routes",
        )
        yield one.finding("public_route_needs_source", Property.SOURCES, words, (), Severity.WARNING)


def _unread(one: Guarded) -> Iterator[Finding]:
    if one.readers(Fact.FIELDS) or one.kind is Api.WEBSOCKET:
        return
    read = {holding(place) for place in one.places} | OF_THE_CALL
    if one.readers(Fact.SOURCE_IP):
        read |= {SOURCE_IP}
    unread = one.identities - read
    if unread:
        words = (
            f"{' and '.join(spelled(unread, one.kind))}, which no decision reads",
            "to know: a call without it gets 401, and each value is cached apart",
        )
        fix = source_lines(one.authorizer.place, one.kind, one.identities - unread)
        yield one.finding("source_unread", Property.SOURCES, words, fix, Severity.NOTE)
