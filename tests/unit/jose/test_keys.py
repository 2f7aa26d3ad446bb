from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from authorizer.jose.algorithms import ALGORITHMS, canonical
from authorizer.jose.keys import (
    MAX_EXPONENT_BITS,
    MAX_KID,
    MAX_RSA_BITS,
    MIN_EXPONENT,
    MIN_RSA_BITS,
    KeyRejected,
    public_key,
)
from authorizer.reasons import Reason
from authorizer.testing import ALGORITHMS as SIGNED
from authorizer.testing import SigningKey
from authorizer.testing.compact import encode

FIELD = 2**255 - 19
Y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
FITTING = {
    "RSA": {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"},
    "P-256": {"ES256"},
    "P-384": {"ES384"},
    "P-521": {"ES512"},
    "Ed25519": {"Ed25519"},
}
each_algorithm = pytest.mark.parametrize("algorithm", SIGNED)


def number(value: int) -> str:
    return encode(value.to_bytes((value.bit_length() + 7) // 8 or 1, "big"))


def rsa(bits: int = 2048, e: int = 65537, **members: object) -> dict[str, Any]:
    """An RSA key of numbers only: nobody has its private part, and only parsing matters."""
    return {"kty": "RSA", "n": number(2 ** (bits - 1) + 1), "e": number(e), **members}


def okp(y: int, **members: object) -> dict[str, Any]:
    return {"kty": "OKP", "crv": "Ed25519", "x": encode(y.to_bytes(32, "little")), **members}


def rejected(jwk: dict[str, Any]) -> Reason:
    with pytest.raises(KeyRejected) as caught:
        public_key(jwk)
    return caught.value.reason


@each_algorithm
def test_key_of_every_algorithm_is_read(keys: dict[str, SigningKey], algorithm: str) -> None:
    key = keys[algorithm]
    read = public_key(key.jwk())
    assert (read.kid, read.algorithms) == (key.kid, frozenset({canonical(algorithm)}))
    assert read.key == key.private.public_key()


@each_algorithm
def test_key_without_alg_serves_its_family_and_no_other(keys: dict[str, SigningKey], algorithm: str) -> None:
    jwk = keys[algorithm].jwk(alg=None)
    assert public_key(jwk).algorithms == FITTING[jwk.get("crv", "RSA")]


@pytest.mark.parametrize(
    "alg", [*SIGNED, "HS256", "none", "RSA-OAEP", "ECDH-ES", "rs256", "", None, 5, ["RS256"], "x" * 999], ids=repr
)
@each_algorithm
def test_alg_of_another_family_is_malformed(keys: dict[str, SigningKey], algorithm: str, alg: Any) -> None:
    jwk = {**keys[algorithm].jwk(), "alg": alg}
    if isinstance(alg, str) and canonical(alg) in FITTING[jwk.get("crv", "RSA")]:
        assert public_key(jwk).algorithms == {canonical(alg)}
    else:
        assert rejected(jwk) is Reason.KEY_MALFORMED


def test_every_algorithm_has_a_fitting_key() -> None:
    assert set().union(*FITTING.values()) == set(ALGORITHMS)


@pytest.mark.parametrize(
    ("bits", "reason"),
    [
        (512, Reason.KEY_WEAK),
        (1024, Reason.KEY_WEAK),
        (MIN_RSA_BITS - 1, Reason.KEY_WEAK),
        (MIN_RSA_BITS, None),
        (MIN_RSA_BITS + 1, None),
        (3072, None),
        (4096, None),
        (MAX_RSA_BITS - 1, None),
        (MAX_RSA_BITS, None),
        (MAX_RSA_BITS + 1, Reason.KEY_WEAK),
        (16384, Reason.KEY_WEAK),
    ],
)
def test_modulus_has_2048_to_8192_bits(bits: int, reason: Reason | None) -> None:
    assert (MIN_RSA_BITS, MAX_RSA_BITS) == (2048, 8192)
    if reason is None:
        assert public_key(rsa(bits)).algorithms == FITTING["RSA"]
    else:
        assert rejected(rsa(bits)) is reason


@pytest.mark.parametrize(
    ("e", "good"),
    [
        (0, False),
        (1, False),
        (2, False),
        (3, False),
        (17, False),
        (257, False),
        (MIN_EXPONENT - 2, False),
        (MIN_EXPONENT - 1, False),
        (MIN_EXPONENT, True),
        (MIN_EXPONENT + 1, False),
        (MIN_EXPONENT + 2, True),
        (2**MAX_EXPONENT_BITS - 1, True),
        (2**MAX_EXPONENT_BITS, False),
        (2**MAX_EXPONENT_BITS + 1, False),
        (2**2040 + 1, False),
    ],
)
def test_exponent_is_odd_and_neither_small_nor_huge(e: int, good: bool) -> None:
    if good:
        assert public_key(rsa(e=e))
    else:
        assert rejected(rsa(e=e)) is Reason.KEY_WEAK


def test_even_modulus_is_malformed() -> None:
    assert rejected(rsa() | {"n": number(2**2047)}) is Reason.KEY_MALFORMED


@pytest.mark.parametrize("member", ["n", "e"])
@pytest.mark.parametrize("value", ["", "=", "***", "AQAB=", "AQ AB", "A", "AQAé", "\ud800"], ids=ascii)
def test_numbers_are_strict_base64url(member: str, value: str) -> None:
    assert rejected(rsa() | {member: value}) in (Reason.KEY_MALFORMED, Reason.KEY_WEAK)


@pytest.mark.parametrize("value", [None, 5, True, 65537, [], ["AQAB"], {}, 1.5], ids=repr)
@pytest.mark.parametrize("kind", ["RS256", "ES256", "Ed25519"])
def test_members_of_another_type_are_malformed(keys: dict[str, SigningKey], kind: str, value: object) -> None:
    jwk = keys[kind].jwk()
    for member in {"n", "e", "x", "y", "crv"} & set(jwk):
        assert rejected({**jwk, member: value}) is Reason.KEY_MALFORMED, member


@pytest.mark.parametrize("kind", ["RS256", "ES256", "Ed25519"])
def test_missing_members_are_malformed(keys: dict[str, SigningKey], kind: str) -> None:
    jwk = keys[kind].jwk()
    for member in {"kty", "n", "e", "x", "y", "crv"} & set(jwk):
        assert rejected({name: value for name, value in jwk.items() if name != member}) is Reason.KEY_MALFORMED, member


@pytest.mark.parametrize(
    "kty", [None, "", "rsa", "Rsa", "RSA ", "oct", "OCT", "EC2", "AKP", 5, ["RSA"], {"RSA": 1}], ids=repr
)
def test_other_kinds_of_key_are_malformed(kty: object) -> None:
    assert rejected(rsa() | {"kty": kty}) is Reason.KEY_MALFORMED


def test_symmetric_key_is_malformed() -> None:
    assert rejected({"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"}) is Reason.KEY_MALFORMED
    assert rejected(rsa(k="c2VjcmV0")) is Reason.KEY_MALFORMED


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth"])
def test_private_key_that_was_published_is_not_used(member: str) -> None:
    # RFC 7518 section 6.3.2: with any of these, everybody may sign.
    assert rejected(rsa() | {member: "AQAB"}) is Reason.KEY_MALFORMED


@pytest.mark.parametrize("kind", ["ES256", "Ed25519"])
def test_private_point_that_was_published_is_not_used(keys: dict[str, SigningKey], kind: str) -> None:
    assert rejected(keys[kind].jwk(d="AQAB")) is Reason.KEY_MALFORMED


@pytest.mark.parametrize("use", ["enc", "SIG", "", None, 5, ["sig"], True], ids=repr)
def test_use_is_signatures(use: object) -> None:
    assert rejected(rsa(use=use)) is Reason.KEY_USE_REJECTED
    assert public_key(rsa(use="sig"))


@pytest.mark.parametrize(
    "operations", [[], ["sign"], ["encrypt"], "verify", ["VERIFY"], {"verify": 1}, 5, True], ids=repr
)
def test_operations_hold_verify(operations: object) -> None:
    assert rejected(rsa(key_ops=operations)) is Reason.KEY_USE_REJECTED


def test_operations_with_verify_are_fine() -> None:
    assert public_key(rsa(key_ops=["verify"]))
    assert public_key(rsa(key_ops=["sign", "verify"]))


@pytest.mark.parametrize("length", [1, MAX_KID - 1, MAX_KID])
def test_kid_up_to_the_limit_is_read(length: int) -> None:
    assert public_key(rsa(kid="k" * length)).kid == "k" * length


@pytest.mark.parametrize("kid", ["", "k" * (MAX_KID + 1), 5, True, [], ["k"], {}], ids=lambda kid: repr(kid)[:20])
def test_kid_is_a_short_text(kid: object) -> None:
    assert rejected(rsa(kid=kid)) is Reason.KEY_MALFORMED


def test_kid_is_optional() -> None:
    assert public_key(rsa()).kid is None


# Elliptic curves


@pytest.mark.parametrize("kind", ["ES256", "ES384", "ES512"])
@pytest.mark.parametrize("member", ["x", "y"])
def test_coordinate_has_its_full_length(keys: dict[str, SigningKey], kind: str, member: str) -> None:
    jwk = keys[kind].jwk()
    raw = keys[kind].jwk()[member]
    size = {"ES256": 32, "ES384": 48, "ES512": 66}[kind]
    for length in (0, 1, size - 1, size + 1, 2 * size):
        assert rejected({**jwk, member: encode(b"\1" * length)}) is Reason.KEY_MALFORMED
    assert rejected({**jwk, member: encode(b"\0") + raw}) is Reason.KEY_MALFORMED


@pytest.mark.parametrize("member", ["x", "y"])
def test_leading_zeros_belong_to_a_coordinate(member: str) -> None:
    """RFC 7518 section 6.2.1.2. One point in 256 has such a coordinate; keys of small numbers are enough to find one."""
    points = (derive_private_key(scalar, SECP256R1()).public_key().public_numbers() for scalar in count(1))
    point = next(point for point in points if getattr(point, member) < 2**248)
    jwk = {"kty": "EC", "crv": "P-256"} | {
        name: encode(getattr(point, name).to_bytes(32, "big")) for name in ("x", "y")
    }
    assert public_key(jwk).algorithms == {"ES256"}
    assert rejected(jwk | {member: number(getattr(point, member))}) is Reason.KEY_MALFORMED


@pytest.mark.parametrize("kind", ["ES256", "ES384", "ES512"])
def test_point_that_is_not_on_its_curve_is_malformed(keys: dict[str, SigningKey], kind: str) -> None:
    jwk = keys[kind].jwk()
    size = {"ES256": 32, "ES384": 48, "ES512": 66}[kind]
    zeros, ones = encode(bytes(size)), encode(b"\1" * size)
    for x, y in (
        (jwk["y"], jwk["x"]),
        (zeros, zeros),
        (ones, ones),
        (jwk["x"], zeros),
        (encode(b"\xff" * size), jwk["y"]),
    ):
        assert rejected({**jwk, "x": x, "y": y}) is Reason.KEY_MALFORMED


@pytest.mark.parametrize("curve", ["P-256", "P-384", "P-521", "secp256k1", "p-256", "Ed25519", "", "P-257"])
def test_curve_is_that_of_the_point(keys: dict[str, SigningKey], curve: str) -> None:
    jwk = keys["ES256"].jwk(alg=None)
    if curve == "P-256":
        assert public_key(jwk).algorithms == {"ES256"}
    else:
        assert rejected({**jwk, "crv": curve}) is Reason.KEY_MALFORMED


# Ed25519


@pytest.mark.parametrize("y", [0, 1, FIELD - 1, Y8, FIELD - Y8], ids=hex)
@pytest.mark.parametrize("sign", [0, 1])
def test_point_of_small_order_is_weak(y: int, sign: int) -> None:
    assert rejected(okp(y + (sign << 255))) is Reason.KEY_WEAK


@pytest.mark.parametrize("y", [FIELD, FIELD + 1, FIELD + 18, 2**255 - 1], ids=hex)
@pytest.mark.parametrize("sign", [0, 1])
def test_second_spelling_of_a_point_is_weak(y: int, sign: int) -> None:
    assert rejected(okp(y + (sign << 255))) is Reason.KEY_WEAK


@pytest.mark.parametrize("y", [2, FIELD - 2, Y8 - 1, Y8 + 1], ids=hex)
def test_points_beside_them_are_read(y: int) -> None:
    assert public_key(okp(y)).algorithms == {"Ed25519"}


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_point_has_32_bytes(length: int) -> None:
    assert rejected({"kty": "OKP", "crv": "Ed25519", "x": encode(b"\2" * length)}) is Reason.KEY_MALFORMED


@pytest.mark.parametrize("curve", ["Ed448", "X25519", "ed25519", "", "P-256"])
def test_other_curves_are_malformed(keys: dict[str, SigningKey], curve: str) -> None:
    assert rejected(keys["Ed25519"].jwk(crv=curve)) is Reason.KEY_MALFORMED


def test_representation_shows_no_numbers(key: SigningKey) -> None:
    assert "RSAPublicKey" not in repr(public_key(key.jwk()))
