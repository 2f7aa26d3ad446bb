"""Lambda entry points, and the only place that wires. `rest`, `websocket`, `http` and `http_policy` are built from the
environment when the runtime first asks for them, so that wrong settings fail at the start of the function."""

from __future__ import annotations

from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

from authorizer import config, settings
from authorizer.clock import now
from authorizer.fingerprint import Fingerprint
from authorizer.pipeline import Pipeline
from authorizer.policy import Policies
from authorizer.response import PolicyResponder, SimpleResponder
from authorizer.section import Section
from authorizer.surface import Api, Surface
from authorizer.telemetry import DecisionLog, Log
from authorizer.verifiers.trusted_issuers import TrustedIssuers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from authorizer.response import Answer
    from authorizer.settings import Settings
    from authorizer.usage_key import UsageKey
    from authorizer.verifiers.base import Verifier

REST: Final = (Surface.REST_REQUEST, Surface.REST_TOKEN)
WEBSOCKET: Final = (Surface.WEBSOCKET,)
HTTP: Final = (Surface.HTTP_V2,)
HTTP_POLICY: Final = (Surface.HTTP_V2, Surface.HTTP_V1)


class Authorizer:
    """An authorizer for every surface, from one set of settings. Each method is a Lambda handler.

    All raise `Unavailable`, `EventError` or `InternalError` where API Gateway is to answer 500 and cache nothing.
    """

    def __init__(
        self,
        checked: Settings,
        verifiers: Iterable[Verifier] = (),
        log: Log | None = None,
        shadow: Authorizer | None = None,
    ) -> None:
        """`shadow` is a candidate: it judges every request too, and all that comes of it is what the log says of it."""
        pipeline = partial(
            Pipeline,
            verifiers=(*([TrustedIssuers(checked.issuers)] if checked.issuers else []), *verifiers),
            rules=checked.rules,
            log=log if log is not None else _log(checked.log),
            clock=now,
        )
        policies = Policies(rules=checked.rules)
        policy = partial(PolicyResponder, policies=policies, statuses=checked.statuses, ttl=checked.cache.ttl)
        simple = SimpleResponder(statuses=checked.statuses, ttl=checked.cache.ttl)
        rest, websocket, http = (partial(pipeline, sources=checked.sources[api]) for api in Api)
        self._rest: Pipeline = rest(surfaces=REST, respond=policy(usage_key=_usage_key(checked)))
        self._websocket: Pipeline = websocket(surfaces=WEBSOCKET, respond=policy(ttl=0))  # a handshake is not cached
        self._http: Pipeline = http(surfaces=HTTP, respond=simple)
        self._http_policy: Pipeline = http(surfaces=HTTP_POLICY, respond=policy())
        if shadow is not None:
            self._put_beside(shadow)

    def _put_beside(self, shadow: Authorizer) -> None:
        """Wired once, so that a request costs nothing more where there is no shadow."""
        from authorizer.shadow import Pause, shadowed

        other, pause = shadow.pipelines, Pause()
        made = {name: shadowed(live, other[name], pause) for name, live in self.pipelines.items()}
        self._rest, self._websocket = made["rest"], made["websocket"]
        self._http, self._http_policy = made["http"], made["http_policy"]

    @property
    def pipelines(self) -> Mapping[str, Pipeline]:
        """What answers at each entry point, for tools that go its way step by step."""
        return {
            "rest": self._rest,
            "websocket": self._websocket,
            "http": self._http,
            "http_policy": self._http_policy,
        }

    @classmethod
    def from_config(cls, source: str | PathLike[str] | Mapping[str, Any]) -> Authorizer:
        """From a TOML file or its content as a mapping; `ConfigError` with every problem in it."""
        section = config.from_file(source) if isinstance(source, str | PathLike) else Section(source)
        return cls(settings.read(section))

    @classmethod
    def from_environment(cls) -> Authorizer:
        """From the variables of a deployed function: `AUTHORIZER_CONFIG`, `AUTHORIZER_CONFIG_FILE`, or plain ones.

        `AUTHORIZER_SHADOW_FILE` beside them names the settings of a candidate.
        """
        checked = settings.read(config.from_environment())
        log = _log(checked.log)
        return cls(checked, log=log, shadow=_shadow(log))

    def rest(self, event: object, context: object = None) -> Answer:
        """REST API, TOKEN and REQUEST authorizers → a policy document. Raises `Unauthorized` for a 401."""
        return self._rest.answer(event, _function_request_id(context))

    def websocket(self, event: object, context: object = None) -> Answer:
        """WebSocket API, `$connect` → a policy document. Raises `Unauthorized` for a 401 of the handshake."""
        return self._websocket.answer(event, _function_request_id(context))

    def http(self, event: object, context: object = None) -> Answer:
        """HTTP API, payload 2.0 → a simple response."""
        return self._http.answer(event, _function_request_id(context))

    def http_policy(self, event: object, context: object = None) -> Answer:
        """HTTP API, payload 2.0 or 1.0 → a policy document."""
        return self._http_policy.answer(event, _function_request_id(context))


def _usage_key(checked: Settings) -> UsageKey | None:
    if checked.usage_key is None:
        return None
    from authorizer.usage_key_settings import supplied

    return supplied(checked.usage_key)


def _log(log: settings.LogSettings) -> DecisionLog:
    from authorizer.decision_format import decision_logger  # Powertools reads the environment when it is imported

    logger = decision_logger(log.service)
    return DecisionLog(
        logger=logger, fingerprint=Fingerprint(config.fingerprint_key()), allows=log.allows, subject=log.subject
    )


def _shadow(log: Log) -> Authorizer | None:
    if not config.shadow_file():
        return None
    from authorizer.shadow import built

    return built(lambda: Authorizer(settings.read(config.from_shadow_file()), log=Log()), log)


def _function_request_id(context: object) -> str | None:
    return getattr(context, "aws_request_id", None)


_ENTRY_POINTS: Final = ("rest", "websocket", "http", "http_policy")


def __getattr__(name: str) -> Callable[[object, object], Answer]:
    """`authorizer.handler.rest` and its like, built from the environment at the first look."""
    if name not in _ENTRY_POINTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    built = Authorizer.from_environment()
    globals().update({entry: getattr(built, entry) for entry in _ENTRY_POINTS})
    return globals()[name]  # type: ignore[no-any-return]
