# mypy: ignore-errors
"""Keys of partners."""

import hmac

KEYS = {"7c5ef1": "one"}


def verified(given):
    for key, user in KEYS.items():
        if hmac.compare_digest(key, given):
            return user
    return None
