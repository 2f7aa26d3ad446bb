"""Known mistakes in how the functions of authorizers are set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.tools.doctor.mutation import Mutation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.unit.tools.doctor.mutation import Template

_OURS, _OWN = "UsersAuth", "PartnersAuth"
_USES_PACKAGE = "from authorizer import http_authorizer, oidc\n\nhandler = http_authorizer(oidc('https://a.example'))\n"


def _set(resource: str, **properties: Any) -> Callable[[Template], object]:
    return lambda template: template["Resources"][resource]["Properties"].update(properties)


def _variable(name: str, value: str) -> Callable[[Template], object]:
    def edit(template: Template) -> None:
        template["Resources"][_OWN]["Properties"]["Environment"]["Variables"][name] = value

    return edit


def _without(*resources: str) -> Callable[[Template], object]:
    return lambda template: [template["Resources"].pop(name) for name in resources]


def _no_logs(template: Template) -> None:
    policy = template["Resources"]["Role"]["Properties"]["Policies"][0]["PolicyDocument"]
    del policy["Statement"][0]


def _at_latest(template: Template) -> None:
    resources = template["Resources"]
    uri = resources["Partners"]["Properties"]["AuthorizerUri"]
    uri["Fn::Sub"] = uri["Fn::Sub"].replace("${PartnersLive}", "${PartnersAuth.Arn}")
    resources["PartnersPermission"]["Properties"]["FunctionName"] = {"Fn::GetAtt": [_OWN, "Arn"]}


def _through_internet_gateway(template: Template) -> None:
    given = template["Resources"]["PrivateRoute"]["Properties"]
    del given["NatGatewayId"]
    given["GatewayId"] = {"Ref": "Internet"}


def _inline(template: Template) -> None:
    given = template["Resources"][_OWN]["Properties"]
    given["Code"] = {"ZipFile": "def handler(event, context):\n    return {'isAuthorized': False}\n"}


def _mutation(
    name: str, code: str, edit: Callable[[Template], object], files: Mapping[str, str] | None = None
) -> Mutation:
    return Mutation(name=f"functions: {name}", base="functions.yaml", edit=edit, code=code, files=files or {})


MUTATIONS = [
    _mutation("the default timeout", "function_timeout_too_short", _set(_OURS, Timeout=3)),
    _mutation(
        "a short timeout of code that asks a service",
        "function_timeout_too_short",
        _set(_OWN, Timeout=2),
        {"partners_auth.py": "import boto3\n\ndef handler(event, context):\n    return {'isAuthorized': False}\n"},
    ),
    _mutation("switched off", "function_reserved_concurrency_zero", _set(_OURS, ReservedConcurrentExecutions=0)),
    _mutation("two at a time", "function_reserved_concurrency_low", _set(_OURS, ReservedConcurrentExecutions="2")),
    _mutation("no route to a NAT gateway", "function_in_vpc_without_egress", _without("PrivateRoute")),
    _mutation("the main route table", "function_in_vpc_without_egress", _without("PrivateAssociation")),
    _mutation("only an internet gateway", "function_in_vpc_without_egress", _through_internet_gateway),
    _mutation(
        "authorizer.py beside our handler",
        "function_named_authorizer",
        lambda template: None,
        {"authorizer.py": "def handler(event, context):\n    return {'isAuthorized': False}\n"},
    ),
    _mutation(
        "authorizer.py imports itself",
        "function_named_authorizer",
        _set(_OWN, Handler="authorizer.handler"),
        {"authorizer.py": _USES_PACKAGE, "partners_auth.py": ""},
    ),
    _mutation(
        "a module that is not there",
        "function_handler_missing_file",
        _set(_OWN, Handler="orders_auth.handler", Layers=[]),
    ),
    _mutation(
        "a function that is not there", "function_handler_missing_name", _set(_OWN, Handler="partners_auth.main")
    ),
    _mutation("inline code is index", "function_handler_missing_file", _inline),
    _mutation(
        "code with a fault",
        "code_syntax_error",
        _set(_OWN, Runtime="python3.11", Layers=[]),
        {"partners_auth.py": "def handler(event, context)\n    return {'isAuthorized': False}\n"},
    ),
    _mutation("another runtime than the layer's", "function_runtime_of_layer", _set(_OURS, Runtime="python3.11")),
    _mutation("x86_64 with a layer for arm64", "function_architecture_of_layer", _set(_OURS, Architectures=["x86_64"])),
    _mutation(
        "no architecture with a layer for arm64",
        "function_architecture_of_layer",
        lambda template: template["Resources"][_OURS]["Properties"].pop("Architectures"),
    ),
    _mutation("a role without logs", "function_role_without_logs", _no_logs),
    _mutation("little memory", "function_memory_low", _set(_OURS, MemorySize=128)),
    _mutation("SnapStart at $LATEST", "function_snapstart_needs_version", _at_latest),
    _mutation("events in the log", "function_log_event_on", _variable("POWERTOOLS_LOGGER_LOG_EVENT", "true")),
    _mutation("a secret in the template", "function_secret_in_variable", _variable("JWT_SECRET", "c2VjcmV0")),
    _mutation("an old runtime", "python_runtime_outdated", _set(_OWN, Runtime="python3.8", Layers=[])),
]
