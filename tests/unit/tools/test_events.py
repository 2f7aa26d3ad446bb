"""The corpus keeps what its file names promise, covers every reason, and can be made anew."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

import pytest

from authorizer import config, settings
from authorizer.decision_format import LOGGER
from authorizer.errors import AuthorizerError, InternalError
from authorizer.handler import Authorizer
from authorizer.reasons import Reason
from authorizer.response import Unauthorized
from authorizer.surface import ANYTHING, Fact
from authorizer.tools.demo.corpus import SampleEvent, load_events
from authorizer.tools.entry_point import APIS
from authorizer.tools.events import apis, corpus, env
from authorizer.tools.events.issuers import Issuers
from authorizer.tools.function_environment import PROJECT
from authorizer.variables import BESIDE, VARIABLES, WHOLE
from tests.entries import allows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from authorizer.model import Credential, Principal
    from authorizer.settings import Settings
    from authorizer.verifiers.base import NotMine

EVENTS = PROJECT / "events"
VARIABLE_BYTES = 4096  # Lambda: names and values of all variables together
NO_SAMPLE: Final = {Reason.INTERNAL_ERROR}  # a bug: an event that led to it would be mended, not kept; tested below
COMMON: Final = (
    "credential_missing",
    "signature_invalid",
    "issuer_unknown",
    "audience_mismatch",
    "token_expired",
    "route_unknown",
    "scope_insufficient",
    "allow-jwt-access-token",
    "allow-oidc-access-token-rfc9068",
    "allow-cognito-access-token",
    "allow-cognito-id-token",
    "allow-cognito-client-credentials",
    "allow-cognito-resource-bound",
)
SERVICE = "sample-events"  # a logger of our own, so that no other test sees its lines

SAMPLES = load_events(EVENTS)
each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.label)


class Lines(logging.Handler):
    """Keeps the decision lines."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Any] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def last_outcome(self) -> str:
        """The reason of the last line, or `allow`."""
        line = self.records[-1].line
        return str(line.get("reason", line["decision"]))


class Answered(NamedTuple):
    """What a function did: its answer, None where it raised, and what it said."""

    answer: dict[str, Any] | None
    error: Exception | None
    outcome: str


class Functions:
    """All functions with the settings of the sample events, in this process."""

    def __init__(self, authorizer: Authorizer, lines: Lines) -> None:
        self._authorizer = authorizer
        self._lines = lines

    def invoke(self, api: str, event: object) -> Answered:
        before = len(self._lines.records)
        answer, error = None, None
        try:
            answer = getattr(self._authorizer, APIS[api].attribute)(event, None)
        except (Unauthorized, AuthorizerError) as raised:
            error = raised
        assert len(self._lines.records) == before + 1
        return Answered(answer, error, self._lines.last_outcome())


class Broken:
    """A plug-in with a bug."""

    reads: ClassVar[frozenset[Fact]] = ANYTHING

    def verify(self, credential: Credential, now: float) -> Principal | NotMine:
        raise KeyError(credential.value)


@pytest.fixture(scope="module")
def variables() -> Mapping[str, str]:
    """The variables of every function."""
    document = json.loads((EVENTS / "env.json").read_text("utf-8"))
    assert list(document) == ["Parameters"]
    parameters: Mapping[str, str] = document["Parameters"]
    return parameters


@pytest.fixture(scope="module")
def checked(variables: Mapping[str, str]) -> Settings:
    read = settings.read(config.from_environment(variables))
    return replace(read, log=replace(read.log, service=SERVICE))


@pytest.fixture(scope="module")
def lines(checked: Settings) -> Iterator[Lines]:
    logger = logging.getLogger(f"{LOGGER}.{SERVICE}")
    Authorizer(checked)  # sets the logger up
    before, mine = logger.handlers[:], Lines()
    logger.handlers[:] = [mine]
    yield mine
    logger.handlers[:] = before


@pytest.fixture(scope="module")
def functions(checked: Settings, lines: Lines) -> Functions:
    return Functions(Authorizer(checked), lines)


@each_sample
def test_event_is_answered_as_its_file_name_says(sample: SampleEvent, functions: Functions) -> None:
    answered = functions.invoke(sample.api, sample.event)
    assert answered.outcome == str(sample.expected)
    assert isinstance(answered.error, AuthorizerError) == (sample.expected.outcome == "error")
    is_401 = sample.expected.outcome == "authn" and not sample.api.startswith("http")
    assert isinstance(answered.error, Unauthorized) == is_401
    if answered.answer is not None:
        called = sample.event.get("methodArn") or sample.event["routeArn"]
        assert allows(answered.answer, called) is (sample.expected.reason is None)


def test_every_reason_has_a_sample_or_a_scenario_or_an_argument() -> None:
    names = [sample.name for sample in SAMPLES] + [file.stem for file in (EVENTS / "scenarios").glob("*.json")]
    shown = {name.partition("--")[0] for name in names}
    assert {reason for reason in Reason if reason.value not in shown} == NO_SAMPLE


def test_bug_of_a_plug_in_is_an_internal_error(checked: Settings, lines: Lines) -> None:
    authorizer = Authorizer(checked, [Broken()])
    with pytest.raises(InternalError):
        authorizer.rest(apis.BUILDERS["rest-token"]("opaque-token", apis.ORDER, raw=None))
    assert lines.last_outcome() == Reason.INTERNAL_ERROR.value


@pytest.mark.parametrize("api", APIS)
def test_common_cases_are_there_for_every_api(api: str) -> None:
    has_one_route = {"route_unknown"} if api == "websocket" else set()
    assert {name for name in COMMON if not (EVENTS / api / f"{name}.json").exists()} == has_one_route


def test_there_are_enough_samples_on_every_api() -> None:
    counts = {api: sum(sample.api == api for sample in SAMPLES) for api in APIS}
    assert min(counts.values()) >= 70


def test_variables_are_ones_that_the_product_knows(variables: Mapping[str, str]) -> None:
    assert set(variables) <= {*VARIABLES, *WHOLE, *BESIDE}


def test_variables_fit_into_a_function_and_the_readme_says_so(variables: Mapping[str, str]) -> None:
    size = sum(len(name.encode()) + len(value.encode()) for name, value in variables.items())
    assert size < VARIABLE_BYTES
    assert f"{size:,} bytes" in (EVENTS / "README.md").read_text("utf-8")


def test_no_private_key_is_in_the_folder(variables: Mapping[str, str]) -> None:
    root = config.from_environment(variables)
    jwks = [jwk for issuer in root.sections("issuer") for jwk in issuer.raw("jwks")["keys"]]
    public = {"kid", "kty", "use", "crv", "n", "e", "x", "y"}
    assert [jwk["kid"] for jwk in jwks if not set(jwk) <= public] == []
    assert [file.name for file in EVENTS.rglob("*.json") if "PRIVATE KEY" in file.read_text("utf-8")] == []


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus made anew, over the remains of an older one."""
    folder = tmp_path_factory.mktemp("made") / "events"
    for name in ("rest-token/no_such_reason.json", "rest-token/notes.txt", "scenarios/keys_timeout.json", "README.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")
    corpus.write(folder)
    return folder


def test_made_anew_the_corpus_has_the_same_files(made: Path) -> None:
    assert [sample.label for sample in load_events(made)] == [sample.label for sample in SAMPLES]


def test_made_anew_the_events_have_the_same_shapes(made: Path) -> None:
    old = {sample.label: _shape(sample.event) for sample in SAMPLES}
    assert {sample.label: _shape(sample.event) for sample in load_events(made)} == old


def test_making_deletes_old_events_and_nothing_else(made: Path) -> None:
    assert not (made / "rest-token" / "no_such_reason.json").exists()
    assert (made / "rest-token" / "notes.txt").exists()
    assert (made / "scenarios" / "keys_timeout.json").exists()
    assert (made / "README.md").read_text() == "{}"


def test_made_anew_the_keys_are_others(made: Path) -> None:
    assert (made / "env.json").read_text("utf-8") != (EVENTS / "env.json").read_text("utf-8")


def test_size_of_the_variables_does_not_depend_on_the_keys() -> None:
    first, second = (env.variables(Issuers.new())["AUTHORIZER_CONFIG"] for _ in range(2))
    assert len(first) == len(second)


def test_events_are_written_for_people(made: Path) -> None:
    text = (made / "rest-token" / "token_expired.json").read_text("utf-8")
    assert text == json.dumps(json.loads(text), indent=2) + "\n"


@pytest.mark.skipif(sys.platform == "win32", reason="names differ in case only where the system can tell")
def test_file_names_can_be_checked_out_everywhere() -> None:
    labels = [sample.label.casefold() for sample in SAMPLES]
    assert len(set(labels)) == len(labels)


def _shape(value: object) -> object:
    """Names and types: what is left when signatures and keys are others."""
    if isinstance(value, dict):
        return {name: _shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_shape(item) for item in value]
    return type(value).__name__
