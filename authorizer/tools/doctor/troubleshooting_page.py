"""docs/troubleshooting.md, made from the catalogues: `python -m authorizer.tools.doctor.troubleshooting_page` writes it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from authorizer.reasons import Reason
from authorizer.tools.doctor.catalogue import catalogue, invisible
from authorizer.tools.doctor.failures import NOT_SUPPORTED, failures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.catalogue import Entry
    from authorizer.tools.doctor.failures import Failure

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "troubleshooting.md"
_HEAD: Final = """\
# Why do I get 401, 403 or 500?

For Lambda authorizers, ours and anybody's, and for API Gateway's own for Cognito and JWT. Four commands find the cause:

```sh
authorizer doctor template template.yaml        # before anything is deployed
authorizer doctor api --http-api-id a1b2c3d4    # a deployed API, its functions and user pools; reads only
authorizer explain token.txt --template template.yaml    # what this token meets on each route
authorizer why --response response.txt          # what a client got, with log lines if you have them
```

This page is made from their catalogues by `make docs`: first what a client sees, with all that may be behind it, then each
finding of the doctor, then each reason in our own log lines. Codes are never renamed.
"""
_SYMPTOMS: Final = (  # title, words of the client's view; the first that fits takes the row
    ("A CORS error in the browser", r"CORS"),
    ("401", r"^401"),
    ("403", r"^403"),
    ("404", r"^404"),
    ("413, 414, 429 or another 4xx", r"^4"),
    ("502", r"^502"),
    ("500", r"^500"),
    ("The deployment or the sign-in fails, or the connection is closed", r"fails|closed|TLS|no token"),
    ("Another answer than documented", r"."),
    ("No error at all, and that is what is wrong", r"^$"),
)


def render() -> str:
    """The whole page."""
    parts = [_HEAD, "\n## By what the client sees\n", *_by_symptom(), "\n## Findings of the doctor\n"]
    parts += [_finding(entry) for entry in catalogue().values()]
    parts += [
        "\n## Reasons in our log lines\n\nThe rest of each is in [reasons.md](reasons.md).\n",
        *map(_reason, Reason),
    ]
    return "".join(parts)


def explained_by(number: int) -> list[str]:
    """The codes of the findings that explain a row of the tree."""
    return [entry.code for entry in catalogue().values() if number in entry.rows]


def _by_symptom() -> Iterator[str]:
    left = [one for one in failures().values() if one.api not in NOT_SUPPORTED]
    for title, words in _SYMPTOMS:
        rows = [one for one in left if re.search(words, one.client)]
        left = [one for one in left if one not in rows]
        yield f"\n### {title}\n\n| on | what is wrong | the client sees | found by |\n|---|---|---|---|\n"
        yield from map(_row, rows)
    yield "\nAuthorizers of AppSync and AWS IoT are of another kind: not supported.\n"


def _row(one: Failure) -> str:
    codes = ", ".join(f"[{code}](#{code})" for code in explained_by(one.number))
    unseen = invisible().get(one.number)
    look = f"not visible from here: {unseen['look']}" if unseen is not None else ""
    return f"| {one.api} | {one.cause} | {one.client or 'nothing'} | {'; '.join(filter(None, (codes, look)))} |\n"


def _finding(entry: Entry) -> str:
    rows = ", ".join(failures()[number].cause for number in entry.rows)
    lines = [
        f"**The client sees:** {entry.client_sees}",
        f"**Why:** {entry.why}",
        f"**Fix:** {entry.fix}",
        *([f"**Explains:** {rows}"] if rows else []),
        f"**Severity:** {entry.severity.value}. **Source:** {entry.source}",
    ]
    return f"\n### {entry.code}\n\n{entry.title}\n\n" + "".join(f"- {line}\n" for line in lines)


def _reason(reason: Reason) -> str:
    symptom, _, fix, _ = reason.remedy
    return f"\n### reason {reason.value}\n\n- **Symptom:** {symptom}\n- **Fix:** {fix} [More]({_anchor(reason)})\n"


def _anchor(reason: Reason) -> str:
    return reason.docs.removeprefix("docs/")


if __name__ == "__main__":
    PAGE.write_text(render(), "utf-8")
