"""Passkeys: what a browser is asked to sign, and whether it did (W3C Web Authentication, level 3).

The place names the house as the browser sees it: its origin, and its name without port. A
signature for another place, as a forged page would get it, is worth nothing here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

# What reading a forged answer can raise: the library's own, and those of the formats below it.
UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError)


@dataclass(frozen=True)
class Place:
    """Where the browser stands, such as https://purse.example.org."""

    origin: str
    site_name: str

    @property
    def name(self) -> str:
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True)
class NewPasskey:
    """The public half of a key that was just made."""

    credential_id: str
    public_key: bytes
    sign_count: int


def asked_to_make(
    place: Place, *, handle: str, account: str, challenge: str, known: Sequence[str]
) -> str:
    """Options for navigator.credentials.create(), as JSON."""
    options = generate_registration_options(
        rp_id=place.name,
        rp_name=place.site_name,
        user_id=base64url_to_bytes(handle),
        user_name=account,
        challenge=base64url_to_bytes(challenge),
        exclude_credentials=_described(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options)


def asked_to_sign(place: Place, *, challenge: str, known: Sequence[str]) -> str:
    """Options for navigator.credentials.get(), as JSON."""
    options = generate_authentication_options(
        rp_id=place.name,
        challenge=base64url_to_bytes(challenge),
        allow_credentials=_described(known),
    )
    return options_to_json(options)


def made(answer: str, place: Place, *, challenge: str) -> NewPasskey | None:
    """The new key of a right answer."""
    try:
        seen = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=place.name,
            expected_origin=place.origin,
        )
    except UNREADABLE:
        return None
    return NewPasskey(
        bytes_to_base64url(seen.credential_id), seen.credential_public_key, seen.sign_count
    )


def signed(
    answer: str, place: Place, *, challenge: str, public_key: bytes, sign_count: int
) -> int | None:
    """The key's new count where it signed this challenge at this place; else None."""
    try:
        seen = verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=place.name,
            expected_origin=place.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
        )
    except UNREADABLE:
        return None
    return seen.new_sign_count


def _described(known: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known]
