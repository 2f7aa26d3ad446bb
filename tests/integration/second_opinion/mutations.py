"""Every mutation of every algorithm's token, from a seed: the same list in the same order in each run, with new keys."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING

from authorizer.testing import ALGORITHMS, SigningKey
from authorizer.testing.mint import changed
from tests.integration.second_opinion import claims, documents, headers, segments, signatures
from tests.integration.second_opinion.draft import AUDIENCE, ISSUER, NOW, Draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.integration.second_opinion.draft import Mutate

SEED = 8725  # RFC 8725: JSON Web Token Best Current Practices

Change = tuple[dict[str, object], dict[str, object]]

# Headers and claims that tokens start from: all of them good.
BASES: dict[str, Change] = {
    "usual": ({}, {}),
    "lean": ({"typ": ...}, {"nbf": ..., "iat": ..., "scope": ..., "aud": [AUDIENCE, "reports-api"]}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """The keys of one run: per algorithm one that signs, one that is published beside it, one that nobody published."""

    signing: Mapping[str, SigningKey] = field(repr=False)
    following: Mapping[str, SigningKey] = field(repr=False)
    foreign: Mapping[str, SigningKey] = field(repr=False)

    @classmethod
    def generate(cls) -> KeyRing:
        """New keys. All RSA algorithms share one key, each with a JWK of its own: only `alg` and `kid` tell them apart."""
        return cls(signing=_keys("a"), following=_keys("b"), foreign=_keys("x"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One token, and how it was made."""

    mutation: str  # "claims/exp-missing"
    algorithm: str
    base: str
    token: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.mutation} [{self.algorithm}, {self.base}]"


def mutations(algorithm: str) -> Mapping[str, Mutate]:
    """All mutations of one algorithm's tokens, by group and name."""
    groups = {
        "claims": claims.MUTATIONS,
        "header": headers.MUTATIONS,
        "json": documents.MUTATIONS,
        "compact": segments.MUTATIONS,
        "signature": signatures.of(algorithm),
    }
    return {f"{group}/{name}": mutate for group, table in groups.items() for name, mutate in table.items()}


def cases(keys: KeyRing, bases: Sequence[str], algorithms: Sequence[str]) -> Iterator[Case]:
    """Every mutation of every algorithm's token, from every base."""
    for algorithm in algorithms:
        for base in bases:
            random = Random(f"{SEED} {algorithm} {base}")
            for name, mutate in mutations(algorithm).items():
                token = mutate(_draft(keys, algorithm, base, random))
                yield Case(mutation=name, algorithm=algorithm, base=base, token=token)


def _draft(keys: KeyRing, algorithm: str, base: str, random: Random) -> Draft:
    key = keys.signing[algorithm]
    header, body = BASES[base]
    usual = {"iss": ISSUER, "aud": AUDIENCE, "sub": "user-1", "iat": NOW, "nbf": NOW, "exp": NOW + 300}
    named = usual | {"jti": random.randbytes(6).hex(), "scope": "orders:read"}
    return Draft(
        key=key,
        next_key=keys.following[algorithm],
        foreign=keys.foreign[algorithm],
        published=keys.signing,
        header=changed({"alg": algorithm, "kid": key.kid, "typ": "JWT"}, header),
        claims=changed(named, body),
        random=random,
    )


def _keys(prefix: str) -> Mapping[str, SigningKey]:
    rsa = SigningKey.generate("RS256")
    shared = {name: replace(rsa, algorithm=name) for name in ALGORITHMS if name[:2] in ("RS", "PS")}
    keys = shared | {name: SigningKey.generate(name) for name in ALGORITHMS if name not in shared}
    return {name: replace(key, kid=f"{prefix}-{name}-{key.kid[:8]}") for name, key in keys.items()}
