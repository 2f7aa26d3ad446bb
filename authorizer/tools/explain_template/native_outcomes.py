"""What API Gateway's own authorizers say of the token: their local counterparts are asked, which know no network.

First the token is asked about as if its signature were good. What is 401 then is 401 with any signature, and no keys are
fetched for it. Only what could pass, or would be 403, is asked about with the keys of its issuer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.reasons import Class, Reason
from authorizer.surface import Api as Kind
from authorizer.tools.explain_template.native_words import refusal_words
from authorizer.tools.explain_template.sending import Sending, of_sources
from authorizer.tools.explain_template.supposed import supposed
from authorizer.tools.explain_template.unknown import unknown
from authorizer.tools.explain_template.verdict import Case, Outcome
from authorizer.tools.gateway.native import NativeRefusal, Refusal
from authorizer.tools.gateway.native_authorizer import NativeAuthorizer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.explain_template.scene import Seat
    from authorizer.tools.gateway.issuers import Issuers
    from authorizer.tools.template.unresolved import Text

_REASONS: Final = {one.value: one for one in Reason}


def native_outcome(seat: Seat) -> Outcome:
    """The outcome on one route; `CommandError` for an authorizer that API Gateway would not create."""
    found = _supposing_the_signature(seat)
    hidden = unknown(_trusted(seat), seat.scene) if found.status != 200 else None
    if hidden is not None:
        others = (_supposing_the_signature(seat.supposing(names)) for names in hidden.supposed)
        settled = hidden.settled(found, others)
        if settled is not found:
            return settled
    if found.status == 401 or seat.scene.asked.offline:
        return found
    return _with_keys(seat, found)


def _trusted(seat: Seat) -> Iterator[Text]:
    """The texts that say which tokens count."""
    yield from seat.authorizer.user_pools
    for issuer in seat.authorizer.issuers:
        yield issuer.issuer
        yield from issuer.audience
    if seat.authorizer.validation_expression is not None:
        yield seat.authorizer.validation_expression


def _supposing_the_signature(seat: Seat) -> Outcome:
    """What is said of all but the signature. A 401 is one whatever the signature is."""
    copy = supposed(seat.scene.asked.token)
    refusal, sending = _checked(seat, copy.token, copy)
    if refusal is None:
        return _passed(sending, unproven=True)
    return _refused(seat, refusal, sending, unproven=refusal.refusal is Refusal.SCOPE)


def _with_keys(seat: Seat, without: Outcome) -> Outcome:
    """What is said with the issuer's keys. `without` is what is said without them, which stays where they cannot be had."""
    asked = seat.scene.asked
    refusal, sending = _checked(seat, asked.token, asked.issuers)
    if refusal is None:
        return _passed(sending, unproven=False)
    if _REASONS[refusal.reason].klass is not Class.DEPENDENCY:
        return _refused(seat, refusal, sending, unproven=False)
    if without.status != 200:
        return without
    return Outcome(
        case=Case.KEYS_UNKNOWN,
        status=None,
        reason=refusal.reason,
        why="the issuer's keys cannot be had from here; the token would pass, supposing that the signature is good",
        fix="See whether the issuer can be reached from the internet: if API Gateway cannot either, every token is refused.",
        place=without.place,
    )


def _checked(seat: Seat, token: str, issuers: Issuers) -> tuple[NativeRefusal | None, Sending]:
    built = seat.built(issuers)
    assert isinstance(built, NativeAuthorizer)
    place = of_sources(built.sources.texts)
    value = None if place is None else f"Bearer {token}"
    sending = Sending(place=place)
    try:
        built.native.check(value, seat.scopes, seat.scene.asked.now)
    except NativeRefusal as refusal:
        return refusal, sending
    return None, sending


def _passed(sending: Sending, *, unproven: bool) -> Outcome:
    why = "the authorizer takes it"
    return Outcome(case=Case.PASSES, status=200, why=sending.told(why), unproven=unproven, place=_place(sending))


def _refused(seat: Seat, refusal: NativeRefusal, sending: Sending, *, unproven: bool) -> Outcome:
    """Of the scope HTTP APIs say 403. Of REST APIs the sources say 401 and 403: here it is 401, as in `authorizer serve`."""
    why, fix = refusal_words(seat, _REASONS[refusal.reason])
    scope = refusal.refusal is Refusal.SCOPE and seat.api.kind is Kind.HTTP
    return Outcome(
        case=Case.REFUSED,
        status=403 if scope else 401,
        reason=refusal.reason,
        why=sending.told(why),
        fix=fix,
        unproven=unproven and scope,
        place=_place(sending),
    )


def _place(sending: Sending) -> str | None:
    return None if sending.place is None else str(sending.place)
