from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.errors import Refused, Unavailable
from authorizer.jose import key_set
from authorizer.jose.algorithms import ALGORITHMS, canonical
from authorizer.jose.claims import Profile
from authorizer.jose.key_source import FoundKey, StaticKeys
from authorizer.model import Credential, Principal
from authorizer.provenance import KeyState, Provenance
from authorizer.reasons import Reason
from authorizer.testing import ALGORITHMS as SIGNED
from authorizer.testing import FORGERIES, Forgery, SigningKey, attacker_key, default_claims, mint
from authorizer.verifiers.base import NOT_MINE, NotMine, prove
from authorizer.verifiers.trusted_issuers import JWT, MAX_LOGGED_ISSUER, TrustedIssuer, TrustedIssuers
from tests.outcomes import every_text, reason_of, refused
from tests.pipelines import NOW

if TYPE_CHECKING:
    from authorizer.jose.token import Header

ISSUER = "https://issuer.example.com/"
OTHER = "https://other.example.com/"
PROFILE = Profile(audience=frozenset({"orders-api"}))
FRESH = KeyState("fresh", 5.0)


@dataclass
class Keys:
    """A key source that counts how often it is asked."""

    keys: key_set.KeySet
    error: Refused | Unavailable | None = None
    asked: list[Header] = field(default_factory=list)

    def find(self, header: Header, now: float) -> FoundKey:
        self.asked.append(header)
        if self.error is not None:
            raise self.error
        return FoundKey(self.keys.find(header), FRESH)


def issuer(*keys: SigningKey, name: str = ISSUER, algorithms: Any = None, **profile: Any) -> TrustedIssuer:
    signs_with = frozenset({canonical(key.algorithm) for key in keys} if algorithms is None else algorithms)
    source = Keys(key_set.build([key.jwk() for key in keys]))
    return TrustedIssuer(issuers=(name,), algorithms=signs_with, profile=replace(PROFILE, **profile), keys=source)


def asked(trusted: TrustedIssuer) -> int:
    assert isinstance(trusted.keys, Keys)
    return len(trusted.keys.asked)


def verify(token: str, *issuers: TrustedIssuer) -> Principal:
    return prove([TrustedIssuers(issuers)], Credential(token, "header:authorization"), NOW)


def minted(key: SigningKey, **changes: Any) -> str:
    return mint(key, now=NOW, **changes)


@pytest.mark.parametrize("algorithm", SIGNED)
def test_token_of_every_algorithm_is_proven(keys: dict[str, SigningKey], algorithm: str) -> None:
    key = keys[algorithm]
    who = verify(minted(key, sub="somebody"), issuer(key))
    assert (who.subject, who.scopes, who.groups) == ("somebody", frozenset({"orders:read"}), None)
    assert who.provenance == Provenance(ISSUER, key.kid, FRESH, JWT)
    assert who.claims["sub"] == "somebody"


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
@pytest.mark.parametrize("algorithm", ["RS256", "PS384", "ES256", "ES512", "Ed25519"])
def test_forgery_is_refused_for_its_reason(keys: dict[str, SigningKey], algorithm: str, forgery: Forgery) -> None:
    key = keys[algorithm]
    token = forgery.token(key, default_claims(NOW))
    with refused(reason_of(forgery.reason_code)) as caught:
        verify(token, issuer(key))
    assert not any(part in every_text(caught.value) for part in token.split(".") if len(part) > 8)


def test_refused_for_the_least_that_is_known(key: SigningKey) -> None:
    """The order: form, algorithm, issuer, the issuer's algorithms, key, signature, claims."""
    bad: dict[str, Any] = {"iss": OTHER, "exp": 1}
    trusted = issuer(key)
    with refused(Reason.ALG_NONE):
        verify(mint(key, header={"alg": "none"}, **bad), trusted)
    with refused(Reason.ISSUER_UNKNOWN):
        verify(mint(attacker_key("RS256"), header={"alg": "RS512"}, **bad), trusted)
    with refused(Reason.ALG_NOT_ALLOWED):
        verify(mint(attacker_key("RS256"), header={"alg": "RS512"}, exp=1), trusted)
    with refused(Reason.KEY_UNKNOWN):
        verify(mint(attacker_key("RS256"), exp=1), trusted)
    with refused(Reason.SIGNATURE_INVALID):
        verify(mint(attacker_key("RS256"), header={"kid": key.kid}, exp=1), trusted)
    with refused(Reason.TOKEN_EXPIRED):
        verify(mint(key, exp=1), trusted)


@pytest.mark.parametrize("token", ["", "opaque", "a.b", "a.b.c.d", "pw-" + "x" * 50, "undefined", "." * 7])
def test_what_has_not_the_shape_of_a_jwt_is_not_ours(key: SigningKey, token: str) -> None:
    trusted = issuer(key)
    assert TrustedIssuers([trusted]).verify(Credential(token, "x"), NOW) == NOT_MINE
    assert asked(trusted) == 0


NEAR_MISSES = [
    ISSUER[:-1],
    ISSUER + "/",
    ISSUER + "x",
    ISSUER.upper(),
    "HTTPS://issuer.example.com/",
    "https://Issuer.example.com/",
    "https://issuer.example.com.evil.example/",
    "https://issuer.example.com:443/",
    "https://issuer.example.com/?x",
    "https://issuer.example.com/#",
    "http://issuer.example.com/",
    "//issuer.example.com/",
    "issuer.example.com",
    " " + ISSUER,
    ISSUER + " ",
    ISSUER + "\n",
    ISSUER + "\x00",
    "https://\u0456ssuer.example.com/",
    "https://issuer\u3002example.com/",
    "https://issuer.example.com/\u200b",
    "https://issuer.exam",
    "https://",
    "*",
    "",
]


@pytest.mark.parametrize("iss", NEAR_MISSES, ids=ascii)
def test_issuer_that_is_nearly_ours_is_unknown(key: SigningKey, iss: str) -> None:
    trusted = issuer(key)
    with refused(Reason.ISSUER_UNKNOWN):
        verify(minted(key, iss=iss), trusted)
    assert asked(trusted) == 0, "no key is looked up for it"


@pytest.mark.parametrize("iss", [None, ..., 5, True, [], [ISSUER], {ISSUER: 1}, {"iss": ISSUER}], ids=repr)
def test_issuer_of_another_type_is_unknown(key: SigningKey, iss: object) -> None:
    with refused(Reason.ISSUER_UNKNOWN):
        verify(minted(key, iss=iss), issuer(key))


@pytest.mark.parametrize(
    ("iss", "shown"),
    [
        (OTHER, OTHER),
        ("a\nb\x1b[31m", "a\\nb\\x1b[31m"),
        ("é\u2028\U0001f511", "\\xe9\\u2028\\U0001f511"),
        ("x" * 500, "x" * MAX_LOGGED_ISSUER),
        (["secret"], "a list"),
        (5, "a number"),
        (..., "missing"),
    ],
)
def test_unknown_issuer_is_shown_escaped_and_cut(key: SigningKey, iss: object, shown: str) -> None:
    answer = TrustedIssuers([issuer(key)]).verify(Credential(minted(key, iss=iss, sub="secret-sub"), "x"), NOW)
    assert answer == NotMine(issuer=shown)


def test_without_issuers_every_token_is_unknown(key: SigningKey) -> None:
    with refused(Reason.ISSUER_UNKNOWN):
        verify(minted(key))


def test_key_of_one_issuer_never_serves_another(keys: dict[str, SigningKey]) -> None:
    ours, theirs = replace(keys["ES256"], kid="k1"), replace(attacker_key("ES256"), kid="k1")
    both = issuer(ours), issuer(theirs, name=OTHER)
    assert verify(minted(ours), *both).subject == "user-1"
    assert verify(minted(theirs, iss=OTHER), *both).subject == "user-1"
    with refused(Reason.SIGNATURE_INVALID):
        verify(minted(theirs), *both)
    with refused(Reason.SIGNATURE_INVALID):
        verify(minted(ours, iss=OTHER), *both)


def test_kid_that_only_another_issuer_has_is_unknown(keys: dict[str, SigningKey]) -> None:
    both = issuer(keys["ES256"]), issuer(attacker_key("ES256"), name=OTHER)
    with refused(Reason.KEY_UNKNOWN):
        verify(minted(attacker_key("ES256")), *both)
    assert asked(both[1]) == 0


def test_audience_and_algorithms_of_one_issuer_do_not_count_for_another(keys: dict[str, SigningKey]) -> None:
    first = issuer(keys["ES256"], audience=frozenset({"a"}))
    second = issuer(keys["RS256"], name=OTHER, audience=frozenset({"b"}))
    with refused(Reason.AUDIENCE_MISMATCH):
        verify(minted(keys["ES256"], aud="b"), first, second)
    with refused(Reason.ALG_NOT_ALLOWED):
        verify(minted(keys["RS256"]), first, second)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_algorithm_that_the_issuer_does_not_use_is_refused_before_its_keys(
    keys: dict[str, SigningKey], algorithm: str
) -> None:
    key = keys[algorithm]
    trusted = issuer(key, algorithms=set(ALGORITHMS) - {algorithm})
    with refused(Reason.ALG_NOT_ALLOWED):
        verify(minted(key), trusted)
    assert asked(trusted) == 0


def test_no_algorithms_at_all_accept_nothing(key: SigningKey) -> None:
    with refused(Reason.ALG_NOT_ALLOWED):
        verify(minted(key), issuer(key, algorithms=()))


def test_both_spellings_of_an_issuer_count(key: SigningKey) -> None:
    trusted = replace(issuer(key), issuers=(ISSUER, OTHER))
    assert verify(minted(key), trusted).provenance == Provenance(ISSUER, key.kid, FRESH, JWT)
    assert verify(minted(key, iss=OTHER), trusted).provenance == Provenance(OTHER, key.kid, FRESH, JWT)


@pytest.mark.parametrize("error", [Refused(Reason.KEY_COOLDOWN), Unavailable(Reason.KEYS_TIMEOUT)], ids=type)
def test_what_the_keys_say_is_passed_on_with_its_provenance(key: SigningKey, error: Refused | Unavailable) -> None:
    trusted = replace(issuer(key), keys=Keys(key_set.build([key.jwk()]), error))
    with pytest.raises(type(error)) as caught:
        verify(minted(key), trusted)
    assert caught.value.provenance == Provenance(ISSUER, key.kid, None, JWT)


def test_refusal_after_the_key_knows_how_old_it_was(key: SigningKey) -> None:
    with refused(Reason.TOKEN_EXPIRED) as caught:
        verify(mint(key, exp=1), issuer(key))
    assert caught.value.provenance == Provenance(ISSUER, key.kid, FRESH, JWT)


def test_token_without_kid_is_proven_by_the_only_key(key: SigningKey) -> None:
    who = verify(minted(key, header={"kid": ...}), issuer(key))
    assert who.provenance == Provenance(ISSUER, key.kid, FRESH, JWT)


@pytest.mark.parametrize("kid", ["../../dev/null", "' OR 1=1 --", "k" * 256, "é"])
def test_odd_kid_is_only_unknown(key: SigningKey, kid: str) -> None:
    with refused(Reason.KEY_UNKNOWN):
        verify(minted(key, header={"kid": kid}), issuer(key))


# Scopes and groups


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"scope": "a b"}, {"a", "b"}),
        ({"scope": "a"}, {"a"}),
        ({"scope": "a  b"}, {"a", "", "b"}),
        ({"scope": "a,b"}, {"a,b"}),
        ({"scope": "a\tb"}, {"a\tb"}),
        ({"scope": "a", "scp": ["b"]}, {"a"}),
        ({"scope": "", "scp": ["b"]}, {""}),
        ({"scope": ..., "scp": "a b"}, {"a", "b"}),
        ({"scope": ..., "scp": ["a", "b c"]}, {"a", "b c"}),
        ({"scope": ..., "scp": []}, set()),
        ({"scope": ..., "scopes": ["a"]}, None),
        ({"scope": ..., "scp": None}, None),
        ({"scope": ...}, None),
    ],
)
def test_scopes(key: SigningKey, claims: dict[str, Any], scopes: set[str] | None) -> None:
    assert verify(minted(key, **claims), issuer(key)).scopes == scopes


@pytest.mark.parametrize("value", [["a"], None, 5, True, {"a": 1}, []])
def test_scope_that_is_no_text_is_refused(key: SigningKey, value: object) -> None:
    with refused(Reason.CLAIM_TYPE_INVALID) as caught:
        verify(minted(key, scope=value), issuer(key))
    assert caught.value.fault.claim == "scope"


@pytest.mark.parametrize("value", [5, True, {"a": 1}, [5], ["a", None], [["a"]]])
def test_scp_and_groups_of_another_type_are_refused(key: SigningKey, value: object) -> None:
    for name in ("scp", "groups"):
        with refused(Reason.CLAIM_TYPE_INVALID) as caught:
            verify(minted(key, **{"scope": ..., name: value}), issuer(key))
        assert caught.value.fault.claim == name


@pytest.mark.parametrize(
    ("value", "groups"),
    [
        (["a", "b"], {"a", "b"}),
        ([], set()),
        ("a", {"a"}),
        ("a b", {"a b"}),
        ("a,b", {"a,b"}),
        ("[a b]", {"[a b]"}),
        (None, None),
        (..., None),
    ],
)
def test_groups_are_never_split(key: SigningKey, value: object, groups: set[str] | None) -> None:
    assert verify(minted(key, roles=value), issuer(key, groups_claim="roles")).groups == groups
    assert verify(minted(key, roles=value), issuer(key)).groups is None


def test_principal_is_the_chosen_claim(key: SigningKey) -> None:
    who = verify(minted(key, client_id="machine-1"), issuer(key, principal_claim="client_id"))
    assert who.subject == "machine-1"


def test_representation_shows_no_claims(key: SigningKey) -> None:
    who = verify(minted(key, sub="secret-sub", email="secret@example.com"), issuer(key))
    assert "secret" not in repr(who)


def test_static_keys_say_so(key: SigningKey) -> None:
    trusted = replace(issuer(key), keys=StaticKeys(key_set.build([key.jwk()])))
    assert verify(minted(key), trusted).provenance == Provenance(ISSUER, key.kid, KeyState("static", 0), JWT)
