"""`authorizer rules from-openapi FILE`: the route table that a document asks for, or how settings differ from it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from authorizer.tools.openapi_rules import OpenApiRules, Table, Unsecured
from authorizer.tools.route_table import Difference, Row, differences, from_settings, written
from authorizer.tools.template.source import read_source
from authorizer.tools.terminal import CANNOT_TELL, CommandError, complain, show, show_json, show_table

_DRIFT = 1


def from_openapi(
    file: Annotated[Path, typer.Argument(help="OpenAPI 3 or Swagger 2.0, in YAML or JSON.")],
    check: Annotated[Path | None, typer.Option(help="Settings whose routes are compared with the document.")] = None,
    scheme: Annotated[str | None, typer.Option(help="The security scheme that counts, if there are several.")] = None,
    unsecured: Annotated[Unsecured | None, typer.Option(help="What an operation without any security becomes.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Write the route table that an OpenAPI document asks for; with --check, say how settings differ from it."""
    source = read_source(file)
    if not source.is_openapi:
        raise CommandError(f"{file} is no OpenAPI document", "give one that begins with openapi: or swagger:")
    table = OpenApiRules(source.document, scheme=scheme, unsecured=unsecured).table()
    if not table.rows and not table.left_out:
        raise CommandError(f"{file} has no operation that would be a route", "give a document with paths")
    if check is not None:
        return _compare(table, from_settings(check), check, as_json=as_json)
    if as_json:
        show_json({"ok": not table.left_out, "routes": [row.document() for row in table.rows], **_problems(table)})
    else:
        for line in (*_header(file, scheme, unsecured), *_comments(table), *written(table.rows)):
            show(line)
    return _told(table)


def _compare(table: Table, found: Sequence[Row], settings: Path, *, as_json: bool) -> int:
    drift = differences(table.rows, table.without_left_out(found))
    if as_json:
        show_json({"same": not drift, "differences": list(map(_document, drift)), **_problems(table)})
    elif drift:
        show_table(("route", "drift", "document", "settings"), map(_cells, drift))
    else:
        show(f"{settings}: the same routes")
    return _told(table) or (_DRIFT if drift else 0)


def _told(table: Table) -> int:
    """The status, after telling on standard error what is not in the table."""
    for one in table.left_out:
        complain(f"{one.match}: {one.message}", "write its [[route]] by hand, or change the document")
    return CANNOT_TELL if table.left_out else 0


def _header(file: Path, scheme: str | None, unsecured: Unsecured | None) -> Iterator[str]:
    options = f" --scheme {_in_comment(scheme)}" if scheme else ""
    options += f" --unsecured {unsecured.value}" if unsecured else ""
    name = _in_comment(file.name)
    yield f"# Made from {name}: authorizer rules from-openapi {name}{options}"
    yield "# What no route covers is refused."


def _comments(table: Table) -> Iterator[str]:
    for one in table.left_out:
        yield f"# Left out, so refused: {_in_comment(one.match)}: {_in_comment(one.message)}"


def _in_comment(text: str) -> str:
    """Text that cannot end the comment which it stands in."""
    return "".join(one if one.isprintable() else "?" for one in text)


def _problems(table: Table) -> dict[str, object]:
    rows = [{"match": one.match, "code": one.code, "message": one.message} for one in table.left_out]
    return {"problems": rows}


def _document(one: Difference) -> dict[str, object]:
    rows = {"document": one.expected, "settings": one.found}
    needs = {name: row.needs if row else None for name, row in rows.items()}
    return {"match": one.match, "drift": one.drift.value, **needs}


def _cells(one: Difference) -> tuple[object, ...]:
    return one.match, one.drift.value, one.expected, one.found
