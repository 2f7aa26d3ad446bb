"""What PyJWT says about the same token with the same key, algorithms, audience, issuer and leeway. Loaded when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from authorizer.reasons import Class
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.reasons import Reason
    from authorizer.tools.explain.examination import Examination
    from authorizer.tools.explain.finding import Findings
    from authorizer.verifiers.trusted_issuers import TrustedIssuer

ACCEPTED = "accepted"


class SecondOpinion(NamedTuple):
    """`pyjwt` is `accepted`, the name of an exception, or None when there was no key to ask it with."""

    pyjwt: str | None
    ours: str  # `accepted`, or the reason

    @property
    def agrees(self) -> bool | None:
        """Whether both accept or both refuse; None when PyJWT was not asked."""
        return None if self.pyjwt is None else (self.pyjwt == ACCEPTED) == (self.ours == ACCEPTED)

    def __str__(self) -> str:
        if self.pyjwt is None:
            return "PyJWT was not asked: no key for this token is known"
        verdict = "agrees" if self.agrees else "differs"
        return f"PyJWT {verdict}: it says {self.pyjwt}, the authorizer says {self.ours}"

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return {"pyjwt": self.pyjwt, "ours": self.ours, "agrees": self.agrees}


def second_opinion(token: str | None, examination: Examination, findings: Findings, now: float) -> SecondOpinion:
    """Both opinions of who sent the token; what it may do is none of PyJWT's business."""
    ours = next((one.reason.value for one in findings if _about_token(one.reason)), ACCEPTED)
    if token is None or examination.issuer is None or examination.key is None:
        return SecondOpinion(None, ours)
    options = _options(examination.issuer, examination.claims)
    return SecondOpinion(_ask(token, examination.key.key.key, options, now), ours)


def _about_token(reason: Reason) -> bool:
    """PyJWT sees neither the request before the token nor the rules behind it."""
    return reason.klass in (Class.AUTHN, Class.DEPENDENCY) and not reason.value.startswith("credential_")


def _options(issuer: TrustedIssuer, claims: Mapping[str, Any]) -> dict[str, Any]:
    """Our settings in PyJWT's words. An ID token of Cognito has the app client as its audience."""
    profile = issuer.profile
    name = "clients" if claims.get("token_use") == "id" else "audience"
    own = frozenset(value for check in profile.checks for value in getattr(check, name, None) or ())
    accepted = sorted((profile.audience or frozenset()) | own)
    algorithms = sorted("EdDSA" if name == "Ed25519" else name for name in issuer.algorithms)
    required = sorted({"exp", "iss", profile.principal_claim, *profile.required, *(["aud"] if accepted else [])})
    return {
        "algorithms": algorithms,
        "issuer": list(issuer.issuers),
        "leeway": profile.leeway,
        "audience": accepted or None,
        "options": {"require": required, "verify_aud": bool(accepted)},
    }


def _ask(token: str, key: Any, options: Mapping[str, Any], now: float) -> str:
    try:
        import jwt
    except ImportError as error:
        raise CommandError("PyJWT is not installed here", "pip install 'lambda-authorizers[testing]'") from error

    class At(jwt.PyJWT):
        """Its own checks of time, asked about the moment that is explained instead of this one."""

        def _validate_iat(self, payload: dict[str, Any], _: float, leeway: float) -> None:
            super()._validate_iat(payload, now, leeway)

        def _validate_nbf(self, payload: dict[str, Any], _: float, leeway: float) -> None:
            super()._validate_nbf(payload, now, leeway)

        def _validate_exp(self, payload: dict[str, Any], _: float, leeway: float) -> None:
            super()._validate_exp(payload, now, leeway)

    try:
        At().decode(token, key, **options)
    except Exception as opinion:  # noqa: BLE001 - whatever it raises is its opinion; its text may hold a part of the token
        return type(opinion).__name__
    return ACCEPTED
