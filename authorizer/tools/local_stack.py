"""A template that runs here: its APIs, its functions, and issuers that stand in for those it trusts."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Self

from authorizer import clock
from authorizer.tools.env_file import ALL_FUNCTIONS
from authorizer.tools.gateway.local_gateway import LocalGateway, Parts
from authorizer.tools.gateway.names import Names
from authorizer.tools.local_functions.local_functions import LocalFunctions
from authorizer.tools.local_functions.setup import Setup
from authorizer.tools.local_issuer import template_issuers
from authorizer.tools.local_issuer.endpoints import LocalIssuerEndpoints
from authorizer.tools.local_issuer.local_issuers import LocalIssuers
from authorizer.tools.local_issuer.sandbox_files import SandboxFiles
from authorizer.tools.template import read_template
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from authorizer.surface import Api as Kind
    from authorizer.tools.gateway.local_api import Record
    from authorizer.tools.gateway.message import HttpRequest, HttpResponse
    from authorizer.tools.local_functions.setup import OnOutput, Override
    from authorizer.tools.template import Document, Function

ISSUERS: Final = "/_issuer"
_NO_APIS: Final = "give the parameters that make some, --parameter Name=Value, or another --template"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackOptions:
    """What may be said beside the template. `overrides` are called in place of functions; `issuers` are stood in for too.

    `variables` are more variables of functions, by function. `network`: functions reach the Internet too.
    """

    template: Path
    parameters: Mapping[str, str] = field(default_factory=dict)
    kind: Kind | None = None
    runtime: bool = False
    variables: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    overrides: Mapping[str, Override] = field(default_factory=dict)
    issuers: tuple[str, ...] = ()
    network: bool = False
    url: str = "http://127.0.0.1:3000"
    now: Callable[[], float] = clock.now
    on_call: Callable[[Record], None] = field(default=lambda _: None)
    on_output: OnOutput | None = None


class LocalStack:
    """A context manager; may be used by many threads. Processes of functions start with their first call."""

    def __init__(self, options: StackOptions) -> None:
        """`CommandError` for a template without APIs, or with something that API Gateway would refuse."""
        self._options = options
        self.document = read_template(options.template, options.parameters, options.kind)
        if not self.document.apis:
            raise CommandError(f"{options.template} has no API", _NO_APIS)
        self.names = Names(self.document)
        self._told = _with_variables(self.document, self.names, options.variables)
        self.issuers = LocalIssuers(template_issuers.stand_ins(self._told, self.names, options.issuers))
        self._endpoints = LocalIssuerEndpoints(self.issuers, options.url + ISSUERS, options.now)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            files = stack.enter_context(SandboxFiles(self.issuers, network=self._options.network))
            self.functions = stack.enter_context(LocalFunctions(self.document, self._setup(files)))
            self.gateway = LocalGateway(self._parts())
            self._resources = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    @property
    def warnings(self) -> list[str]:
        """What differs from a deployment, or could not be read, each once."""
        problems = map(str, self.document.problems)
        said = (*problems, *template_issuers.warnings(self._told, self.names), *self.functions.warnings)
        return list(dict.fromkeys(said))

    def now(self) -> float:
        """The time, in seconds since 1970."""
        return self._options.now()

    def move(self, url: str) -> None:
        """Says where the server turned out to listen: the issuers name it in what they publish."""
        self._endpoints = LocalIssuerEndpoints(self.issuers, url + ISSUERS, self._options.now)

    def answer(self, request: HttpRequest) -> HttpResponse | None:
        """What the local issuers answer; None for a request that is none of theirs.

        When they go down, functions start anew: so that it is a cold start in an outage, which no kept key helps through.
        """
        if not self._endpoints.ours(request):
            return None
        before = self.issuers.outage
        response = self._endpoints.answer(request)
        if self.issuers.outage != before:
            self.functions.recycle()
        return response

    def _setup(self, files: SandboxFiles) -> Setup:
        options = self._options
        return Setup(
            resolve=self.names.text,
            runtime=options.runtime,
            region=self.names.region,
            variables=options.variables,
            extra=files.environment(),
            extra_import_paths=(files.import_path,),
            overrides=options.overrides,
            on_output=options.on_output,
        )

    def _parts(self) -> Parts:
        return Parts(
            document=self.document,
            functions=self.functions,
            why_not=self.functions.why_not,
            issuers=self.issuers,
            elsewhere=self,
            now=self._options.now,
            on_call=self._options.on_call,
        )


def _with_variables(document: Document, names: Names, variables: Mapping[str, Mapping[str, str]]) -> Document:
    """The document as its functions will find it: issuers may be in what is said beside the template."""

    def told(one: Function) -> Function:
        own = [variables.get(name, {}) for name in (ALL_FUNCTIONS, names.text(one.name), one.logical_id)]
        return replace(
            one, environment={name: value for given in (one.environment, *own) for name, value in given.items()}
        )

    return replace(document, functions=tuple(map(told, document.functions)))
