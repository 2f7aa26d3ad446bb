"""The stages say of any token what `prove` says of it, and more."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from authorizer.errors import Refused
from authorizer.model import Credential, Principal
from authorizer.testing import default_claims, raw_token
from authorizer.testing.compact import encode
from authorizer.tools.explain.examination import Examination, Proof, examine
from authorizer.tools.explain.finding import Findings
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import Note
from authorizer.tools.explain.sent_credential import SentCredential
from authorizer.verifiers.base import prove
from tests.outcomes import outcome
from tests.properties.json_values import VALUES
from tests.unit.tools.explain.sample_deployment import NOW, functions, signing_keys, token

CLAIMS = ["iss", "aud", "sub", "exp", "nbf", "iat", "jti", "scope", "scp", "groups", "cnf", "token_use", "x"]
MEMBERS = ["alg", "kid", "typ", "crit", "b64", "enc", "zip", "jwk"]


def examined(text: str) -> tuple[Examination, Findings]:
    findings = Findings()
    found = Credential(text, "header:authorization")
    return examine(SentCredential(found=found, token=text), functions(), findings), findings


def check(text: str) -> None:
    """The first finding is the reason of the Lambda, and there is none exactly when it has a principal."""
    proven = outcome(lambda: prove(functions().verifiers, Credential(text, "header:authorization"), NOW), Refused)
    examination, findings = examined(text)
    first = next(iter(findings), None)
    if isinstance(proven, Principal):
        assert (first, examination.proof, examination.principal) == (None, Proof.PROVEN, examination.principal)
        assert examination.principal is not None
        assert (examination.principal.subject, examination.principal.scopes) == (proven.subject, proven.scopes)
    else:
        assert first is not None
        assert (first.reason, first.fault) == (proven.reason, proven.fault)


def signed(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return raw_token(json.dumps(header).encode(), json.dumps(claims).encode(), signing_keys()["own"].sign)


@given(st.dictionaries(st.sampled_from(CLAIMS), VALUES, max_size=5))
def test_claims_of_any_kind(changes: dict[str, Any]) -> None:
    check(signed({"alg": "ES256", "kid": "own"}, default_claims(NOW) | changes))


@given(st.dictionaries(st.sampled_from(MEMBERS), VALUES, max_size=4))
def test_header_of_any_kind(changes: dict[str, Any]) -> None:
    check(signed({"alg": "ES256", "kid": "own"} | changes, default_claims(NOW)))


@given(st.dictionaries(st.sampled_from(CLAIMS), VALUES, max_size=3))
def test_payload_that_nobody_signed(changes: dict[str, Any]) -> None:
    header, _, signature = token().split(".")
    check(f"{header}.{encode(json.dumps(default_claims(NOW) | changes).encode())}.{signature}")


@given(st.text("eyJhbGci.0-_=+/", min_size=1, max_size=60))
def test_text_of_any_kind(text: str) -> None:
    check(text)


def sent_as(text: str, *notes: Note) -> tuple[Examination, Findings]:
    findings = Findings()
    return examine(SentCredential(token=text, notes=notes), functions(), findings), findings


def test_token_that_was_mended_is_examined() -> None:
    findings = Findings()
    found = Credential(f"{token(exp=1)}=", "header:authorization")
    examination = examine(SentCredential(found=found, token=token(exp=1)), functions(), findings)
    assert [finding.reason.value for finding in findings] == ["token_base64_invalid", "token_expired"]
    assert examination.proof is Proof.PROVEN
    assert sent_as(token())[0].proof is Proof.PROVEN


def test_signature_of_what_was_recoded_is_not_called_wrong() -> None:
    forged = f"{token(sub='admin').rpartition('.')[0]}.{token().rpartition('.')[2]}"
    examination, findings = sent_as(forged, Note(NearMiss.BASE64_STANDARD))
    assert (examination.proof, len(findings)) == (Proof.UNCHECKED, 0)
    examination, findings = sent_as(forged)
    assert (examination.proof, len(findings)) == (Proof.DISPROVEN, 1)


def test_times_of_an_unknown_issuer_are_unproven() -> None:
    findings = examined(token(iss="https://nobody.example.net/", exp=1))[1]
    assert [(one.reason.value, one.unproven) for one in findings] == [
        ("issuer_unknown", False),
        ("token_expired", True),
    ]


def test_good_token_has_key_issuer_and_principal() -> None:
    examination, findings = examined(token())
    assert (examination.proof, examination.named, len(findings)) == (Proof.PROVEN, True, 0)
    assert examination.key is not None
    assert examination.key.key.kid == "own"


def test_token_that_cannot_be_read_has_no_claims() -> None:
    assert examined("a.b.c")[0].claims == {}
    assert Examination().claims == {}


def test_subject_that_cannot_be_used_leaves_the_scopes_to_be_judged() -> None:
    examination, findings = examined(token(sub=""))
    assert [finding.reason.value for finding in findings] == ["subject_missing"]
    assert examination.principal is not None
    assert examination.principal.scopes == frozenset({"orders:read"})


def test_scopes_that_cannot_be_read_leave_no_principal() -> None:
    assert examined(token(scope=["orders:read"]))[0].principal is None
