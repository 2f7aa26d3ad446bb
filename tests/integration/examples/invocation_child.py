"""One invocation in the Python of a runtime: `python invocation_child.py orders_auth.handler`.

The event comes on standard input, the answer goes to what was standard output; what the function writes goes to standard
error, so that it cannot be taken for an answer.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module


def main(handler: str) -> None:
    """Answers, or tells what the handler raised as the runtime does."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    module, _, name = handler.rpartition(".")
    event = json.load(sys.stdin)
    try:
        document = getattr(import_module(module), name)(event, None)
    except Exception as error:  # noqa: BLE001 - the runtime's part: whatever a handler raises is the function's error
        document = {"errorType": type(error).__name__, "errorMessage": str(error)}
    with answers:
        json.dump(document, answers)


if __name__ == "__main__":
    main(sys.argv[1])
