"""One user pool, made and used with boto3 as an administrator does it."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

import boto3

from tests.integration.real_parts.tokens import Tokens

if TYPE_CHECKING:
    from tests.integration.real_parts.cognito_server.server import MotoServer

REGION = "eu-west-1"
USERS = {"jane": ("readers", "admins"), "joe": ("readers",), "jim": ()}


class UserPool:
    """A pool with the app clients `web` and `other`, and with some users in groups."""

    def __init__(self, server: MotoServer) -> None:
        self._password = f"Aa1!{token_urlsafe(16)}"
        self._cognito: Any = boto3.client(
            "cognito-idp",
            region_name=REGION,
            endpoint_url=server.url,
            verify=server.ca_file,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )
        self.id: str = self._cognito.create_user_pool(PoolName="orders")["UserPool"]["Id"]
        self.jwks_uri = f"{server.url}/{self.id}/.well-known/jwks.json"
        self._cognito.create_resource_server(
            UserPoolId=self.id,
            Identifier="orders",
            Name="orders",
            Scopes=[{"ScopeName": "read", "ScopeDescription": "read orders"}],
        )
        self.web, self.other = self._create_client("web"), self._create_client("other")
        for name in ("readers", "admins"):
            self._cognito.create_group(UserPoolId=self.id, GroupName=name)
        for name, groups in USERS.items():
            self._create_user(name, groups)

    def close(self) -> None:
        """Ends the connections."""
        self._cognito.close()

    def sign_in(self, user: str, client_id: str) -> Tokens:
        """The tokens of a user who signs in with a password."""
        answer = self._cognito.admin_initiate_auth(
            UserPoolId=self.id,
            ClientId=client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user, "PASSWORD": self._password},
        )["AuthenticationResult"]
        return Tokens(access=answer["AccessToken"], id=answer["IdToken"])

    def sign_out(self, user: str) -> None:
        """Revokes all tokens of a user."""
        self._cognito.admin_user_global_sign_out(UserPoolId=self.id, Username=user)

    def knows(self, access_token: str) -> bool:
        """Whether Cognito itself still takes a token."""
        try:
            self._cognito.get_user(AccessToken=access_token)
        except self._cognito.exceptions.NotAuthorizedException:
            return False
        return True

    def _create_client(self, name: str) -> str:
        answer = self._cognito.create_user_pool_client(
            UserPoolId=self.id,
            ClientName=name,
            ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            AllowedOAuthScopes=["openid", "orders/read"],
            ReadAttributes=["email", "email_verified"],
        )
        return str(answer["UserPoolClient"]["ClientId"])

    def _create_user(self, name: str, groups: tuple[str, ...]) -> None:
        email = {"email": f"{name}@example.com", "email_verified": "true"}
        attributes = [{"Name": key, "Value": value} for key, value in email.items()]
        self._cognito.admin_create_user(
            UserPoolId=self.id, Username=name, UserAttributes=attributes, MessageAction="SUPPRESS"
        )
        self._cognito.admin_set_user_password(
            UserPoolId=self.id, Username=name, Password=self._password, Permanent=True
        )
        for group in groups:
            self._cognito.admin_add_user_to_group(UserPoolId=self.id, Username=name, GroupName=group)
