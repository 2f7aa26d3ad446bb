"""What both sides of the application share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from authorizer.tools.serve.limits import Limits
    from authorizer.tools.serve.line_log import LineLog
    from authorizer.tools.serve.loopback import HostRule
    from authorizer.tools.serve.workers import Workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Bounds, threads, the log, and which Host headers are admitted."""

    limits: Limits
    workers: Workers
    log: LineLog
    hosts: HostRule
