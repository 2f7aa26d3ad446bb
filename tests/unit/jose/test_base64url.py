from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest

from authorizer.jose import base64url
from authorizer.jose.base64url import NotBase64Url

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", b""),
        ("Zg", b"f"),
        ("Zm8", b"fo"),
        ("Zm9v", b"foo"),
        ("Zm9vYg", b"foob"),
        ("Zm9vYmE", b"fooba"),
        ("Zm9vYmFy", b"foobar"),  # RFC 4648 section 10
        ("A-z_4ME", b"\x03\xec\xff\xe0\xc1"),  # RFC 7515 appendix C
        ("____", b"\xff\xff\xff"),
        ("----", b"\xfb\xef\xbe"),
        ("AA", b"\0"),
    ],
)
def test_text_is_decoded(text: str, data: bytes) -> None:
    assert base64url.decode(text) == data
    assert base64url.decode_ascii(text.encode()) == data


@pytest.mark.parametrize("first", range(0, 256, 17))
def test_every_value_has_one_spelling(first: int) -> None:
    """Of all texts of two characters for one byte, exactly the canonical one is decoded."""
    data = bytes([first])
    right = urlsafe_b64encode(data).rstrip(b"=").decode()
    accepted = []
    for second in ALPHABET:
        try:
            accepted.append((right[0] + second, base64url.decode(right[0] + second)))
        except NotBase64Url:
            continue
    assert [text for text, decoded in accepted if decoded == data] == [right]


@pytest.mark.parametrize("last", ALPHABET)
def test_stray_bits_are_refused(last: str) -> None:
    for prefix, free in (("Z", "AQgw"), ("Zm", "AEIMQUYcgkosw048")):
        if last in free:
            assert len(base64url.decode(prefix + last)) == len(prefix)
        else:
            with pytest.raises(NotBase64Url):
                base64url.decode(prefix + last)


OTHERS = ["A", "AAAAA", "Zg==", "Zm8=", "Zm9v=", "Zm9v====", "=", "====", "Zg=", "Z=g", "=Zm8", "A+AA", "A/AA"]
OTHERS += ["A AA", " Zm9v", "Zm9v ", "Zm9v\n", "Zm\n9v", "Zm9v\r\n", "\tZm9v", "Zm\x009v", "Zm.v", "Zm!v", "Zm%3D"]
OTHERS += ["Zmé", "Zm9\u0391", "\uff21\uff21", "Zm\ud800v", "\u2212AAA", "Zm9v\u200b"]


@pytest.mark.parametrize(
    "text",
    OTHERS,
    ids=ascii,
)
def test_everything_else_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(NotBase64Url) as caught:
        base64url.decode(text)
    assert text not in str(caught.value)


@pytest.mark.parametrize("raw", [b"\xff\xff", b"Zm\x809v", b"Zm9v="])
def test_bytes_that_are_no_base64url_are_refused(raw: bytes) -> None:
    with pytest.raises(NotBase64Url):
        base64url.decode_ascii(raw)
