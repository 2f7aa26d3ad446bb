"""How the functions of authorizers are set up: time, concurrency, handler, variables, logs.

Sources: AWS Lambda Developer Guide, "Configure Lambda function timeout", "Configuring reserved concurrency for a function",
"Lambda runtimes"; Powertools for AWS Lambda (Python), "Logger".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.asked import Asked, asked
from authorizer.tools.doctor.handler_code import is_python
from authorizer.tools.doctor.reaching_out import reaches_out
from authorizer.tools.doctor.roles import allows, role_of
from authorizer.tools.doctor.told import told
from authorizer.tools.template import Place
from authorizer.tools.template.shape import as_list, as_map, as_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template_check.finding import Finding

_SHORT: Final = 3  # seconds, AWS's default; fetching keys and a cold start take as long
_PATIENCE: Final = 29  # seconds, of REST and WebSocket APIs
_FEW: Final = 10  # invocations at a time
_SMALL: Final = 128  # MB, AWS's default
_TRUE: Final = ("true", "1", "yes", "y", "on", "t")  # what Powertools takes for a yes
_LOG_EVENT: Final = "POWERTOOLS_LOGGER_LOG_EVENT"
_SECRET: Final = re.compile(r"(?i)(?:^|_)(?:SECRET|PASSWORD|PASSWD|PRIVATE_?KEY|SECRET_?KEY|API_?KEY)$")
_ELSEWHERE: Final = re.compile(r"\{\{resolve:|arn:|/|https?:")  # the value is somewhere else
_OLD: Final = ("2.7", "3.6", "3.7", "3.8", "3.9")  # 3.9 was deprecated on 15 December 2025
_NEW: Final = "python3.13"
_PUT: Final = "logs:PutLogEvents"
_WITHOUT_LOGS: Final = ("AWSXRayDaemonWriteAccess",)


def timeouts(view: View) -> Iterator[Finding]:
    """Less time than the work takes, or more than the API waits."""
    for one in asked(view):
        timeout, place = one.function.timeout, one.function.place / "Timeout"
        if not isinstance(timeout, int):
            continue
        if timeout <= _SHORT and reaches_out(view, one):
            yield view.finding(
                "function_timeout_too_short",
                place,
                found=f"{timeout} s for {one.function.logical_id}, which fetches keys or asks another service",
                right="8 s: above what a cold start and fetching take, under the 10 s that an HTTP API waits",
                fix=("Timeout: 8  # seconds; the default is 3",),
            )
        waiting = [use for use in one.uses if use.kind is not Kind.HTTP]
        if waiting and timeout > _PATIENCE:
            yield view.finding(
                "function_timeout_beyond_gateway",
                place,
                found=f"{timeout} s for {one.function.logical_id}, which {waiting[0]} asks",
                right=f"less than {_PATIENCE} s: nobody waits longer",
                fix=("Timeout: 10",),
            )


def concurrency(view: View) -> Iterator[Finding]:
    """A throttled authorizer is a 500 for the client."""
    for one in asked(view):
        given = as_number(_given(view, one, "ReservedConcurrentExecutions"))
        if not isinstance(given, int) or given >= _FEW:
            continue
        yield view.finding(
            "function_reserved_concurrency_low" if given else "function_reserved_concurrency_zero",
            one.function.place / "ReservedConcurrentExecutions",
            found=f"{given} for {one.function.logical_id}",
            right="as many as clients call at the same time, or nothing: then the account's concurrency counts",
            fix=("# delete ReservedConcurrentExecutions",),
        )


def _given(view: View, one: Asked, name: str) -> object:
    resource = view.document.resources.get(one.function.logical_id)
    return resource.properties.get(name) if resource is not None else None


def memory(view: View) -> Iterator[Finding]:
    """Processor time comes with memory, and cold starts are processor time."""
    for one in asked(view):
        if one.function.memory == _SMALL:
            yield view.finding(
                "function_memory_low",
                one.function.place / "MemorySize",
                found=f"{_SMALL} MB for {one.function.logical_id}",
                right="to know: 512 MB start several times as fast",
                fix=("MemorySize: 512",),
            )


def variables(view: View) -> Iterator[Finding]:
    """Variables that log tokens, or show secrets to everybody who may read the function."""
    for one in asked(view):
        place = one.function.place / "Environment" / "Variables"
        for name, value in one.function.environment.items():
            if name == _LOG_EVENT and str(value).lower() in _TRUE:
                yield view.finding(
                    "function_log_event_on",
                    place / name,
                    found=f"{name}: {value} for {one.function.logical_id}",
                    right="no such variable at an authorizer, whose event is a credential",
                    fix=(f'{name}: "false"',),
                )
            elif _SECRET.search(name) and isinstance(value, str) and value and not _ELSEWHERE.match(value):
                yield view.finding(
                    "function_secret_in_variable",
                    place / name,
                    found=f"{name} with a value in the template",
                    right="the ARN of a secret, which the function reads when it starts",
                    fix=(f"{name}_ARN: !Ref {name.title().replace('_', '')}", "# and secretsmanager:GetSecretValue"),
                )


def runtimes(view: View) -> Iterator[Finding]:
    """Runtimes without security updates."""
    for one in asked(view):
        runtime = one.function.runtime
        if is_python(one.function) and str(runtime).removeprefix("python") in _OLD:
            yield view.finding(
                "python_runtime_outdated",
                one.function.place / "Runtime",
                found=f"{runtime} for {one.function.logical_id}",
                right=f"{_NEW}, or another that AWS maintains",
                fix=(f"Runtime: {_NEW}",),
            )


def logs(view: View) -> Iterator[Finding]:
    """A role that may not write logs: the reason of every 500 is lost."""
    for one in asked(view):
        role = role_of(view, one.function.role)
        if role is None or not role.properties or _may_come_from_elsewhere(view, role.properties):
            continue
        if not allows(view, role, _PUT, None):
            yield view.finding(
                "function_role_without_logs",
                Place(role.logical_id, ("Properties",)),
                found=f"{role.logical_id} of {one.function.logical_id} without {_PUT}",
                right="AWSLambdaBasicExecutionRole, or logs:CreateLogStream and logs:PutLogEvents on its log group",
                fix=(
                    "ManagedPolicyArns:",
                    "  - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
                ),
            )


def _may_come_from_elsewhere(view: View, properties: object) -> bool:
    """Whether a managed policy that is not in the template may let it write logs."""
    given = as_list(as_map(properties).get("ManagedPolicyArns"))
    texts = [told(view, one) for one in given]
    return any(text is None or not text.endswith(_WITHOUT_LOGS) for text in texts)


def snapshots(view: View) -> Iterator[Finding]:
    """SnapStart works for published versions, and API Gateway asks what its URI names."""
    for one in asked(view):
        if as_map(_given(view, one, "SnapStart")).get("ApplyOn") != "PublishedVersions":
            continue
        plain = [use for use in one.uses if _names_no_version(str(told(view, use.authorizer.uri) or ""))]
        if plain:
            yield view.finding(
                "function_snapstart_needs_version",
                one.function.place / "SnapStart",
                found=f"SnapStart, and {plain[0]} asks $LATEST of {one.function.logical_id}",
                right="an alias in the authorizer's URI, and a permission for the alias",
                fix=("AutoPublishAlias: live", f"FunctionArn: !Ref {one.function.logical_id}.Alias"),
            )


def _names_no_version(uri: str) -> bool:
    name = uri.partition(":function:")[2].removesuffix("/invocations")
    return bool(name) and (":" not in name or name.endswith(":$LATEST")) and "${" not in name


CHECKS = (timeouts, concurrency, memory, variables, runtimes, logs, snapshots)
