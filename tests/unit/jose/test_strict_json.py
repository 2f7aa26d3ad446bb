from __future__ import annotations

import json

import pytest

from authorizer.jose import strict_json
from authorizer.jose.strict_json import MAX_DEPTH, NotStrictJson, parse_object

SECRET = b"secret-value"


def nested(depth: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    """An object of this depth; the object itself is the first level."""
    return b'{"x":' + opening * (depth - 1) + closing * (depth - 1) + b"}" if depth > 1 else b"{}"


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": 1},
        {"a": [1, 2.5, None, True, "é", {"b": []}]},
        {"a": "\\u"},
        {"": ""},
        {"a": "😀"},
        {"a": 10**300},
        {"a": "\x00"},
    ],
)
def test_object_is_read_as_json_reads_it(value: object) -> None:
    assert parse_object(json.dumps(value).encode()) == value
    assert parse_object(json.dumps(value, ensure_ascii=False).encode()) == value
    assert parse_object(b" \t\r\n" + json.dumps(value, indent=1).encode() + b" \t\r\n") == value


@pytest.mark.parametrize(
    "text", [b"", b" ", b"null", b"true", b"5", b'"a"', b"[]", b"[{}]", b"\x00", b"\xef\xbb\xbf", b"x"]
)
def test_what_is_no_object_is_refused(text: bytes) -> None:
    with pytest.raises(NotStrictJson):
        parse_object(text)


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1',
        b'{"a":1}}',
        b'{"a":1}{}',
        b'{"a":1} x',
        b'{"a":1},',
        b'{"a":1,}',
        b"{'a':1}",
        b"{a:1}",
        b'{"a"}',
        b'{"a":}',
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":.5}',
        b'{"a":0x1}',
        b'{"a":"\n"}',
        b'{"a":"\x00"}',
        b'{"a":"\\x"}',
        b'{"a":"\\u12"}',
        b'{"a":1}//',
        b'/**/{"a":1}',
        b'{"a":undefined}',
        b'{"a":True}',
        b'\x0b{"a":1}',
        b'\xc2\xa0{"a":1}',
        b'{"a":1}\x00',
        b'{"a":1}\x0c',
    ],
)
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(NotStrictJson):
        parse_object(text)


@pytest.mark.parametrize("constant", [b"NaN", b"Infinity", b"-Infinity"])
def test_numbers_that_json_has_not_are_refused(constant: bytes) -> None:
    with pytest.raises(NotStrictJson):
        parse_object(b'{"a":[' + constant + b"]}")


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1,"a":1}',
        b'{"a":1,"b":2,"a":3}',
        b'{"a":1,"\\u0061":2}',
        b'{"x":{"a":1,"a":2}}',
        b'{"x":[{"a":1},{"a":1,"a":2}]}',
        b'{"":1,"":2}',
        b'{"aud":"a","aud":["a"]}',
    ],
)
def test_member_twice_is_refused_at_every_level(text: bytes) -> None:
    with pytest.raises(NotStrictJson):
        parse_object(text)


@pytest.mark.parametrize("text", [b'{"a":1,"A":2}', b'{"a":{"a":1}}', b'[{"a":1},{"a":2}]', b'{"a":1,"a ":2}'])
def test_members_of_different_names_or_objects_are_no_doubles(text: bytes) -> None:
    if text.startswith(b"{"):
        assert parse_object(text) == json.loads(text)
    assert parse_object(b'{"x":' + text + b"}") == {"x": json.loads(text)}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-8-sig", "cp037"])
def test_other_encodings_are_refused(encoding: str) -> None:
    data = '{"sub":"ü+admin"}'.encode(encoding)
    with pytest.raises(NotStrictJson):
        parse_object(data)


@pytest.mark.parametrize(
    "raw",
    [b"\xff", b"\xc0\xaf", b"\xe2\x82", b"\xed\xa0\x80", b"\xed\xa0\x80\xed\xb0\x80", b"\xf5\x80\x80\x80", b"\x80"],
)
def test_invalid_utf_8_is_refused(raw: bytes) -> None:
    with pytest.raises(NotStrictJson):
        parse_object(b'{"a":"' + raw + b'"}')


@pytest.mark.parametrize(
    "text", ["\\ud800", "\\udfff", "\\ud800\\ud800", "\\udc00\\ud800", "a\\uDBFFb", "\\ud83d\\u0041"]
)
def test_lone_surrogate_is_refused_in_values_and_names(text: str) -> None:
    for document in (f'{{"a":"{text}"}}', f'{{"{text}":1}}', f'{{"a":[{{"b":"{text}"}}]}}'):
        with pytest.raises(NotStrictJson):
            parse_object(document.encode())


@pytest.mark.parametrize(("text", "value"), [("\\ud83d\\ude00", "😀"), ("\\\\ud800", "\\ud800"), ("\\u0041", "A")])
def test_escapes_that_mean_a_character_are_read(text: str, value: str) -> None:
    assert parse_object(f'{{"a":"{text}"}}'.encode()) == {"a": value}


@pytest.mark.parametrize("shape", [(b"[", b"]"), (b'{"a":[', b"]}")], ids=["lists", "both"])
@pytest.mark.parametrize("depth", [MAX_DEPTH - 1, MAX_DEPTH])
def test_nesting_up_to_the_limit_is_read(depth: int, shape: tuple[bytes, bytes]) -> None:
    if shape[0] == b"[":
        assert parse_object(nested(depth))
    else:
        pairs = (depth - 1) // 2
        assert parse_object(b'{"x":' + shape[0] * pairs + shape[1] * pairs + b"}")


def test_width_does_not_count_as_depth() -> None:
    deepest = nested(MAX_DEPTH).removesuffix(b"}")
    assert parse_object(deepest + b',"y":[],"z":[{},[]]}')["y"] == []
    with pytest.raises(NotStrictJson):
        parse_object(nested(MAX_DEPTH + 1).removesuffix(b"}") + b',"y":[],"z":[{},[]]}')


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, MAX_DEPTH + 2, 100, 1_000, 10_000, 100_000])
def test_nesting_over_the_limit_is_refused(depth: int) -> None:
    for document in (
        nested(depth),
        b'{"x":' + b"[" * depth,
        b'{"a":' * depth,
        b"[" * depth,
        nested(depth, b'[{"a":', b"}]"),
    ):
        with pytest.raises(NotStrictJson):
            parse_object(document)


def test_brackets_beside_each_other_and_in_texts_are_not_nested() -> None:
    wide = b'{"x":[' + b",".join([b"[]"] * 500) + b"]}"
    assert len(parse_object(wide)["x"]) == 500
    text = '{"a":"' + "[{" * 500 + '","\\"[":"\\\\"}'
    assert parse_object(text.encode())["a"] == "[{" * 500


@pytest.mark.parametrize("hiding", [b'"\\"', b'"\\\\\\"', b'"\\\\","y":"\\"'])
def test_nesting_cannot_be_hidden_behind_escapes(hiding: bytes) -> None:
    with pytest.raises(NotStrictJson):
        parse_object(b'{"h":' + hiding + b'","x":' + b"[" * 1000 + b"]" * 1000 + b"}")


@pytest.mark.parametrize("digits", [4301, 100_000])
def test_number_too_long_to_read_is_refused(digits: int) -> None:
    with pytest.raises(NotStrictJson):
        parse_object(b'{"exp":' + b"9" * digits + b"}")


@pytest.mark.parametrize(
    "text",
    [b'{"a":"%s"', b'{"%s":1,"%s":2}', b'%s{"a":1}', b'{"a":"%s\xff"}', b'{"a":"%s\\ud800"}', b'["%s"]', b'{"a":%s}'],
)
def test_error_never_shows_the_text(text: bytes) -> None:
    with pytest.raises(NotStrictJson) as caught:
        parse_object(text.replace(b"%s", SECRET))
    assert SECRET.decode() not in f"{caught.value!s}{caught.value!r}{caught.value.__cause__}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("tail", ['"' + '\\"' * 50, '"' + "\\" * 50, '"' + "\\" * 51, '"', '"a', '"a"', '"" "'])
def test_string_without_an_end_is_looked_at_once(tail: str) -> None:
    """One match takes it to the end of the text. With a new attempt at each quote the time would grow with the square."""
    assert strict_json._STRING.sub("", "[" * 20 + tail).rstrip() == "[" * 20


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":' + b"[" * 20 + b'"' + b'\\"' * 4000,
        b'{"a":' + b"[" * 20 + b'"' * 8001,
        b'{"a":' + b"[" * 20 + b'"' + b"\\" * 8000,
        b"[" * 8000,
        b'{"a":"' + b"\\u0061" * 1300,
        b'{"a":1e' + b"9" * 8000 + b"x",
    ],
    ids=["escaped-quotes", "quotes", "backslashes", "brackets", "escapes", "exponent"],
)
def test_long_nonsense_is_refused(data: bytes) -> None:
    with pytest.raises(NotStrictJson):
        parse_object(data)
