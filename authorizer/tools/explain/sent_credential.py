"""The credential of a call as the Lambda finds it, and where it finds none, what was sent in its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from authorizer import credential
from authorizer.credential import AUTHORIZATION, Place, Sources, Where
from authorizer.reasons import Reason
from authorizer.tools.explain.credential_notes import text_notes
from authorizer.tools.explain.finding import quietly
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.repair import repaired

if TYPE_CHECKING:
    from collections.abc import Iterable

    from authorizer.model import Credential, Request
    from authorizer.tools.explain.finding import Findings
    from authorizer.tools.explain.note import Note

_USUAL: Final = (AUTHORIZATION, Place(Where.QUERY, "access_token"))  # RFC 6750 sections 2.1 and 2.3


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCredential:
    """`found` is the Lambda's; `token` has the shape of a JWT and is the same, or what was meant."""

    found: Credential | None = None
    token: str | None = field(default=None, repr=False)
    place: str | None = None
    notes: tuple[Note, ...] = ()

    @property
    def recoded(self) -> bool:
        """Whether `token` is in another encoding than what was sent."""
        return any(note.near_miss is NearMiss.BASE64_STANDARD for note in self.notes)


def sent_credential(called: Request, sources: Sources, findings: Findings) -> SentCredential:
    """What came as a credential; why the Lambda does not take it is a finding."""
    found = findings.passed(lambda: credential.find(called, sources))
    held = (Place(Where.HEADER, ""), found.value) if found is not None else _only_one(called, sources)
    if held is None:
        return SentCredential()
    place, text = held
    mended = repaired(text, has_scheme=place.has_scheme)
    notes = mended.notes
    if mended.token is None and Reason.CREDENTIAL_SCHEME_UNSUPPORTED not in findings.reasons:
        notes = tuple(text_notes(mended.text))
    where = str(place) if found is None else found.place
    return SentCredential(found=found, token=mended.token, place=where, notes=notes)


def _only_one(called: Request, sources: Sources) -> tuple[Place, str] | None:
    """What lies in the configured places, else in the usual ones; None for nothing, and for two."""
    for places in (sources.places, _USUAL):
        held = quietly(partial(_held, called, places)) or []
        if held:
            return held[0] if len(held) == 1 else None
    return None


def _held(called: Request, places: Iterable[Place]) -> list[tuple[Place, str]]:
    if not called.surface.has_fields:
        headers = [place for place in places if place.where is Where.HEADER]
        return [(headers[0], called.token)] if headers and called.token else []
    return [(place, value) for place in places for value in place.values(called.fields) if value]
