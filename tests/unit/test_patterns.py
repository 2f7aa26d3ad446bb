from __future__ import annotations

import pytest

from authorizer.patterns import REST, broadest, covered, covering, text
from authorizer.template import Template


def pattern(template: str) -> tuple[object, ...]:
    return covering(Template.parse(template).segments)


@pytest.mark.parametrize(
    ("template", "written"),
    [("/", ""), ("/a", "a"), ("/a/{x}", "a/?*"), ("/a/{x+}", "a/?*"), ("/{x}/b/{y}", "?*/b/?*"), ("/a/", "a/")],
)
def test_template_is_covered_by_a_pattern(template: str, written: str) -> None:
    assert text(covering(Template.parse(template).segments)) == written


def test_rest_is_everything_after_a_slash() -> None:
    below = (*covering(Template.parse("/a").segments), REST)
    assert text(below) == "a/*"
    assert covered([below], covering(Template.parse("/a/").segments))
    assert covered([below], covering(Template.parse("/a/{x}/b").segments))
    assert not covered([below], covering(Template.parse("/a").segments))


def test_covered_patterns_are_left_out() -> None:
    made = [covering(Template.parse(one).segments) for one in ("/{p+}", "/a/{x}", "/", "/b")]
    assert sorted(map(text, broadest(made))) == ["", "?*"]
