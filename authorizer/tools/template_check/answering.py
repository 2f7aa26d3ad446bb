"""Which function of ours answers an authorizer: told by its handler, none, or only by a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.template import Unresolved
from authorizer.tools.template.resources import functions_behind
from authorizer.tools.template_check.finding import Finding
from authorizer.tools.template_check.template_lines import Property, way
from authorizer.tools.template_check.unread import TELLING, parameters_that_tell

if TYPE_CHECKING:
    from authorizer.tools.template import Api, ApiAuthorizer, Document, Function

HANDLERS: Final = {one.handler(): one for one in EntryPoint}


def answering(document: Document, api: Api, authorizer: ApiAuthorizer) -> Function | Finding | None:
    """Our function behind an authorizer; what is wrong when it may be one of ours, and None when it is none."""
    if not authorizer.kind.calls_function:
        return None
    names = functions_behind(authorizer.uri, document.resources)
    behind = [one for one in document.functions if one.logical_id in names]
    ours = [one for one in behind if isinstance(one.handler, Unresolved) or one.handler in HANDLERS]
    if not ours:
        return None
    if len(behind) > 1:
        return _several(document, api, authorizer, behind)
    (function,) = ours
    return _opaque(document, function) if isinstance(function.handler, Unresolved) else function


def _several(document: Document, api: Api, authorizer: ApiAuthorizer, behind: list[Function]) -> Finding:
    place = authorizer.place
    for name in way(place, Property.FUNCTION, api.kind):
        place = place / name
    return Finding(
        code="function_unknown",
        place=place,
        line=document.line(place),
        found=f"a function that only a deployment knows: {' or '.join(one.logical_id for one in behind)}",
        right=TELLING,
        fix=parameters_that_tell(document),
    )


def _opaque(document: Document, function: Function) -> Finding:
    place = function.place / "Handler"
    return Finding(
        code="handler_unknown",
        place=place,
        line=document.line(place),
        found=f"{function.handler}, which does not tell whether {function.logical_id} is one of ours",
        right=TELLING,
        fix=parameters_that_tell(document),
    )
