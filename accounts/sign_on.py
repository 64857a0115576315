"""The town's single sign-on, asked who somebody is: OpenID Connect, by code, with PKCE.

Nothing that comes back is believed unseen: issuer, audience, nonce, signature and end of the
identity token are checked against what was asked. A provider that is down or says something else
verifies nobody. No database is known here; times are arguments. Source: OpenID Connect Core 1.0,
sections 3.1.2 and 3.1.3.7; RFC 7636 (PKCE); RFC 9207 (the issuer in the answer).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

SECONDS = 5.0  # to wait for an answer of the provider
LEEWAY_SECONDS = 60
# Signatures by a key pair alone: a shared secret would let a leaked setting forge identities.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class SignOnDown(RuntimeError):
    """The provider cannot be reached, or gave no answer that can be read."""


class SignOnRefused(RuntimeError):
    """The provider answered, and what it said does not show who this is."""


@dataclass(frozen=True)
class Begun:
    """A sign-on under way: where the browser goes, and what it must bring back."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Provider:
    """The town's provider, and what it knows us by. `claim` holds the number of the register."""

    issuer: str
    client_id: str
    client_secret: str
    scope: str
    claim: str

    def begin(self, return_url: str) -> Begun:
        """Raises SignOnDown."""
        state, nonce, verifier = (generate_token(48) for _ in range(3))
        with self._session(return_url) as session:
            url, _state = session.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=state,
                nonce=nonce,
                code_verifier=verifier,
            )
        return Begun(url, state, nonce, verifier)

    def claims_for(
        self, code: str, *, return_url: str, nonce: str, verifier: str, at: datetime
    ) -> Mapping[str, Any]:
        """What the provider says of whoever brought this code. Raises SignOnDown, SignOnRefused."""
        endpoint = self._endpoint("token_endpoint")
        try:
            with self._session(return_url) as session:
                token = session.fetch_token(
                    endpoint, code=code, code_verifier=verifier, grant_type="authorization_code"
                )
        except OAuthError as error:
            raise SignOnRefused(f"code refused: {error.error}") from None
        except (requests.RequestException, ValueError) as error:
            raise SignOnDown(type(error).__name__) from None
        claims = self._decoded(token.get("id_token"))
        _check(claims, self.issuer, self.client_id, nonce, at)
        return claims

    def register_id(self, claims: Mapping[str, Any]) -> str:
        """The number of the register. Raises SignOnRefused where the provider tells none."""
        told = claims.get(self.claim)
        if isinstance(told, bool) or not isinstance(told, str | int) or not str(told).strip():
            raise SignOnRefused(f"no claim {self.claim}")
        return str(told)

    def _decoded(self, id_token: object) -> dict[str, Any]:
        if not isinstance(id_token, str):
            raise SignOnRefused("no identity token")
        keys = _get(self._endpoint("jwks_uri"))
        try:
            key_set = KeySet.import_key_set(keys)  # type: ignore[arg-type]
            return dict(jwt.decode(id_token, key_set, algorithms=ALGORITHMS).claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignOnRefused(f"identity token not signed: {type(error).__name__}") from None

    def _endpoint(self, name: str) -> str:
        """An address of the provider, as it announces it; encrypted on the way, as ours is."""
        about = _get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        address = about.get(name)
        if about.get("issuer") != self.issuer or not isinstance(address, str):
            raise SignOnDown(f"the provider announces another issuer, or no {name}")
        if not is_safe(address):
            raise SignOnDown(f"{name} is not encrypted")
        return address

    def _session(self, return_url: str) -> OAuth2Session:
        session = OAuth2Session(
            self.client_id,
            self.client_secret,
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106
            scope=self.scope,
            redirect_uri=return_url,
            code_challenge_method="S256",
            default_timeout=SECONDS,
        )
        session.max_redirects = 0
        return session


def is_safe(address: str) -> bool:
    """Whether an address is encrypted on the way, or does not leave this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _check(claims: dict[str, Any], issuer: str, client_id: str, nonce: str, at: datetime) -> None:
    """Raises SignOnRefused unless this token was made for us, for this sign-on, and lives."""
    registry = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        registry.validate(claims)
    except JoseError as error:
        raise SignOnRefused(f"identity token not ours: {error}") from None
    shared = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if shared else client_id) != client_id:
        raise SignOnRefused("identity token not ours: azp")


def _get(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=SECONDS, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise SignOnDown(type(error).__name__) from None
    if not isinstance(found, dict):
        raise SignOnDown("no JSON object")
    return found
