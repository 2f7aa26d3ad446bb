from __future__ import annotations

import pytest

from authorizer.errors import EventError, Fault, Refused, Unavailable
from authorizer.reasons import Reason
from authorizer.tools.explain.finding import NOT_ASKED, Finding, Findings, quietly

FAULT = Fault(claim="exp", expected="a time to come", found="31 s ago")


def refuse() -> str:
    raise Refused(Reason.TOKEN_EXPIRED, FAULT)


def test_stage_that_passes_is_no_finding() -> None:
    findings = Findings()
    assert findings.passed(lambda: "answer") == "answer"
    assert len(findings) == 0


@pytest.mark.parametrize("error", [Refused, Unavailable, EventError])
def test_stage_that_refuses_is_one_finding(error: type[Refused]) -> None:
    def stage() -> None:
        raise error(Reason.TOKEN_EXPIRED, FAULT)

    findings = Findings()
    assert findings.passed(stage, unproven=True) is None
    assert list(findings) == [Finding(reason=Reason.TOKEN_EXPIRED, fault=FAULT, unproven=True)]


def test_bug_is_no_finding() -> None:
    with pytest.raises(KeyError):
        Findings().passed(lambda: {"a": 1}["b"])


def test_what_was_said_of_a_claim_is_not_said_again() -> None:
    findings = Findings()
    findings.passed(refuse)
    findings.add(Reason.TOKEN_EXPIRED, Fault(claim="exp"))
    findings.add(Reason.CLAIM_MISSING, Fault(claim="iat"))
    findings.add(Reason.CLAIM_MISSING, Fault(claim="jti"))
    assert [(one.reason.value, one.fault.claim) for one in findings] == [
        ("token_expired", "exp"),
        ("claim_missing", "iat"),
        ("claim_missing", "jti"),
    ]
    assert findings.reasons == {Reason.TOKEN_EXPIRED, Reason.CLAIM_MISSING}


def test_quiet_stage_says_nothing() -> None:
    assert quietly(refuse) is None
    assert quietly(lambda: 7) == 7


@pytest.mark.parametrize("reason", Reason, ids=lambda reason: reason.value)
def test_every_reason_has_its_fix_of_the_catalogue(reason: Reason) -> None:
    assert Finding(reason=reason, fault=FAULT).fix == reason.remedy.fix


def test_keys_that_were_not_asked_for_need_another_fix() -> None:
    finding = Finding(reason=Reason.KEYS_UNREACHABLE, fault=Fault(found=NOT_ASKED))
    assert finding.fix != Reason.KEYS_UNREACHABLE.remedy.fix


def test_document_is_cut_and_escaped() -> None:
    document = Finding(reason=Reason.TOKEN_EXPIRED, fault=Fault(found="\x1b[2J" + "x" * 500)).document()
    assert "\x1b" not in document["found"]
    assert len(document["found"]) == 301
    assert (document["reason"], document["claim"], document["unproven"]) == ("token_expired", None, False)
