"""Makes an API key, keeps its digest, prints the key this once: `python new_key.py TABLE SUBJECT SCOPE...`."""

import secrets
import sys
import time
from hashlib import sha256

import boto3

LIFETIME = 90 * 86_400  # seconds: a key that nobody replaces ends by itself


def main(table: str, subject: str, scope: str, *more: str) -> None:
    """Needs dynamodb:PutItem on the table, which the authorizer has not."""
    key = "ak_" + secrets.token_urlsafe(32)
    item = {
        "digest": {"S": sha256(key.encode("ascii")).hexdigest()},
        "subject": {"S": subject},
        "scopes": {"SS": [scope, *more]},
        "expires": {"N": str(int(time.time()) + LIFETIME)},
    }
    boto3.client("dynamodb").put_item(TableName=table, Item=item)
    sys.stdout.write(key + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
