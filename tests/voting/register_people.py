"""People of the register with something that only they have."""

from accounts.person_keys import person_key
from core import clock
from core.database import db
from districts.models import District
from voting.models import RegisterProof, RollEntry
from voting.services.registers import proof_hmac
from voting.services.rolls import enter_on_roll

REGISTER_ID, PROOF, MOBILE = "REG 2001", "K77-1234", "+48 600 100 200"
BY_PROOF, BY_MOBILE = "/account/residency/register", "/account/residency/mobile"
BY_CODE = f"{BY_MOBILE}/code"


def on_the_register(home: District, register_id: str = REGISTER_ID) -> RollEntry:
    """A person of the register, with the number of a paper and a telephone."""
    entry = enter_on_roll(person_key(register_id), home.id, at=clock.now(), channel="register")
    db.session.flush()
    db.session.add(
        RegisterProof(
            roll_entry_id=entry.id,
            proof_hmac=proof_hmac("proof", "K771234"),
            mobile_hmac=proof_hmac("mobile", "48600100200"),
        )
    )
    db.session.commit()
    return entry


def numbers(register_id: str = REGISTER_ID, proof: str = PROOF) -> dict[str, str]:
    return {"register_id": register_id, "proof": proof}


def telephone(register_id: str = REGISTER_ID, mobile: str = MOBILE) -> dict[str, str]:
    return {"register_id": register_id, "mobile": mobile}
