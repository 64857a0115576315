"""Which ways to be verified the register of this town allows."""

from sqlalchemy import exists, select

from core.database import db
from voting.models import RegisterProof


def has_proofs() -> bool:
    """Whether the register says of anybody what only she has."""
    return bool(db.session.scalar(select(exists().where(RegisterProof.proof_hmac.is_not(None)))))


def has_mobiles() -> bool:
    """Whether the register has anybody's telephone."""
    return bool(db.session.scalar(select(exists().where(RegisterProof.mobile_hmac.is_not(None)))))
