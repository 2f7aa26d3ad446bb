"""What the fixture `gateway` gives: calls of the APIs of a template, tokens, and the cache under the test's thumb."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlencode

from authorizer import clock
from authorizer.tools.gateway.local_gateway import CACHE, base_paths
from authorizer.tools.gateway.message import HttpRequest, HttpResponse
from authorizer.tools.local_issuer.minting import MintRequest, minted
from authorizer.tools.local_stack import LocalStack, StackOptions
from authorizer.tools.sam_config import local_parameters
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from authorizer.tools.gateway.local_api import Record
    from authorizer.tools.gateway.websocket_calls import Connection
    from authorizer.tools.local_issuer.stand_in import StandIn

USER: Final = "user-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response. `reason` says why it is none of the integration's, in words for a failed assertion; empty where it is."""

    status: int
    headers: Mapping[str, str] = field(repr=False)  # names in lower case, the last of each
    body: bytes = field(repr=False)
    reason: str = ""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def authorizer(self) -> Any:
        """`requestContext.authorizer` as the integration would have received it; of an echo only."""
        return self.json()["event"]["requestContext"].get("authorizer")


class GatewayFixture:
    """One stack. `api` picks one of several APIs by logical id: `gateway.api("OrdersApi").get(…)`."""

    def __init__(self, stack: LocalStack, seen: list[Record], api: str | None = None) -> None:
        self.stack = stack
        self._seen = seen
        self._api = api

    def api(self, logical_id: str) -> GatewayFixture:
        """The same, for one API; `CommandError` for one that the template has not."""
        if logical_id not in self.stack.gateway.calls:
            raise CommandError(f"the template has no API {logical_id}", f"it has {', '.join(self.stack.gateway.calls)}")
        return GatewayFixture(self.stack, self._seen, logical_id)

    def get(self, path: str, **options: Any) -> Answer:
        """A GET; `options` as of `call`."""
        return self.call("GET", path, **options)

    def post(self, path: str, **options: Any) -> Answer:
        """A POST; `options` as of `call`."""
        return self.call("POST", path, **options)

    def call(  # noqa: PLR0913  # what a request may consist of
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | str | Mapping[str, Any] = b"",
        stage: str | None = None,
        source_ip: str = "127.0.0.1",
    ) -> Answer:
        """The answer to a call of `path`, which follows the stage. The token goes into `Authorization`, after `Bearer`."""
        sent = {**({} if token is None else {"Authorization": f"Bearer {token}"}), **(headers or {})}
        content = json.dumps(body).encode() if isinstance(body, dict) else body
        request = HttpRequest(
            method=method,
            target=self._base(stage) + path,
            headers=tuple(sent.items()),
            body=content.encode() if isinstance(content, str) else bytes(content),  # type: ignore[arg-type]
            source_ip=source_ip,
        )
        self._seen.clear()
        return self._answer(self.stack.gateway.handle(request))

    def connect(
        self,
        *,
        token: str | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        stage: str | None = None,
    ) -> Connection | Answer:
        """A WebSocket connection, or the answer that refuses the handshake. The token goes into `Authorization`."""
        sent = {**({} if token is None else {"Authorization": f"Bearer {token}"}), **(headers or {})}
        target = self._base(stage) + (f"?{urlencode(query)}" if query else "")
        self._seen.clear()
        found = self.stack.gateway.connect(HttpRequest(target=target, headers=tuple(sent.items())))
        return self._answer(found) if isinstance(found, HttpResponse) else found

    def token(self, *, issuer: str | None = None, client: str | None = None, **options: Any) -> str:
        """A token of the first stand-in, or of the one named so. `options` are those of `MintRequest`: `scopes`, `groups`,
        `claims`, `subject`, `lifetime`, `algorithm`, `token_use`, `audience`, `broken`."""
        stand_in = self._stand_in(issuer)
        client_id = client or stand_in.clients[0].id
        known = stand_in.client(client_id)
        asked = {"subject": USER, "scopes": known.scopes if known is not None else (), **options}
        asked |= {name: tuple(asked[name]) for name in ("scopes", "groups") if name in asked}
        return minted(stand_in, MintRequest(client_id=client_id, **asked), self.stack.now())

    def outage(self, *, down: bool) -> None:
        """Takes all issuers down, or up again. Functions start anew, so that no key they have kept helps them through."""
        self.stack.issuers.outage = down
        self.stack.functions.recycle()

    def flush(self) -> None:
        """Empties the caches of all authorizers."""
        self.stack.gateway.handle(HttpRequest(method="DELETE", target=CACHE))

    def _stand_in(self, name: str | None) -> StandIn:
        found = next(iter(self.stack.issuers), None) if name is None else self.stack.issuers.named(name)
        if found is None:
            names = (
                ", ".join(one.name for one in self.stack.issuers) or "none: the template trusts nobody that can be told"
            )
            raise CommandError(f"there is no stand-in {name or 'at all'}", f"there are {names}")
        return found

    def _base(self, stage: str | None) -> str:
        name = self._api or next(iter(self.stack.gateway.calls))
        paths = base_paths(self.stack.gateway.calls[name].api)
        return paths[0] if stage is None else f"/{name}/{stage}"

    def _answer(self, response: HttpResponse) -> Answer:
        record = self._seen[-1] if self._seen else None
        failure = record.failure if record is not None else None
        return Answer(
            status=response.status,
            headers={name.lower(): value for name, value in response.headers},
            body=response.body,
            reason=str(failure) if failure is not None else "",
        )


class Gateways:
    """Stacks by what they are made from. A context manager that ends them all."""

    def __enter__(self) -> Self:
        self._resources = ExitStack()
        self._made: list[tuple[dict[str, Any], GatewayFixture]] = []
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    def get(
        self,
        *,
        template: Path,
        parameters: Mapping[str, str] | None = None,
        now: Any = clock.now,
        **options: Any,
    ) -> GatewayFixture:
        """The stack of a template, as it is at the beginning: caches are empty, issuers up."""
        given = {"template": template, "parameters": parameters or local_parameters(template), "now": now, **options}
        found = next((one for made, one in self._made if made == given), None)
        if found is None:
            seen: list[Record] = []
            stack = LocalStack(StackOptions(on_call=seen.append, **given))
            _check_overrides(stack, template, options.get("overrides", {}))
            found = GatewayFixture(self._resources.enter_context(stack), seen)
            self._made.append((given, found))
        found.flush()
        if found.stack.issuers.outage:
            found.outage(down=False)
        return found


def _check_overrides(stack: LocalStack, template: Path, overrides: Mapping[str, object]) -> None:
    """`CommandError` for a name that is no function of the template, nor anything else that is written in it."""
    functions = {one.logical_id: stack.names.text(one.name) for one in stack.document.functions}
    missing = sorted(overrides.keys() - functions.keys() - set(functions.values()))
    written = template.read_text("utf-8", "replace") if missing else ""
    for name in missing:
        if name not in written:
            hint = f"its functions: {', '.join(sorted(functions)) or 'none'}"
            raise CommandError(f"the template has no function {name} to override", hint)
