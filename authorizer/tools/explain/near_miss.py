"""What a refused token probably was meant to be. Near misses only speak: nothing is decided by them.

Codes are stable, as those of the reasons are. docs/explain.md shows this catalogue.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

NEEDS_PROOF: Final = True  # whoever follows it, or its detail, may change settings: nothing that a forger may ask for


class NearMiss(Enum):
    """A stable code, what it means, and what to do. `needs_proof`: told only where the signature is proven."""

    says: str
    fix: str
    needs_proof: bool

    def __new__(cls, code: str, says: str, fix: str, needs_proof: bool = False) -> NearMiss:
        member = object.__new__(cls)
        member._value_ = code
        member.says, member.fix, member.needs_proof = says, fix, needs_proof
        return member

    # The credential as text
    CREDENTIAL_QUOTED = (
        "credential_quoted",
        "The token is in quotes.",
        "Send it without: `jq -r` prints bare text, and a variable needs no quotes of its own.",
    )
    BEARER_TOO_OFTEN = (
        "bearer_too_often",
        "The word Bearer is there once too often: twice, or where the bare token belongs.",
        "Let one side add it: many clients put it before what they are given.",
    )
    WHITE_SPACE = (
        "white_space",
        "There is white space or a line break in or around the token.",
        "Send it as one line; a terminal or a mail may have wrapped it.",
    )
    URL_ENCODED = (
        "url_encoded",
        "The token is percent-encoded once too often.",
        "Decode it before it is put into a header or cookie; encode it once in a query string.",
    )
    BASE64_STANDARD = (
        "base64_standard",
        "The parts are in plain base64, with `+`, `/` or `=`, instead of base64url without padding.",
        "Pass the token on as it was issued; nothing on its way may decode and encode it.",
    )
    TOKEN_CUT = (
        "token_cut",
        "The token is cut: it begins as a JWT does, and its end is missing.",
        "Compare its length with what the issuer sent; cookies end at 4096 bytes, columns and logs earlier.",
    )
    TOKEN_IS_JWE = (
        "token_is_jwe",
        "This is an encrypted token, of the kind that only its issuer reads, such as a refresh token of Cognito.",
        "Send the access token; at Auth0 ask for an audience, which makes it a signed one.",
    )
    TOKEN_IS_OPAQUE = (
        "token_is_opaque",
        "This is no JWT but a text that only its issuer can look up.",
        "Ask the issuer for a JWT, often by naming the API as audience or resource.",
    )
    TOKEN_IS_API_KEY = (
        "token_is_api_key",
        "This has the form of an API key.",
        "Send API keys in `x-api-key`, and here an access token.",
    )
    HEADER_NAME_SENT = (
        "header_name_sent",
        "The name of the header is in its value.",
        "Send `Bearer` and the token only: the client writes the name.",
    )
    PLACEHOLDER_SENT = (
        "placeholder_sent",
        "This is not a token but what stands where one should be filled in.",
        "See that the client waits for its token, and that the variable of the template is set.",
    )

    # The issuer
    ISSUER_SLASH = (
        "issuer_slash",
        "The issuer differs from a configured one by slashes at the end.",
        "Write `issuer` in the settings exactly as the token has it.",
        NEEDS_PROOF,
    )
    ISSUER_SCHEME = (
        "issuer_scheme",
        "The issuer differs from a configured one by its scheme: https, http or none.",
        "Have the issuer name itself as configured: behind a proxy it may not know its own https address.",
        NEEDS_PROOF,
    )
    ISSUER_CASE = (
        "issuer_case",
        "The issuer differs from a configured one by upper and lower case in its scheme or host.",
        "Write `issuer` in the settings exactly as the token has it.",
        NEEDS_PROOF,
    )
    ISSUER_HOST = (
        "issuer_host",
        "A configured issuer has the same host, with another port or path (realm, tenant, version).",
        "Get the token from the realm or tenant in the settings.",
    )
    ISSUER_COGNITO_FORM = (
        "issuer_cognito_form",
        "Cognito names this user pool in two ways, and the settings have the other one.",
        'Configure the pool with `kind = "cognito"`, which accepts both.',
        NEEDS_PROOF,
    )
    ISSUER_COGNITO_POOL = (
        "issuer_cognito_pool",
        "The token is of another Cognito user pool than the configured ones.",
        "Compare pool and region: often the client still signs in at the pool of another stage.",
    )

    # Instead of any near miss that might lead to other settings, where nothing proves who wrote it
    UNPROVEN_DIFFERENCE = (
        "unproven_difference",
        "The token is almost what is asked for, but no signature proves this.",
        "Do not change settings for it; first find out who made the token.",
    )

    # Which token it is, and for whom
    ID_TOKEN_SENT = (
        "id_token_sent",
        "This is an ID token, which tells a client who signed in, where an access token is wanted.",
        "Send `access_token` instead of `id_token`.",
    )
    ACCESS_TOKEN_SENT = (
        "access_token_sent",
        "This is an access token where an ID token is wanted.",
        "Send `id_token` instead of `access_token`.",
    )
    AUDIENCE_IS_CLIENT = (
        "audience_is_client",
        "The audience is the client itself and not an API.",
        "Have the client name this API as audience or resource when it asks for its token.",
    )
    AUDIENCE_SLASH = (
        "audience_slash",
        "The audience differs from an accepted one by a slash at the end.",
        "Ask the issuer which of the two is right, then mend the other one.",
        NEEDS_PROOF,
    )
    AUDIENCE_CASE = (
        "audience_case",
        "The audience differs from an accepted one by upper and lower case.",
        "Ask the issuer which of the two is right, then mend the other one.",
        NEEDS_PROOF,
    )
    CLIENT_OF_OTHER_ISSUER = (
        "client_of_other_issuer",
        "The app client is configured for another issuer.",
        "Sign in at the issuer that it is configured for, or move it to `client_ids` of the one that the token names.",
        NEEDS_PROOF,
    )

    # Times
    CLOCK_BEHIND = (
        "clock_behind",
        "The token is from the near future: this clock is behind the issuer's.",
        "Synchronise this machine's clock and the issuer's (NTP).",
    )
    EXPIRED_JUST_NOW = (
        "expired_just_now",
        "The token expired a moment ago: it was not refreshed in time, or this clock is ahead.",
        "Have the client refresh a minute before `exp`, and compare this machine's clock.",
    )
    TIME_IN_MILLISECONDS = (
        "time_in_milliseconds",
        "A time is in milliseconds.",
        "Divide by 1000 where the token is made: times in tokens are seconds.",
    )
    TIME_AS_TEXT = (
        "time_as_text",
        "A time is written as text.",
        "Write it as a JSON number where the token is made, without quotes.",
    )

    # Keys
    KEY_OF_OTHER_ISSUER = (
        "key_of_other_issuer",
        "The signature is by a key of another configured issuer than the token names.",
        "See where the client gets its tokens: two stages or pools are mixed up.",
    )
    KEY_OF_OTHER_KID = (
        "key_of_other_kid",
        "The signature is good under a key of this issuer that the token does not name.",
        "Have the issuer write the `kid` of the key that it signs with.",
    )

    # Scopes and groups
    SCOPE_CASE = (
        "scope_case",
        "A scope differs from the required one by upper and lower case.",
        "Ask the issuer which of the two is right, then mend the other one.",
        NEEDS_PROOF,
    )
    SCOPE_SEPARATOR = (
        "scope_separator",
        "A scope differs from the required one by its separator: `orders:read`, `orders/read`, `orders.read`.",
        "Ask the issuer which of the two is right, then mend the other one; Cognito always writes a slash.",
        NEEDS_PROOF,
    )
    SCOPE_PREFIX = (
        "scope_prefix",
        "A scope differs from the required one by the resource server before it: `read`, `orders/read`.",
        "Have the client ask for the scope that the rule names: with another prefix it may belong to another API.",
        NEEDS_PROOF,
    )
    SCOPE_SDK_ONLY = (
        "scope_sdk_only",
        "The only scope is aws.cognito.signin.user.admin: the user signed in with the SDK.",
        "Sign in at Cognito's OAuth endpoints to get scopes of your own, or ask for groups.",
    )
    SCOPE_IN_SCP = (
        "scope_in_scp",
        "The required scope is in `scp`, which is not read because there is a `scope` too.",
        "Have the issuer send one of the two claims; they are never merged.",
        NEEDS_PROOF,
    )
    SCOPE_IN_OTHER_CLAIM = (
        "scope_in_other_claim",
        "What is required as a scope is in the token as a group, role or permission.",
        "Have the issuer grant it as a scope; a group is asked for with `groups`.",
        NEEDS_PROOF,
    )
    GROUP_CASE = (
        "group_case",
        "A group differs from the required one by upper and lower case.",
        "Ask the issuer which of the two is right, then mend the other one.",
        NEEDS_PROOF,
    )
    GROUPS_IN_OTHER_CLAIM = (
        "groups_in_other_claim",
        "A required group is in another claim than `groups_claim`.",
        "Have the issuer send them in `groups_claim`, or name the claim that it uses in the settings.",
        NEEDS_PROOF,
    )
    NAMES_IN_ONE_TEXT = (
        "names_in_one_text",
        "Several names are in one text, with something other than a space between them.",
        "Have the issuer send a list, or, for scopes, a text with spaces.",
        NEEDS_PROOF,
    )
