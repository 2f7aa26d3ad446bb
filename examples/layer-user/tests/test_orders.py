"""Who may read an order, asked of the API as a whole: gateway, authorizer and backend. `pytest` runs it, offline."""

import pytest

# The function reads its issuer from a variable of its own, so nobody can tell that it trusts one: say so.
pytestmark = pytest.mark.gateway(issuers=("https://login.example.com/",))


def token(gateway, **options):
    return gateway.token(**{"scopes": ["orders:read"], "audience": ["orders-api"], **options})


def test_reader_gets_the_order(gateway):
    answer = gateway.get("/orders/1", token=token(gateway))
    assert answer.status == 200, answer.reason


def test_nobody_gets_401(gateway):
    answer = gateway.get("/orders/1")
    assert (answer.status, answer.json()) == (401, {"message": "Unauthorized"})


@pytest.mark.parametrize("broken", ["token_expired", "audience_mismatch", "signature_invalid", "alg_none"])
def test_broken_token_gets_403(gateway, broken):
    assert gateway.get("/orders/1", token=token(gateway, broken=broken)).status == 403


def test_other_scope_gets_403(gateway):
    assert gateway.get("/orders/1", token=token(gateway, scopes=["orders:list"])).status == 403


def test_path_that_no_route_has_gets_404(gateway):
    assert gateway.get("/admin", token=token(gateway)).status == 404


def test_outage_of_the_issuer_is_no_denial(gateway):
    gateway.outage(down=True)
    assert gateway.get("/orders/1", token=token(gateway)).status == 500


def backend(event, context):
    """In the place of the real one: any callable may stand in for a function."""
    return {"statusCode": 200, "body": event["requestContext"]["authorizer"]["lambda"]["user"]}


@pytest.mark.gateway(overrides={"Orders": backend})
def test_backend_hears_who_calls(gateway):
    assert gateway.get("/orders/1", token=token(gateway, subject="jane")).text == "jane"
