"""`authorizer config check FILE`: everything that is wrong with the settings, or what they mean."""

from pathlib import Path
from typing import Annotated

import typer

from authorizer import config, settings
from authorizer.errors import ConfigError, SettingProblem
from authorizer.tools.config_summary import Summary, summary
from authorizer.tools.policy_sizes import PolicySize, policy_sizes
from authorizer.tools.terminal import CANNOT_TELL, complain, show, show_json, show_table


def check(
    file: Annotated[Path, typer.Argument(help="Settings, such as authorizer.toml.")],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing when they are fine.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Check settings as the functions do at their start; say what they mean when they are fine."""
    try:
        checked = settings.read(config.from_file(file))
    except ConfigError as error:
        return _wrong(file, error.problems, as_json=as_json)
    meaning, sizes = summary(file, checked), list(policy_sizes(checked.rules))
    if as_json:
        policies = [one.document() for one in sizes]
        show_json({"file": str(file), "ok": True, "problems": [], **meaning.document(), "policies": policies})
    elif not quiet:
        _show(file, meaning, sizes)
    return 0


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
