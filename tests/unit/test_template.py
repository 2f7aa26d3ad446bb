from __future__ import annotations

import pytest

from authorizer.path import split
from authorizer.template import Template, covers, parse_match

COVERS = [
    # rule, called, covered
    ("/", "/", True),
    ("/orders", "/orders", True),
    ("/orders", "/Orders", False),
    ("/orders", "/orders/", False),
    ("/orders/", "/orders", False),
    ("/orders/", "/orders/", True),
    ("/orders/", "/orders//", False),
    ("/orders/", "/orders/{id}", False),
    ("/orders/{id}/", "/orders/1/", True),
    ("/orders/{id}/", "/orders/1", False),
    ("/orders/{id}/", "/orders//", False),
    ("/orders", "/orders/1", False),
    ("/orders", "/order", False),
    ("/orders/{id}", "/orders/1", True),
    ("/orders/{id}", "/orders/{key}", True),
    ("/orders/{id}", "/orders", False),
    ("/orders/{id}", "/orders/", False),
    ("/orders/{id}", "/orders/1/2", False),
    ("/orders/{id}", "/orders/{proxy+}", False),
    ("/orders/{id}", "/orders/...", True),
    ("/orders/{id}/items", "/orders/1/items", True),
    ("/orders/{id}/items", "/orders//items", False),
    ("/files/{proxy+}", "/files/a", True),
    ("/files/{proxy+}", "/files/a/b/c", True),
    ("/files/{proxy+}", "/files/{name}", True),
    ("/files/{proxy+}", "/files/{other+}", True),
    ("/files/{proxy+}", "/files", False),
    ("/files/{proxy+}", "/files/", False),
    ("/files/{proxy+}", "/files//admin", False),
    ("/files/{proxy+}", "/files/a/", False),
    ("/files/{proxy+}", "/filesystem/a", False),
    ("/{proxy+}", "/", False),
    ("/{proxy+}", "/a", True),
    ("/{proxy+}", "/a/b", True),
    ("/{a}/{b}", "/x/y", True),
    ("/{a}/{b}", "/x", False),
    ("/{a}", "/{b}", True),
    ("/orders/1", "/orders/{id}", False),
    ("$default", "$default", True),
    ("$default", "/orders", False),
    ("$connect", "$connect", True),
    ("$connect", "$default", False),
]


def parsed(text: str) -> Template:
    return Template.parse(text)


def is_template(text: str) -> bool:
    return "//" not in text


@pytest.mark.parametrize(("rule", "called", "covered"), [row for row in COVERS if is_template(row[1])])
def test_rule_covers_the_called_template(rule: str, called: str, covered: bool) -> None:
    assert covers(parsed(rule), parsed(called)) is covered


MATCHES = [
    # template, path, matched
    ("/", "/", True),
    ("/", "/a", False),
    ("/orders", "/orders", True),
    ("/orders", "/orders/", False),
    ("/orders", "/Orders", False),
    ("/orders/", "/orders/", True),
    ("/orders/{id}", "/orders/1", True),
    ("/orders/{id}", "/orders/", False),
    ("/orders/{id}", "/orders/1/", False),
    ("/orders/{id}", "/orders/1/2", False),
    ("/orders/{id}", "/orders", False),
    ("/files/{proxy+}", "/files/a/b", True),
    ("/files/{proxy+}", "/files/a/", True),
    ("/files/{proxy+}", "/files/", False),
    ("/files/{proxy+}", "/files", False),
    ("/{proxy+}", "/", False),
    ("/{a}/{b}", "/x/{y}", True),
]


@pytest.mark.parametrize(("template", "path", "matched"), MATCHES)
def test_template_matches_paths_as_they_are_spelled(template: str, path: str, matched: bool) -> None:
    assert parsed(template).matches(split(path)) is matched


@pytest.mark.parametrize("special", ["$default", "$connect"])
@pytest.mark.parametrize("rule", ["/", "/orders", "/{id}", "/{proxy+}", "/{id}/{key}"])
def test_no_path_covers_a_route_that_is_no_path(rule: str, special: str) -> None:
    # `$default` stands for every path there is: a rule for some of them must not decide about it.
    assert not covers(parsed(rule), parsed(special))


@pytest.mark.parametrize("path", ["/{proxy+}", "/{id}", "/orders/{id}"])
def test_braces_in_a_called_path_are_plain_characters(path: str) -> None:
    assert not parsed("/orders/1").matches(split(path))
    assert parsed("/{proxy+}").matches(split(path))


@pytest.mark.parametrize(
    "text", ["/", "/a", "/a/", "/a/b", "/{a}/", "/{id}", "/{id+}", "/a-b/{x_y}/{z+}", "/a~!$&'(),;=:@%2F+", "$default"]
)
def test_template_keeps_its_text(text: str) -> None:
    assert str(parsed(text)) == text


NO_TEMPLATES = ["", "a", "a/b", "/{}", "/{+}", "/{a+}/b", "/{a+}/", "/a//", "/{a", "/a}", "/x{a}", "/{a}x", "/{a b}"]
NO_TEMPLATES += [
    "//",
    "/a//b",
    "/a b",
    "/é",
    "/a?b",
    "/a#b",
    "/{a}\n",
    "\n/a",
    "https://x/a",
    "*",
    "/\ud800",
    "/*",
    "/files/*",
    "/a*b",
]


@pytest.mark.parametrize(
    "text",
    NO_TEMPLATES,
)
def test_what_is_no_template_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parsed(text)


def test_parameter_names_do_not_count() -> None:
    assert parsed("/a/{id}").segments == parsed("/a/{key}").segments
    assert parsed("/a/{id+}").segments == parsed("/a/{key+}").segments


def test_most_specific_sorts_first() -> None:
    ordered = ["/a/b/c", "/a/b/{x}", "/a/b/{x+}", "/a/{x}/c", "/a/{x}/{y}", "/a/{x+}", "/{x}/b/c", "/{x+}"]
    backwards = ordered[::-1]
    assert sorted(backwards, key=lambda text: parsed(text).rank) == ordered


@pytest.mark.parametrize("text", ["$default", "$connect"])
def test_names_of_routes_are_special(text: str) -> None:
    assert parsed(text).special
    assert parse_match(text) == ("ANY", parsed(text))


@pytest.mark.parametrize("method", ["ANY", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_match_has_a_method_and_a_template(method: str) -> None:
    assert parse_match(f"{method} /orders/{{id}}") == (method, parsed("/orders/{id}"))


NO_MATCHES = ["", " ", "GET", "GET ", "/orders", "get /orders", "GET  /orders", " GET /orders", "GET /orders "]
NO_MATCHES += ["GET orders", "* /orders", "TRACE /orders", "GET $default", "ANY $connect", "$disconnect", "$other"]
NO_MATCHES += ["GET,POST /orders", "GET\t/orders"]


@pytest.mark.parametrize(
    "text",
    NO_MATCHES,
)
def test_what_is_no_match_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parse_match(text)
