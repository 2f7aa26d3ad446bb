from __future__ import annotations

import pytest

from authorizer import arn
from authorizer.reasons import Reason
from tests.outcomes import event_error, every_text, refused

ARN = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/GET/orders/1"
PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc")
STAGES = ("prod", "$default", "ESTestInvoke-stage", "v1_2-beta")
METHODS = ("GET", "POST", "OPTIONS", "$connect", "M-SEARCH")
SAFE = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in "*?$")
UNSAFE = [*"*?$", *map(chr, range(0x20)), "\x7f", "\x80", "\u00a0", "\u00e9", "\u2028", "\ud800", "\U0001f511"]


def of_length(length: int) -> arn.MethodArn:
    return arn.parse(ARN + "x" * (length - len(ARN)))


def test_parts_are_read() -> None:
    read = arn.parse(ARN)
    assert read.path == "/orders/1"
    assert read == (ARN, "aws", "eu-west-1", "123456789012", "abcdef1234", "prod", "GET", "orders/1")


@pytest.mark.parametrize("partition", PARTITIONS)
def test_partition_is_kept(partition: str) -> None:
    text = ARN.replace("arn:aws:", f"arn:{partition}:")
    assert arn.resource(arn.parse(text)) == text
    assert arn.every_path(arn.parse(text)).startswith(f"arn:{partition}:execute-api:")


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("method", METHODS)
def test_every_stage_and_method_is_read(stage: str, method: str) -> None:
    read = arn.parse(f"arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/{stage}/{method}/x")
    assert (read.stage, read.method, read.path) == (stage, method, "/x")


@pytest.mark.parametrize(
    "path", ["", "a:b", "a:b/c:d", "a//b", "/a", "a/", "a b", "a\nb", "%2F", "é", "*", "{proxy+}", "GET/x"]
)
def test_path_is_whatever_the_client_called(path: str) -> None:
    read = arn.parse(f"arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/GET/{path}")
    assert (read.api_id, read.stage, read.method, read.path) == ("abcdef1234", "prod", "GET", f"/{path}")


def test_connect_has_no_path() -> None:
    read = arn.parse("arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/$connect")
    assert (read.rest, read.path) == (None, "$connect")
    assert arn.resource(read) == read.text


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        ["arn"],
        ARN.encode(),
        "",
        "arn",
        "*",
        ARN[1:],
        " " + ARN,
        "\n" + ARN,
        ARN.replace("execute-api", "lambda"),
        ARN.replace("arn:aws:", "arn:*:"),
        ARN.replace("arn:aws:", "arn::"),
        ARN.replace("arn:aws:", "arn:AWS:"),
        ARN.replace("eu-west-1", "*"),
        ARN.replace("123456789012", "*"),
        ARN.replace("abcdef1234", "*"),
        ARN.replace("abcdef1234", ""),
        ARN.replace("abcdef1234", "abc?ef"),
        ARN.replace("/prod/", "/*/"),
        ARN.replace("/prod/", "//"),
        ARN.replace("/prod/", "/$latest/"),
        ARN.replace("/GET/", "/*/"),
        ARN.replace("/GET/", "/get/"),
        ARN.replace("/GET/", "//"),
        ARN.replace("/GET/", "/$disconnect/"),
        ARN.partition("/GET")[0],
    ],
)
def test_what_is_no_method_arn_is_an_event_error(value: object) -> None:
    with event_error(Reason.EVENT_UNKNOWN) as caught:
        arn.parse(value)
    assert "abcdef" not in every_text(caught.value)


def test_called_method_is_its_own_resource() -> None:
    assert arn.resource(arn.parse(ARN)) == ARN


@pytest.mark.parametrize("character", SAFE)
def test_safe_characters_are_copied(character: str) -> None:
    assert arn.resource(arn.parse(ARN + character)) == ARN + character


@pytest.mark.parametrize("character", UNSAFE, ids=ascii)
@pytest.mark.parametrize("around", ["{}", "x{}", "{}x", "a/{}/b"])
def test_unsafe_characters_are_refused_wherever_they_stand(character: str, around: str) -> None:
    with refused(Reason.PATH_UNSUPPORTED):
        arn.resource(arn.parse(f"{ARN}/{around.format(character)}"))


@pytest.mark.parametrize("length", [arn.MAX_RESOURCE - 1, arn.MAX_RESOURCE])
def test_resource_up_to_the_limit_is_written(length: int) -> None:
    assert len(arn.resource(of_length(length))) == length


def test_resource_over_the_limit_is_refused() -> None:
    with refused(Reason.PATH_TOO_LONG):
        arn.resource(of_length(arn.MAX_RESOURCE + 1))


def test_limit_is_that_of_api_gateway() -> None:
    assert arn.MAX_RESOURCE == 512


@pytest.mark.parametrize("path", ["/x*", "/é", "/" + "x" * 600])
def test_every_path_keeps_api_stage_and_method(path: str) -> None:
    called = arn.parse(f"arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef1234/prod/DELETE{path}")
    assert arn.every_path(called) == "arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef1234/prod/DELETE/*"
