"""`authorizer config check FILE`: everything that is wrong with the settings, or what they mean; and with `--template`,
whether the APIs of a template cache answers as the functions give them."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from authorizer import config, settings
from authorizer.errors import ConfigError, SettingProblem
from authorizer.tools.config_summary import Summary, summary
from authorizer.tools.policy_sizes import PolicySize, policy_sizes, too_large
from authorizer.tools.terminal import CANNOT_TELL, CommandError, complain, show, show_json, show_table

if TYPE_CHECKING:
    from authorizer.tools.template_check.report import Report


def check(
    file: Annotated[Path | None, typer.Argument(help="Settings, such as authorizer.toml.", show_default=False)] = None,
    template: Annotated[Path | None, typer.Option(help="A SAM or CloudFormation template with APIs.")] = None,
    parameter: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="Of the template.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing when they are fine.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Check settings as the functions do at their start; say what they mean when they are fine.

    With --template also check whether its APIs cache answers as its functions give them; FILE is then for functions that
    name no settings.
    """
    if template is not None:
        return _check_template(template, parameter or [], file, quiet=quiet, as_json=as_json)
    if file is None or parameter:
        raise CommandError(
            "there is nothing to check", "give FILE, or --template FILE, with its --parameter Name=Value"
        )
    try:
        checked = settings.read(config.from_file(file))
    except ConfigError as error:
        return _wrong(file, error.problems, as_json=as_json)
    meaning, sizes = summary(file, checked), list(policy_sizes(checked.rules))
    meaning = replace(meaning, notes=(*meaning.notes, *too_large(sizes, checked.cache.ttl)))
    if as_json:
        policies = [one.document() for one in sizes]
        show_json({"file": str(file), "ok": True, "problems": [], **meaning.document(), "policies": policies})
    elif not quiet:
        _show(file, meaning, sizes)
    return 0


def _check_template(template: Path, parameters: list[str], file: Path | None, *, quiet: bool, as_json: bool) -> int:
    from authorizer.tools.template_check import command  # and the template reader: for those who ask for it

    found = command.check_template(template, parameters, file)
    unused = _unused(file, found)
    if as_json:
        show_json({"template": str(template), "file": str(file) if file else None, **found.document()})
    elif not (quiet and found.ok):
        command.show_report(template, found)
    if unused:
        complain(unused, "authorizer config check FILE, without --template, checks the file alone")
    if not found.ok:
        command.complain_about(template, found)
    return 0 if found.ok and not unused else CANNOT_TELL


def _unused(file: Path | None, found: "Report") -> str | None:
    """A file that was given to be checked, and was not."""
    if file is None or file.resolve() in found.files() or not found.ok:
        return None
    return f"no authorizer in the template reads {file}"


def _wrong(file: Path, problems: tuple[SettingProblem, ...], *, as_json: bool) -> int:
    if as_json:
        rows = [{"path": one.path, "found": one.found, "right": one.right} for one in problems]
        show_json({"file": str(file), "ok": False, "problems": rows})
    for problem in () if as_json else problems:
        show(str(problem))
    count = "1 setting is" if len(problems) == 1 else f"{len(problems)} settings are"
    complain(f"{count} wrong in {file}", "docs/settings.md explains every setting; mend, then check again")
    return CANNOT_TELL


def _show(file: Path, meaning: Summary, sizes: list[PolicySize]) -> None:
    show(f"{file}: fine", style="bold")
    show_table(("issuer", "kind", "audience", "algorithms", "keys"), meaning.issuer_rows())
    show_table(("rule", "needs"), meaning.rules)
    show_table(("API", "credential from", "a refused credential gets"), meaning.apis)
    show_table(("a caller with", "gets a policy for"), [(one.entitlement, one.answer) for one in sizes])
    for note in meaning.notes:
        show(f"note: {note}")
