from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from authorizer.tools.explain.explanation import explain_token
from authorizer.tools.explain.second_opinion import ACCEPTED, SecondOpinion
from tests.unit.tools.explain.sample_deployment import NOW, functions, id_token, token, user_token


def opinion(text: str) -> SecondOpinion:
    explained = explain_token(text, functions(), ask_pyjwt=True)
    assert explained.opinion is not None
    return explained.opinion


@pytest.mark.parametrize("make", [token, user_token, id_token], ids=["jwt", "access", "id"])
def test_both_accept_a_good_token(make: object) -> None:
    assert callable(make)
    said = opinion(make())
    assert (said.pyjwt, said.ours, said.agrees) == (ACCEPTED, ACCEPTED, True)


@pytest.mark.parametrize(
    ("claims", "exception", "reason"),
    [
        ({"exp": NOW - 30}, "ExpiredSignatureError", "token_expired"),
        ({"nbf": NOW + 31}, "ImmatureSignatureError", "token_not_yet_valid"),
        ({"iat": NOW + 31}, "ImmatureSignatureError", "token_issued_in_future"),
        ({"aud": "another"}, "InvalidAudienceError", "audience_mismatch"),
        ({"exp": ...}, "MissingRequiredClaimError", "claim_missing"),
        ({"sub": ...}, "MissingRequiredClaimError", "subject_missing"),
    ],
)
def test_both_refuse(claims: dict[str, Any], exception: str, reason: str) -> None:
    said = opinion(token(**claims))
    assert (said.pyjwt, said.ours, said.agrees) == (exception, reason, True)


@pytest.mark.parametrize("exp", [NOW - 29, NOW - 30])
def test_both_are_asked_about_the_same_moment(exp: int) -> None:
    assert opinion(token(exp=exp)).agrees


def test_forged_signature_is_seen_by_both() -> None:
    forged = token(sub="admin").rpartition(".")[0] + "." + token().rpartition(".")[2]
    assert opinion(forged) == SecondOpinion("InvalidSignatureError", "signature_invalid")


def test_difference_is_told() -> None:
    said = opinion(token(cnf={"jkt": "x"}))
    assert (said.pyjwt, said.ours, said.agrees) == (ACCEPTED, "token_sender_constrained", False)
    assert "differs" in str(said)


def test_client_of_an_id_token_is_its_audience() -> None:
    assert opinion(id_token(client="stranger")) == SecondOpinion("InvalidAudienceError", "client_not_allowed")


def test_scopes_are_none_of_its_business() -> None:
    assert opinion(token(scope="openid")).agrees


@pytest.mark.parametrize("text", ["opaque", "a.b.c"])
def test_without_a_key_it_is_not_asked(text: str) -> None:
    said = opinion(text)
    assert (said.pyjwt, said.agrees) == (None, None)
    assert said.document()["pyjwt"] is None


def test_without_the_option_it_is_not_asked() -> None:
    assert explain_token(token(), functions()).opinion is None


def test_pyjwt_is_not_loaded_with_the_command() -> None:
    program = "import sys, authorizer.tools.cli; print('jwt' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"
    )
