from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384

from authorizer.jose.algorithms import ALGORITHMS
from authorizer.jose.keys import public_key
from authorizer.jose.signature import prove
from authorizer.jose.token import parse
from authorizer.reasons import Reason
from authorizer.testing import FORGERIES, Forgery, SigningKey, attacker_key, hmac_signer, mint, raw_token
from authorizer.testing.compact import encode
from tests.outcomes import refused

if TYPE_CHECKING:
    from collections.abc import Callable

EC_ORDERS = {
    "ES256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "ES384": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    "ES512": (1 << 521) - 0x5AE79787C40D069948033FEB708F65A2FC44A36477663B851449048E16EC79BF7,
}
ELLIPTIC = sorted(EC_ORDERS)
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
RSA = [name for name, row in ALGORITHMS.items() if row.kty == "RSA"]
each_algorithm = pytest.mark.parametrize("algorithm", ALGORITHMS)
each_elliptic = pytest.mark.parametrize("algorithm", ELLIPTIC)


def resigned(key: SigningKey, change: Callable[[bytes], bytes]) -> str:
    """A token whose signature was changed."""
    signing_input = mint(key).rpartition(".")[0]
    return f"{signing_input}.{encode(change(key.sign(signing_input.encode())))}"


def assert_invalid(token: str, key: SigningKey) -> None:
    with refused(Reason.SIGNATURE_INVALID):
        prove(parse(token), public_key(key.jwk()))


@each_algorithm
def test_good_signature_proves_the_very_claims(keys: dict[str, SigningKey], algorithm: str) -> None:
    unverified = parse(mint(keys[algorithm], sub="somebody"))
    assert prove(unverified, public_key(keys[algorithm].jwk())) is unverified.claims


@each_algorithm
def test_signature_of_another_key_proves_nothing(keys: dict[str, SigningKey], algorithm: str) -> None:
    stranger = replace(attacker_key("RS256" if algorithm in RSA else algorithm), algorithm=algorithm)
    assert_invalid(mint(stranger), keys[algorithm])


@each_algorithm
@pytest.mark.parametrize("part", [0, 1, 2])
def test_one_other_bit_proves_nothing(keys: dict[str, SigningKey], algorithm: str, part: int) -> None:
    key = keys[algorithm]
    unverified = parse(mint(key))
    if part == 2:
        changed = bytes([unverified.signature[0] ^ 1]) + unverified.signature[1:]
        forged = unverified._replace(signature=changed)
    else:
        position = 5 if part == 0 else unverified.signing_input.index(b".") + 5
        raw = bytearray(unverified.signing_input)
        raw[position] ^= 1
        forged = unverified._replace(signing_input=bytes(raw))
    with refused(Reason.SIGNATURE_INVALID):
        prove(forged, public_key(key.jwk()))


SHAPES = [lambda s: s[:-1], lambda s: s[1:], lambda s: s + b"\0", lambda s: b"\0" + s, lambda s: s * 2]
SHAPES += [lambda s: s[:1], lambda s: bytes(len(s)), lambda s: b"\xff" * len(s), lambda s: s[::-1]]
SHAPES += [lambda s: s[: len(s) // 2]]


@each_algorithm
@pytest.mark.parametrize(
    "change",
    SHAPES,
    ids=["shorter", "without-first", "longer", "padded", "twice", "one-byte", "zeros", "ones", "reversed", "half"],
)
def test_signature_of_another_shape_proves_nothing(
    keys: dict[str, SigningKey], algorithm: str, change: Callable[[bytes], bytes]
) -> None:
    assert_invalid(resigned(keys[algorithm], change), keys[algorithm])


@pytest.mark.parametrize(
    "forgery", [one for one in FORGERIES if one.reason_code == "signature_invalid"], ids=lambda one: one.name
)
@each_algorithm
def test_forged_signature_proves_nothing(keys: dict[str, SigningKey], algorithm: str, forgery: Forgery) -> None:
    assert_invalid(forgery.token(keys[algorithm]), keys[algorithm])


@pytest.mark.parametrize("header", ALGORITHMS)
@each_algorithm
def test_token_cannot_choose_another_algorithm_for_a_key(
    keys: dict[str, SigningKey], algorithm: str, header: str
) -> None:
    key = keys[algorithm]
    unverified = parse(mint(key, header={"alg": header}))
    if header == algorithm:
        assert prove(unverified, public_key(key.jwk()))
        return
    with refused(Reason.ALG_KEY_MISMATCH):
        prove(unverified, public_key(key.jwk()))


@pytest.mark.parametrize("header", RSA)
def test_rsa_key_without_alg_serves_its_family_but_not_a_wrong_padding(
    keys: dict[str, SigningKey], header: str
) -> None:
    public = public_key(keys["RS256"].jwk(alg=None))
    assert prove(parse(mint(keys[header])), public)
    for other in RSA:
        if other != header:
            with refused(Reason.SIGNATURE_INVALID):
                prove(parse(mint(keys[header], header={"alg": other})), public)


def test_public_key_as_hmac_secret_never_reaches_a_key(key: SigningKey) -> None:
    for secret in (key.public_pem(), key.public_pem().strip(), key.jwk()["n"].encode()):
        forged = raw_token(b'{"alg":"HS256"}', b'{"sub":"admin"}', hmac_signer(secret))
        with refused(Reason.ALG_SYMMETRIC):
            parse(forged)


# ECDSA: r and s at full length, nothing else (CVE-2020-28042, CVE-2022-21449)


def numbers(key: SigningKey, change: Callable[[int, int, int], tuple[int, int]]) -> str:
    """A token whose r and s were changed; the third number is the order of the curve."""

    def rewrite(signature: bytes) -> bytes:
        size = len(signature) // 2
        r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
        r, s = change(r, s, EC_ORDERS[key.algorithm])
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    return resigned(key, rewrite)


@pytest.mark.parametrize(
    "change",
    [
        lambda r, s, n: (0, 0),
        lambda r, s, n: (0, s),
        lambda r, s, n: (r, 0),
        lambda r, s, n: (1, 1),
        lambda r, s, n: (n, n),
        lambda r, s, n: (n - 1, n - 1),
        lambda r, s, n: (0, 1),
        lambda r, s, n: (n, s),
        lambda r, s, n: (r, n),
        lambda r, s, n: (s, r),
        lambda r, s, n: (r ^ 1, s),
    ],
)
@each_elliptic
def test_impossible_numbers_prove_nothing(
    keys: dict[str, SigningKey], algorithm: str, change: Callable[[int, int, int], tuple[int, int]]
) -> None:
    assert_invalid(numbers(keys[algorithm], change), keys[algorithm])


@each_elliptic
def test_der_is_no_signature_here(keys: dict[str, SigningKey], algorithm: str) -> None:
    key = keys[algorithm]
    private = key.private
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    digest = {"ES256": SHA256(), "ES384": SHA384()}.get(algorithm, SHA256())
    assert_invalid(
        raw_token(b'{"alg":"%s"}' % algorithm.encode(), b"{}", lambda m: private.sign(m, ec.ECDSA(digest))), key
    )


@pytest.mark.parametrize("delta", [-2, -1, 1, 2])
@each_elliptic
def test_length_is_that_of_the_curve(keys: dict[str, SigningKey], algorithm: str, delta: int) -> None:
    def stretch(signature: bytes) -> bytes:
        half = len(signature) // 2
        pad = bytes(max(delta, 0))
        return pad + signature[:half][max(-delta, 0) :] + pad + signature[half:][max(-delta, 0) :]

    assert_invalid(resigned(keys[algorithm], stretch), keys[algorithm])


@each_elliptic
def test_zeros_between_r_and_s_prove_nothing(keys: dict[str, SigningKey], algorithm: str) -> None:
    def stretch(signature: bytes) -> bytes:
        half = len(signature) // 2
        return signature[:half] + bytes(2) + signature[half:]

    assert_invalid(resigned(keys[algorithm], stretch), keys[algorithm])


def test_hash_of_another_length_proves_nothing(keys: dict[str, SigningKey]) -> None:
    private = keys["ES256"].private
    assert isinstance(private, ec.EllipticCurvePrivateKey)

    def sign(message: bytes) -> bytes:
        r, s = utils.decode_dss_signature(private.sign(message, ec.ECDSA(SHA384())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    assert_invalid(raw_token(b'{"alg":"ES256"}', b"{}", sign), keys["ES256"])


# RSA


@pytest.mark.parametrize("salt", [0, 31, 33, padding.PSS.MAX_LENGTH], ids=["0", "31", "33", "longest"])
def test_salt_is_as_long_as_the_hash(keys: dict[str, SigningKey], salt: int) -> None:
    private = keys["PS256"].private
    assert isinstance(private, rsa.RSAPrivateKey)
    scheme = padding.PSS(padding.MGF1(SHA256()), salt)
    assert_invalid(raw_token(b'{"alg":"PS256"}', b"{}", lambda m: private.sign(m, scheme, SHA256())), keys["PS256"])


def test_mask_has_the_same_hash(keys: dict[str, SigningKey]) -> None:
    private = keys["PS256"].private
    assert isinstance(private, rsa.RSAPrivateKey)
    scheme = padding.PSS(padding.MGF1(SHA1()), 32)  # the wrong one is the point
    assert_invalid(raw_token(b'{"alg":"PS256"}', b"{}", lambda m: private.sign(m, scheme, SHA256())), keys["PS256"])


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_signature_without_its_leading_zero_proves_nothing(keys: dict[str, SigningKey], algorithm: str) -> None:
    """RFC 8017 sections 8.1.2 and 8.2.2, step 1: as long as the modulus. One signature in 256 starts with a zero."""
    key = keys[algorithm]
    header = b'{"alg":"%s"}' % algorithm.encode()
    tokens = (raw_token(header, b'{"n":%d}' % number, key.sign) for number in count())
    token = next(token for token in tokens if parse(token).signature[0] == 0)
    unverified = parse(token)
    assert prove(unverified, public_key(key.jwk()))
    with refused(Reason.SIGNATURE_INVALID):
        prove(unverified._replace(signature=unverified.signature[1:]), public_key(key.jwk()))


def test_signature_number_above_the_modulus_proves_nothing(keys: dict[str, SigningKey]) -> None:
    private = keys["RS256"].private
    assert isinstance(private, rsa.RSAPrivateKey)
    modulus = private.public_key().public_numbers().n

    def shifted(signature: bytes) -> bytes:
        number = int.from_bytes(signature, "big") + modulus
        return number.to_bytes((number.bit_length() + 7) // 8, "big")

    assert_invalid(resigned(keys["RS256"], shifted), keys["RS256"])


# Ed25519


def test_scalar_above_the_order_proves_nothing(keys: dict[str, SigningKey]) -> None:
    def malleated(signature: bytes) -> bytes:
        scalar = int.from_bytes(signature[32:], "little") + ED25519_ORDER
        return signature[:32] + scalar.to_bytes(32, "little")

    assert_invalid(resigned(keys["Ed25519"], malleated), keys["Ed25519"])
