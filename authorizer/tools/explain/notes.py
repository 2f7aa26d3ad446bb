"""All near misses of one token, in the order of the stages, none twice. What no signature proves leads to no settings."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from authorizer.tools.explain.audience_notes import audience_notes, client_notes, use_notes
from authorizer.tools.explain.credential_notes import parts_notes
from authorizer.tools.explain.examination import Proof
from authorizer.tools.explain.issuer_notes import issuer_notes
from authorizer.tools.explain.key_notes import key_notes
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import Note
from authorizer.tools.explain.scope_notes import group_notes, scope_notes
from authorizer.tools.explain.time_notes import time_notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from authorizer.requirement import Requirement
    from authorizer.tools.explain.deployment import Deployment
    from authorizer.tools.explain.examination import Examination
    from authorizer.tools.explain.finding import Findings
    from authorizer.tools.explain.sent_credential import SentCredential

MAX_NOTES = 30  # a token with hundreds of scopes may be near to each of the required ones


def every_note(
    sent: SentCredential,
    examination: Examination,
    requirements: Iterable[Requirement],
    findings: Findings,
    deployment: Deployment,
) -> Sequence[Note]:
    """What is near to right in a token that something was found about, or that lacks what a rule requires."""
    form = _of_form(examination, findings, deployment) if len(findings) else ()
    about_rules = chain.from_iterable(_about_rule(requirement, examination) for requirement in requirements)
    about_claims = chain(_of_claims(examination, findings, deployment) if len(findings) else (), about_rules)
    claims = about_claims if examination.proof is Proof.PROVEN else _unproven(about_claims)
    return tuple(dict.fromkeys((*sent.notes, *form, *claims)))[:MAX_NOTES]


def _unproven(notes: Iterable[Note]) -> Iterator[Note]:
    """What may still be said of claims that anybody may have written."""
    withheld = []
    for note in notes:
        if note.near_miss.needs_proof:
            withheld.append(note.near_miss.value)
        else:
            yield note._replace(unproven=True)
    if withheld:
        yield Note(NearMiss.UNPROVEN_DIFFERENCE, ", ".join(dict.fromkeys(withheld)), unproven=True)


def _of_form(examination: Examination, findings: Findings, deployment: Deployment) -> Iterator[Note]:
    if examination.parts is not None:
        yield from parts_notes(examination.parts)
    yield from key_notes(examination, findings.reasons, deployment.issuers)


def _of_claims(examination: Examination, findings: Findings, deployment: Deployment) -> Iterator[Note]:
    claims, reasons = examination.claims, findings.reasons
    if not examination.named and type(claims.get("iss")) is str:
        yield from issuer_notes(claims["iss"], deployment.issuer_names)
    yield from use_notes(examination, reasons)
    yield from client_notes(examination, reasons, deployment.issuers)
    yield from time_notes(claims, findings, deployment.now)
    yield from audience_notes(examination, findings)


def _about_rule(requirement: Requirement, examination: Examination) -> Iterator[Note]:
    principal, issuer = examination.principal, examination.issuer
    if principal is None or issuer is None:
        return
    yield from scope_notes(requirement, principal)
    yield from group_notes(requirement, principal, issuer.profile.groups_claim)
