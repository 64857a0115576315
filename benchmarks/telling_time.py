"""Whether the time of an answer tells who has an account: known and unknown addresses in turn.

An answer that is the same in words may still come later for an address that has an account, and
whoever asks often enough reads that. So each act is done for both, one after the other, many times,
and the medians are set side by side. What is written in the end, a mail, is the worker's affair.
"""

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

from core.database import db
from tests.harness import people
from tests.harness.application import migrate, new_app, settings_for

PAIRS = 200
LEAST, MOST = 0.8, 1.25
KNOWN = "amara@example.org"


@dataclass(frozen=True)
class Act:
    """What somebody sends who would like to know."""

    name: str
    url: str
    form: dict[str, str]


ACTS = (
    Act("signing in with a wrong password", "/login", {"password": "a guess of mine"}),
    Act("asking for a new password", "/reset", {}),
    Act("asking for the first mail again", "/confirm", {}),
    Act("registering", "/register", {"display_name": "Guess", "password": "a row of four words"}),
)


def main() -> None:
    """Prints for each act the ratio of the medians, known by unknown."""
    print(f"\nAnswers about addresses with an account by those without ({PAIRS} pairs)", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        address = f"sqlite:///{folder}/common-purse.db"
        migrate(address, folder)
        # Passwords are hashed as for real, and nobody sends mails meanwhile.
        app = new_app(settings_for(address, folder, cheap_passwords=False, jobs="worker"))
        with app.app_context():
            people.cast("amara")
            db.session.commit()
            for act in ACTS:
                _report(act, app.test_client())
            db.session.remove()
            db.engine.dispose()


def _report(act: Act, client: FlaskClient) -> None:
    known: list[float] = []
    unknown: list[float] = []
    for number in range(PAIRS):
        nobody = f"nobody{number}@example.org"
        in_turn = [(known, KNOWN), (unknown, nobody)][:: 1 if number % 2 else -1]
        for times, address in in_turn:
            times.append(_seconds(act, client, address))
    ratio = statistics.median(known) / statistics.median(unknown)
    verdict = "reached" if LEAST <= ratio <= MOST else "missed"
    print(
        f"    {act.name:<42} {ratio:6.2f}  ({1000 * statistics.median(unknown):.1f} ms)  "
        f"target {LEAST} to {MOST}: {verdict}",
        flush=True,
    )


def _seconds(act: Act, client: FlaskClient, address: str) -> float:
    """How long the answer about this address took."""
    began = time.perf_counter()
    answer = client.post(act.url, data={**act.form, "email": address})
    took = time.perf_counter() - began
    assert answer.status_code in {303, 422}, f"{act.url} answered {answer.status_code}"
    return took


if __name__ == "__main__":
    main()
