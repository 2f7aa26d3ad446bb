"""Plays the table against a gateway, and tells what came of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from authorizer.tools.conformance.credentials import Credentials, LocalTokens, given_tokens
from authorizer.tools.conformance.deployed import deployed_target
from authorizer.tools.conformance.local import local_gateway
from authorizer.tools.conformance.report import document, show_results, status_of
from authorizer.tools.conformance.runner import Runner
from authorizer.tools.conformance.table import read_table
from authorizer.tools.conformance.target import Target, local_target
from authorizer.tools.terminal import CommandError, note, show_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from authorizer.tools.conformance.row import Row


def play(*, url: str | None, stack: str | None, tokens: Path | None, only: str, as_json: bool) -> int:
    """The exit status: 0 all as expected, 1 differences, 2 cannot tell. Arguments as those of the command."""
    rows = _chosen(only)
    with _target(url, stack, tokens) as (target, credentials):
        note(f"playing {len(rows)} rows against {target.local or stack}")
        results = list(Runner(target=target, credentials=credentials).play_all(rows))
    if as_json:
        show_json(document(results))
    else:
        show_results(results)
    return status_of(results)


def _chosen(only: str) -> list[Row]:
    rows = [row for row in read_table() if row.id.startswith(only)]
    if not rows:
        raise CommandError(f"no row begins with {only[:60]!r}", "without --only all are played; --json lists them")
    return rows


@contextmanager
def _target(url: str | None, stack: str | None, tokens: Path | None) -> Iterator[tuple[Target, Credentials]]:
    """What is played against, and where its tokens come from."""
    if url is not None and stack is not None:
        raise CommandError("--url and --stack are two targets", "give one of them, or neither")
    if stack is not None:
        yield deployed_target(stack), given_tokens(tokens)
    elif tokens is not None:
        raise CommandError("--tokens is for --stack", "a local gateway makes its own tokens")
    elif url is not None:
        target = local_target(url)
        yield target, LocalTokens(str(target.local))
    else:
        with local_gateway() as started:
            yield local_target(started), LocalTokens(started)
