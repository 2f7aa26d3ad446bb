"""Signatures of another length, form, key, algorithm or text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from authorizer.testing.compact import compact_json, encode
from authorizer.testing.mint import changed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from tests.integration.second_opinion.draft import Draft, Mutate

# SEC 2 sections 2.4.2, 2.5.1 and 2.6.1: the order n of each curve's base point.
_ORDERS = {
    "ES256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "ES384": int(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", 16
    ),
    "ES512": int(
        "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA"
        "51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409",
        16,
    ),
}
_EDWARDS_ORDER = 2**252 + 27742317777372353535851937790883648493  # RFC 8032 section 5.1

Change = Callable[[bytes], bytes]
Pair = tuple[int, int]


def _flipped(index: int, bit: int) -> Change:
    def change(signature: bytes) -> bytes:
        raw = bytearray(signature)
        raw[index] ^= bit
        return bytes(raw)

    return change


CHANGES: dict[str, Change] = {
    "empty": lambda _: b"",
    "one-byte": lambda signature: signature[:1],
    "half": lambda signature: signature[: len(signature) // 2],
    "truncated": lambda signature: signature[:-1],
    "truncated-before": lambda signature: signature[1:],
    "extended": lambda signature: signature + b"\0",
    "extended-before": lambda signature: b"\0" + signature,
    "extended-by-itself": lambda signature: signature + signature,
    "extended-by-a-kilobyte": lambda signature: signature + bytes(1024),
    "zeros": lambda signature: bytes(len(signature)),
    "ones": lambda signature: b"\xff" * len(signature),
    "one": lambda signature: bytes(len(signature) - 1) + b"\1",
    "first-bit": _flipped(0, 128),
    "last-bit": _flipped(-1, 1),
    "middle-bit": _flipped(31, 16),
    "byte-zeroed": lambda signature: b"\0" + signature[1:] if signature[0] else b"\1" + signature[1:],
    "reversed": lambda signature: signature[::-1],
    "halves-swapped": lambda signature: signature[len(signature) // 2 :] + signature[: len(signature) // 2],
    "in-hexadecimal": lambda signature: signature.hex().encode(),
    "encoded-twice": lambda signature: encode(signature).encode(),
    "der-integer": lambda signature: b"\x02" + bytes([min(len(signature), 127)]) + signature,
}


def _changed(change: Change) -> Mutate:
    return lambda draft: draft.of_bytes(signer=lambda message: change(draft.key.sign(message)))


def _random(draft: Draft) -> str:
    return draft.of_bytes(signer=lambda message: draft.random.randbytes(len(draft.key.sign(message))))


def _random_bit(draft: Draft) -> str:
    def sign(message: bytes) -> bytes:
        signature = draft.key.sign(message)
        return _flipped(draft.random.randrange(len(signature)), 1 << draft.random.randrange(8))(signature)

    return draft.of_bytes(signer=sign)


def _over(change: Callable[[bytes], bytes]) -> Mutate:
    """A signature over another text than the one that is sent."""
    return lambda draft: draft.of_bytes(signer=lambda message: draft.key.sign(change(message)))


def _claims_swapped(draft: Draft) -> str:
    header, _, signature = draft.good().split(".")
    return f"{header}.{encode(compact_json(changed(draft.claims, {'sub': 'admin'})))}.{signature}"


def _header_swapped(draft: Draft) -> str:
    _, payload, signature = draft.good().split(".")
    return f"{encode(compact_json(changed(draft.header, {'x': 1})))}.{payload}.{signature}"


def _payload_bit(draft: Draft) -> str:
    header, payload, signature = draft.good().split(".")
    index = draft.random.randrange(len(payload))
    other = "A" if payload[index] != "A" else "B"
    return f"{header}.{payload[:index]}{other}{payload[index + 1 :]}.{signature}"


EVERY: dict[str, Mutate] = {
    "good": lambda draft: draft.good(),
    "good-again": lambda draft: draft.with_claims(jti=draft.random.randbytes(9).hex()),
    "good-next-key": lambda draft: draft.with_header(kid=draft.next_key.kid, signer=draft.next_key.sign),
    "next-key-same-kid": lambda draft: draft.of_bytes(signer=draft.next_key.sign),
    "next-key-no-kid": lambda draft: draft.with_header(kid=..., signer=draft.next_key.sign),
    "foreign-key-same-kid": lambda draft: draft.of_bytes(signer=draft.foreign.sign),
    "foreign-key-own-kid": lambda draft: draft.with_header(kid=draft.foreign.kid, signer=draft.foreign.sign),
    "foreign-key-no-kid": lambda draft: draft.with_header(kid=..., signer=draft.foreign.sign),
    **{f"changed-{name}": _changed(change) for name, change in CHANGES.items()},
    "random": _random,
    "random-again": _random,
    **{f"random-bit-{number}": _random_bit for number in range(8)},
    **{f"payload-character-{number}": _payload_bit for number in range(8)},
    "over-nothing": _over(lambda _: b""),
    "over-header": _over(lambda message: message.partition(b".")[0]),
    "over-payload": _over(lambda message: message.partition(b".")[2]),
    "over-dot-behind": _over(lambda message: message + b"."),
    "over-without-dot": _over(lambda message: message.replace(b".", b"")),
    "over-newline-behind": _over(lambda message: message + b"\n"),
    "over-padding": _over(lambda message: message + b"="),
    "over-lower-case": _over(bytes.lower),
    "claims-swapped": _claims_swapped,
    "header-swapped": _header_swapped,
}


def _pair(change: Callable[[int, int, int], Pair]) -> Mutate:
    """Another r and s, made of r, s and the order n; what does not fit its half is cut."""

    def mutate(draft: Draft) -> str:
        order = _ORDERS[draft.key.algorithm]

        def sign(message: bytes) -> bytes:
            signature = draft.key.sign(message)
            half = len(signature) // 2
            r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
            return b"".join((number % 256**half).to_bytes(half, "big") for number in change(r, s, order))

        return draft.of_bytes(signer=sign)

    return mutate


def _der(signature: bytes) -> bytes:
    half = len(signature) // 2
    return encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))


def _halves(before: bytes, between: bytes) -> Change:
    return lambda signature: before + signature[: len(signature) // 2] + between + signature[len(signature) // 2 :]


EC: dict[str, Mutate] = {
    "der": _changed(_der),
    "der-cut-to-length": _changed(lambda signature: _der(signature)[: len(signature)]),
    "der-and-raw": _changed(lambda signature: signature + _der(signature)),
    "ecdsa-r-zero": _pair(lambda _r, s, _n: (0, s)),
    "ecdsa-s-zero": _pair(lambda r, _s, _n: (r, 0)),
    "ecdsa-both-zero": _pair(lambda _r, _s, _n: (0, 0)),
    "ecdsa-r-one": _pair(lambda _r, s, _n: (1, s)),
    "ecdsa-both-one": _pair(lambda _r, _s, _n: (1, 1)),
    "ecdsa-r-order": _pair(lambda _r, s, n: (n, s)),
    "ecdsa-s-order": _pair(lambda r, _s, n: (r, n)),
    "ecdsa-both-order": _pair(lambda _r, _s, n: (n, n)),
    "ecdsa-order-minus-one": _pair(lambda _r, _s, n: (n - 1, n - 1)),
    "ecdsa-r-plus-order": _pair(lambda r, s, n: (r + n, s)),
    "ecdsa-s-plus-order": _pair(lambda r, s, n: (r, s + n)),
    "ecdsa-s-negated": _pair(lambda r, s, n: (r, n - s)),
    "ecdsa-r-negated": _pair(lambda r, s, n: (n - r, s)),
    "ecdsa-r-and-s-swapped": _pair(lambda r, s, _n: (s, r)),
    "ecdsa-halves-longer": _changed(_halves(b"\0", b"\0")),
    "ecdsa-halves-prefixed": _changed(_halves(b"\x02", b"\x02")),
}


def _rsa(pad: padding.AsymmetricPadding, digest: hashes.HashAlgorithm) -> Mutate:
    """Another padding or digest than the algorithm says, with the right key."""

    def mutate(draft: Draft) -> str:
        private = cast("RSAPrivateKey", draft.key.private)
        return draft.of_bytes(signer=lambda message: private.sign(message, pad, digest))

    return mutate


def _rsa_number(change: Callable[[int, int], int]) -> Mutate:
    """Another number, made of the signature and the modulus; cut when it does not fit."""

    def mutate(draft: Draft) -> str:
        modulus = cast("RSAPrivateKey", draft.key.private).private_numbers().public_numbers.n

        def sign(message: bytes) -> bytes:
            signature = draft.key.sign(message)
            number = change(int.from_bytes(signature, "big"), modulus) % (1 << 8 * len(signature))
            return number.to_bytes(len(signature), "big")

        return draft.of_bytes(signer=sign)

    return mutate


def _pss(digest: hashes.HashAlgorithm, salt: int) -> padding.PSS:
    return padding.PSS(padding.MGF1(digest), salt)


_SHA = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}

RSA: dict[str, Mutate] = {
    **{f"rsa-pkcs1-sha{size}": _rsa(padding.PKCS1v15(), digest) for size, digest in _SHA.items()},
    **{f"rsa-pss-sha{size}": _rsa(_pss(digest, digest.digest_size), digest) for size, digest in _SHA.items()},
    **{
        f"rsa-pss-sha{size}-salt-{salt}": _rsa(_pss(digest, salt), digest)
        for size, digest in _SHA.items()
        for salt in (0, digest.digest_size - 1, digest.digest_size + 1)
    },
    **{
        f"rsa-pss-sha{size}-mask-sha1": _rsa(_pss(hashes.SHA1(), digest.digest_size), digest)
        for size, digest in _SHA.items()
    },
    "rsa-pkcs1-sha1": _rsa(padding.PKCS1v15(), hashes.SHA1()),
    "rsa-plus-modulus": _rsa_number(lambda number, modulus: number + modulus),
    "rsa-negated": _rsa_number(lambda number, modulus: modulus - number),
    "rsa-modulus": _rsa_number(lambda _, modulus: modulus),
    "rsa-modulus-minus-one": _rsa_number(lambda _, modulus: modulus - 1),
}


def _plus_order(signature: bytes) -> bytes:
    """S plus the order of the group: the same point, another spelling (RFC 8032 section 5.1.7 refuses it)."""
    scalar = int.from_bytes(signature[32:], "little") + _EDWARDS_ORDER
    return signature[:32] + scalar.to_bytes(32, "little")


ED: dict[str, Mutate] = {
    "eddsa-s-plus-order": _changed(_plus_order),
    "eddsa-s-zero": _changed(lambda signature: signature[:32] + bytes(32)),
    "eddsa-r-zero": _changed(lambda signature: bytes(32) + signature[32:]),
    "eddsa-r-identity": _changed(lambda signature: b"\1" + bytes(31) + signature[32:]),
    "eddsa-r-identity-s-zero": _changed(lambda _: b"\1" + bytes(63)),
    "eddsa-r-sign-flipped": _changed(_flipped(31, 128)),
    "eddsa-r-not-canonical": _changed(lambda signature: b"\xee" + b"\xff" * 30 + b"\x7f" + signature[32:]),
    "eddsa-s-top-bits": _changed(_flipped(63, 0xE0)),
}


def of(algorithm: str) -> Mapping[str, Mutate]:
    """The mutations that signatures of the algorithm can have."""
    family = {"RS": RSA, "PS": RSA, "ES": EC, "Ed": ED}[algorithm[:2]]
    return EVERY | family
