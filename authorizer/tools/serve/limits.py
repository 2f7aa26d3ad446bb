"""How much the server takes of one client, and of all. Sizes are API Gateway's where it documents any."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes, times in seconds.

    Source: API Gateway Developer Guide, "Quotas for configuring and running a REST API" (payload size) and "Quotas for
    configuring and running a WebSocket API" (frame size, message payload size, idle connection timeout). `head` is above
    API Gateway's 10,240 bytes, because the core answers for those. `linger_seconds` is how long a client that was refused
    may still send what nobody reads: to close at once would reset the connection, and many clients then never read why.
    """

    head: int = 64 * KIB
    head_seconds: float = 30.0
    body: int = 10 * KIB * KIB
    body_seconds: float = 30.0
    frame: int = 32 * KIB
    message: int = 128 * KIB
    idle_seconds: float = 600.0
    linger_seconds: float = 2.0
    keep_alive_seconds: int = 10
    grace_seconds: int = 2
    connections: int = 200
    threads: int = 32
    backlog: int = 512


DEFAULT_LIMITS = Limits()
