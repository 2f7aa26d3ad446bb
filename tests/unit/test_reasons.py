"""The catalogue is complete, its words keep their form, and the page that is made from it is up to date."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from authorizer.reasons import Class, Reason, Remedy
from authorizer.tools import reasons_page

CATALOGUE: dict[str, dict[str, Any]] = tomllib.loads(files("authorizer").joinpath("reasons.toml").read_text("utf-8"))
ERRORS = (Class.DEPENDENCY, Class.EVENT, Class.BUG)
CODES = [reason.value for reason in Reason]
LOOKS_LIKE_A_CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
KNOWN_REFERENCE = re.compile(
    r"RFC \d{4} section \d+(\.\d+)*|OpenID Connect [\w ]+ 1\.0 section \d+(\.\d+)*|(API Gateway|Cognito|Lambda): .+"
)
each_reason = pytest.mark.parametrize("reason", Reason, ids=CODES)


def test_catalogue_has_exactly_the_codes_in_their_order() -> None:
    assert list(CATALOGUE) == CODES


def test_codes_are_lower_snake_case_and_equal_their_names() -> None:
    assert [code for code in CODES if not LOOKS_LIKE_A_CODE.fullmatch(code)] == []
    assert [reason.name.lower() for reason in Reason] == CODES


@each_reason
def test_row_has_exactly_the_four_fields_and_none_is_empty(reason: Reason) -> None:
    row = CATALOGUE[reason.value]
    assert list(row) == ["symptom", "cause", "fix", "see_also"]
    assert all(row.values())


@each_reason
def test_remedy_is_the_row_of_the_catalogue(reason: Reason) -> None:
    row = CATALOGUE[reason.value]
    assert reason.remedy == Remedy(row["symptom"], row["cause"], row["fix"], tuple(row["see_also"]))


@each_reason
def test_symptom_and_cause_are_one_sentence_each(reason: Reason) -> None:
    for text in (reason.remedy.symptom, reason.remedy.cause):
        assert re.fullmatch(r"[A-Z`][^\n]*[^.]\.", text)
        assert ". " not in text


@each_reason
def test_fix_is_one_line_that_fits_into_a_log_line(reason: Reason) -> None:
    fix = reason.remedy.fix
    assert len(fix) <= 160
    assert re.fullmatch(r"[A-Z][a-z]+ [^\n]+\.", fix)


def test_no_two_codes_have_the_same_fix() -> None:
    owners: dict[str, list[str]] = {}
    for reason in Reason:
        owners.setdefault(reason.remedy.fix.casefold(), []).append(reason.value)
    assert [codes for codes in owners.values() if len(codes) > 1] == []


@each_reason
def test_words_have_no_dashes_that_a_terminal_may_garble(reason: Reason) -> None:
    symptom, cause, fix, see_also = reason.remedy
    assert " ".join((symptom, cause, fix, *see_also)).isascii()


@each_reason
def test_backticks_come_in_pairs(reason: Reason) -> None:
    assert [text for text in reason.remedy[:3] if text.count("`") % 2] == []


@each_reason
def test_see_also_names_real_codes_or_sources_of_a_known_form(reason: Reason) -> None:
    references = reason.remedy.see_also
    codes = {text for text in references if LOOKS_LIKE_A_CODE.fullmatch(text)}
    assert codes <= set(CODES) - {reason.value}
    assert [text for text in references if text not in codes and not KNOWN_REFERENCE.fullmatch(text)] == []
    assert len(set(references)) == len(references)


def test_at_least_forty_codes_are_about_requests_and_dependencies() -> None:
    counted = [reason for reason in Reason if reason.klass in (Class.AUTHN, Class.AUTHZ, Class.DEPENDENCY)]
    assert len(counted) >= 40


def test_what_ends_in_an_error_may_heal() -> None:
    assert [reason for reason in Reason if reason.klass in ERRORS and not reason.heals] == []


def test_what_is_forbidden_to_a_proven_caller_does_not_heal() -> None:
    assert [reason for reason in Reason if reason.klass is Class.AUTHZ and reason.heals] == []


@each_reason
def test_error_value_is_one_that_the_rfc_gives_to_the_class(reason: Reason) -> None:
    allowed: dict[Class, set[str | None]] = {
        Class.AUTHN: {None, "invalid_request", "invalid_token"},
        Class.AUTHZ: {None, "insufficient_scope", "insufficient_user_authentication"},  # the latter: RFC 9470
    }
    assert reason.error in allowed.get(reason.klass, {None})


def test_only_a_missing_credential_is_refused_without_an_error_value() -> None:
    # RFC 6750 section 3.1: a request without authentication information gets no error code.
    assert [r for r in Reason if r.klass is Class.AUTHN and r.error is None] == [Reason.CREDENTIAL_MISSING]


def test_each_class_has_its_answers_on_every_surface() -> None:
    assert set(reasons_page.ANSWERS) == set(Class)
    assert all(all(answers) for answers in reasons_page.ANSWERS.values())


@pytest.mark.parametrize("klass", ERRORS, ids=lambda klass: klass.value)
def test_errors_are_answered_500_everywhere(klass: Class) -> None:
    assert set(reasons_page.ANSWERS[klass][:3]) == {"500"}


def test_forbidden_is_answered_403_everywhere() -> None:
    assert set(reasons_page.ANSWERS[Class.AUTHZ][:3]) == {"403"}


@each_reason
def test_docs_points_to_a_heading_of_the_page(reason: Reason) -> None:
    page, _, anchor = reason.docs.partition("#")
    assert page == reasons_page.PAGE.relative_to(reasons_page.ROOT).as_posix()
    assert f"\n## {anchor}\n" in reasons_page.render()


def test_every_link_inside_the_page_has_its_heading() -> None:
    page = reasons_page.render()
    headings = set(re.findall(r"^## (\S+)$", page, re.MULTILINE))
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= headings


@each_reason
def test_samples_are_named_after_their_reason(reason: Reason) -> None:
    for path in reasons_page.samples(reason):
        assert re.fullmatch(rf"events/[^/]+/{reason.value}(--[^/]+)?\.json", path)


def test_page_in_docs_is_what_the_catalogue_renders() -> None:
    assert reasons_page.PAGE.read_text("utf-8") == reasons_page.render(), "run `make docs`"
