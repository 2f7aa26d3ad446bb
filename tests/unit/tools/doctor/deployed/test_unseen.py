"""What may not be asked is said to be not checked; nothing is wrong because of it, and all the rest is still looked at."""

from __future__ import annotations

import pytest

from authorizer.tools.doctor.deployed.access import Access, not_checked
from authorizer.tools.doctor.deployed.calls import CALLS, HTTP_API, IDENTITY, POOL, REST_API, Call
from authorizer.tools.doctor.deployed.deployment import deployment
from tests.unit.tools.doctor.deployed.asking import APIS, examination, wanted
from tests.unit.tools.doctor.deployed.cloud import Cloud
from tests.unit.tools.doctor.deployed.mistakes import OWN, SHARED, Mistake
from tests.unit.tools.doctor.deployed.right import HTTP, REST, right

DENIED = "AccessDeniedException"
ACTIONS = sorted({one.action for one in CALLS} - {IDENTITY.action, REST_API.action})
CASES = [(api, call) for api in APIS for call in CALLS]


def refusing(cloud: Cloud, *calls: Call) -> Cloud:
    cloud.refused |= {(one.service, one.operation): DENIED for one in calls}
    return cloud


@pytest.mark.parametrize(("api", "call"), CASES, ids=lambda one: one.operation if isinstance(one, Call) else one)
def test_nothing_is_wrong_because_something_was_not_seen(api: str, call: Call) -> None:
    account = right()
    cloud = refusing(Cloud(account), call)
    found = examination(account, api, cloud=cloud)
    assert [str(one) for one in found.findings] == []
    was_asked = (call.service, call.operation) in cloud.asked
    assert found.status == (2 if was_asked else 0)
    assert [call.action in one for one in found.unseen] == ([True] if was_asked else [])


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("api", APIS)
def test_run_ends_without_any_one_action(action: str, api: str) -> None:
    account = right()
    calls = [one for one in CALLS if one.action == action]
    found = examination(account, api, cloud=refusing(Cloud(account), *calls))
    assert list(found.findings) == []
    assert found.routes == examination(account, api).routes
    assert all(action in one for one in found.unseen)


@pytest.mark.parametrize("action", ACTIONS)
def test_other_checks_are_still_made(action: str) -> None:
    """With the mistakes of which this is the turn; all of them with all actions take a minute."""
    start = ACTIONS.index(action)
    for mistake in [*OWN, *SHARED][start :: len(ACTIONS)]:
        assert_found_or_unseen(mistake, action)


@pytest.mark.long
@pytest.mark.parametrize("mistake", [*OWN, *SHARED], ids=str)
def test_all_other_checks_are_still_made(mistake: Mistake) -> None:
    for action in ACTIONS:
        assert_found_or_unseen(mistake, action)


def assert_found_or_unseen(mistake: Mistake, action: str) -> None:
    """Whatever one action is missing: the mistake is found, or it is listed what was not seen; nothing else is said."""
    account = right()
    mistake.edit(account)
    calls = [one for one in CALLS if one.action == action]
    found = examination(account, mistake.api, mistake.get, refusing(Cloud(account), *calls))
    codes = {one.code for one in found.findings}
    code = "issuer_unreachable" if mistake.get and action == POOL.action else mistake.code
    assert codes == {code} or (codes == set() and found.unseen), (action, codes)


def test_without_all_of_api_gateway_nothing_is_said_to_be_wrong() -> None:
    account = right()
    calls = [one for one in CALLS if one.action == REST_API.action]
    found = examination(account, REST, cloud=refusing(Cloud(account), *calls))
    assert list(found.findings) == []
    assert (found.status, found.routes) == (2, 0)


def test_what_is_not_checked_is_told_once_for_all_of_its_kind() -> None:
    account = right()
    for name in ("a", "b", "c", "d"):
        account.add_function(name)
        number = len(account.http[HTTP]["integrations"])
        integration = account.http[HTTP]["integrations"][0] | {"IntegrationId": f"own12{number}"}
        integration["IntegrationUri"] = account.functions[name]["configuration"]["FunctionArn"]
        account.http[HTTP]["integrations"].append(integration)
        more = {"RouteKey": f"GET /{name}", "Target": f"integrations/own12{number}"}
        account.http[HTTP]["routes"].append(account.http[HTTP]["routes"][0] | more)
    cloud = Cloud(account, refused={("lambda", "get_policy"): DENIED})
    (line,) = examination(account, HTTP, cloud=cloud).unseen
    assert "authorizer, orders, a and 5 more" in line
    assert "lambda:GetPolicy" in line
    assert DENIED in line


def test_account_is_known_from_the_authorizer_where_it_may_not_be_asked() -> None:
    cloud = refusing(Cloud(right()), IDENTITY)
    found = deployment(Access(clients=cloud), wanted(REST))
    assert found.document.parameters["AWS::AccountId"] == "123456789012"


def test_order_of_what_is_not_checked_is_that_of_the_run() -> None:
    cloud = refusing(Cloud(right()), HTTP_API)
    access = Access(clients=cloud)
    access.asked(HTTP_API, "one", ApiId="one")
    access.asked(HTTP_API, "two", ApiId="two")
    assert not_checked(access.unseen) == [
        "the settings of an API of one, two: apigateway:GET: not allowed (AccessDeniedException)"
    ]
