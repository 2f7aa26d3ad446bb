"""The product with its sample, deployed: its addresses, its users and their tokens."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from tests.integration.account.local_account import LocalAccount, Response

STACK = "orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Of the sample's user pool, as the README gets them."""

    machine: str = field(repr=False)  # an access token by client credentials
    access: str = field(repr=False)
    id: str = field(repr=False)
    admin: str = field(repr=False)  # an access token of a member of the group


class SampleStack:
    """Calls by the names of the sample's outputs."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self.outputs = account.outputs(STACK)
        self.tokens = self._tokens()

    def rest(self, path: str, token: str | None = None, method: str = "GET", **headers: str) -> Response:
        """A request to the REST API."""
        return self._account.call(self.outputs["SampleRestUrl"] + path, token, method, **headers)

    def http(self, path: str, token: str | None = None, method: str = "GET", **headers: str) -> Response:
        """A request to the HTTP API."""
        return self._account.call(self.outputs["SampleHttpUrl"] + path, token, method, **headers)

    def decisions(self) -> list[dict[str, Any]]:
        """What the authorizers logged."""
        return self._account.decisions(self.outputs["AuthorizerLogGroup"])

    def last_decision(self) -> dict[str, Any]:
        """The newest of them."""
        return self.decisions()[-1]

    def somebody(self) -> str:
        """An access token of a new user, for whom no answer is cached."""
        return self._signed_in(f"user-{token_urlsafe(4)}")["AccessToken"]

    def without_scope(self) -> str:
        """An access token of a user for whom the trigger does not run: it holds the scope of SDK sign-in alone."""
        cognito, pool = self._account.client("cognito-idp"), self.outputs["SampleUserPoolId"]
        settings = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["LambdaConfig"]
        cognito.update_user_pool(UserPoolId=pool, LambdaConfig={})
        try:
            return self._signed_in(f"user-{token_urlsafe(4)}")["AccessToken"]
        finally:
            cognito.update_user_pool(UserPoolId=pool, LambdaConfig=settings)

    def _tokens(self) -> Tokens:
        pool, cognito = self.outputs["SampleUserPoolId"], self._account.client("cognito-idp")
        user, admin = self._signed_in("user"), self._signed_in("admin", "admins")
        machine = self.outputs["SampleMachineClientId"]
        client = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=machine)["UserPoolClient"]
        basic = base64.b64encode(f"{machine}:{client['ClientSecret']}".encode()).decode()
        form = urlencode({"grant_type": "client_credentials", "scope": "orders/read"}).encode()
        request = Request(f"{self._account.url}/oauth2/token", form, {"Authorization": f"Basic {basic}"})
        request.add_header("Content-Type", "application/x-www-form-urlencoded")
        with urlopen(request, timeout=30) as response:
            token = json.load(response)["access_token"]
        return Tokens(machine=token, access=user["AccessToken"], id=user["IdToken"], admin=admin["AccessToken"])

    def _signed_in(self, name: str, *groups: str) -> dict[str, str]:
        pool, cognito = self.outputs["SampleUserPoolId"], self._account.client("cognito-idp")
        password = f"Aa1-{token_urlsafe(16)}"
        cognito.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=password, Permanent=True)
        for group in groups:
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
        answer = cognito.admin_initiate_auth(
            UserPoolId=pool,
            ClientId=self.outputs["SampleWebClientId"],
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )
        result: dict[str, str] = answer["AuthenticationResult"]
        return result
