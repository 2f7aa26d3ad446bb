"""Which of the known answers an answer is, by what is known of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.tools.why.appearances import Fit, Seen, appearances, recognised

REST: dict[str, Any] = {"error_type": "UnauthorizedException", "apis": frozenset({"rest"})}


@pytest.mark.parametrize(
    ("seen", "codes", "fit"),
    [
        (Seen(status=401, message="Unauthorized", **REST), {"rest_unauthorized"}, Fit.EXACT),
        (Seen(message="Unauthorized", **REST), {"rest_unauthorized"}, Fit.EXACT),
        (Seen(status=403, message="Unauthorized", **REST), {"rest_unauthorized"}, Fit.RESTATED),
        (Seen(status=401, message="no", **REST), {"rest_unauthorized", "rest_token_expired"}, Fit.REWORDED),
        (Seen(status=401, message="The incoming token has expired"), {"rest_token_expired"}, Fit.EXACT),
        (Seen(status=403, message="The incoming token has expired"), {"rest_token_expired"}, Fit.EXACT),
        (
            Seen(status=500, message="", error_type="AuthorizerConfigurationException"),
            {"rest_authorizer_error"},
            Fit.EXACT,
        ),
        (Seen(status=500, message="Internal Server Error", error_type=""), {"http_error"}, Fit.EXACT),
        (
            Seen(type="ACCESS_DENIED", message="User is not authorized to access this resource"),
            {"rest_implicit_deny"},
            Fit.EXACT,
        ),
        (Seen(type="INVALID_API_KEY", status=403, apis=frozenset({"rest"})), {"rest_forbidden"}, Fit.EXACT),
        (Seen(status=404), {"rest_resource_not_found", "http_not_found"}, Fit.STATUS),
        (Seen(status=200), {"success"}, Fit.STATUS),
        (Seen(status=418, message="teapot", error_type=""), {"backend"}, Fit.EXACT),
        (Seen(status=401, message="login first"), {"backend"}, Fit.STATUS),
        (Seen(status=302, message="moved"), set(), Fit.NO),
        (Seen(), set(), Fit.NO),
    ],
)
def test_answer_is_recognised(seen: Seen, codes: set[str], fit: Fit) -> None:
    found = recognised(seen)
    assert found.keys() == codes
    assert set(found.values()) <= {fit}


@pytest.mark.parametrize("tail", [" with an explicit deny", " with an explicit deny in an identity-based policy"])
def test_both_wordings_of_an_explicit_deny(tail: str) -> None:
    seen = Seen(status=403, message=f"User is not authorized to access this resource{tail}")
    assert recognised(seen).keys() == {"rest_explicit_deny"}


@pytest.mark.parametrize(
    ("tail", "code"),
    [
        ("", "silence"),
        (" because no resource-based policy allows the execute-api:Invoke action", "silence"),
        (" with an explicit deny", "deny"),
        (" with an explicit deny in a resource-based policy", "deny"),
    ],
)
def test_all_wordings_of_a_resource_policy(tail: str, code: str) -> None:
    arn = "arn:aws:execute-api:us-east-1:********9012:abc/prod/GET/orders"
    message = f"User: anonymous is not authorized to perform: execute-api:Invoke on resource: {arn}{tail}"
    assert recognised(Seen(status=403, message=message)).keys() == {f"rest_resource_policy_{code}"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "Access to fetch blocked by CORS policy: Response to preflight request doesn't pass access control check",
            "cors_preflight",
        ),
        ("blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present", "cors_header_missing"),
        ("curl: (56) OpenSSL SSL_read: error: alert certificate required", "tls_refused"),
        ("curl: (6) Could not resolve host: abc.execute-api.eu-west-1.amazonaws.com", "host_unknown"),
    ],
)
def test_text_of_a_client_is_recognised(text: str, code: str) -> None:
    assert recognised(Seen(message=text, text=text)).keys() == {code}


VALUES = (
    st.none()
    | st.sampled_from(["", "Unauthorized", "Forbidden", "ACCESS_DENIED", "AccessDeniedException"])
    | st.text(max_size=9)
)


@given(
    st.builds(
        Seen, status=st.none() | st.integers(100, 599), type=VALUES, error_type=VALUES, message=VALUES, challenge=VALUES
    )
)
def test_those_that_fit_fit_equally_well(seen: Seen) -> None:
    found = recognised(seen)
    assert len(set(found.values())) <= 1
    assert Fit.NO not in found.values()
    assert found.keys() <= appearances().keys()
