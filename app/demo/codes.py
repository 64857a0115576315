"""The second factor of the demonstration's staff, whose apps nobody has: their codes are shown.

Only these invented secrets are known here. Whoever sets up an app of their own in a demonstration
has a secret that nothing shows.
"""

import base64
import hashlib
from datetime import datetime

from accounts.code_app import SECONDS, code_at
from app.demo.cast import CAST


def secret_of(email: str) -> str:
    """The secret of an invented person's app, in base 32."""
    digest = hashlib.sha256(f"open purse demo, {email}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def code_of(email: str, after: int, at: datetime) -> str:
    """The code that signs this person in now; the next one where this one was used already.

    Empty for everybody who is not of the staff of the demonstration.
    """
    if not any(person.email == email and person.roles for person in CAST):
        return ""
    step = max(int(at.timestamp()) // SECONDS, after + 1)
    return code_at(secret_of(email), step)
