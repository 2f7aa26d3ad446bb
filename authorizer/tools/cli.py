"""The command `authorizer`: one file per subcommand, put together here."""

import io
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from authorizer.errors import InternalError
from authorizer.tools import (
    config_check,
    invoke,
    keys_snapshot,
    policy_command,
    reasons_command,
    rules_from_openapi,
    token_command,
)
from authorizer.tools.conformance.command import conformance
from authorizer.tools.doctor import api_command, iam_policy_command, template_command
from authorizer.tools.explain.command import EXTRA_ARGUMENTS, explain
from authorizer.tools.serve.command import serve
from authorizer.tools.terminal import CANNOT_TELL, CommandError, complain
from authorizer.tools.why.command import why

_NAME = "authorizer"


def group(help_text: str) -> typer.Typer:
    """A set of commands with our rules of output."""
    return typer.Typer(
        help=help_text,
        add_completion=False,
        rich_markup_mode=None,  # the same help everywhere, so that the README can show it
        pretty_exceptions_enable=False,  # its tracebacks show local variables, and those hold tokens
    )


commands = group("Lambda authorizers for Amazon API Gateway: run them, check their settings, explain their reasons.")
commands.command("invoke")(invoke.invoke)
commands.command("explain", context_settings=EXTRA_ARGUMENTS)(explain)
commands.command("policy")(policy_command.policy)
commands.command("reasons")(reasons_command.reasons)
commands.command("serve")(serve)
commands.command("token")(token_command.token)
commands.command("conformance")(conformance)

commands.command("why")(why)

doctor = group("From 401, 403 or 500 to the cause and the fix.")
doctor.command("template")(template_command.template)
doctor.command("api")(api_command.api)
doctor.command("iam-policy")(iam_policy_command.iam_policy)
commands.add_typer(doctor, name="doctor")

config = group("The settings of the functions.")
config.command("check")(config_check.check)
config.callback()(lambda: None)  # without it Typer drops the name of an only subcommand
commands.add_typer(config, name="config")

keys = group("The keys of issuers.")
keys.command("snapshot")(keys_snapshot.snapshot)
keys.callback()(lambda: None)
commands.add_typer(keys, name="keys")

rules = group("The route table of the functions.")
rules.command("from-openapi")(rules_from_openapi.from_openapi)
rules.callback()(lambda: None)
commands.add_typer(rules, name="rules")


def app(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs a command and ends with its status: 0 allow or fine, 1 deny, 2 cannot tell or wrong."""
    main(commands, _NAME, arguments)


def main(command: typer.Typer, name: str, arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs a command as the whole of a process."""
    signal.signal(signal.SIGTERM, _end)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a claim may hold what the terminal's encoding cannot write
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(run(command, name, arguments))


def run(command: typer.Typer, name: str, arguments: Sequence[str] | None = None) -> int:
    """The status of one command; every error is told with a hint, and none ends with the status of a deny."""
    try:
        status = command(args=arguments, prog_name=name, standalone_mode=False)
    except CommandError as error:
        complain(str(error), error.hint)
        return CANNOT_TELL
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        complain(error.format_message(), f"{context.command_path if context else name} --help")
        return CANNOT_TELL
    except typer.Abort:
        return 128 + signal.SIGINT
    except Exception as bug:  # noqa: BLE001  # its text may hold a credential: only its type and place are told
        complain(
            f"this command failed: {InternalError.of(bug)}", "please report this line; it holds nothing of your input"
        )
        return CANNOT_TELL
    return int(status or 0)


def _end(number: int, _: object) -> NoReturn:
    """As Ctrl-C does: what was started is ended on the way out."""
    raise SystemExit(128 + number)
