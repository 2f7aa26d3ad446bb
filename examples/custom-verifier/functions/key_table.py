"""The table of API keys in DynamoDB."""

from __future__ import annotations

import boto3
from api_keys import Row
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from authorizer import Fault, Reason, Unavailable

# Two attempts, 5 s at most: the function has 8 s. What boto3 does by default takes minutes.
PATIENCE = Config(connect_timeout=1, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 2})


class DynamoKeyTable:
    """A table with the key `digest` and, in each row, `subject`, `scopes` and `expires`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = boto3.client("dynamodb", config=PATIENCE)

    def row(self, digest: str) -> Row | None:
        """The row as it is now: a key that was deleted a moment ago is refused."""
        try:
            answer = self._client.get_item(TableName=self._name, Key={"digest": {"S": digest}}, ConsistentRead=True)
        except (BotoCoreError, ClientError) as error:  # nobody knows whether the key is good: 500, never a deny
            fault = Fault(claim="api key", expected="an answer of the table", found=type(error).__name__)
            raise Unavailable(Reason.KEYS_UNREACHABLE, fault) from None
        item = answer.get("Item")
        if item is None:
            return None
        return Row(item["subject"]["S"], frozenset(item["scopes"]["SS"]), float(item["expires"]["N"]))
