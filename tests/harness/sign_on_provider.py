"""A town's single sign-on for tests: a real OpenID provider on this machine, over HTTP.

It does what the standard says, by the server side of the library; `spoiled` changes the claims of
the next identity token, to see that what is wrong is noticed.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "purse", "a secret that provider and house share"
CLAIM, DISTRICT_CLAIM = "resident_number", "quarter"
KEY = RSAKey.generate_key(2048, {"kid": "own"})
FOREIGN_KEY = RSAKey.generate_key(2048, {"kid": "own"})


@dataclass
class SignOnProvider:
    """The provider as a test sees it: who is signed on there, and what it says wrongly."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {CLAIM: "REG 2001"})
    spoiled: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: KEY)
    announced_issuer: str | None = None
    codes: dict[str, SimpleNamespace] = field(default_factory=dict)

    def visit(self, address: str) -> str:
        """Signs on as `person` at the address that we were sent to; answers with the way back."""
        answer = requests.get(address, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"


@contextmanager
def serve_provider() -> Iterator[SignOnProvider]:
    """A provider on a free port, until the test is over."""
    provider = SignOnProvider()
    server = make_server("127.0.0.1", 0, _app_of(provider), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Client(ClientMixin):
    """The house, as the provider knows it."""

    client_id = CLIENT_ID

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, uri: str) -> bool:
        return uri == "http://localhost/account/residency/sign-on/return"

    def check_client_secret(self, secret: str) -> bool:
        return secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class _Code(SimpleNamespace):
    """What stands behind a code until it is used."""

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str:
        return str(self.nonce)

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


def _app_of(provider: SignOnProvider) -> Flask:
    app = Flask("sign_on_provider")
    server = AuthorizationServer(
        app, query_client=lambda name: _Client() if name == CLIENT_ID else None,
        save_token=lambda _token, _request: None,
    )  # fmt: skip
    server.register_grant(
        _grant_of(provider), [_open_id_of(provider), CodeChallenge(required=True)]
    )

    @app.get("/.well-known/openid-configuration")
    def about() -> Response:
        issuer = provider.issuer
        return jsonify(
            issuer=provider.announced_issuer or issuer,
            authorization_endpoint=f"{issuer}/authorize",
            token_endpoint=f"{issuer}/token",
            jwks_uri=f"{issuer}/keys",
        )

    @app.get("/authorize")
    def authorize() -> Any:
        # Signed on already: the provider sends the browser straight back.
        user = SimpleNamespace(get_user_id=lambda: "resident")
        grant = server.get_consent_grant(end_user=user)
        return server.create_authorization_response(grant=grant, grant_user=user)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/keys")
    def keys() -> Response:
        return jsonify(keys=[KEY.as_dict(private=False)])

    return app


def _grant_of(provider: SignOnProvider) -> type[AuthorizationCodeGrant]:
    class Grant(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

        def save_authorization_code(self, code: str, request: Any) -> None:
            asked = request.payload.data
            provider.codes[code] = _Code(
                redirect_uri=request.payload.redirect_uri,
                scope=request.payload.scope,
                nonce=asked.get("nonce"),
                code_challenge=asked.get("code_challenge"),
                code_challenge_method=asked.get("code_challenge_method"),
            )

        def query_authorization_code(self, code: str, _client: Any) -> SimpleNamespace | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: SimpleNamespace) -> None:
            for code, kept in list(provider.codes.items()):
                if kept is authorization_code:
                    del provider.codes[code]

        def authenticate_user(self, _code: Any) -> SimpleNamespace:
            return SimpleNamespace(get_user_id=lambda: "resident")

    return Grant


def _open_id_of(provider: SignOnProvider) -> OpenIDCode:
    class OpenId(OpenIDCode):
        def exists_nonce(self, _nonce: str, _request: Any) -> bool:
            return False

        def encode_id_token(self, _token: Any, request: Any) -> str:
            now = int(time.time())
            claims = {
                **UserInfo(sub="resident"),
                "iss": provider.issuer,
                "aud": CLIENT_ID,
                "iat": now,
                "exp": now + 300,
                "nonce": request.authorization_code.get_nonce(),
            }
            claims |= provider.person | provider.spoiled
            claims = {name: value for name, value in claims.items() if value is not None}
            return str(jwt.encode({"alg": "RS256", "kid": "own"}, claims, provider.key))

    return OpenId(require_nonce=True)
