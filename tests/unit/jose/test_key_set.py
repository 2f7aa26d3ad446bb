from __future__ import annotations

import json
from typing import Any

import pytest

from authorizer.jose import key_set
from authorizer.jose.algorithms import ALGORITHMS
from authorizer.jose.key_set import MAX_MEMBERS, NotAKeySet
from authorizer.jose.token import Header
from authorizer.reasons import Reason
from authorizer.testing import SigningKey, attacker_key
from authorizer.testing import key_set as published
from authorizer.testing.answers import BAD_MEMBERS
from tests.outcomes import refused

NOT_A_SET = [
    b"",
    b"[]",
    b"null",
    b"{}",
    b'{"keys":null}',
    b'{"keys":{}}',
    b'{"keys":"a"}',
    b'{"keys":5}',
    b'{"Keys":[]}',
]
NOT_A_SET += [
    b"<html>",
    b'{"keys":[]',
    b'{"keys":[],"keys":[]}',
    '{"keys":[]}'.encode("utf-16"),
    b'{"keys":[NaN]}',
    b"\xff",
]
WEAK = {"kty": "RSA", "kid": "weak", "n": "AQAB", "e": "AQAB"}


def header(kid: str | None, algorithm: str = "RS256") -> Header:
    return Header(algorithm=algorithm, kid=kid, typ=None)


def documents(*members: object) -> bytes:
    return json.dumps({"keys": list(members)}).encode()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_key_is_found_by_its_kid(keys: dict[str, SigningKey], algorithm: str) -> None:
    all_keys = key_set.parse(json.dumps(published(*keys.values())).encode())
    found = all_keys.find(header(keys[algorithm].kid, algorithm))
    assert found.key == keys[algorithm].private.public_key()


@pytest.mark.parametrize("kid", ["", "k", "K1", "k1 ", "../k1", "k1\x00", "' OR 1=1 --", "k1%00", "*", "\uff4b1"])
def test_kid_is_compared_exactly(key: SigningKey, kid: str) -> None:
    keys = key_set.build([key.jwk(kid="k1")])
    assert not keys.knows(kid)
    with refused(Reason.KEY_UNKNOWN):
        keys.find(header(kid))


def test_kid_of_another_key_gives_that_key_whatever_the_algorithm(keys: dict[str, SigningKey]) -> None:
    found = key_set.build([keys["RS256"].jwk(kid="k1")]).find(header("k1", "ES256"))
    assert found.algorithms == {"RS256"}, "the signature is refused for it"


@pytest.mark.parametrize("bad", BAD_MEMBERS, ids=lambda bad: str(bad)[:30])
def test_bad_member_is_skipped_and_the_rest_serve(key: SigningKey, bad: object) -> None:
    for members in ([bad, key.jwk()], [key.jwk(), bad]):
        assert key_set.build(members).find(header(key.kid))


@pytest.mark.parametrize("name", ["kty", "kid", "use", "key_ops", "alg", "n", "e", "crv", "x", "y", "d", "k"])
@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "Ed25519"])
def test_member_with_one_thing_wrong_never_takes_the_others_along(
    keys: dict[str, SigningKey], algorithm: str, name: str
) -> None:
    good = attacker_key("ES384")
    values: list[object] = [None, 5, True, [], {}, 1.5, "", "*", "\x00"]
    for value in values:
        made = key_set.build([{**keys[algorithm].jwk(), name: value}, good.jwk()])
        assert made.find(header(good.kid, "ES384"))


def test_reason_of_a_skipped_key_is_kept_for_its_tokens(key: SigningKey) -> None:
    keys = key_set.build([WEAK, key.jwk(kid="enc", use="enc"), {"kty": "oct", "kid": "oct", "k": "YQ"}, key.jwk()])
    for kid, reason in {
        "weak": Reason.KEY_WEAK,
        "enc": Reason.KEY_USE_REJECTED,
        "oct": Reason.KEY_MALFORMED,
        "none": Reason.KEY_UNKNOWN,
    }.items():
        assert keys.knows(kid) == (kid != "none")
        with refused(reason):
            keys.find(header(kid))


def test_skipped_member_does_not_hide_a_good_one_of_the_same_kid(key: SigningKey) -> None:
    for members in ([WEAK | {"kid": key.kid}, key.jwk()], [key.jwk(), WEAK | {"kid": key.kid}]):
        assert key_set.build(members).find(header(key.kid))


def test_same_key_twice_is_one_key(key: SigningKey) -> None:
    assert key_set.build([key.jwk(), key.jwk(), key.jwk(x5t="a")]).find(header(key.kid))


def test_two_keys_of_one_kid_are_told_apart_by_the_algorithm(keys: dict[str, SigningKey]) -> None:
    both = key_set.build([keys["RS256"].jwk(kid="k1"), keys["ES256"].jwk(kid="k1")])
    assert both.find(header("k1", "ES256")).algorithms == {"ES256"}
    assert both.find(header("k1", "RS256")).algorithms == {"RS256"}


def test_two_keys_of_one_kid_and_algorithm_are_ambiguous(keys: dict[str, SigningKey]) -> None:
    both = key_set.build([keys["ES256"].jwk(kid="k1"), attacker_key("ES256").jwk(kid="k1")])
    with refused(Reason.KEY_AMBIGUOUS):
        both.find(header("k1", "ES256"))


def test_two_keys_of_one_kid_and_none_of_the_algorithm_are_ambiguous(keys: dict[str, SigningKey]) -> None:
    both = key_set.build([keys["ES256"].jwk(kid="k1"), keys["RS256"].jwk(kid="k1")])
    with refused(Reason.KEY_AMBIGUOUS):
        both.find(header("k1", "ES384"))


def test_token_without_kid_needs_the_only_key_of_its_algorithm(keys: dict[str, SigningKey]) -> None:
    one_each = key_set.build([keys["RS256"].jwk(), keys["ES256"].jwk()])
    assert one_each.find(header(None, "ES256")).kid == keys["ES256"].kid
    assert one_each.knows(None)
    with refused(Reason.KID_MISSING):
        one_each.find(header(None, "ES384"))
    with refused(Reason.KID_MISSING):
        key_set.build([keys["ES256"].jwk(), attacker_key("ES256").jwk()]).find(header(None, "ES256"))


def test_key_without_kid_serves_tokens_without_one_only(key: SigningKey) -> None:
    keys = key_set.build([key.jwk(kid=None)])
    assert keys.find(header(None)).kid is None
    with refused(Reason.KEY_UNKNOWN):
        keys.find(header("None"))


@pytest.mark.parametrize("document", NOT_A_SET, ids=ascii)
def test_what_is_no_key_set_is_refused(document: bytes) -> None:
    with pytest.raises(NotAKeySet) as caught:
        key_set.parse(document)
    assert not caught.value.empty


@pytest.mark.parametrize("members", [[], [WEAK], [None], [{}, 5], list(BAD_MEMBERS)], ids=len)
def test_set_without_a_usable_key_is_empty(members: list[Any]) -> None:
    with pytest.raises(NotAKeySet) as caught:
        key_set.parse(documents(*members))
    assert caught.value.empty


@pytest.mark.parametrize("count", [MAX_MEMBERS - 1, MAX_MEMBERS])
def test_members_up_to_the_limit_are_read(key: SigningKey, count: int) -> None:
    assert key_set.build([WEAK] * (count - 1) + [key.jwk()]).knows(key.kid)


def test_members_over_the_limit_are_refused(key: SigningKey) -> None:
    with pytest.raises(NotAKeySet):
        key_set.build([key.jwk()] * (MAX_MEMBERS + 1))


def test_other_members_of_the_document_do_not_matter(key: SigningKey) -> None:
    document = json.dumps({"issuer": "x", "keys": [key.jwk()], "more": {"keys": []}}).encode()
    assert key_set.parse(document).knows(key.kid)
