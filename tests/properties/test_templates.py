"""Templates against a matcher that is made in another way: a regular expression over the text."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from authorizer.path import is_doubtful, split
from authorizer.route import MethodTable, Route
from authorizer.template import Template, covers, parse_match
from tests.outcomes import outcome

NAMES = st.sampled_from(["a", "b", "orders", "x.y", "..", ".", "A"])
PARTS = NAMES | NAMES.map(lambda name: "{" + name.strip(".") + "x}")
TEMPLATES = st.builds(
    lambda parts, last: "/" + "/".join([*parts, *last]),
    st.lists(PARTS, max_size=3),
    st.sampled_from([[], ["{rest+}"], []]),
)
PATHS = st.lists(NAMES | st.sampled_from(["", "...", "{x}", "a b", "%2e%2e"]), max_size=4).map(
    lambda parts: "/" + "/".join(parts)
)
VALUE = r"[^/]+"


def pattern(template: str) -> str:
    """The paths that a template means."""
    parts = []
    for part in template[1:].split("/"):
        if part.endswith("+}"):
            parts.append(r"[^/].*")
        elif part.startswith("{"):
            parts.append(VALUE)
        else:
            parts.append(re.escape(part))
    return "/" + "/".join(parts)


@settings(max_examples=300)
@given(TEMPLATES, PATHS)
@example("/", "/")
@example("/a/{x+}", "/a//b")
@example("/{x}", "/")
def test_template_covers_the_paths_that_its_pattern_matches(template: str, path: str) -> None:
    expected = re.fullmatch(pattern(template), path, re.DOTALL) is not None
    assert Template.parse(template).matches(split(path)) is expected


@settings(max_examples=150)
@given(TEMPLATES, TEMPLATES, PATHS)
def test_template_that_covers_another_covers_all_its_paths(outer: str, inner: str, path: str) -> None:
    if covers(Template.parse(outer), Template.parse(inner)) and Template.parse(inner).matches(split(path)):
        assert Template.parse(outer).matches(split(path))


@given(TEMPLATES)
def test_template_covers_itself(template: str) -> None:
    assert covers(Template.parse(template), Template.parse(template))


@given(TEMPLATES, st.sampled_from(["$default", "$connect"]))
def test_names_of_routes_and_paths_never_cover_each_other(template: str, special: str) -> None:
    assert not covers(Template.parse(template), Template.parse(special))
    assert not covers(Template.parse(special), Template.parse(template))


@given(st.text(max_size=30) | TEMPLATES.map(lambda template: f"GET {template}"))
def test_match_of_any_text_is_read_or_refused(text: str) -> None:
    made = outcome(lambda: parse_match(text), ValueError)
    if not isinstance(made, ValueError):
        method, template = made
        assert text == (template.text if template.special else f"{method} {template.text}")


@settings(max_examples=100)
@given(st.lists(TEMPLATES, min_size=1, max_size=5, unique=True), PATHS)
def test_chosen_route_covers_the_path_and_none_that_covers_it_is_more_specific(matches: list[str], path: str) -> None:
    routes = [Route(method="ANY", template=Template.parse(match)) for match in matches]
    found = MethodTable(routes, exact=True).select(path)
    covering = [route for route in routes if route.template.matches(split(path))]
    chosen = found.route
    if chosen is None:
        assert covering == [] or is_doubtful(path, exact=True)
    else:
        assert chosen in covering
        assert min(route.template.rank for route in covering) == chosen.template.rank
